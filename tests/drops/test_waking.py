"""Whatever changes the queue wakes the sender: the store tells, so that no handler can forget it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot import runner
from handlers import polling
from peakdrop import drops, halting, sending, series
from peakdrop.drops import Actor
from sandbox.community import build_world
from storage.communities import create
from storage.drop_content import Content
from storage.drops import DropView, State, Timing, add_drop, find_drop
from storage.facts import ChatSeen
from storage.sending import Claim, PlaceKey, renew_claims
from storage.store import Store
from tests.drops.conftest import CHAT, NOW, ZONE
from tests.drops.sending_desk import sending as sending_desk
from tests.sandbox.telegram import NOW as STARTED

LIN = Actor(1, is_manager=True)
LOCAL = datetime(2026, 11, 27, 9, 0)
Change = Callable[[Session, int], Any]


@pytest.fixture
def group(store: Store) -> int:
    """A group with one drop of each of these states, numbered like them."""

    def make(session: Session) -> int:
        seen = ChatSeen(CHAT, "supergroup", "小鹿日常", False, int(NOW.timestamp()))
        community = create(session, seen, seen.at, ZONE)
        for state in (State.DRAFT, State.PROPOSED, State.SCHEDULED, State.PAUSED, State.SENDING, State.SENT):
            values = {"state": state, "due_at": NOW, "local_time": "2026-11-25T12:00", "timing": Timing.TIME}
            add_drop(session, community, now=NOW, author_id=1, content=Content("新片"), **values)
        return community

    return store.write_now(make)


def _of(session: Session, group: int, state: State) -> DropView:
    found = find_drop(session, group, int(state))
    assert found is not None
    return found


def _settle(session: Session, group: int) -> None:
    drop = _of(session, group, State.SENDING)
    assert sending.record_doubt(session, drop, "", NOW, ZONE)
    assert sending.settle(session, group, drop.number, drop.attempt, 1, NOW, ZONE, there=False)


def _retry(session: Session, group: int) -> None:
    assert sending.record_failure(session, _of(session, group, State.SENDING), "broken", "", NOW, ZONE)
    assert sending.retry(session, group, State.SENDING, LIN, NOW)


def _resume(session: Session, group: int) -> None:
    halting.halt(session, group, "kicked", NOW)
    assert halting.resume(session, group, 1, NOW)


CHANGES: dict[str, Change] = {
    "moved": lambda s, group: drops.move_drop(s, group, State.SCHEDULED, LIN, LOCAL, ZONE, now=NOW),
    "paused": lambda s, group: drops.pause_drop(s, group, State.SCHEDULED, LIN, now=NOW),
    "resumed": lambda s, group: drops.resume_drop(s, group, State.PAUSED, LIN, ZONE, now=NOW),
    "cancelled": lambda s, group: drops.cancel_drop(s, group, State.SCHEDULED, LIN, now=NOW),
    "skipped": lambda s, group: series.skip_drop(s, group, State.SCHEDULED, LIN, ZONE, now=NOW),
    "posted now": lambda s, group: drops.post_now(s, group, State.DRAFT, LIN, now=NOW),
    "approved": lambda s, group: drops.approve_drop(s, group, State.PROPOSED, LIN, ZONE, now=NOW),
    "another zone": lambda s, group: series.change_zone(s, group, "Europe/Berlin", now=NOW),
    "sent": lambda s, group: sending.finish(s, _of(s, group, State.SENDING), ZONE, NOW),
    "settled": _settle,
    "tried again": _retry,
    "the group again": _resume,
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_of_the_queue_wakes_the_sender(name: str, store: Store, group: int) -> None:
    told: list[str] = []
    store.on_queue_change.append(lambda: told.append(name))
    await store.write(lambda session: CHANGES[name](session, group))
    assert told == [name]


async def test_what_the_sender_does_by_itself_wakes_nobody(store: Store, group: int) -> None:
    """A claim that woke its own sender would have it look at the queue at every step of a thousand drops."""
    told: list[bool] = []
    store.on_queue_change.append(lambda: told.append(True))
    claim = Claim("one", NOW + timedelta(seconds=30), 7)
    await store.read(lambda session: find_drop(session, group, 3))
    await store.write(lambda session: sending.begin_next(session, PlaceKey(group, None), NOW, claim, ZONE))
    await store.write(lambda session: renew_claims(session, "one", [(group, 3)], claim.until))
    assert told == []


async def test_what_was_not_stored_wakes_nobody(store: Store, group: int) -> None:
    told: list[bool] = []
    store.on_queue_change.append(lambda: told.append(True))

    def breaks(session: Session) -> None:
        drops.pause_drop(session, group, State.SCHEDULED, LIN, now=NOW)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(breaks)
    assert told == []


async def test_a_drop_that_comes_due_while_the_bot_stops_does_not_keep_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = polling.run_polling

    async def slow_to_end(*args: Any, **more: Any) -> None:
        await fetch(*args, **more)
        await asyncio.sleep(2.0)

    monkeypatch.setattr(runner, "run_polling", slow_to_end)
    async with asyncio.timeout(15):
        async with sending_desk(build_world(3, True, STARTED), store) as desk:
            number = desk.queue("too late to begin", due_in=1.5)
            await asyncio.sleep(0.3)
    assert desk.find(number).state == State.SCHEDULED
    assert desk.texts() == []
