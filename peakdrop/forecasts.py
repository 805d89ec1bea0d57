"""The forecast: how many members will be active in the spans that begin at each quarter hour of the coming week.

Pure: no clock, no store. Three steps, each measured in docs/peaks.md:
1. Who is there now, at their own hours: each member's habit by the quarter hour, as far back as memory goes, counts
   as often as the member came lately. So members who left fade at once, while the habits of those who stay last.
   Habits of people seen little lean on the group's, the group's on the usual day of its zone, a topic's on its group's.
2. Weekdays differ from the mean day as far as the evidence goes: first working days and weekends, then each weekday.
3. The interval comes from how far the group's own last forecasts were off; at first, from plain ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from peakdrop.activity import Activity
from peakdrop.audience import RECENT, look_back
from peakdrop.habits import find_habits
from peakdrop.intervals import Outcome, find_errors
from peakdrop.smoothing import decay, smooth_day
from peakdrop.typical_days import typical_day
from peakdrop.weekday_detail import weekday_differences

Floats = NDArray[np.float64]
WEEK = 7
TWO_HOURS = 8  # quarters
MEMORIES = (4.0, 8.0, 16.0)  # half-lives in weeks of the members' habits, of which the mean is taken
SMOOTH = 1.6  # quarters
# The usual day of the zone weighs as much as so many members seen in a span.
PRIOR = 60
# A topic's whole group weighs less: its week is sharper than a zone's day.
GROUP_PRIOR = 10
NO_DAYS: Mapping[date, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Forecast:
    """Distinct members active in the span after each quarter hour of seven local days from `first_day`.

    `expected`, `low`, `high`: 7 x 96; the interval is of nominal 80 %. `days`: local days with data that it rests on.
    `members`: how many came in the last four weeks. `prior_share`: 0-1, how much of it is the prior (the usual day of
    the zone) and not this group's own; where it is 1 nothing was seen yet, and the scale means nothing.
    """

    first_day: date
    timezone: str
    span: int
    expected: Floats
    low: Floats
    high: Floats
    days: int
    members: int
    prior_share: float


def forecast(
    activity: Activity,
    timezone: str,
    first_day: date,
    *,
    span: int = TWO_HOURS,
    gaps: Sequence[tuple[int, int]] = (),
    off_days: Mapping[date, int] = NO_DAYS,
    prior: Floats | None = None,
    record: Sequence[Outcome] = (),
) -> Forecast:
    """Forecast the week that begins at the local midnight of `first_day`, from what was before it.

    `span` in quarter hours; `gaps`: UTC quarter hours (end exclusive) in which nothing could be seen; `off_days`: local
    days, past and coming, that go as another weekday (0 is Monday) than their own: see peakdrop.off_days. `prior`:
    7 x 96 from `first_day` on, whose shape counts instead of the zone's usual day: the week of a topic's whole group.
    `record`: earlier forecasts of such spans that are over, the latest last.
    """
    usual = np.tile(typical_day(timezone), (WEEK, 1)) if prior is None else prior / max(prior.mean(), 1e-12)
    seen = look_back(activity, timezone, first_day, span, gaps)
    if seen is None:
        shape = usual / max(usual.max(), 1e-12)
        return Forecast(first_day, timezone, span, shape, np.zeros_like(shape), shape * 3, 0, 0, 1.0)
    count = seen.grid()
    habits = [find_habits(seen, count, span, half_life) for half_life in MEMORIES]
    day = smooth_day(np.mean([one.day for one in habits], axis=0), SMOOTH)
    people = decay(seen.days, MEMORIES[1]) @ count.sum(axis=1) / span
    weight = PRIOR if prior is None else GROUP_PRIOR
    prior_share = weight / (weight + people)
    day = (1 - prior_share) * day + prior_share * usual * day.mean()
    weekdays = _weekdays(first_day - timedelta(days=seen.days), seen.days + WEEK, off_days)
    different = weekday_differences(habits[1].grid, seen.known, weekdays[:-WEEK], span)
    own = 1.0 if prior is None else 1 - prior_share  # the zone's usual day knows no weekdays, a group's week does
    expected = np.maximum(day + own * different[weekdays[-WEEK:]], 0)
    low, high = find_errors(count, seen.known, record).around(expected)
    members = len(np.unique(seen.member[seen.last >= (seen.days - RECENT) * count.shape[1]]))
    return Forecast(first_day, timezone, span, expected, low, high, seen.days, members, float(prior_share))


def _weekdays(first: date, days: int, off_days: Mapping[date, int]) -> NDArray[np.int64]:
    """0 (Monday) to 6 of consecutive days, or what they go as."""
    weekdays = (np.arange(days) + first.weekday()) % WEEK
    for day, weekday in off_days.items():
        place = (day - first).days
        if 0 <= place < days:
            weekdays[place] = weekday
    return weekdays
