"""When digests come: what is typed, and that each period brings one at the most, and one if the bot was up in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakdrop.digest_plans import (
    PlanSaid,
    begin_due,
    change_plan,
    digest_window,
    latest_occurrence,
    next_due_at,
    next_occurrence,
    occurrence_of,
    read_plan,
    report_plan,
    turn_group,
    turn_reader,
)
from peakdrop.drops import Actor
from peakdrop.local_times import local_of, moment_of
from storage.audit import Act, list_acts
from storage.digests import (
    GROUP,
    Delivery,
    Every,
    PlanView,
    claim,
    drop_old_deliveries,
    find_plan,
    list_readers,
    set_plan,
    settle,
    waiting,
)  # fmt: skip
from storage.people import set_person
from storage.store import Store

BOSS = Actor(5_000_000_001, is_manager=True)
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("weekly mon 09:00", PlanSaid(Every.WEEK, 0, 540)),
        ("weekly on Sunday at 9pm", PlanSaid(Every.WEEK, 6, 21 * 60)),
        ("thu 20:30", PlanSaid(Every.WEEK, 3, 20 * 60 + 30)),
        ("weekly", PlanSaid(Every.WEEK)),
        ("weekly 8:15", PlanSaid(Every.WEEK, None, 8 * 60 + 15)),
        ("daily 09:00", PlanSaid(Every.DAY, None, 540)),
        ("every day 9am", PlanSaid(Every.DAY, None, 540)),
        ("DAILY", PlanSaid(Every.DAY)),
        ("每周一 09:00", PlanSaid(Every.WEEK, 0, 540)),
        ("每周日晚上8点半", PlanSaid(Every.WEEK, 6, 20 * 60 + 30)),
        ("每星期五 18：00", PlanSaid(Every.WEEK, 4, 18 * 60)),
        ("周三 9点", PlanSaid(Every.WEEK, 2, 540)),
        ("每天 9点", PlanSaid(Every.DAY, None, 540)),
        ("每天早上8点", PlanSaid(Every.DAY, None, 480)),
        ("每日", PlanSaid(Every.DAY)),
        ("关", PlanSaid(None)),
        ("关闭", PlanSaid(None)),
        ("off", PlanSaid(None)),
        ("sometimes", None),
        ("weekly mon 25:99", None),
        ("每天 晚点", None),
        ("09:00", None),
        ("", None),
    ],
)
def test_plans_as_people_type_them(text: str, found: PlanSaid | None) -> None:
    assert read_plan(text) == found


def plan(every: Every, weekday: int, minute: int, since: datetime = START) -> PlanView:
    return PlanView(1, every, weekday, minute, True, since)


plans = st.builds(plan, st.sampled_from(Every), st.integers(0, 6), st.integers(0, 24 * 60 - 1))
moments = st.integers(0, 730 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


@given(plans, st.sampled_from(ZONES), moments)
def test_a_period_begins_at_the_time_asked_for_and_lasts_to_the_next(plan: PlanView, zone: str, now: datetime) -> None:
    local, following = latest_occurrence(plan, zone, now), next_occurrence(plan, zone, now)
    assert moment_of(following, zone) > now
    if local is None:
        assert now < moment_of(following, zone) <= now + timedelta(days=8)
        return
    assert moment_of(local, zone) <= now
    for one in (local, following):
        assert one.hour * 60 + one.minute == plan.minute
        assert plan.every is Every.DAY or one.weekday() == plan.weekday
    days = 1 if plan.every is Every.DAY else 7
    # Between the two there is room for no other.
    assert following - local == timedelta(days=days) or moment_of(local + timedelta(days=days), zone) <= now


def periods(plan: PlanView, zone: str, first: datetime, last: datetime) -> list[tuple[str, datetime, datetime]]:
    """Every period that a plan has between two moments, counted day by day: its name, its beginning, its end."""
    days = [first.date() + timedelta(days=n) for n in range(-9, (last - first).days + 10)]
    at = timedelta(minutes=plan.minute)
    locals_ = [
        datetime.combine(day, datetime.min.time()) + at
        for day in days
        if plan.every is Every.DAY or day.weekday() == plan.weekday
    ]
    edges = [moment_of(one, zone) for one in locals_]
    return [(occurrence_of(one), *span) for one, span in zip(locals_, pairwise(edges), strict=False)]


@given(
    plans,
    st.sampled_from(ZONES),
    moments,
    st.lists(st.integers(1, 12 * 24 * 60), min_size=1, max_size=12),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_period_brings_one_digest_if_the_bot_was_up_in_it_and_never_two(
    store: Store, wanted: PlanView, zone: str, first: datetime, steps: list[int], dies: list[bool]
) -> None:
    """Up at some moments, down between them for minutes or days; now and then it dies while it sends."""
    group = 1
    store.write_now(lambda s: set_plan(s, replace(wanted, community_id=group, since_at=first)))
    looks = [first + timedelta(minutes=sum(steps[: n + 1])) for n in range(len(steps))]
    sent: Counter[str] = Counter()
    for now, dying in zip(looks, dies, strict=False):
        for _process in range(2):
            store.write_now(lambda s, now=now: begin_due(s, {group: zone}, now))  # type: ignore[misc]
            for one in store.read_now(waiting):
                if store.write_now(lambda s, one=one, now=now: claim(s, one, now)):  # type: ignore[misc]
                    sent[one.occurrence] += 1
                    if not dying:
                        store.write_now(lambda s, one=one: settle(s, one, Delivery.SENT))  # type: ignore[misc]
    up = [
        name
        for name, start, end in periods(wanted, zone, first, looks[-1])
        if start > first and any(start <= now < end for now in looks)
    ]
    assert sent == Counter(up)
    store.write_now(lambda s: drop_old_deliveries(s, looks[-1] + timedelta(days=400)))


def keep(store: Store, community: int, text: str, now: datetime, *, in_group: bool = True) -> None:
    said = read_plan(text)
    assert said is not None
    store.write_now(lambda s: change_plan(s, community, said, BOSS, now=now, in_group=in_group))


def begin(store: Store, community: int, zone: str, now: datetime) -> int:
    return store.write_now(lambda s: begin_due(s, {community: zone}, now))


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Europe/Berlin", ("2026-03-28", "2026-10-24")),
        ("America/New_York", ("2026-03-07", "2026-10-31")),
        ("Australia/Lord_Howe", ("2026-04-04", "2026-10-03")),
    ],
)
def test_rows_hold_it_through_the_nights_when_clocks_change(store: Store, zone: str, changes: tuple[str, str]) -> None:
    """At a time that is skipped in one night and comes twice in another; two processes look each half hour."""
    community = 1
    keep(store, community, "daily 02:30", START)
    for evening in changes:
        start = moment_of(datetime.fromisoformat(f"{evening}T12:00"), zone)
        found: list[str] = []
        for half_hours in range(48):
            now = start + timedelta(minutes=30 * half_hours)
            for _process in range(2):
                begin(store, community, zone, now)
            for one in store.read_now(waiting):
                taken = [store.write_now(lambda s, one=one, now=now: claim(s, one, now)) for _ in range(2)]  # type: ignore[misc]
                assert taken == [True, False]
                found.append(one.occurrence)
        night = (datetime.fromisoformat(evening) + timedelta(days=1)).date()
        assert found == [f"{evening}T02:30", f"{night}T02:30"]  # the first was missed, and is sent late


def test_one_missed_is_sent_late_once_and_an_older_one_never(any_store: Store, community: int) -> None:
    zone = "Asia/Shanghai"
    keep(any_store, community, "weekly mon 09:00", START)
    # Down over two Mondays, up again on a Wednesday: the last one alone.
    wednesday = datetime(2026, 1, 14, 4, tzinfo=UTC)
    assert begin(any_store, community, zone, wednesday) == 1
    assert [one.occurrence for one in any_store.read_now(waiting)] == ["2026-01-12T09:00"]
    assert begin(any_store, community, zone, wednesday) == 0
    # The clock is set back by a day, then a zone further west is chosen: still not twice.
    assert begin(any_store, community, zone, wednesday - timedelta(days=1)) == 0
    assert begin(any_store, community, "America/New_York", wednesday) == 0


def test_a_send_in_doubt_is_not_sent_again_and_one_refused_may_wait(any_store: Store, community: int) -> None:
    keep(any_store, community, "daily 09:00", START)
    now = datetime(2026, 1, 5, 2, tzinfo=UTC)
    begin(any_store, community, "Asia/Shanghai", now)
    (one,) = any_store.read_now(waiting)
    assert any_store.write_now(lambda s: claim(s, one, now))
    assert any_store.read_now(waiting) == []  # a process that dies now leaves it so
    assert begin(any_store, community, "Asia/Shanghai", now) == 0
    assert any_store.write_now(lambda s: settle(s, one, Delivery.WAITING))  # Telegram was surely not reached
    assert any_store.read_now(waiting) == [one]


def test_a_new_plan_sends_nothing_for_what_is_past(any_store: Store, community: int) -> None:
    now = datetime(2026, 1, 5, 2, tzinfo=UTC)  # Monday 10:00 in Shanghai
    keep(any_store, community, "daily 09:00", now)
    assert begin(any_store, community, "Asia/Shanghai", now) == 0
    keep(any_store, community, "daily 10:30", now)
    assert begin(any_store, community, "Asia/Shanghai", now + timedelta(minutes=30)) == 1
    # Another time later on the same day is another digest.
    keep(any_store, community, "daily 21:00", now + timedelta(hours=1))
    assert begin(any_store, community, "Asia/Shanghai", now + timedelta(hours=11)) == 1


def test_who_gets_it(any_store: Store, community: int) -> None:
    def report() -> Any:
        return any_store.read_now(lambda s: report_plan(s, community, "Asia/Shanghai", START))

    any_store.write_now(lambda s: set_person(s, BOSS.person_id, language="en"))
    keep(any_store, community, "weekly mon 09:00", START, in_group=False)
    assert report().readers == (BOSS.person_id,)
    assert not report().plan.to_group
    any_store.write_now(lambda s: turn_group(s, community, BOSS, now=START))
    any_store.write_now(lambda s: turn_reader(s, community, 7, now=START))
    assert report().plan.to_group
    assert set(report().readers) == {BOSS.person_id, 7}
    begin(any_store, community, "Asia/Shanghai", datetime(2026, 1, 5, 2, tzinfo=UTC))
    assert {one.person_id for one in any_store.read_now(waiting)} == {GROUP, BOSS.person_id, 7}
    any_store.write_now(lambda s: turn_reader(s, community, 7, now=START))
    assert any_store.read_now(lambda s: list_readers(s, community)) == [BOSS.person_id]
    keep(any_store, community, "off", START)
    assert report().plan is None
    acts = any_store.read_now(lambda s: list_acts(s, community))
    assert next((one.act, one.detail) for one in acts) == (Act.DIGEST, "off")


def test_turned_off_and_on_again_it_goes_on_as_it_was(any_store: Store, community: int) -> None:
    any_store.write_now(lambda s: set_person(s, BOSS.person_id, language="en"))
    keep(any_store, community, "weekly thu 20:30", START)
    keep(any_store, community, "off", START)
    assert any_store.read_now(lambda s: find_plan(s, community)) is None
    assert begin(any_store, community, "Asia/Shanghai", datetime(2026, 1, 9, tzinfo=UTC)) == 0
    assert any_store.read_now(lambda s: next_due_at(s, {community: "Asia/Shanghai"}, START)) is None
    later = datetime(2026, 1, 9, tzinfo=UTC)
    keep(any_store, community, "weekly", later, in_group=False)
    plan = any_store.read_now(lambda s: find_plan(s, community))
    assert plan == PlanView(community, Every.WEEK, 3, 20 * 60 + 30, True, later)
    assert any_store.read_now(lambda s: list_readers(s, community)) == [BOSS.person_id]
    keep(any_store, community, "off", later)
    keep(any_store, community, "off", later)  # is off already
    acts = any_store.read_now(lambda s: list_acts(s, community))
    assert [one.detail for one in acts] == ["off", "weekly 3 20:30 group", "off", "weekly 3 20:30 group"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_covers_whole_local_days_up_to_the_evening_before(zone: str) -> None:
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    day = local_of(now, zone).date()
    week, one = (digest_window(every, day, zone, now) for every in (Every.WEEK, Every.DAY))
    assert week.last_day == one.first_day == day - timedelta(days=1)
    assert len(week.days()) == 7
    assert week.end == one.end
