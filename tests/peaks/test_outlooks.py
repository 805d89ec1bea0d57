"""Outlooks are made at night, once, kept for every screen, and held against what came."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from peakdrop.forecast_records import read_record
from peakdrop.outlook_nights import make_outlooks
from peakdrop.outlook_reading import kept_outlook, read_outlook, renew_outlook
from peakdrop.outlooks import pack_outlook, unpack_outlook
from storage.communities import create, set_settings
from storage.coverage import keep_listening, start_listening
from storage.facts import ChatSeen, Facts, Interaction
from storage.history import ImportProgress, save_progress
from storage.interactions import record
from storage.kinds import Actor, Kind, Slot
from storage.outlooks import claim_outlooks, forget_outlooks
from storage.store import Store
from tests import facts

ZONE = "Asia/Shanghai"
CHAT = -1002000000077
START = datetime(2026, 9, 1, 16, tzinfo=UTC)  # midnight in Shanghai
NIGHT = START + timedelta(days=42, hours=5)  # every group's turn has come


@pytest.fixture
def community(any_store: Store) -> int:
    """A group that has been listened to for eight weeks; its members write in the evening."""
    seen = ChatSeen(CHAT, "supergroup", "Evenings", False, int(START.timestamp()))
    community_id = any_store.write_now(lambda session: create(session, seen, seen.at, ZONE))
    rng, said = random.Random(4), Facts()
    message = 0
    for day in range(56):
        for member in range(1, 31):
            if rng.random() < 0.7:
                message += 1
                at = int((START + timedelta(days=day, hours=rng.gauss(20.5, 1.5))).timestamp())
                who = (at, Kind.TEXT, Actor.MEMBER, member)
                said.interactions.append(Interaction(CHAT, message, Slot.MESSAGE, 0, *who))
    any_store.write_now(lambda session: record(session, said))
    span = any_store.write_now(lambda session: start_listening(session, START))
    any_store.write_now(lambda session: keep_listening(session, span, START + timedelta(days=56)))
    return community_id


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """What stands in the store."""
    return store.read_now(lambda session: [tuple(row) for row in session.connection().execute(text(query))])


async def test_days_are_told_beforehand_and_scored_when_over(any_store: Store, community: int) -> None:
    # Fourteen nights; what is known at each is what came before it.
    for day in range(14):
        assert await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(days=day)) == 1
    stored = rows(any_store, "SELECT day, stored_at, expected FROM day_forecast ORDER BY day")
    assert len(stored) == 19
    for day_number, stored_at, _ in stored:
        assert isinstance(day_number, int)
        assert isinstance(stored_at, int)
        assert stored_at < day_number * 86_400 - 8 * 3600  # before its midnight in Shanghai
    record_ = any_store.read_now(lambda session: read_record(session, community, ZONE, now=NIGHT + timedelta(days=13)))
    assert record_.days == 12
    assert record_.score is not None
    assert record_.fixed is not None
    assert record_.score > 0.9
    assert record_.score >= record_.fixed - 0.1
    assert record_.covered >= 8


async def test_how_far_its_forecasts_were_off_tells_a_groups_interval(any_store: Store, community: int) -> None:
    for day in range(-7, 13):
        await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(days=day))
    now = NIGHT + timedelta(days=13)
    weekend = now + timedelta(days=2)

    def width() -> float:
        outlook = any_store.read_now(lambda session: read_outlook(session, community, ZONE, now=now))
        place = outlook.place(weekend.replace(hour=20, tzinfo=None))
        return outlook.high[place] - outlook.low[place]

    any_store.write_now(lambda session: forget_outlooks(session, community))
    before = width()
    # As if evenings had been a lottery: twice as many came, or nobody.
    lottery = "UPDATE day_forecast SET audience = 19 * (day % 2), best = 19 WHERE best > 2"
    any_store.write_now(lambda session: session.connection().execute(text(lottery)))
    assert width() > before + 4


async def test_what_was_told_is_never_changed(any_store: Store, community: int) -> None:
    await make_outlooks(any_store, "UTC", now=NIGHT)
    told = rows(any_store, "SELECT * FROM day_forecast ORDER BY day")
    await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(days=1))
    assert rows(any_store, "SELECT * FROM day_forecast ORDER BY day")[1 : len(told)] == told[1:]


async def test_a_night_is_made_once_by_whichever_process(any_store: Store, community: int) -> None:
    both = await asyncio.gather(*(make_outlooks(any_store, "UTC", now=NIGHT) for _ in range(2)))
    assert sorted(both) == [0, 1]
    assert await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(minutes=5)) == 0
    assert await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(days=1)) == 1


def test_a_claim_of_a_process_that_died_is_taken_over(any_store: Store, community: int) -> None:
    def claim(now: datetime) -> list[int]:
        return any_store.write_now(lambda session: claim_outlooks(session, {community: NIGHT}, now))

    assert claim(NIGHT) == [community]
    assert claim(NIGHT + timedelta(minutes=9)) == []
    assert claim(NIGHT + timedelta(minutes=10)) == [community]


async def test_what_is_kept_says_what_was_made(any_store: Store, community: int) -> None:
    made = any_store.read_now(lambda session: read_outlook(session, community, ZONE, now=NIGHT))
    again = unpack_outlook(pack_outlook(made))
    assert again is not None
    assert len(pack_outlook(made)) < 6_000
    assert again.expected == pytest.approx(made.expected, rel=1e-3, abs=1e-3)
    assert (again.first_day, again.days, again.members, again.answers) == (
        made.first_day, made.days, made.members, made.answers,
    )  # fmt: skip
    assert unpack_outlook(b"of an earlier release") is None


async def test_a_missing_old_or_foreign_outlook_is_made_at_once(any_store: Store, community: int) -> None:
    def kept(timezone: str, now: datetime) -> bool:
        return any_store.read_now(lambda session: kept_outlook(session, community, timezone, now=now)) is not None

    assert not kept(ZONE, NIGHT)
    await renew_outlook(any_store, community, ZONE, now=NIGHT)
    assert kept(ZONE, NIGHT + timedelta(hours=35))
    assert not kept(ZONE, NIGHT + timedelta(hours=36))
    assert not kept("UTC", NIGHT)
    any_store.write_now(lambda session: set_settings(session, community, timezone="UTC"))
    assert not kept(ZONE, NIGHT)


def test_who_left_is_no_longer_expected_but_who_comes_and_goes_is(any_store: Store, community: int) -> None:
    def evening() -> float:
        outlook = any_store.read_now(lambda session: read_outlook(session, community, ZONE, now=NIGHT))
        return max(outlook.expected)

    def leave(first: int, last: int, *days: int) -> None:
        at = [int((NIGHT - timedelta(days=day)).timestamp()) for day in days]
        gone = [
            facts.move(Kind.LEAVE, member_id=one, chat_id=CHAT, at=when) for one in range(first, last) for when in at
        ]
        facts.put(any_store, *gone)

    before = evening()
    leave(1, 16, 3, 1)  # half of them, not for the first time
    assert evening() > 0.9 * before
    leave(16, 31, 1)  # the others, once
    assert evening() < 0.6 * before


async def test_while_its_past_is_imported_a_group_is_left_alone(any_store: Store, community: int) -> None:
    def progress(is_done: bool) -> None:
        one = ImportProgress(community, 5, is_done, None, None, 0)
        any_store.write_now(lambda session: save_progress(session, "file", one, NIGHT - timedelta(minutes=1)))

    progress(False)
    assert await make_outlooks(any_store, "UTC", now=NIGHT) == 0
    progress(True)
    assert await make_outlooks(any_store, "UTC", now=NIGHT) == 1


def test_a_topic_has_a_week_of_its_own(any_store: Store, community: int) -> None:
    general, empty = (
        any_store.read_now(lambda session, topic=topic: read_outlook(session, community, ZONE, topic, now=NIGHT))  # type: ignore[misc]
        for topic in (0, 9)
    )
    assert general.is_known
    assert 18 <= max(general.best_hours(1)) <= 21
    assert not empty.is_known
