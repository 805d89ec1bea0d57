"""From figures to pixels: even scales, and powers where watch times differ by more than twenty times."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rendering.catalog import Catalog
from rendering.charts.axes import between

WIDE = 20
MARKS = 6
MINUTE, HOUR = 60.0, 3600.0
# Each about three times the one before: 1, 3, 10, 30 s, the same in minutes, and in hours up to a million.
LONG_MARKS = (
    *(n * unit for unit in (1.0, MINUTE) for n in (1, 3, 10, 30)),
    *(n * 10**power * HOUR for power in range(7) for n in (1, 3)),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures from `low` to `high`, evenly or (`is_log`) by powers."""

    low: float
    high: float
    is_log: bool = False

    def over(self, start: float, end: float) -> Callable[[float], float]:
        """Where a figure lies between the pixels `start` (for `low`) and `end` (for `high`)."""
        bend = math.log if self.is_log else float
        low, high = bend(self.low), bend(self.high)
        return lambda figure: start + (end - start) * (bend(figure) - low) / (high - low)


def watch_scale(
    seconds: Sequence[float], start: float, end: float, catalog: Catalog
) -> tuple[Callable[[float], float], list[tuple[float, str]]]:
    """Where watch times lie between two pixels, and round ones of them to write there, in s, min or h."""
    low, high = min(seconds), max(seconds)
    is_log = high > WIDE * low
    if low == high:
        low, high = low * 0.5, high * 1.5
    x = Scale(low, high, is_log).over(start, end)
    if is_log:
        marks = [mark for mark in LONG_MARKS if low <= mark <= high]
        marks = marks if len(marks) <= MARKS else [mark for mark in marks if mark not in LONG_MARKS[1::2]]
        return x, [(x(mark), _written(mark, _unit(mark), catalog)) for mark in marks]
    unit = HOUR if high >= 3 * HOUR else MINUTE if high >= 20 * MINUTE else 1.0
    return x, [(x(n * unit), _written(n * unit, unit, catalog)) for n in between(low / unit, high / unit, MARKS)]


def _unit(seconds: float) -> float:
    return HOUR if seconds >= HOUR else MINUTE if seconds >= MINUTE else 1.0


def _written(seconds: float, unit: float, catalog: Catalog) -> str:
    words = {1.0: catalog.gettext("{n} s"), MINUTE: catalog.gettext("{n} min"), HOUR: catalog.gettext("{n} h")}
    value = seconds / unit
    short = catalog.compact(value) if value >= 10_000 else catalog.number(value, 0 if value == round(value) else 1)
    return words[unit].format(n=short)
