"""Replays a group's past week by week: what the forecast would have chosen, and what plain methods would have.

Weeks are blocks of seven local days, counted from the first local day with activity. At the midnight that begins the
9th and each later block one hour is chosen for each of its seven days, from the days before it only. A day scores by
the distinct members active in the chosen hour as a share of those in its best hour; days whose best hour has fewer
than three, and days after the last with activity, are left out. A score is the mean over the days that are left.
The same again for spans of two hours that begin on the hour; of those that the forecast chose on the scored days it
is also counted how often its interval held the members that came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from peakdrop.activity import Activity, HourGrid, hour_grid
from peakdrop.forecasts import Forecast, forecast
from peakdrop.intervals import MANY, NOMINAL, Outcome
from peakdrop.off_days import off_days
from peakdrop.plain_methods import METHODS, WEEK, plain_hours

FIRST_WEEK = 9
FEWEST = 3  # members in a day's best hour
HOUR = 4  # quarters
FORECAST = "forecast"


@dataclass(slots=True)
class Scores:
    """The scored days (numbered from the first with activity) and each method's share of each day's best hour.

    `record`: what was expected of the hours that the forecast chose, and what came; `held`: whether its interval did.
    """

    days: list[int] = field(default_factory=list)
    shares: dict[str, list[float]] = field(default_factory=lambda: {method: [] for method in (FORECAST, *METHODS)})
    record: list[Outcome] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def mean(self, method: str) -> float | None:
        """The score of a method, 0 to 1; None where no day could be scored."""
        return float(np.mean(self.shares[method])) if self.days else None

    def covered(self, *, many: bool | None = None) -> float | None:
        """How often the interval held, 0 to 1; of chosen hours with ten expected or more (True) or less (False)."""
        chosen = [held for held, n in zip(self.held, self.record, strict=True) if many in (None, n.expected >= MANY)]
        return float(np.mean(chosen)) if chosen else None


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """Scores by the hour and by two hours."""

    timezone: str
    hour: Scores
    two_hours: Scores


def backtest(activity: Activity, timezone: str, gaps: Sequence[tuple[int, int]] = ()) -> BacktestReport:
    """Replay a group's activity in its zone (IANA name), whose holidays count; `gaps` as `forecast` takes them."""
    grid = hour_grid(activity, timezone)
    off = off_days(timezone, grid.first_day, grid.first_day + timedelta(days=len(grid.one) + WEEK))

    def replay(hours: int) -> Scores:
        scores = Scores()
        for start in range((FIRST_WEEK - 1) * WEEK, len(grid.one), WEEK):
            first_day = grid.first_day + timedelta(days=start)
            coming = forecast(
                activity, timezone, first_day, span=HOUR * hours, gaps=gaps, off_days=off, record=scores.record
            )
            _score_week(scores, grid, start, hours, coming)
        return scores

    return BacktestReport(timezone, replay(1), replay(2))


def _score_week(scores: Scores, grid: HourGrid, start: int, hours: int, coming: Forecast) -> None:
    expected, low, high = (values[:, ::HOUR] for values in (coming.expected, coming.low, coming.high))
    chosen: Mapping[str, Sequence[int]] = {
        FORECAST: expected.argmax(axis=1).tolist(),
        **plain_hours(grid.past(start, hours)),
    }
    truth = grid.one if hours == 1 else grid.two
    for ahead, day in enumerate(truth[start : start + WEEK]):
        best = int(day.max())
        if best < FEWEST:
            continue
        scores.days.append(start + ahead)
        for method, choice in chosen.items():
            scores.shares[method].append(int(day[choice[ahead]]) / best)
        hour = chosen[FORECAST][ahead]
        scores.record.append(Outcome(float(expected[ahead, hour]), float(day[hour])))
        scores.held.append(bool(low[ahead, hour] <= day[hour] <= high[ahead, hour]))


def backtest_json(report: BacktestReport) -> dict[str, Any]:
    """The report as one JSON document; unknown is None."""
    return {
        **_scores_json(report.hour),
        "window_2h": _scores_json(report.two_hours),
        "interval_coverage": {"nominal": NOMINAL, "actual": report.two_hours.covered()},
    }


def _scores_json(scores: Scores) -> dict[str, Any]:
    return {
        "days": len(scores.days),
        "score": scores.mean(FORECAST),
        "baselines": {method: scores.mean(method) for method in METHODS},
    }
