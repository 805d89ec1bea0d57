"""How weekdays differ from the mean day, as far as the evidence goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peakdrop.smoothing import decay, mean_day, smooth_day, smooth_days

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEMORY = 16.0  # half-life in weeks
# A difference of so many standard errors is half believed.
DOUBT = 2.0
FEW = 4.0  # days of a class at which doubt doubles
WIDTH = 0.7  # of the span, over which differences are smoothed
SPREAD_WIDTH = 8.0  # quarters
SATURDAY = 5


def weekday_differences(grid: Floats, known: Floats, weekdays: Ints, span: int) -> Floats:
    """What to add to the mean day on each weekday (7 x 96, Monday first): that of the working days or the weekend, and
    the weekday's own beside it, each times z² / (z² + DOUBT²), z in its standard errors.

    `weekdays`: 0-6 of each day of the grid.
    """
    weights = decay(len(grid), MEMORY)[:, None] * known
    rest = smooth_days((grid - mean_day(grid, weights)) * known, WIDTH * span)
    spread = np.maximum(smooth_day(mean_day(rest**2, weights), SPREAD_WIDTH), 1e-9)
    weekend = weekdays >= SATURDAY
    of_part = _believed(rest, weights, spread, np.array([~weekend, weekend], float))
    rest = rest - of_part[weekend.astype(int)]
    own = _believed(rest, weights, spread, (weekdays == np.arange(7)[:, None]).astype(float))
    return np.asarray(own + of_part[(np.arange(7) >= SATURDAY).astype(int)])


def _believed(rest: Floats, weights: Floats, spread: Floats, member_of: Floats) -> Floats:
    """The mean of each class of days (rows of `member_of`), as far as it stands out from chance."""
    weight = np.maximum(member_of @ weights, 1e-12)
    mean = member_of @ (weights * rest) / weight
    days = weight**2 / np.maximum(member_of @ weights**2, 1e-12)
    evidence = mean**2 * days / spread
    return np.asarray(mean * evidence / (evidence + DOUBT**2 * (1 + FEW / days)))
