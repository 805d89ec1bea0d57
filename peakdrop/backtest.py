"""Replays a group's past week by week: what the forecast would have chosen, and what plain methods would have.

Weeks are blocks of seven local days, counted from the first local day with activity. At the midnight that begins the
9th and each later block one hour is chosen for each of its seven days, from the days before it only. A day scores by
the distinct members active in the chosen hour as a share of those in its best hour; days whose best hour has fewer
than three, and days after the last with activity, are left out. A score is the mean over the days that are left.
The same again for spans of two hours that begin on the hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from peakdrop.activity import Activity, HourGrid, hour_grid
from peakdrop.forecasts import expected_hours
from peakdrop.plain_methods import METHODS, WEEK, plain_hours

FIRST_WEEK = 9
FEWEST = 3  # members in a day's best hour
NOMINAL = 0.8
FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Scores:
    """The scored days (numbered from the first with activity) and each method's share of each day's best hour."""

    days: Sequence[int]
    shares: Mapping[str, Sequence[float]]

    def mean(self, method: str) -> float | None:
        """The score of a method, 0 to 1; None where no day could be scored."""
        return float(np.mean(self.shares[method])) if self.days else None


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """Scores by the hour and by two hours; how often the forecast's interval held the chosen two hours' members."""

    timezone: str
    hour: Scores
    two_hours: Scores
    covered: float | None


def backtest(activity: Activity, timezone: str) -> BacktestReport:
    """Replay a group's activity in its zone (IANA name)."""
    grid = hour_grid(activity, timezone)
    return BacktestReport(timezone, _replay(grid, 1), _replay(grid, 2), None)


def _replay(grid: HourGrid, hours: int) -> Scores:
    truth = grid.one if hours == 1 else grid.two
    days: list[int] = []
    shares: dict[str, list[float]] = {method: [] for method in (FORECAST, *METHODS)}
    for start in range((FIRST_WEEK - 1) * WEEK, len(truth), WEEK):
        past = grid.past(start, hours)
        chosen = {FORECAST: expected_hours(past).argmax(axis=1).tolist(), **plain_hours(past)}
        for ahead, day in enumerate(truth[start : start + WEEK]):
            best = int(day.max())
            if best >= FEWEST:
                days.append(start + ahead)
                for method, choice in chosen.items():
                    shares[method].append(int(day[choice[ahead]]) / best)
    return Scores(days, shares)


def backtest_json(report: BacktestReport) -> dict[str, Any]:
    """The report as one JSON document; unknown is None."""
    return {
        **_scores_json(report.hour),
        "window_2h": _scores_json(report.two_hours),
        "interval_coverage": {"nominal": NOMINAL, "actual": report.covered},
    }


def _scores_json(scores: Scores) -> dict[str, Any]:
    return {
        "days": len(scores.days),
        "score": scores.mean(FORECAST),
        "baselines": {method: scores.mean(method) for method in METHODS},
    }
