"""Seven plain ways to name a day's best hour, against which the forecast is measured.

Each looks at the days before the forecast only: an hour's value is a weighted mean of the members it had on them. The
hour of the highest value is chosen; of equal ones (to nine decimals) the earliest, so midnight where all are nought.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WEEK = 7
EVENING = 19
DIGITS = 9


class Plain(NamedTuple):
    """A mean over the past: of the same weekday only or of all days, its half-life in weeks (None: all alike)."""

    same_weekday: bool
    half_life: float | None


MEANS = {
    "week_all": Plain(same_weekday=True, half_life=None),
    "week_hl2": Plain(same_weekday=True, half_life=2),
    "week_hl4": Plain(same_weekday=True, half_life=4),
    "day_all": Plain(same_weekday=False, half_life=None),
    "day_hl4": Plain(same_weekday=False, half_life=4),
}
METHODS = ("last_week", *MEANS, "fixed_19")


def plain_hours(past: NDArray[np.int64]) -> dict[str, list[int]]:
    """The hours that each method chooses for the next seven local days.

    `past`: members by day (rows, the last one is the day before the forecast) and hour; at least seven days.
    """
    ages = np.arange(len(past), 0, -1)
    chosen = {"last_week": [_highest(past[len(past) - WEEK + ahead]) for ahead in range(WEEK)]}
    for name, (same_weekday, half_life) in MEANS.items():
        weights = np.ones(len(past)) if half_life is None else 0.5 ** (ages / (WEEK * half_life))
        # Of the n-th coming day (0: the first), the days of the same weekday are n + 1 behind whole weeks.
        shares = [weights * ((ages + ahead) % WEEK == 0) if same_weekday else weights for ahead in range(WEEK)]
        chosen[name] = [_highest(share @ past / share.sum()) for share in shares]
    return chosen | {"fixed_19": [EVENING] * WEEK}


def _highest(values: NDArray[np.float64] | NDArray[np.int64]) -> int:
    return int(np.argmax(np.round(values, DIGITS)))
