"""Windows: what people ask for, in their own days, across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakdrop.windows import WORDS, nearest_forms, parse_window, window_before

SHANGHAI = "Asia/Shanghai"
ZONES = (SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)  # 21:05 in Shanghai


def test_seven_days_are_whole_local_days_that_end_with_today() -> None:
    window = parse_window("7d", SHANGHAI, NOW)
    assert window is not None
    assert (window.first_day, window.last_day) == (date(2026, 11, 16), date(2026, 11, 22))
    assert window.start.isoformat() == "2026-11-16T00:00:00+08:00"
    assert window.end.isoformat() == "2026-11-23T00:00:00+08:00"


def test_a_range_includes_both_days() -> None:
    window = parse_window("2026-10-01..2026-10-31", SHANGHAI, NOW)
    assert window is not None
    assert window.end - window.start == timedelta(days=31)
    assert window.last_day == date(2026, 10, 31)


@pytest.mark.parametrize(
    "text", ["2026-10-31..2026-10-01", "2026-13-01..2026-13-02", "7", "week", "9999-12-31..9999-12-31", ""]
)
def test_what_is_no_window_is_none(text: str) -> None:
    assert parse_window(text, SHANGHAI, NOW) is None


def test_the_window_before_has_come_as_far_as_this_one() -> None:
    window = parse_window("7d", SHANGHAI, NOW)
    assert window is not None
    before = window_before(window)
    assert before is not None
    assert (before.first_day, before.last_day) == (date(2026, 11, 9), date(2026, 11, 15))
    assert before.as_of.astimezone(ZoneInfo(SHANGHAI)).isoformat() == "2026-11-15T21:05:00+08:00"


def test_a_day_of_the_clock_change_has_25_hours() -> None:
    window = parse_window("2026-10-25..2026-10-25", "Europe/Berlin", NOW)
    assert window is not None
    assert window.end.astimezone(UTC) - window.start.astimezone(UTC) == timedelta(hours=25)


@given(
    word=st.sampled_from([word for word in WORDS if word != "all"]),
    zone=st.sampled_from(ZONES),
    now=st.integers(1_577_836_800, 1_893_456_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
)
def test_a_window_holds_now_and_the_one_before_ends_where_it_begins(word: str, zone: str, now: datetime) -> None:
    window = parse_window(word, zone, now)
    assert window is not None
    assert window.start <= now < window.end
    assert window.start < window.seen_end <= window.end
    before = window_before(window)
    assert before is not None
    assert before.end == window.start
    assert before.start < before.seen_end <= before.end
    if word != "24h":
        assert window.start.astimezone(ZoneInfo(zone)).time().isoformat() in ("00:00:00", "00:30:00", "01:00:00")


def test_nearest_forms_are_valid() -> None:
    for typed in ("2w", "14", "yesterday", "october 2026", "3m", "2026-10", "xyz", ""):
        forms = nearest_forms(typed, NOW, SHANGHAI)
        assert len(forms) == 3
        assert all(parse_window(form, SHANGHAI, NOW) is not None for form in forms), typed
    assert nearest_forms("2w", NOW, SHANGHAI)[0] == "7d"
