"""A drop in a topic goes out when that topic's people are there, as far as the topic has shown its own hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist, fmean

import numpy as np
import pytest
from sqlalchemy import text
from sqlmodel import Session

from peakdrop.activity import Activity, gather
from peakdrop.composing import set_topic
from peakdrop.drops import Actor as Person
from peakdrop.drops import confirm_drop, start_draft
from peakdrop.forecast_records import read_record
from peakdrop.forecasts import forecast
from peakdrop.local_times import local_of
from peakdrop.outlook_nights import make_outlooks
from peakdrop.outlook_reading import read_outlook, renew_outlook
from peakdrop.prospects import Hope, hope_at
from peakdrop.time_reasons import TimeReasons, explain_drop
from rendering.catalog import get_catalog
from rendering.hopes import hope_words, render_reasons
from storage.communities import create
from storage.coverage import keep_listening, start_listening
from storage.drop_content import Content
from storage.drops import State, Timing, add_drop, change_drop, find_drop
from storage.facts import ChatSeen, Facts, Interaction
from storage.interactions import record
from storage.kinds import Actor, Flag, Kind, Slot
from storage.posting_rules import set_rules
from storage.store import Store

ZONE = "Asia/Shanghai"
CHAT = -1002000000078
START = datetime(2026, 9, 1, 16, tzinfo=UTC)  # midnight in Shanghai
DAYS = 56
NIGHT = START + timedelta(days=DAYS, hours=5)
MORNINGS, SCARCE, SILENT, LONG_SILENT = 7, 8, 9, 10  # topics
WEDNESDAY = 2

EN, ZH = get_catalog("en"), get_catalog("zh")
COMING_DROP = {
    "author_id": 1, "content": Content("New"), "thread_id": MORNINGS, "state": State.SCHEDULED, "timing": Timing.PEAK,
    "due_at": NIGHT + timedelta(days=1),
}  # fmt: skip
TODAY = date(2026, 11, 23)
TODAY_QUARTERS = (TODAY - date(1970, 1, 1)).days * 96
EVENING, MORNING = 20.0, 9.0
WIDTH = 3.0  # hours, by which people differ
TOPICS = 25


def talks(rng: np.random.Generator, weeks: int, a_day: float, hour: float, people: int) -> Activity:
    """Talks of so many people at a time around an hour: what is said in one says little of the next."""
    quarters, members = [], []
    for day in range(1, weeks * 7 + 1):
        for _ in range(rng.poisson(a_day)):
            begins = rng.normal(hour, WIDTH)
            for member in rng.choice(people * 4, people, replace=False).tolist():
                at = np.clip((begins + rng.exponential(0.5, 2)) * 4, 0, 95).astype(int)
                quarters += (TODAY_QUARTERS - day * 96 + at).tolist()
                members += [member] * 2
    return gather(np.array(quarters, np.int64), np.array(members, np.int64))


def worth(expected: np.ndarray, hour: float) -> float:
    """The people at the chosen times as a share of those at the best time, where they come around an hour."""
    there = NormalDist(hour, WIDTH)
    truth = [there.cdf(quarter / 4 + 2) - there.cdf(quarter / 4) for quarter in range(96)]
    return fmean(truth[int(day.argmax())] / max(truth) for day in expected)


def mean_worths(weeks: int, a_day: float, hour: float) -> tuple[float, float, float]:
    """By the group's week, by the topic's alone (leaning on its zone), and by both: means of made-up topics."""
    group = forecast(talks(np.random.default_rng(1), 12, 20, EVENING, 4), "UTC", TODAY).expected
    found: list[Sequence[float]] = []
    for seed in range(TOPICS):
        seen = talks(np.random.default_rng(100 + seed), weeks, a_day, hour, 3)
        alone, both = forecast(seen, "UTC", TODAY), forecast(seen, "UTC", TODAY, prior=group)
        found.append([worth(one, hour) for one in (group, alone.expected, both.expected)])
    by_group, by_topic, by_both = (fmean(column) for column in zip(*found, strict=True))
    return by_group, by_topic, by_both


@pytest.mark.parametrize(("weeks", "a_day"), [(2, 0.15), (12, 0.3), (12, 1.5)])
def test_a_topic_like_its_group_loses_little(weeks: int, a_day: float) -> None:
    by_group, _, by_both = mean_worths(weeks, a_day, EVENING)
    assert by_group > 0.97
    assert by_both > 0.75


@pytest.mark.parametrize(("weeks", "a_day", "least"), [(4, 0.3, 0.7), (12, 0.3, 0.8), (12, 1.5, 0.9)])
def test_a_topic_of_the_morning_is_found_by_its_own_people(weeks: int, a_day: float, least: float) -> None:
    by_group, by_topic, by_both = mean_worths(weeks, a_day, MORNING)
    assert by_group < 0.05
    assert by_both > least
    assert by_both > by_topic - 0.05


def test_little_evidence_leaves_the_hours_of_the_group() -> None:
    group = forecast(talks(np.random.default_rng(1), 12, 20, EVENING, 4), "UTC", TODAY).expected
    once = gather(np.array([TODAY_QUARTERS - 3 * 96 + 36], np.int64), np.array([1], np.int64))  # one message at nine
    found = forecast(once, "UTC", TODAY, prior=group)
    assert abs(int(found.expected[0].argmax()) - int(group[0].argmax())) <= 4
    assert found.prior_share > 0.8


@pytest.fixture
def community(any_store: Store) -> int:
    """A forum of evenings, most on Wednesdays, with a topic of mornings, two that were used once, and one never."""
    seen = ChatSeen(CHAT, "supergroup", "Forum", True, int(START.timestamp()))
    community_id = any_store.write_now(lambda session: create(session, seen, seen.at, ZONE))
    rng, said = np.random.default_rng(4), Facts()

    def say(day: int, hour: float, member: int, topic: int) -> None:
        at = int((START + timedelta(days=day, hours=hour)).timestamp())
        who = (at, Kind.TEXT, Actor.MEMBER, member, topic, int(Flag.TOPIC) if topic else 0)
        said.interactions.append(Interaction(CHAT, len(said.interactions) + 1, Slot.MESSAGE, 0, *who))

    for day in range(DAYS):
        for member in range(1, 41):
            if rng.random() < (0.9 if day % 7 == 0 else 0.5):
                say(day, rng.normal(20.5, 1.0), member, 0)
        for member in range(101, 109):
            if rng.random() < 0.6:
                say(day, rng.normal(9.0, 1.0), member, MORNINGS)
    say(DAYS - 3, 9.0, 101, SCARCE)
    say(1, 9.0, 101, LONG_SILENT)
    any_store.write_now(lambda session: record(session, said))
    span = any_store.write_now(lambda session: start_listening(session, START))
    any_store.write_now(lambda session: keep_listening(session, span, START + timedelta(days=DAYS)))
    any_store.write_now(lambda session: set_rules(session, community_id, explored_percent=0))
    return community_id


def queue(store: Store, community: int, topic: int) -> tuple[datetime, Hope | None, TimeReasons]:
    """A drop for a topic, confirmed: its local time, what is expected of it, and why."""

    def queueing(session: Session) -> tuple[datetime, Hope | None, TimeReasons]:
        by = Person(1, is_manager=True)
        number = start_draft(session, community, by, Content("New"), now=NIGHT).number
        draft = find_drop(session, community, number)
        assert draft is not None
        change_drop(session, community, number, {draft.state}, now=NIGHT, thread_id=topic)
        drop = confirm_drop(session, community, number, by, ZONE, now=NIGHT).drop
        assert drop is not None
        assert drop.due_at is not None
        local = local_of(drop.due_at, ZONE)
        hope = hope_at(session, drop, local, ZONE, NIGHT)
        return local, hope, explain_drop(session, drop, local, ZONE, NIGHT)

    return store.write_now(queueing)


def test_a_drop_goes_out_by_the_week_of_its_topic(any_store: Store, community: int) -> None:
    local, hope, why = queue(any_store, community, MORNINGS)
    assert 7 <= local.hour <= 9
    assert hope is not None
    assert hope.in_topic
    assert 2 < hope.members < 7  # of the topic's eight people, not of the group's forty
    assert why.in_topic
    assert why.people == 8
    assert why.prior_share < 0.1
    local, hope, why = queue(any_store, community, 0)
    assert 19 <= local.hour <= 21
    assert hope is not None
    assert not hope.in_topic
    assert hope.members > 12
    assert not why.in_topic


def test_words_say_that_people_in_the_topic_are_meant_and_whose_hours_they_are(
    any_store: Store, community: int
) -> None:
    now = local_of(NIGHT, ZONE)
    said = {topic: queue(any_store, community, topic) for topic in (0, MORNINGS, SCARCE, SILENT)}
    for catalog, here, own, groups, nothing in (
        (EN, "in the topic then", "topic’s own hours", "week of the whole group", "Nothing was seen in this topic yet"),
        (ZH, "当时话题内约", "该话题自己的活跃时段", "仍来自全群的活跃时段", "该话题还没有数据"),
    ):
        hopes = {topic: hope_words(hope, catalog) for topic, (_, hope, _) in said.items() if hope is not None}
        assert [here in words for words in hopes.values()] == [False, True, True]
        whys = [render_reasons(why, now, catalog) for _, _, why in said.values()]
        assert [own in why for why in whys] == [False, True, False, False]
        assert [groups in why for why in whys] == [False, False, True, False]
        assert [nothing in why for why in whys] == [False, False, False, True]


@pytest.mark.parametrize("topic", [SCARCE, LONG_SILENT])
def test_a_topic_that_shows_little_has_the_hours_of_its_group(any_store: Store, community: int, topic: int) -> None:
    local, hope, why = queue(any_store, community, topic)
    assert 19 <= local.hour <= 21
    assert hope is not None
    assert hope.members < 1
    assert why.prior_share > 0.8


def test_a_topic_in_which_nothing_was_done_has_them_without_a_figure(any_store: Store, community: int) -> None:
    local, hope, why = queue(any_store, community, SILENT)
    assert 19 <= local.hour <= 21
    assert hope is None
    assert (why.members, why.in_topic) == (None, True)


async def test_a_topic_that_shows_little_has_the_best_day_of_its_group(any_store: Store, community: int) -> None:
    def best_day(topic: int, now: datetime) -> int:
        outlook = any_store.read_now(lambda session: read_outlook(session, community, ZONE, topic, now=now))
        row = max(range(7), key=lambda day: max(outlook.expected[day * 96 : day * 96 + 96]))
        return (outlook.first_day + timedelta(days=row)).weekday()

    await renew_outlook(any_store, community, ZONE, now=NIGHT - timedelta(days=1))  # the group's is of yesterday
    assert best_day(-1, NIGHT) == WEDNESDAY
    assert best_day(SCARCE, NIGHT) == WEDNESDAY
    assert best_day(SILENT, NIGHT) == WEDNESDAY


async def test_a_topic_has_a_record_of_its_own(any_store: Store, community: int) -> None:
    await make_outlooks(any_store, "UTC", now=NIGHT - timedelta(days=15))  # before a drop goes to any topic
    any_store.write_now(lambda session: add_drop(session, community, now=NIGHT, **COMING_DROP))
    for day in range(14, -1, -1):
        await make_outlooks(any_store, "UTC", now=NIGHT - timedelta(days=day))
    topic, group, other = (
        any_store.read_now(lambda session, topic=topic: read_record(session, community, ZONE, topic, now=NIGHT))  # type: ignore[misc]
        for topic in (MORNINGS, -1, SCARCE)
    )
    assert 8 <= topic.days <= 13  # those with three people in two hours
    assert topic.score is not None
    assert topic.fixed is not None
    assert topic.score > 0.8
    assert topic.fixed < 0.2  # nobody is there at 19:00
    assert group.days >= 13
    assert group.score is not None
    assert group.score > 0.9
    assert other.days == 0


def test_in_the_queue_a_peak_moves_with_the_topic(any_store: Store, community: int) -> None:
    def hour_in(topic: int) -> int:
        by = Person(1, is_manager=True)

        def moving(session: Session) -> int:
            drop = find_drop(session, community, 1)
            assert drop is not None
            moved = set_topic(session, drop, by, topic, ZONE, NIGHT).drop
            assert moved is not None
            assert moved.due_at is not None
            return local_of(moved.due_at, ZONE).hour

        return any_store.write_now(moving)

    queue(any_store, community, 0)
    assert 7 <= hour_in(MORNINGS) <= 9
    assert 19 <= hour_in(0) <= 21


async def test_each_night_makes_the_weeks_of_the_topics_that_drops_go_to(any_store: Store, community: int) -> None:
    def kept() -> list[tuple[int, int]]:
        query = text("SELECT topic_id, made_at FROM outlook WHERE content IS NOT NULL ORDER BY topic_id")
        return any_store.read_now(lambda session: [(one[0], one[1]) for one in session.connection().execute(query)])

    queue(any_store, community, MORNINGS)
    await make_outlooks(any_store, "UTC", now=NIGHT)
    assert [topic for topic, _ in kept()] == [-1, MORNINGS]
    await renew_outlook(any_store, community, ZONE, SCARCE, now=NIGHT)  # somebody asks
    await make_outlooks(any_store, "UTC", now=NIGHT + timedelta(days=1))
    night, later = int(NIGHT.timestamp()), int((NIGHT + timedelta(days=1)).timestamp())
    assert kept() == [(-1, later), (MORNINGS, later), (SCARCE, night)]
