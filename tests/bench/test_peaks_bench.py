"""The forecast is quick: two years of a large group in 50 ms, a thousand groups of all sizes in two minutes.

Processor time is measured, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta

import numpy as np
import pytest

from peakdrop.activity import from_masks, wall_day
from peakdrop.forecasts import forecast
from peakdrop.off_days import off_days

MONDAY = date(2026, 6, 1)
DAYS = 730
ZONE = "Europe/Berlin"
GROUPS = 1000
Rows = list[tuple[int, int, int]]


def member_days(rng: np.random.Generator, people: int, share: float) -> Rows:
    """Two years of member days as the store gives them: people of the evening, each on a share of the days."""
    day, member = np.nonzero(rng.uniform(size=(DAYS, people)) < share)
    first = wall_day(MONDAY) - DAYS
    rows = []
    for at, who in zip(day.tolist(), member.tolist(), strict=True):
        mask = 0
        for quarter in (rng.normal(76, 12, 4) % 96).astype(int).tolist():
            mask |= 1 << quarter
        rows.append((first + at, who, mask))
    return rows


def took(rows: Rows) -> float:
    """Seconds from member days to a forecast."""
    began = time.process_time()
    forecast(from_masks(rows), ZONE, MONDAY, off_days=off_days(ZONE, MONDAY - timedelta(days=DAYS), MONDAY))
    return time.process_time() - began


@pytest.mark.bench
def test_a_large_group_in_50_ms_and_a_thousand_in_two_minutes() -> None:
    rng = np.random.default_rng(1)
    activity = from_masks(member_days(rng, 300, 0.15))
    large = []
    for week in range(15):
        began = time.process_time()
        first = MONDAY - timedelta(weeks=week)
        forecast(activity, ZONE, first, off_days=off_days(ZONE, first - timedelta(days=DAYS), first))
        large.append(time.process_time() - began)
    kinds = [member_days(rng, people, 0.1) for people in (5, 10, 20, 50, 200)]
    each = [statistics.median(took(rows) for _ in range(9)) for rows in kinds]
    night = GROUPS * statistics.mean(each)
    print(
        f"\nforecast of {len(activity):,} member quarters: {statistics.median(large) * 1000:.0f} ms; "
        f"{GROUPS} groups of 5 to 200 members from their masks, one core: {night:.0f} s"
    )
    assert statistics.median(large) < 0.05
    assert night < 240  # of one core: two minutes on two
