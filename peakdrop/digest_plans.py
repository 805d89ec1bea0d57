"""When digests come: what is typed, the wall times that follow from it, and the days that each covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from peakdrop.drops import Actor
from peakdrop.local_times import local_of, moment_of
from peakdrop.said_times import DIGITS, chinese_weekday, read_said
from peakdrop.windows import Window, midnight
from storage.audit import Act, note_act
from storage.digests import (
    GROUP,
    DeliveryView,
    Every,
    PlanView,
    begin_deliveries,
    end_plan,
    find_ended_plan,
    find_plan,
    has_begun,
    list_plans,
    list_readers,
    set_plan,
    set_reader,
)
from storage.people import find_person

MORNING = 9 * 60
MONDAY = 0
DAYS = {Every.DAY: 1, Every.WEEK: 7}
_OFF = frozenset({"off", "stop", "never", "none", "关", "关闭", "关掉", "停", "停止", "不要"})
_DAILY = re.compile(r"daily|every\s*day|day|每[天日]|天天|日报")
_WEEKLY = re.compile(r"weekly|every\s*week|week|每(?:周|星期|礼拜)|周报")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"(?:on\s+)?\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b")
_CHINESE_DAY = re.compile(r"^(?:周|星期|礼拜)?([一二三四五六日天])")
_NOON = datetime(2026, 1, 5, 12)  # noqa: DTZ001 - a wall time, any one


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """What somebody typed: `every` None turns digests off; what was not said is None."""

    every: Every | None
    weekday: int | None = None
    minute: int | None = None


def read_plan(text: str) -> PlanSaid | None:
    """A plan as people type it: "weekly mon 09:00", "daily 9pm", "每周一 09:00", "off".

    None: not understood.
    """
    rest = " ".join(text.translate(DIGITS).lower().split())
    if rest in _OFF:
        return PlanSaid(None)
    every, weekday = None, None
    for cadence, pattern in ((Every.DAY, _DAILY), (Every.WEEK, _WEEKLY)):
        found = pattern.match(rest)
        if found is not None:
            every, rest = cadence, rest[found.end() :].strip()
            break
    if every is not Every.DAY:
        day = _CHINESE_DAY.match(rest) or _WEEKDAY.match(rest)
        if day is not None:
            weekday = _WEEKDAYS.index(day[1]) if day[1].isascii() else chinese_weekday(day[1])
            every, rest = Every.WEEK, rest[day.end() :].strip()
    if every is None:
        return None
    if not rest:
        return PlanSaid(every, weekday)
    said = read_said(rest.removeprefix("at "), _NOON)
    return PlanSaid(every, weekday, said.local.hour * 60 + said.local.minute) if said and said.has_time else None


def occurrences_before(plan: PlanView, local: datetime) -> Iterator[datetime]:
    """A plan's wall times, the latest first, from the end of a naive wall time's next day."""
    day = local.date() + timedelta(days=1)
    while True:
        if plan.every is Every.DAY or day.weekday() == plan.weekday:
            yield datetime.combine(day, datetime.min.time()) + timedelta(minutes=plan.minute)
        day -= timedelta(days=1)


def latest_occurrence(plan: PlanView, timezone: str, now: datetime) -> datetime | None:
    """The wall time at which the plan's present period began; None where the plan was made after that."""
    local = next(one for one in occurrences_before(plan, local_of(now, timezone)) if moment_of(one, timezone) <= now)
    return local if moment_of(local, timezone) > plan.since_at else None


def next_occurrence(plan: PlanView, timezone: str, now: datetime) -> datetime:
    """The next wall time of a plan."""
    ahead = local_of(now, timezone) + timedelta(days=DAYS[plan.every])
    found = None
    for local in occurrences_before(plan, ahead):
        if moment_of(local, timezone) <= now:
            break
        found = local
    return found or ahead


def digest_window(every: Every, day: date, timezone: str, now: datetime) -> Window:
    """The whole local days that a digest of a local day covers: the day before, or the seven before."""
    zone = ZoneInfo(timezone)
    first, last = day - timedelta(days=DAYS[every]), day - timedelta(days=1)
    return Window(f"{first}..{last}", midnight(first, zone), midnight(day, zone), timezone, now)


def begin_due(session: Session, zones: Mapping[int, str], now: datetime) -> int:
    """Note whom each digest that is due goes to, once for each of its times; returns how many were begun.

    A digest that was missed is still due while its period lasts: up to the next one's time.
    """
    begun = 0
    for plan, local in _due(session, zones, now):
        people = [*([GROUP] if plan.to_group else []), *list_readers(session, plan.community_id)]
        due_at = moment_of(local, zones[plan.community_id])
        begin_deliveries(session, plan.community_id, occurrence_of(local), due_at, people)
        begun += bool(people)
    return begun


def find_due(session: Session, zones: Mapping[int, str], now: datetime) -> bool:
    """Whether `begin_due` would begin anything: asked first, so that nothing is written for nothing."""
    return any(_due(session, zones, now))


def _due(session: Session, zones: Mapping[int, str], now: datetime) -> Iterator[tuple[PlanView, datetime]]:
    """The plans whose present period's digest was not begun, with its wall time."""
    for plan in _plans(session, zones):
        local = latest_occurrence(plan, zones[plan.community_id], now)
        if local is not None and not has_begun(session, plan.community_id, occurrence_of(local)):
            yield plan, local


def next_due_at(session: Session, zones: Mapping[int, str], now: datetime) -> datetime | None:
    """When the next digest of any group comes."""
    plans = _plans(session, zones)
    zoned = ((one, zones[one.community_id]) for one in plans)
    return min((moment_of(next_occurrence(plan, zone, now), zone) for plan, zone in zoned), default=None)


def _plans(session: Session, zones: Mapping[int, str]) -> list[PlanView]:
    return [one for one in list_plans(session) if one.community_id in zones]


def is_timely(one: DeliveryView, plan: PlanView | None, timezone: str, now: datetime) -> bool:
    """Whether a delivery still belongs to the present period of a plan that still wants it."""
    if plan is None or (one.person_id == GROUP and not plan.to_group):
        return False
    local = latest_occurrence(replace(plan, since_at=one.due_at - timedelta(seconds=1)), timezone, now)
    return local is not None and occurrence_of(local) == one.occurrence


def occurrence_of(local: datetime) -> str:
    """What names a digest: its wall time, ISO 8601 to the minute."""
    return local.isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A group's plan as its screen shows it; `next_local` is the naive time of the next one."""

    plan: PlanView | None
    readers: tuple[int, ...]
    next_local: datetime | None


def report_plan(session: Session, community_id: int, timezone: str, now: datetime) -> PlanReport:
    """When a group's digest comes, and to whom."""
    plan = find_plan(session, community_id)
    following = None if plan is None else next_occurrence(plan, timezone, now)
    return PlanReport(plan, tuple(list_readers(session, community_id)), following)


def change_plan(
    session: Session,
    community_id: int,
    said: PlanSaid,
    by: Actor,
    *,
    now: datetime,
    in_group: bool = False,
    reads: bool = False,
) -> None:
    """Set when a digest comes; turned on again, it goes on as it was.

    Whoever sets the first one gets the whole, and whoever `reads`; `in_group`: the group gets its part too.
    """
    plan = find_plan(session, community_id)
    if said.every is None:
        if end_plan(session, community_id):
            note_act(session, community_id, Act.DIGEST, by=by.person_id, now=now, detail="off")
        return
    if plan is None:
        new = PlanView(community_id, said.every, MONDAY, MORNING, in_group, now)
        plan = find_ended_plan(session, community_id) or new
        reads = reads or not list_readers(session, community_id)
    if reads and find_person(session, by.person_id) is not None:
        set_reader(session, community_id, by.person_id, now=now)
    changed = PlanView(
        community_id,
        said.every,
        plan.weekday if said.weekday is None else said.weekday,
        plan.minute if said.minute is None else said.minute,
        plan.to_group or in_group,
        now,
    )
    set_plan(session, changed)
    note_act(session, community_id, Act.DIGEST, by=by.person_id, now=now, detail=_told(changed))


def turn_group(session: Session, community_id: int, by: Actor, *, now: datetime) -> None:
    """The group gets its part, or no more."""
    plan = find_plan(session, community_id)
    if plan is not None:
        since = plan.since_at if list_readers(session, community_id) or plan.to_group else now
        changed = replace(plan, to_group=not plan.to_group, since_at=since)
        set_plan(session, changed)
        note_act(session, community_id, Act.DIGEST, by=by.person_id, now=now, detail=_told(changed))


def turn_reader(session: Session, community_id: int, person_id: int, *, now: datetime) -> None:
    """A manager gets it in private, or no more."""
    plan, readers = find_plan(session, community_id), list_readers(session, community_id)
    if plan is not None and not plan.to_group and not readers:
        set_plan(session, replace(plan, since_at=now))  # nobody got the last one: it is not sent belatedly
    set_reader(session, community_id, person_id, now=now, reads=person_id not in readers)


def _told(plan: PlanView) -> str:
    """A plan for the audit log: `weekly 0 09:00 group`."""
    cadence = "daily" if plan.every is Every.DAY else f"weekly {plan.weekday}"
    return f"{cadence} {plan.minute // 60:02}:{plan.minute % 60:02}{' group' if plan.to_group else ''}"
