"""Clocks through the sender: a machine asleep, a clock set back, another zone, the days when clocks change."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from bot.clock import Clock
from peakdrop.local_times import local_of, moment_of
from peakdrop.sending import begin_next, is_late, next_job, postpone_late, record_step
from peakdrop.series import change_zone
from sandbox.community import build_world
from storage.communities import create
from storage.drop_content import Content, Repeat
from storage.drops import DropView, State, Step, list_drops
from storage.facts import ChatSeen
from storage.sending import Claim, PlaceKey, survey
from storage.store import Store
from tests.clock import FakeClock
from tests.drops.sending_desk import queue, sending

START = datetime(2026, 1, 1, 0, 0, tzinfo=UTC)


def daily(at: str, first: date, **values: Any) -> dict[str, Any]:
    """What makes a drop the first of a daily series."""
    occurrence = f"{first}T{at}"
    repeat = Repeat(first, at=at)
    return {"repeat": repeat, "series": 1, "occurrence": occurrence, "local_time": occurrence} | values


class Mail:
    """A sender without a network: what is due is claimed, counts as posted, and is recorded."""

    def __init__(self, store: Store, community: int, zone: str) -> None:
        self.store = store
        self.place = PlaceKey(community, None)
        self.zone = zone
        self.posted: list[tuple[datetime, DropView]] = []
        self.moved = 0

    def work(self, now: datetime) -> None:
        """Everything that is due."""
        while (job := self.store.read_now(lambda session: next_job(session, self.place, now, self.zone))) is not None:
            if is_late(job.drop, now):
                self.moved += len(
                    self.store.write_now(lambda session: postpone_late(session, self.place, now, self.zone))
                )
                continue
            self.store.write_now(partial(self._post, now=now))

    def _post(self, session: Session, now: datetime) -> None:
        claim = Claim("me", now + timedelta(seconds=30), len(self.posted) + 1)
        begun = begin_next(session, self.place, now, claim, self.zone)
        assert begun is not None
        record_step(session, begun.drop, Step.POSTED, now, begun.timezone)
        self.posted.append((now, begun.drop))

    def run(self, start: datetime, end: datetime) -> None:
        """Wake when something is due, as the job queue does."""
        now = start
        while now < end:
            self.work(now)
            following = self.store.read_now(partial(survey, now=now)).next_at
            if following is None:
                return
            now = max(following, now + timedelta(seconds=1))


# The local days before the clocks change, in spring and in autumn; Shanghai's never do.
CHANGES = {
    "Europe/Berlin": ("2026-03-26", "2026-10-22"),
    "America/New_York": ("2026-03-05", "2026-10-29"),
    "Australia/Sydney": ("2026-04-02", "2026-10-01"),
    "Australia/Lord_Howe": ("2026-04-02", "2026-10-01"),
    "Asia/Shanghai": ("2026-03-26", "2026-10-22"),
}


def check_daily_series(store: Store, community: int, zone: str, at: str, first: date, days: int) -> None:
    """A daily series through the sender: each of so many local days once, none moved."""
    due_at = moment_of(datetime.fromisoformat(f"{first}T{at}"), zone)
    queue(store, community, Content("daily"), due_at, **daily(at, first))
    mail = Mail(store, community, zone)
    start = due_at - timedelta(hours=1)
    mail.run(start, start + timedelta(days=days))
    posted = [local_of(now, zone).date() for now, _ in mail.posted]
    assert posted == [first + timedelta(days=n) for n in range(days)]
    assert mail.moved == 0


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("at", ["02:30", "09:00"])
@pytest.mark.parametrize("season", [0, 1])
def test_when_the_clocks_change_a_daily_series_comes_each_local_day_once(
    store: Store, community_in: Any, zone: str, at: str, season: int
) -> None:
    """Three whole years are tests/soak/test_send_soak.py; the rule itself is held over three years in test_repeats."""
    first = date.fromisoformat(CHANGES[zone][season])
    check_daily_series(store, community_in(store, zone), zone, at, first, days=7)


@pytest.fixture
def community_in() -> Any:
    def make(store: Store, zone: str) -> int:
        seen = ChatSeen(-1002000000009, "supergroup", "Daily", False, int(START.timestamp()))
        return store.write_now(lambda session: create(session, seen, seen.at, zone))

    return make


def test_after_three_days_asleep_a_series_posts_at_most_once(any_store: Store, community_in: Any) -> None:
    zone = "Asia/Shanghai"
    community = community_in(any_store, zone)
    first = date(2026, 1, 2)
    due_at = moment_of(datetime(2026, 1, 2, 9, 0), zone)
    queue(any_store, community, Content("daily"), due_at, **daily("09:00", first, late_seconds=3600))
    mail = Mail(any_store, community, zone)
    mail.run(due_at, due_at + timedelta(hours=1))
    mail.work(due_at + timedelta(days=3, hours=5))
    assert (len(mail.posted), mail.moved) == (1, 1)
    coming = any_store.read_now(lambda session: list_drops(session, community, {State.SCHEDULED}))
    assert [local_of(one.due_at or START, zone) for one in coming] == [datetime(2026, 1, 6, 9, 0)]


def test_a_clock_set_back_an_hour_posts_nothing_twice(any_store: Store, community_in: Any) -> None:
    zone = "Asia/Shanghai"
    community = community_in(any_store, zone)
    due_at = moment_of(datetime(2026, 1, 2, 9, 0), zone)
    queue(any_store, community, Content("daily"), due_at, **daily("09:00", date(2026, 1, 2)))
    queue(any_store, community, Content("once"), due_at)
    mail = Mail(any_store, community, zone)
    mail.work(due_at + timedelta(minutes=1))
    for minutes in range(-59, 60, 10):
        mail.work(due_at + timedelta(minutes=minutes))
    assert [drop.content.text for _, drop in mail.posted] == ["daily", "once"]


def test_a_change_of_zone_in_mid_series_keeps_the_wall_time(any_store: Store, community_in: Any) -> None:
    community = community_in(any_store, "Asia/Shanghai")
    due_at = moment_of(datetime(2026, 1, 2, 9, 0), "Asia/Shanghai")
    queue(any_store, community, Content("daily"), due_at, **daily("09:00", date(2026, 1, 2)))
    mail = Mail(any_store, community, "Asia/Shanghai")
    mail.run(due_at, due_at + timedelta(days=2, hours=1))
    now = mail.posted[-1][0] + timedelta(hours=1)
    any_store.write_now(lambda session: change_zone(session, community, "Europe/Berlin", now=now))
    mail.run(now, now + timedelta(days=3))
    berlin = [local_of(at, "Europe/Berlin") for at, _ in mail.posted[3:]]
    assert berlin[:2] == [datetime(2026, 1, 5, 9, 0), datetime(2026, 1, 6, 9, 0)]


async def test_the_running_bot_wakes_after_a_long_sleep(store: Store) -> None:
    clock = FakeClock(Clock().now())
    world = build_world(1, True, clock.now())
    async with sending(world, store, clock) as desk:
        early = desk.queue("late but allowed", due_in=3600, late_seconds=4 * 86400)
        late = desk.queue("too late", due_in=3600, late_seconds=3600)
        clock.advance(timedelta(days=3))
        await desk.until(early, State.SENT)
        async with asyncio.timeout(10):
            while (desk.find(late).due_at or clock.now()) <= clock.now():
                await asyncio.sleep(0.05)
        assert desk.texts() == ["late but allowed"]
