"""Whether two figures of many things go together: rank correlation, said only where it is hardly chance."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import StatisticsError, correlation

FEWEST = 4
# Two-sided 10 %; the rank correlation of n independent pairs has a standard deviation of 1 / sqrt(n - 1).
NORMAL_90 = 1.645


def trend(pairs: Sequence[tuple[float, float]]) -> int:
    """1 where the second rises with the first, -1 where it falls, 0 where nothing is sure (Spearman's rho)."""
    if len(pairs) < FEWEST:
        return 0
    try:
        rho = correlation(_ranks([x for x, _ in pairs]), _ranks([y for _, y in pairs]))
    except StatisticsError:  # one of them does not vary
        return 0
    return 0 if abs(rho) < NORMAL_90 / math.sqrt(len(pairs) - 1) else round(math.copysign(1, rho))


def _ranks(values: Sequence[float]) -> list[float]:
    """Equal values share the mean of their ranks."""
    order = sorted(values)
    return [(bisect_left(order, value) + bisect_right(order, value)) / 2 for value in values]
