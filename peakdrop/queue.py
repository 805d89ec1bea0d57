"""What is coming in a community, page by page, and month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from peakdrop import drops, series
from peakdrop.drops import Actor, Done, Outcome
from peakdrop.local_times import local_of, moment_of
from peakdrop.repeats import next_occurrence
from storage.communities import CommunityView
from storage.drops import COMING, DropView, State, count_drops, find_drop, list_drops
from storage.posting_rules import Rules, get_rules

PAGE = 6
MOST_PLANNED = 31 * 24  # of one series in one month
UNDER_WAY = (State.UNCERTAIN, State.SENDING, *COMING)
# In the order of their urgency; drafts are shown to whoever makes them, elsewhere.
LISTED = (State.UNCERTAIN, State.FAILED, State.SENDING, *COMING)

# What can be done with a drop of the queue, by its word.
_DEEDS: dict[str, Callable[..., Done]] = {
    "pause": drops.pause_drop,
    "undo": drops.restore_drop,
    "copy": drops.duplicate_drop,
    "now": drops.post_now,
    "cancel": drops.cancel_drop,
    "return": drops.return_drop,
}
_ZONED: dict[str, Callable[..., Done]] = {
    "resume": drops.resume_drop,
    "skip": series.skip_drop,
    "approve": drops.approve_drop,
}
DEEDS = (*_DEEDS, *_ZONED)
# An editor may copy any drop, and take back what is theirs.
_EDITORS = frozenset({"copy"})
_EDITORS_OWN = frozenset({"cancel", "skip", "undo"})


def act_on(
    session: Session, what: str, community_id: int, number: int, by: Actor, timezone: str, *, now: datetime
) -> Done:
    """Do one of DEEDS with a drop, as far as somebody may."""
    drop = find_drop(session, community_id, number)
    if drop is None:
        return Done(Outcome.GONE)
    own = what in _EDITORS_OWN and drop.author_id == by.person_id
    if not (by.is_manager or what in _EDITORS or own):
        return Done(Outcome.NOT_YOURS, drop)
    if what in _ZONED:
        return _ZONED[what](session, community_id, number, by, timezone, now=now)
    return _DEEDS[what](session, community_id, number, by, now=now)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of what is coming; `page` counts from 0."""

    community: CommunityView
    drops: tuple[DropView, ...]
    page: int
    pages: int
    total: int
    rules: Rules


def report_queue(session: Session, community: CommunityView, page: int) -> QueuePage:
    """A page of the queue, the next drop first; a page that is no more is the last one."""
    total = count_drops(session, community.id, LISTED)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 0), pages - 1)
    drops = list_drops(session, community.id, LISTED, limit=PAGE, offset=page * PAGE)
    return QueuePage(community, tuple(drops), page, pages, total, get_rules(session, community.id))


@dataclass(frozen=True, slots=True)
class Planned:
    """A date on which a drop's series comes again and nothing is queued yet; `has_time` False: the day's peak."""

    local: datetime
    has_time: bool
    drop: DropView


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A local month's drops, sent and coming, by their local times; `planned` is what their series bring later."""

    community: CommunityView
    first: date
    today: date
    drops: tuple[tuple[datetime, DropView], ...]
    rules: Rules
    planned: tuple[Planned, ...] = ()


def report_month(session: Session, community: CommunityView, first: date, timezone: str, now: datetime) -> MonthReport:
    """The drops of a local month; `first` is its first day."""
    start = moment_of(datetime(first.year, first.month, 1), timezone)  # noqa: DTZ001 - a wall time
    following = month_after(first)
    end = moment_of(datetime(following.year, following.month, 1), timezone)  # noqa: DTZ001 - a wall time
    states = [*LISTED, State.SENT]
    drops = list_drops(session, community.id, states, since=start, until=end)
    timed = tuple((local_of(one.due_at, timezone), one) for one in drops if one.due_at is not None)
    rules, now_local = get_rules(session, community.id), local_of(now, timezone)
    latest = {one.series: one for one in list_drops(session, community.id, UNDER_WAY) if one.series is not None}
    planned = [one for drop in latest.values() for one in _planned(drop, first, now_local, rules)]
    planned.sort(key=lambda one: (one.local, one.drop.number))
    return MonthReport(community, first.replace(day=1), now_local.date(), timed, rules, tuple(planned))


def _planned(drop: DropView, first: date, now_local: datetime, rules: Rules) -> Iterator[Planned]:
    """When a series comes again in a month, after its last drop that is queued."""
    if drop.repeat is None or drop.occurrence is None:
        return
    by_peak = drop.repeat.at is None and drop.repeat.cron is None
    before = datetime.combine(first.replace(day=1), time()) - timedelta(minutes=1)
    local = next_occurrence(drop.repeat, max(datetime.fromisoformat(drop.occurrence), now_local, before))
    for _ in range(MOST_PLANNED):
        if local is None or local.date() >= month_after(first):
            return
        if not by_peak or local.weekday() not in rules.blocked_days:  # there its day has no peak, and is left out
            yield Planned(local, not by_peak, drop)
        local = next_occurrence(drop.repeat, local)


def month_after(day: date, months: int = 1) -> date:
    """The first day of the month so many months later (or, below zero, earlier)."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def weeks_of(first: date) -> list[list[date]]:
    """The weeks (Monday first) that a month touches, whole."""
    monday = first - timedelta(days=first.weekday())
    end = month_after(first)
    weeks = []
    while monday < end:
        weeks.append([monday + timedelta(days=day) for day in range(7)])
        monday += timedelta(days=7)
    return weeks


def next_drop(report: MonthReport) -> tuple[datetime, DropView] | None:
    """The first drop of the month that is still to come."""
    return next((one for one in report.drops if one[1].state == State.SCHEDULED), None)


def free_days(report: MonthReport) -> int:
    """How many days of the rest of the month have nothing and may have something."""
    busy = {local.date() for local, _ in report.drops} | {one.local.date() for one in report.planned}
    following = month_after(report.first)
    day = max(report.today, report.first)
    count = 0
    while day < following:
        count += day not in busy and day.weekday() not in report.rules.blocked_days
        day += timedelta(days=1)
    return count
