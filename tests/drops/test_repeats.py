"""Series keep their wall time through every change of the clocks: each local day once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakdrop.local_times import local_of, moment_of
from peakdrop.repeats import BadCron, check_cron, next_occurrence
from storage.drop_content import WEEKDAYS, Repeat

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Shanghai")


def walk(repeat: Repeat, start: datetime, end: datetime) -> list[datetime]:
    """All occurrences in a span of wall times."""
    found = []
    at = next_occurrence(repeat, start)
    while at is not None and at < end:
        found.append(at)
        at = next_occurrence(repeat, at)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["02:30", "09:00", "02:00", "01:45"])
@pytest.mark.parametrize("cron", [False, True])
def test_three_years_of_a_daily_series_come_each_local_day_once(zone: str, at: str, cron: bool) -> None:
    first = date(2025, 1, 1)
    hour, minute = map(int, at.split(":"))
    repeat = Repeat(first, cron=f"{minute} {hour} * * *") if cron else Repeat(first, at=at)
    days = walk(repeat, datetime(2024, 12, 31, 12), datetime(2028, 1, 1))
    moments = [moment_of(day, zone) for day in days]
    assert [day.date() for day in days] == [first + timedelta(days=n) for n in range(1095)]
    assert moments == sorted(set(moments))
    assert [local_of(moment, zone).date() for moment in moments] == [day.date() for day in days]
    odd = [local_of(moment, zone) for moment in moments if local_of(moment, zone).strftime("%H:%M") != at]
    assert all(0 < (one - datetime.combine(one.date(), days[0].time())).total_seconds() <= 3600 for one in odd)
    assert len(odd) <= 3  # a spring each year, where the time is skipped


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        (datetime(2026, 3, 29, 2, 30), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, 30), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 3, 8, 2, 30), "America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        (datetime(2026, 11, 24, 20, 0), "Asia/Shanghai", datetime(2026, 11, 24, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_skipped_time_is_the_end_of_the_gap_and_a_double_one_the_first(
    local: datetime, zone: str, moment: datetime
) -> None:
    assert moment_of(local, zone) == moment


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_a_wall_time_comes_back_unless_the_clocks_skip_it(local: datetime, zone: str) -> None:
    back = local_of(moment_of(local, zone), zone)
    gap = (back - local).total_seconds()
    assert gap == 0 or (0 < gap <= 3600 and moment_of(back, zone) == moment_of(local, zone))
    before = moment_of(local, zone) - timedelta(seconds=1)
    assert gap == 0 or before.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < local


def test_weekdays_weekly_and_every_n_days() -> None:
    start, end = datetime(2026, 11, 23), datetime(2026, 12, 7)
    assert [one.day for one in walk(Repeat(date(2026, 11, 24), days=WEEKDAYS, at="20:00"), start, end)] == [
        24, 25, 26, 27, 30, 1, 2, 3, 4,
    ]  # fmt: skip
    assert [one.day for one in walk(Repeat(date(2026, 11, 24), days=(1, 5), at="20:00"), start, end)] == [24, 28, 1, 5]
    assert [one.day for one in walk(Repeat(date(2026, 11, 24), every=3, at="20:00"), start, end)] == [24, 27, 30, 3, 6]
    until = Repeat(date(2026, 11, 24), at="20:00", until=date(2026, 11, 25))
    assert [one.day for one in walk(until, start, end)] == [24, 25]
    assert next_occurrence(until, datetime(2026, 11, 25, 20, 0)) is None


def test_where_the_peak_decides_a_day_comes_once() -> None:
    repeat = Repeat(date(2026, 11, 24))
    assert next_occurrence(repeat, datetime(2026, 11, 23, 12)) == datetime(2026, 11, 24)
    assert next_occurrence(repeat, datetime(2026, 11, 24, 8)) == datetime(2026, 11, 25)


def test_cron_counts_its_sunday_as_0_and_what_never_comes_is_refused() -> None:
    repeat = Repeat(date(2026, 11, 24), cron=check_cron(" 30  20 * *  0 "))
    assert next_occurrence(repeat, datetime(2026, 11, 24)) == datetime(2026, 11, 29, 20, 30)
    for bad in ("61 2 * * *", "0 0 31 2 *", "* * *", "0 0 * * * *", "hello you are not cron"):
        with pytest.raises(BadCron):
            check_cron(bad)
