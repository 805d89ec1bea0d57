"""What the forecast is worth on a folder of series: the table of docs/peaks.md and the bounds it must keep.

The folder holds NAME.csv.gz and zones.csv (name, zone). `python -m tests.bench.peaks_figures FOLDER`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from peakdrop.activity import Activity, HourGrid, hour_grid, wall_day, wall_quarters
from peakdrop.activity_files import read_series
from peakdrop.backtest import FORECAST, BacktestReport, Scores, backtest
from peakdrop.forecasts import forecast
from peakdrop.intervals import MANY
from peakdrop.off_days import off_days
from peakdrop.plain_methods import METHODS, WEEK, plain_hours

FEWEST_DAYS = 100
DRAWS = 4000
Reports = Mapping[str, BacktestReport]


def read_folder(folder: Path) -> Iterator[tuple[str, str, Activity]]:
    """Name, zone and activity of each series."""
    for line in (folder / "zones.csv").read_text().split():
        name, zone = line.split(",")
        found = read_series(folder / f"{name}.csv.gz")
        assert isinstance(found, Activity), found
        yield name, zone, found


def parts(report: BacktestReport) -> dict[str, Scores]:
    """The two spans of a report."""
    return {"1 h": report.hour, "2 h": report.two_hours}


def points(value: float | None) -> str:
    """A share as points of a hundred."""
    return "–" if value is None else f"{100 * value:.1f}"


def table(reports: Reports) -> Iterator[str]:
    """A row for each series: what plain methods score, and the forecast."""
    heads = [f"{method} {span}" for span in ("1 h", "2 h") for method in (*METHODS, "**forecast**")]
    yield "| series | days | " + " | ".join(heads) + " | held ≥ 10 | held < 10 |"
    yield "|---|---|" + "---|" * (len(heads) + 2)
    for name, report in reports.items():
        scores = [points(one.mean(method)) for one in parts(report).values() for method in (*METHODS, FORECAST)]
        held = [points(report.two_hours.covered(many=many)) for many in (True, False)]
        days = f"{len(report.hour.days)}/{len(report.two_hours.days)}"
        yield f"| {name} | {days} | " + " | ".join(scores + held) + " |"


def weekly(scores: Scores, method: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The forecast's lead over a method, summed by week, and the days of each week (2 x weeks)."""
    weeks = np.array(scores.days) // WEEK
    lead = np.array(scores.shares[FORECAST]) - np.array(scores.shares[method])
    return np.array([np.bincount(weeks, lead), np.bincount(weeks)])[:, weeks.min() :]


def drawn_leads(scores: Scores, method: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The mean lead over a method in DRAWS draws of whole weeks."""
    lead, days = weekly(scores, method)
    chosen = np.random.default_rng(1).integers(0, len(lead), (DRAWS, len(lead)))
    return np.asarray(lead[chosen].sum(axis=1) / np.maximum(days[chosen].sum(axis=1), 1))


def bounds(reports: Reports) -> Iterator[str]:
    """The bounds that the forecast must keep, with its figures, for each span."""
    for span, by in (("1 h", "1 h"), ("2 h", "1 h"), ("2 h", "2 h")):
        large = {name: parts(one)[span] for name, one in reports.items() if len(parts(one)[by].days) >= FEWEST_DAYS}
        if not large:
            continue
        mean = {m: float(np.mean([one.mean(m) for one in large.values()])) for m in (FORECAST, *METHODS)}
        best = max(METHODS, key=mean.__getitem__)
        draws = np.mean([drawn_leads(one, best) for one in large.values()], axis=0)
        low, high = np.quantile(draws, [0.025, 0.975])
        yield f"{span}, {FEWEST_DAYS} days by {by}: {len(large)} series"
        yield f"  forecast {points(mean[FORECAST])}, best plain method {best} {points(mean[best])}"
        yield f"  lead {points(mean[FORECAST] - mean[best])}, 95 % of block bootstraps {points(low)} to {points(high)}"
        yield f"  over fixed 19:00 {points(mean[FORECAST] - mean['fixed_19'])}"
        worse = [(n, m) for n, one in large.items() for m in METHODS if np.quantile(drawn_leads(one, m), 0.975) < 0]
        yield f"  significantly worse than a plain method: {worse or 'nowhere'}"
        for many, words in ((True, f"{MANY} and more"), (False, "fewer")):
            pairs = [pair for one in large.values() for pair in zip(one.held, one.record, strict=True)]
            held = [held for held, n in pairs if (n.expected >= MANY) == many]
            share = points(float(np.mean(held)) if held else None)
            yield f"  80 % intervals, {words} expected: held {share} ({len(held)} days)"


def cold_start(name: str, zone: str, activity: Activity, weeks: int, hours: int) -> dict[str, float]:
    """Scores where each week's choice knows only so many weeks before it."""
    grid: HourGrid = hour_grid(activity, zone)
    truth = grid.one if hours == 1 else grid.two
    wall = wall_quarters(activity.quarters, zone) - wall_day(grid.first_day) * 96
    shares: dict[str, list[float]] = {}
    off = off_days(zone, grid.first_day, grid.first_day + timedelta(days=len(truth) + WEEK))
    for start in range(8 * WEEK, len(truth) - WEEK + 1, WEEK):
        since = start - weeks * WEEK
        known = (wall >= since * 96) & (wall < start * 96)
        first_day = grid.first_day + timedelta(days=start)
        young = Activity(activity.quarters[known], activity.members[known])
        chosen: dict[str, Sequence[int]] = {"fixed_19": [19] * WEEK}
        if weeks:
            chosen = dict(plain_hours(grid.past(start, hours)[since:]))
        coming = forecast(young, zone, first_day, span=4 * hours, off_days=off).expected[:, ::4]
        chosen[FORECAST] = coming.argmax(axis=1).tolist()
        for ahead, day in enumerate(truth[start : start + WEEK]):
            if day.max() >= 3:
                for method, choice in chosen.items():
                    shares.setdefault(method, []).append(day[choice[ahead]] / day.max())
    return {method: float(np.mean(values)) for method, values in shares.items()}


def cold_starts(series: Sequence[tuple[str, str, Activity]]) -> Iterator[str]:
    """The means over series of the cold starts."""
    for hours in (1, 2):
        for weeks in (0, 1, 2, 4):
            found = [cold_start(*one, weeks, hours) for one in series]
            mean = {m: float(np.mean([one[m] for one in found])) for m in found[0]}
            rest = ", ".join(f"{m} {points(mean[m])}" for m in METHODS if m in mean)
            yield f"{hours} h after {weeks} weeks: forecast {points(mean[FORECAST])}; {rest}"


def main() -> None:
    """Print it all."""
    series = list(read_folder(Path(sys.argv[1])))
    reports = {name: backtest(activity, zone) for name, zone, activity in series}
    print(*table(reports), "", *bounds(reports), "", sep="\n")
    large = [one for one in series if len(reports[one[0]].hour.days) >= FEWEST_DAYS]
    print(*cold_starts(large), sep="\n")


if __name__ == "__main__":
    main()
