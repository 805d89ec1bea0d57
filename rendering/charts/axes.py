"""Round figures for grid lines, and room for the words under them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def ticks(top: float, most: int = 3) -> list[float]:
    """Up to `most` round figures above 0 and not above `top`, evenly spaced."""
    return [tick for tick in between(0, top, most) if tick > 0]


def between(low: float, high: float, most: int) -> list[float]:
    """Round figures from `low` to `high`, evenly spaced by 1, 2 or 5 times a power of ten, `most` steps at the most."""
    span = high - low
    if span <= 0:
        return []
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if span / (power * factor) < most + 1)
    return [round(step * n, 12) for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def powers(low: float, high: float, most: int) -> list[float]:
    """Round figures for an axis of powers: 1, 2 and 5 times each power of ten, or fewer of them."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found: list[float] = []
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [factor * 10.0**n for n in exponents for factor in factors if low <= factor * 10.0**n <= high]
        if len(found) <= most:
            break
    return found


def apart(spans: Iterable[tuple[float, float]], gap: float) -> list[bool]:
    """Which of the spans, from left to right, can be shown so that none comes closer to the last shown than `gap`."""
    shown, end = [], -math.inf
    for low, high in spans:
        shown.append(low >= end + gap)
        if shown[-1]:
            end = high
    return shown


def overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
