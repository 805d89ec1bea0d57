"""Made-up communities with habits of their own, as rows of a series."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

Row = tuple[int, str, str]  # epoch seconds, author, kind
FIRST = date(2025, 8, 30)
ZONE = "Europe/Berlin"  # its clocks go back on 26 October, in the ninth week


@dataclass(frozen=True, slots=True)
class Habits:
    """A member comes on a share of the days, around one hour on weekdays and another on Saturdays and Sundays."""

    share: float
    hour: float
    weekend_hour: float


def make_habits(rng: random.Random, people: int) -> list[Habits]:
    """People of the evening, some of the night, who come later at weekends."""
    return [
        Habits(rng.uniform(0.05, 0.6), evening := rng.gauss(20, 2.5), evening + rng.uniform(0, 4))
        for _ in range(people)
    ]


def write_rows(rng: random.Random, people: Sequence[Habits], days: int, zone: str = ZONE) -> list[Row]:
    """What they write on so many days from FIRST on, in order of time; a few joins that must not count."""
    rows: list[Row] = []
    for day in range(days):
        today = FIRST + timedelta(days=day)
        midnight = datetime.combine(today, time(), ZoneInfo(zone))
        for number, habits in enumerate(people):
            if rng.uniform(0, 1) < habits.share:
                middle = habits.weekend_hour if today.weekday() >= 5 else habits.hour
                for _ in range(rng.randint(1, 4)):
                    at = midnight + timedelta(hours=rng.gauss(middle, 1.5))
                    rows.append((int(at.timestamp()), f"a{number}", rng.choices(["message", "reaction"], [9, 1])[0]))
            if rng.uniform(0, 1) < 0.1:
                rows.append((int(midnight.timestamp()) + 4 * 3600, f"a{number}", "join"))
    return sorted(rows)


def save(path: Path, rows: Sequence[Row]) -> Path:
    """A series as a file, packed where its name says so."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["ts", "author", "kind", "length"])
    writer.writerows([*row, 1] for row in rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
