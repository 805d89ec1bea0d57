"""How far any forecast could get: made-up groups whose true curve is known. `python -m tests.bench.peaks_ceiling`.

Members have rates, evenings and weekend evenings of their own, stay for some months, and drift. The ceiling chooses
each day's hour from the true expected audience; nobody who sees the past only can do better on the average.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from peakdrop.activity import Activity, gather, hour_grid
from peakdrop.backtest import FORECAST, backtest
from peakdrop.plain_methods import METHODS
from tests.bench.peaks_figures import points

DAYS = 364
FIRST = int(datetime(2025, 1, 6, tzinfo=UTC).timestamp()) // 900
SIZES = (20, 60, 200)
GROUPS = 6


def make_group(rng: np.random.Generator, people: int) -> tuple[Activity, np.ndarray, np.ndarray]:
    """Activity of a year, and the true expected audience by day and hour of one and of two hours."""
    stay = rng.exponential(150, people * 3)
    came = rng.uniform(-150, DAYS, people * 3)
    middle, rate = rng.choice([13.0, 17.0, 21.0], people * 3, p=[0.3, 0.35, 0.35]), rng.beta(0.5, 2.5, people * 3)
    middle = middle + rng.normal(0, 2, people * 3)
    later, drift = rng.normal(1, 2, people * 3), rng.normal(0, 1.5 / 180, people * 3)
    hours, chance_one, chance_two = np.arange(24), np.zeros((DAYS, 24)), np.zeros((DAYS, 24))
    rows: list[np.ndarray] = []
    for day in range(DAYS):
        here = np.flatnonzero((came <= day) & (day < came + stay))
        centre = middle[here] + drift[here] * (day - came[here]) + later[here] * (day % 7 >= 5)
        far = (hours - centre[:, None] + 12) % 24 - 12
        chance = rate[here][:, None] * 0.5 * np.exp(-0.5 * (far / 1.8) ** 2)
        chance_one[day] = chance.sum(axis=0)
        chance_two[day] = (1 - (1 - chance) * (1 - np.roll(chance, -1, axis=1))).sum(axis=0)
        who, hour = np.nonzero(rng.uniform(size=chance.shape) < chance)
        rows.append(np.array([FIRST + day * 96 + hour * 4 + rng.integers(0, 4, len(hour)), here[who]]))
    quarters, members = np.concatenate(rows, axis=1)
    return gather(quarters, members), chance_one, chance_two


def main() -> None:
    """Print what the plain methods, the forecast and the ceiling score."""
    for people in SIZES:
        found = []
        for group in range(GROUPS):
            activity, *chances = make_group(np.random.default_rng(people * 100 + group), people)
            report, grid = backtest(activity, "UTC"), hour_grid(activity, "UTC")
            ahead = (grid.first_day - date(2025, 1, 6)).days
            for scores, truth, chance in zip(
                (report.hour, report.two_hours), (grid.one, grid.two), chances, strict=True
            ):
                best = [int(chance[day + ahead].argmax()) for day in scores.days]
                shares = [truth[day][hour] / truth[day].max() for day, hour in zip(scores.days, best, strict=True)]
                plain = [scores.mean(method) or 0.0 for method in METHODS]
                found.append([*plain, scores.mean(FORECAST) or 0.0, float(np.mean(shares))])
        for span, rows in (("1 h", found[::2]), ("2 h", found[1::2])):
            means = np.mean(rows, axis=0)
            words = ", ".join(f"{name} {points(value)}" for name, value in zip(METHODS, means, strict=False))
            print(f"{people} people, {span}: {words}; forecast {points(means[-2])}; ceiling {points(means[-1])}")


if __name__ == "__main__":
    main()
