"""Who is there at two times of a day alike: what a second drop finds that the first did not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peakdrop.activity import DAY_QUARTERS, Activity, wall_quarters
from peakdrop.outlooks import REACH

SPANS = 2 * REACH + 1
# Hours with few people lean on the whole group's mean at that distance, as if so many more had been seen there.
LEANING = 20.0


def find_overlaps(activity: Activity, timezone: str) -> NDArray[np.float64]:
    """Of the members there in the two hours from an hour (24 rows), the share there in the two hours `n` later, too.

    Columns: n from -REACH to REACH hours. 1 where nothing is known of a group: then nobody new is promised.
    """
    hours = np.unique(activity.members * _stride(activity, timezone) + _hours(activity, timezone))
    spans = np.union1d(hours, hours - 1)  # within the hour or the one after it
    here = spans % 24
    people = np.bincount(here, minlength=24).astype(float)
    both = np.zeros((24, SPANS))
    both[:, REACH] = people
    for lag in range(1, REACH + 1):
        meets = _contains(spans, spans + lag)
        both[:, REACH + lag] = np.bincount(here[meets], minlength=24)
        both[:, REACH - lag] = np.bincount((here[meets] + lag) % 24, minlength=24)
    usual = both.sum(axis=0) / people.sum() if people.sum() else np.ones(SPANS)
    return (both + LEANING * usual) / (people + LEANING)[:, None]


def _hours(activity: Activity, timezone: str) -> NDArray[np.int64]:
    """Hours of the wall clock that are a multiple of 24 at midnight."""
    return wall_quarters(activity.quarters, timezone) // 4


def _stride(activity: Activity, timezone: str) -> int:
    """Further apart than any two hours, so that members never meet; whole days."""
    if not len(activity):
        return 24
    wall = wall_quarters(activity.quarters, timezone)
    return (int(wall.max()) // DAY_QUARTERS + 3) * 24


def _contains(ordered: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    place = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
    return ordered[place] == wanted if len(ordered) else np.zeros(0, bool)
