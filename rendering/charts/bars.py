"""The bars of an activity picture: days, or weeks and months where days would be too thin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from peakdrop.stats import DayBar, OverviewReport

Step: TypeAlias = Literal["day", "week", "month"]
MOST_DAYS, MOST_WEEKS = 45, 30
WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """Activity of a local day, or activity a day of several; `before` is that of the window before. None is a gap."""

    first: date
    last: date
    value: float | None
    before: float | None
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one length, oldest first."""

    step: Step
    bars: tuple[Bar, ...]

    @property
    def known(self) -> list[float]:
        """The values of the bars that are no gaps."""
        return [bar.value for bar in self.bars if bar.value is not None]

    @property
    def top(self) -> float:
        """The highest of all values, also of the window before; 0 where there is none."""
        return max([0.0, *self.known, *(bar.before for bar in self.bars if bar.before is not None)])


def make_bars(report: OverviewReport) -> Bars:
    """Days up to a month and a half, then weeks that end with the window, then calendar months."""
    days = report.days
    if len(days) <= MOST_DAYS:
        step: Step = "day"
        edges = list(range(len(days) + 1))
    elif len(days) <= MOST_WEEKS * WEEK:
        step = "week"
        edges = [0, *range(len(days) % WEEK or WEEK, len(days) + 1, WEEK)]
    else:
        step = "month"
        edges = [0]
        for _, month in groupby(days, key=lambda one: (one.day.year, one.day.month)):
            edges.append(edges[-1] + len(list(month)))
    before = days_before(report)
    return Bars(step, tuple(_bar(days[a:b], before[a:b]) for a, b in pairwise(edges)))


def days_before(report: OverviewReport) -> tuple[DayBar, ...]:
    """The days of the window before; its last stops at today's hour, unless the window itself is over."""
    if report.days and report.days[-1].is_finished:
        return tuple(replace(one, is_finished=True) for one in report.days_before)
    return report.days_before


def _bar(days: Sequence[DayBar], before: Sequence[DayBar]) -> Bar:
    return Bar(days[0].day, days[-1].day, _daily(days), _daily(before), days[-1].is_finished)


def _daily(days: Sequence[DayBar]) -> float | None:
    """Activity a day over the days that were seen; a day that is not over counts only where it stands alone."""
    seen = [one for one in days if one.activity is not None]
    whole = [one for one in seen if one.is_finished] or seen
    if not whole:
        return None
    # Reactions taken back can outnumber a day's own.
    return max(0, sum(one.activity or 0 for one in whole)) / len(whole)
