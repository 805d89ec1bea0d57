"""The forecast as a manager would judge it: the right hour, the right people, honest about what it does not know."""

from __future__ import annotations

import random
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from peakdrop.activity import QUARTER, Activity, from_masks, gather, wall_quarters
from peakdrop.forecasts import Forecast, forecast
from peakdrop.intervals import Outcome

ZONE = "America/New_York"
MONDAY = date(2026, 6, 1)
NOTHING = gather(np.zeros(0, np.int64), np.zeros(0, np.int64))
Visit = tuple[date, float, int]  # day, hour of the wall clock, member


def activity(visits: list[Visit], zone: str = ZONE) -> Activity:
    """Visits as quarter hours."""
    at = [
        int(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).replace(hour=int(hour)).timestamp())
        + int(hour % 1 * 3600)
        for day, hour, _ in visits
    ]
    return gather(np.array(at, np.int64) // QUARTER, np.array([who for *_, who in visits], np.int64))


def days_before(n: int) -> list[date]:
    """The n days before MONDAY, the earliest first."""
    return [MONDAY - timedelta(days=back) for back in range(n, 0, -1)]


def best(coming: Forecast) -> list[float]:
    """The best hour of each coming day."""
    return [float(quarter) / 4 for quarter in coming.expected.argmax(axis=1)]


def test_ten_people_every_evening_are_expected_every_evening_once_each() -> None:
    visits = [(day, 20 + part, who) for day in days_before(70) for who in range(10) for part in (0.1, 0.6, 1.2)]
    coming = forecast(activity(visits), ZONE, MONDAY)
    assert all(19 <= hour <= 20.5 for hour in best(coming))
    assert coming.expected.max() == pytest.approx(10, rel=0.1)
    assert (coming.low <= np.rint(coming.expected)).all()
    assert (coming.high >= np.rint(coming.expected)).all()
    assert coming.expected[:, 4 * 8].max() < 1  # nobody at eight in the morning
    assert (coming.days, coming.members) == (70, 10)
    assert coming.prior_share < 0.1


def test_own_forecasts_decide_the_interval_once_two_weeks_of_them_are_over() -> None:
    visits = [(day, 20.1, who) for day in days_before(70) for who in range(40) if (who + day.day) % 4]
    short = [Outcome(30, 45 + day % 5) for day in range(90)]  # half as many again as was expected

    def evening(record: list[Outcome]) -> tuple[float, float]:
        coming = forecast(activity(visits), ZONE, MONDAY, record=record)
        place = coming.expected.argmax()
        assert coming.expected.flat[place] == pytest.approx(30, abs=2)
        return coming.low.flat[place], coming.high.flat[place]

    assert evening(short[:13]) == evening([])
    low, high = evening(short)
    assert high >= 47
    assert high > evening(short[:14])[1] > evening([])[1]
    assert low <= 30
    low, _ = evening([Outcome(30, 15)] * 60)
    assert low <= 16


def test_members_who_left_are_no_longer_counted() -> None:
    visits = [(day, 9.0, who) for day in days_before(120)[:-35] for who in range(30)]
    visits += [(day, 21.0, who) for day in days_before(120) for who in range(100, 108)]
    coming = forecast(activity(visits), ZONE, MONDAY)
    assert all(19 <= hour <= 21.5 for hour in best(coming))
    assert coming.expected[:, 4 * 8 : 4 * 10].max() < 3  # of thirty
    assert coming.members == 8  # of the last four weeks


def test_a_weekly_meeting_is_seen_and_does_not_spill_into_other_days() -> None:
    rng = random.Random(3)
    visits = [
        (day, rng.uniform(18, 22), who) for day in days_before(140) for who in range(12) if rng.uniform(0, 1) < 0.5
    ]
    visits += [(day, 12.2, who) for day in days_before(140) if day.weekday() == 3 for who in range(11)]
    hours = best(forecast(activity(visits), ZONE, MONDAY))
    assert 10 <= hours[3] <= 12.25
    assert all(17 <= hour <= 21 for weekday, hour in enumerate(hours) if weekday != 3)


def test_holidays_go_as_sundays() -> None:
    visits = [(day, 10.0 if day.weekday() > 4 else 19.0, who) for day in days_before(140) for who in range(8)]
    wednesday = MONDAY + timedelta(days=2)
    hours = best(forecast(activity(visits), ZONE, MONDAY, off_days={wednesday: 6}))
    assert [hour < 12 for hour in hours] == [False, False, True, False, False, True, True]


def test_a_gap_is_unknown_and_not_silence() -> None:
    visits = [(day, 20.0, who) for day in days_before(84) for who in range(10)]
    away = days_before(84)[-18:-4]
    outage = activity([visit for visit in visits if visit[0] not in away])
    edges = activity([(away[0], 0.0, 1), (away[-1] + timedelta(days=1), 0.0, 1)]).quarters
    whole = forecast(activity(visits), ZONE, MONDAY)
    told = forecast(outage, ZONE, MONDAY, gaps=[(int(edges[0]), int(edges[1]))])
    assert told.expected.max() == pytest.approx(whole.expected.max(), rel=0.1)
    untold = forecast(outage, ZONE, MONDAY)  # days without anyone in a busy group are no silence either
    assert untold.expected.max() == pytest.approx(whole.expected.max(), rel=0.1)


def test_with_nothing_seen_it_is_the_zones_usual_day_and_said_so() -> None:
    coming = forecast(NOTHING, "Europe/Berlin", MONDAY)
    assert coming.prior_share == 1
    assert (coming.days, coming.members) == (0, 0)
    assert all(14 <= hour <= 18 for hour in best(coming))
    little = forecast(activity([(MONDAY - timedelta(days=1), 7.0, 1)], "Europe/Berlin"), "Europe/Berlin", MONDAY)
    assert 0.9 < little.prior_share < 1
    assert np.isfinite(little.expected).all()


def test_only_what_was_before_the_week_is_looked_at() -> None:
    rng = random.Random(8)
    visits = [(day, rng.uniform(0, 23.9), rng.randrange(30)) for day in days_before(60) for _ in range(20)]
    later = [(MONDAY + timedelta(days=ahead), 3.0, who) for ahead in range(9) for who in range(50)]
    before, with_later = (forecast(activity(rows), ZONE, MONDAY) for rows in (visits, visits + later))
    assert np.array_equal(before.expected, with_later.expected)
    assert np.array_equal(before.high, with_later.high)


def test_clocks_that_change_move_nobodys_evening() -> None:
    spring = date(2026, 3, 9)  # the day after the clocks went forward
    visits = [(spring - timedelta(days=back), 20.0, who) for back in range(1, 60) for who in range(9)]
    assert all(18 <= hour <= 20.25 for hour in best(forecast(activity(visits), ZONE, spring)))
    autumn = int(datetime(2026, 11, 1, 5, 30, tzinfo=ZoneInfo("UTC")).timestamp()) // QUARTER
    wall = wall_quarters(np.array([autumn, autumn + 4], np.int64), ZONE) % 96
    assert wall.tolist() == [6, 6]  # 1:30 twice


def test_masks_of_the_store_are_the_same_quarters() -> None:
    found = from_masks([(20_000, 7, 1 | 1 << 95), (20_001, 3, 1 << 48)])
    assert sorted(zip(found.quarters.tolist(), found.members.tolist(), strict=True)) == [
        (20_000 * 96, 1),
        (20_000 * 96 + 95, 1),
        (20_001 * 96 + 48, 0),
    ]


def test_a_large_groups_forecast_is_quick() -> None:
    rng = np.random.default_rng(1)
    start = int(datetime(2024, 5, 30, tzinfo=ZoneInfo("UTC")).timestamp()) // QUARTER
    quarters = start + rng.integers(0, 730, 150_000) * 96 + rng.normal(80, 12, 150_000).astype(np.int64)
    busy = gather(quarters, rng.zipf(1.3, 150_000) % 2000)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        forecast(busy, ZONE, MONDAY)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.2  # 50 ms where nothing else runs: tests/bench
