"""Who is there now, at their own hours: the mean day of a group from the habits of those who still come."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from peakdrop.audience import Audience
from peakdrop.smoothing import decay, mean_day

Floats = NDArray[np.float64]
COMES = 1.0  # half-life in weeks of how often a member comes
# A member seen in so many spans of an hour (of two hours: twice as many) leans half on the group's habits.
LEANING = 20


class Habits(NamedTuple):
    """The past with each member counted as often as they come now (days x 96), and the mean day that it gives."""

    grid: Floats
    day: Floats


def find_habits(seen: Audience, count: Floats, span: int, half_life: float) -> Habits:
    """The habits of a group's members, remembered with a half-life in weeks.

    `count`: the grid of `seen`. A member who came rarely lately counts little, however much they once did.
    """
    known = seen.known.mean(axis=1)
    lately, memory = decay(seen.days, COMES), decay(seen.days, half_life)
    comes = seen.per_member(lately) / max(lately @ known, 1e-12)
    remembered = seen.per_member(memory)
    leaning = LEANING * span
    grid = seen.grid(comes * (memory @ known) / (remembered + leaning))
    weights = memory[:, None] * seen.known
    group = mean_day(count, weights)
    rest = float((comes * leaning / (remembered + leaning)).sum())
    return Habits(grid, mean_day(grid, weights) + rest * group / max(group.sum(), 1e-12))
