"""The best times to post: when most members are there, as far as the group's rules and queue leave room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session

from peakdrop.exploring import Tries
from peakdrop.local_times import local_of, moment_of
from peakdrop.outlook_reading import read_outlook
from peakdrop.outlooks import Outlook
from peakdrop.posting import Taken, free_times
from storage.outlooks import WHOLE_GROUP
from storage.posting_rules import Rules

AHEAD = 7  # days
SOON = timedelta(minutes=2)  # nobody can confirm a time that is nearly past
APART = timedelta(minutes=45)  # nearer, two drops would reach the same people at once, whatever gap the rules ask
SPAN = timedelta(hours=2)  # in which members are counted: of two times nearer than that one is offered


@dataclass(frozen=True, slots=True)
class BestTime:
    """A moment (UTC) with its naive local time, and what is expected of it.

    `members` are those expected in the two hours after it (in the topic that is meant), four times of five between
    `low` and `high`; None where nothing was recorded yet: the time is then the usual one of the zone, or of the topic's
    group. `new_share` of them no other drop of those hours reaches. `explores`: chosen to learn, though others promise
    more.
    """

    at: datetime
    local: datetime
    members: float | None
    low: float | None = None
    high: float | None = None
    new_share: float = 1.0
    explores: bool = False


def best_times(
    session: Session,
    community_id: int,
    timezone: str,
    topic_id: int = WHOLE_GROUP,
    *,
    rules: Rules,
    taken: Sequence[Taken],
    now: datetime,
    count: int = 3,
    day: date | None = None,
    rng: Random | None = None,
) -> list[BestTime]:
    """The best moments of the next seven days (or one local day) under a group's rules, best first, two hours apart;
    those of one of its topics by that topic's week.

    Where `rng` is given, the first is now and then (Rules.explored_percent) one that promises less but is less known.
    """
    outlook = read_outlook(session, community_id, timezone, topic_id, now=now)
    now_local = local_of(now, timezone)
    free = free_times(rules, taken, now_local + SOON, AHEAD, APART)
    free = [one for one in free if day is None or one.date() == day]
    tries = None if rng is None else Tries.draw(rng, rules.explored_percent / 100)
    chosen = choose(outlook, free, [one.local for one in taken], count, tries, fixed=bool(rules.slots))
    return [replace(one, at=moment_of(one.local, timezone)) for one in chosen]


def choose(
    outlook: Outlook,
    free: Sequence[datetime],
    taken: Sequence[datetime],
    count: int,
    tries: Tries | None = None,
    *,
    fixed: bool = False,
) -> list[BestTime]:
    """Of free local times the best, two hours apart (all that are `fixed`); `at` is left for the caller to say."""
    near: dict[date, list[datetime]] = {}
    worths = []
    for local in free:
        if local.date() not in near:
            near[local.date()] = [one for one in taken if abs((one.date() - local.date()).days) <= 1]
        new = outlook.new_share(local, near[local.date()])
        worths.append((local, outlook.expected[outlook.place(local)] * outlook.answers.factor_at(local) * new, new))
    worths.sort(key=_order)
    first = None if tries is None or not outlook.is_known else tries.find(outlook, worths)
    if first is not None and worths and abs(first[0] - worths[0][0]) >= SPAN:
        worths = [first, *(one for one in worths if one is not first)]
    else:
        first = None
    found: list[BestTime] = []
    for worth in worths:
        local = worth[0]
        if len(found) == count:
            break
        if fixed or all(abs(one.local - local) >= SPAN for one in found):
            found.append(_describe(outlook, local, worth[2], explores=worth is first))
    return found


def _order(one: tuple[datetime, float, float]) -> tuple[float, date, float]:
    """Most members first; of equal days the sooner, of equal times of a day the later: it is fresh when they come."""
    local, worth, _ = one
    # Four digits: in a topic that was long silent all figures are small, and yet differ.
    return (-float(f"{worth:.4g}"), local.date(), -(local.hour * 60 + local.minute))


def _describe(outlook: Outlook, local: datetime, new: float, *, explores: bool) -> BestTime:
    low, high = outlook.interval_at(local) or (None, None)
    return BestTime(datetime.min, local, outlook.expected_at(local), low, high, new, explores)  # noqa: DTZ901
