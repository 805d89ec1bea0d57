from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakdrop.metrics.dates import WrittenDate, last_day, parse_date
from peakdrop.metrics.numbers import Unreadable, is_missing, parse_count, parse_duration, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234), ("1.2万", 12_000), ("12.3k", 12_300), ("1.5M", 1_500_000), ("3亿", 300_000_000),
        ("１２３", 123), ("44\u202f531", 44_531), ("44 531", 44_531), ("'42", 42), ("1.2w", 12_000),
        ("１．２万", 12_000),
        ("1.234.567", 1_234_567), ("1,23,456", 123_456), ("50人", 50), ("−7", -7), ("0", 0),
    ],
)  # fmt: skip
def test_counts_as_people_write_them(text: str, value: int) -> None:
    assert parse_count(text) == value


@pytest.mark.parametrize(("text", "value"), [("85%", "0.85"), ("62,1", "62.1"), ("1.234,5", "1234.5"), (".5", "0.5")])
def test_decimals_and_percentages(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


def test_a_comma_is_decimal_where_the_file_says_so() -> None:
    assert parse_number("1,574", decimal_comma=True) == Decimal("1.574")
    assert parse_count("1.234", decimal_comma=True) == 1234
    assert parse_count("12,345", decimal_comma=True) == 12_345


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("300", 300), ("00:05:00", 300), ("05:00", 300), ("5 h", 18_000), ("5小时30分", 19_800), ("1h 20m", 4800),
        ("3分20秒", 200), ("90 sec", 90), ("1.5 hours", 5400), ("5m", 300), ("1.5M", 1_500_000), ("1.2万", 12_000),
        ("1.2万小时", 43_200_000), ("100:00:00", 360_000), ("0:13:29", 809),
    ],
)  # fmt: skip
def test_durations_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


def test_a_bare_number_counts_in_its_columns_unit() -> None:
    assert parse_duration("1.5743", unit=3600) == 5667.48
    assert parse_duration("5 min", unit=3600) == 300
    assert parse_duration("13.182453") == 13.182453  # averages are multiplied by millions of plays


@pytest.mark.parametrize("text", ["abc", "1..2", "--5", "1 2", "12abc", "万", "1,234,56", "9" * 40, "1e5", "٪"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_number(text)


@pytest.mark.parametrize("text", ["12:3", "h", "5小时30", "85%", "5 parsecs", ""])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_duration(text)


@pytest.mark.parametrize("text", ["1.5", "85%", "1e400"])
def test_a_count_is_whole(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_count(text)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "undefined", "N/A", "无", "null"])
def test_missing_is_not_zero(text: str) -> None:
    assert is_missing(text)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["万", "k", "M", "亿", ",", " ", "full"]))
def test_a_number_survives_being_written(value: int, form: str) -> None:
    scales = {"万": 10**4, "k": 10**3, "M": 10**6, "亿": 10**8}
    if form in scales:
        text = f"{Decimal(value) / scales[form]:f}{form}"
    elif form == "full":
        text = str(value).translate({ord("0") + n: ord("０") + n for n in range(10)})
    else:
        text = f"{value:,}".replace(",", form)
    assert parse_count(text) == value


@given(st.integers(0, 10**7), st.sampled_from(["clock", "words", "zh"]))
def test_a_duration_survives_being_written(seconds: int, form: str) -> None:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    forms = {
        "clock": f"{hours}:{minutes:02}:{left:02}",
        "words": f"{hours}h {minutes}m {left}s",
        "zh": f"{hours}小时{minutes}分{left}秒",
    }
    assert parse_duration(forms[form]) == seconds


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    for parse in (parse_number, parse_count, parse_duration, parse_date):
        try:
            value = parse(text)
        except Unreadable:
            continue
        assert value == value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Feb 26, 2026", (2026, 2, 26)), ("2026-02-26", (2026, 2, 26)), ("2026/2/6 5:30", (2026, 2, 6)),
        ("2026年07月11日03时09分05秒", (2026, 7, 11)), ("2026年7月11日", (2026, 7, 11)), ("20260226", (2026, 2, 26)),
        ("26 févr. 2026", (2026, 2, 26)), ("28 de febrero de 2026", (2026, 2, 28)), ("13/4/2026", (2026, 4, 13)),
        ("February 28", (None, 2, 28)), ("28 de febrero", (None, 2, 28)), ("7月5日", (None, 7, 5)),
        ("26 juil. 2025", (2025, 7, 26)), ("2026-02-26T10:00:00+08:00", (2026, 2, 26)),
    ],
)  # fmt: skip
def test_dates_as_platforms_write_them(text: str, written: tuple[int | None, int, int]) -> None:
    found = parse_date(text)
    assert (found.year, found.month, found.day) == written


@pytest.mark.parametrize(
    "text", ["2026-02-30", "3/4/2026", "2026-13-01", "0001-01-01", "soon", "Foo 3, 2026", "31 April"]
)
def test_a_date_that_is_none_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_date(text)


def test_a_day_without_a_year_is_the_latest_that_has_come() -> None:
    day = WrittenDate(None, 12, 30)
    assert day.on_or_before(date(2026, 1, 5)) == date(2025, 12, 30)
    assert day.on_or_before(date(2026, 12, 30)) == date(2026, 12, 30)
    assert WrittenDate(None, 2, 29).on_or_before(date(2026, 12, 1)) == date(2024, 2, 29)


@given(st.dates(date(2021, 1, 1), date(2026, 11, 1)), st.integers(2, 360), st.integers(0, 20), st.randoms())
def test_a_run_of_days_without_years_is_placed_in_any_order(first: date, length: int, late: int, rng: object) -> None:
    days = [date.fromordinal(first.toordinal() + n) for n in range(length)]
    written = [WrittenDate(None, day.month, day.day) for day in days]
    rng.shuffle(written)  # type: ignore[attr-defined]
    imported_on = date.fromordinal(days[-1].toordinal() + late)
    last = last_day(written, imported_on)
    assert last == days[-1]
    assert sorted(day.on_or_before(last) for day in written) == days
