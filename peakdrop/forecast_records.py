"""How good the forecasts of a group or a topic were: what was stored before each day, against what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from peakdrop.coverage import cover
from peakdrop.local_times import local_of
from peakdrop.outlooks import QUARTERS, WEEK, Outlook
from peakdrop.windows import Window, midnight
from storage.activities import topic_quarters
from storage.communities import CommunityView
from storage.counts import active_rows
from storage.coverage import Sight, load_sight
from storage.day_forecasts import DayExpectation, DayOutcome, scored_days, unscored_days
from storage.outlooks import WHOLE_GROUP
from storage.times import DAY, to_epoch

EPOCH = date(1970, 1, 1)
WEEKS = 6  # that a record looks back
FEWEST = 3  # members in a day's best two hours: with fewer, a day's share says nothing
FIXED = 19  # the hour that forecasts are held against
SEEN = 0.9  # of a day
OVER = timedelta(hours=1)  # after midnight the last of a day's two hours are over


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """Of the scored days of the last six weeks: shares (0-1) of the best possible hour's members, and intervals kept.

    `score` for the hours that were chosen, `fixed` for 19:00; None where no day could be scored.
    """

    days: int
    score: float | None
    fixed: float | None
    covered: int


class Scored(NamedTuple):
    """A forecast day that is over, and its members at the chosen time, at the best, at 19:00; None: not seen."""

    topic_id: int
    day: int
    seen: tuple[int, int, int] | None


def read_record(
    session: Session, community_id: int, timezone: str, topic_id: int = WHOLE_GROUP, *, now: datetime
) -> ForecastRecord:
    """The record of the forecasts of a group or a topic, from what was stored before each day began."""
    days = telling_days(session, community_id, timezone, topic_id, WEEKS * WEEK, now=now)
    covered = sum(one.low <= one.audience <= one.high for one in days)
    if not days:
        return ForecastRecord(0, None, None, 0)
    score, fixed = fmean(one.audience / one.best for one in days), fmean(one.fixed / one.best for one in days)
    return ForecastRecord(len(days), score, fixed, covered)


def telling_days(
    session: Session, community_id: int, timezone: str, topic_id: int, days: int, *, now: datetime
) -> list[DayOutcome]:
    """The scored days of the last so many whose share says something, oldest first."""
    since = _number(local_of(now, timezone).date()) - days
    return [one for one in scored_days(session, community_id, topic_id, since) if one.best >= FEWEST]


def expect_days(outlook: Outlook, topic_id: int = WHOLE_GROUP) -> list[DayExpectation]:
    """The full hour at which most members are expected on each day of an outlook after its first, which has begun.

    Nothing is expected where the group or the topic is not known yet.
    """
    found = []
    for ahead in range(1, WEEK) if outlook.is_known else ():
        day = outlook.first_day + timedelta(days=ahead)
        first = outlook.place(datetime.combine(day, time(0)))
        best = max(range(first, first + QUARTERS, 4), key=lambda place: outlook.expected[place])
        chosen = (outlook.expected[best], outlook.low[best], outlook.high[best])
        found.append(DayExpectation(_number(day), outlook.timezone, (best - first) * 15, *chosen, topic_id))
    return found


def score_days(session: Session, community: CommunityView, timezone: str, *, now: datetime) -> list[Scored]:
    """What came of the forecast days that are over, of the group and its topics."""
    before = _number(local_of(now - OVER, timezone).date())
    waiting = unscored_days(session, community.id, before)
    sight = load_sight(session, community.id) if waiting else None
    return [
        Scored(one.topic_id, one.day, _see(session, community, sight, one, now)) for one in waiting if sight is not None
    ]


def _see(
    session: Session, community: CommunityView, sight: Sight, one: DayExpectation, now: datetime
) -> tuple[int, int, int] | None:
    day, zone = EPOCH + timedelta(days=one.day), ZoneInfo(one.timezone)
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    share = cover(sight, community.created_at, Window("", start, end, one.timezone, now)).share
    if share is None or share < SEEN:
        return None
    first, last = to_epoch(start) // DAY, to_epoch(end + OVER) // DAY
    people = _by_hour(_visits(session, community.id, one.topic_id, first, last), start, end + OVER, day, zone)
    spans = [len(people[hour] | people[hour + 1]) for hour in range(24)]
    return spans[one.minute // 60], max(spans), spans[FIXED]


def _visits(
    session: Session, community_id: int, topic_id: int, first_day: int, last_day: int
) -> Iterator[tuple[int, int]]:
    """Who was active in which UTC quarter hour of these UTC days."""
    if topic_id != WHOLE_GROUP:
        yield from topic_quarters(session, community_id, topic_id, first_day, last_day)
        return
    for utc_day, member, mask in active_rows(session, community_id, first_day, last_day):
        rest = mask
        while rest:
            yield utc_day * QUARTERS + (rest & -rest).bit_length() - 1, member
            rest &= rest - 1


def _by_hour(
    visits: Iterable[tuple[int, int]], start: datetime, end: datetime, day: date, zone: ZoneInfo
) -> list[set[int]]:
    """The members active in each hour of a local day and in the first of the next, by the wall clock."""
    people: list[set[int]] = [set() for _ in range(25)]
    local_midnight = datetime.combine(day, time(0))
    first, last = to_epoch(start) // 900, to_epoch(end) // 900
    hours = {}
    for quarter in range(first, last):
        local = datetime.fromtimestamp(quarter * 900, zone).replace(tzinfo=None)
        hours[quarter] = int((local - local_midnight).total_seconds() // 3600)
    for quarter, member in visits:
        if quarter in hours:
            people[hours[quarter]].add(member)
    return people


def _number(day: date) -> int:
    return (day - EPOCH).days
