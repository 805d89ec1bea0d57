"""How sure a forecast is: how far the group's own last forecasts were off; before there are enough, plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from peakdrop.smoothing import smooth_day

Floats = NDArray[np.float64]
NOMINAL = 0.8
WEEK, WEEKS = 7, 26
FADE = 0.5 ** (1 / 4)  # a week
MANY = 10
GOOD = 0.8  # of the best
DRAWN = 1.0  # weeks in which all weekdays are taken as alike
# Own forecasts that are over: so many decide, the latest so many.
FEWEST_OWN, MOST_OWN = 14, 180
# Before a group has errors of its own: so many, spread like a normal of so many roots of the mean.
ASSUMED, SPREAD = 60, 1.2


class Outcome(NamedTuple):
    """Members expected at the hour that was chosen for a day, and how many came."""

    expected: float
    came: float


class Errors(NamedTuple):
    """How far off, in roots of the expected number: exceeded by nine in ten, and by one in ten."""

    low: float
    high: float

    def around(self, expected: Floats) -> tuple[Floats, Floats]:
        """The interval of whole people around expected numbers: of ten and more those within it, below the nearest."""
        root, near = np.sqrt(expected + 0.5), np.rint(expected)
        low, high = np.maximum(expected + self.low * root, 0), expected + self.high * root
        many = expected >= MANY
        low, high = np.where(many, np.ceil(low), np.rint(low)), np.where(many, np.floor(high), np.rint(high))
        return np.minimum(low, near), np.maximum(high, near)


def find_errors(count: Floats, known: Floats, record: Sequence[Outcome]) -> Errors:
    """The errors of the group's own forecasts (the latest last) where there are enough, else of plain ones."""
    if len(record) < FEWEST_OWN:
        return plain_errors(count, known)
    expected, came = np.array(record[-MOST_OWN:]).T
    return _between([_assumed(), (came - expected) / np.sqrt(expected + 0.5)])


def plain_errors(count: Floats, known: Floats) -> Errors:
    """The errors of forecasts made week by week with a half-life of four weeks, at hours near each one's best.

    `count`, `known`: days x 96, the latest last. A weekday's level is that of its days so far, a little drawn in.
    """
    weeks = min(len(count) // WEEK, 2 * WEEKS)
    shape = (weeks, WEEK, count.shape[1])
    count, known = (grid[len(grid) - weeks * WEEK :].reshape(shape) for grid in (count, known))
    total, weight = np.zeros(shape[1:]), np.zeros(shape[1:])
    errors = [_assumed()]
    for week in range(weeks):
        if week and week >= weeks - WEEKS:
            day = total.sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
            usual = weight @ day  # what each weekday would have had, were all alike
            level = (total.sum(axis=1) + DRAWN * day.sum()) / (usual + DRAWN * day.sum() + 1e-12)
            expected = level[:, None] * smooth_day(day, 2.0)
            good = (expected >= GOOD * expected.max(axis=1, keepdims=True)) & (known[week] > 0)
            errors.append(((count[week] - expected) / np.sqrt(expected + 0.5))[good])
        total = FADE * total + count[week]
        weight = FADE * weight + known[week]
    return _between(errors)


def _assumed() -> Floats:
    middles = (np.arange(ASSUMED) + 0.5) / ASSUMED
    return SPREAD * np.array([NormalDist().inv_cdf(one) for one in middles])


def _between(errors: Sequence[Floats]) -> Errors:
    low, high = np.quantile(np.concatenate(errors), [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2])
    return Errors(float(low), float(high))
