"""The best times to post: when most members are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from peakdrop.local_times import local_of, moment_of
from peakdrop.posting import Taken, candidates, objections
from storage.counts import active_rows
from storage.posting_rules import Rules
from storage.times import DAY, from_epoch, to_epoch

WEEKS = 4
HOUR = 3600
_FIRST_QUARTERS = sum(1 << hour * 4 for hour in range(24))
AHEAD = 7  # days
SOON = timedelta(minutes=2)  # nobody can confirm a time that is nearly past
APART = timedelta(minutes=45)
EVENING = 20  # local hour where nothing is known yet


@dataclass(frozen=True, slots=True)
class BestTime:
    """A moment (UTC) with its naive local time, and how many members were there at that hour on a usual day.

    `members` is None where nothing was recorded yet: the hour is then a guess.
    """

    at: datetime
    local: datetime
    members: float | None


def members_by_hour(session: Session, community_id: int, timezone: str, now: datetime) -> dict[int, float]:
    """Distinct members active in each local hour, on the mean of the last four weeks' days. Empty: nothing recorded.

    Counted by UTC hours, each as the local hour that holds its middle: exact but for zones off by half an hour.
    """
    start, end = (to_epoch(now) - WEEKS * 7 * DAY) // HOUR, to_epoch(now) // HOUR
    members: Counter[int] = Counter()
    for day, _, mask in active_rows(session, community_id, start * HOUR // DAY, end * HOUR // DAY):
        members.update(_hours(day, mask))
    people: dict[datetime, int] = {}
    for hour, n in members.items():
        if start <= hour <= end:
            people[local_of(from_epoch(hour * HOUR + HOUR // 2), timezone)] = n
    if not people:
        return {}
    days = (max(people).date() - min(people).date()).days + 1
    total: Counter[int] = Counter()
    for local, n in people.items():
        total[local.hour] += n
    return {hour: n / days for hour, n in total.items()}


def _hours(day: int, mask: int) -> Iterator[int]:
    """The UTC hours (epoch // 3600) of the quarter hours in a member day's mask."""
    mask |= mask >> 1
    mask |= mask >> 2
    mask &= _FIRST_QUARTERS
    while mask:
        yield day * 24 + ((mask & -mask).bit_length() - 1) // 4
        mask &= mask - 1


def best_times(
    session: Session,
    community_id: int,
    timezone: str,
    *,
    rules: Rules,
    taken: Sequence[Taken],
    now: datetime,
    count: int = 3,
) -> list[BestTime]:
    """The best moments of the next seven days under a group's rules, best first; the sooner where two are alike."""
    usual = members_by_hour(session, community_id, timezone, now)
    now_local = local_of(now, timezone)
    found = []
    for local in candidates(rules, now_local + SOON, AHEAD):
        if not objections(local, rules, taken, now_local) and not _is_taken(local, taken):
            members = usual.get(local.hour, 0.0) if usual else None
            found.append(BestTime(moment_of(local, timezone), local, members))
    return sorted(found, key=_worth)[:count]


def _is_taken(local: datetime, taken: Sequence[Taken]) -> bool:
    """Whether another drop is so near that both would reach the same people at once, whatever gap the rules ask."""
    return any(abs(one.local - local) < APART for one in taken)


def _worth(one: BestTime) -> tuple[float, int, datetime]:
    far = min(abs(one.local.hour - EVENING), 24 - abs(one.local.hour - EVENING))
    return (-(one.members or 0.0), far if one.members is None else 0, one.at)
