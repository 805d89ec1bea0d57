"""The activity picture: honest bars, and a title that its figures carry."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakdrop.stats import DayBar, OverviewReport
from rendering.catalog import get_catalog
from rendering.charts.activity import activity_chart
from rendering.charts.bars import make_bars
from rendering.charts.few_days import make_rows
from rendering.charts.findings import Finding, find
from tests.rendering.chart_samples import Shape, lively, overview

ENGLISH = get_catalog("en")


def svg_of(report: OverviewReport) -> str:
    return activity_chart(report, ENGLISH, format="svg").decode()


def boxes(svg: str, kind: str) -> dict[str, tuple[float, float, float, float]]:
    """Bars by name: left, top, right, bottom."""
    found = {}
    for name, path in re.findall(rf'<g id="({kind}-[\d-]+)">\s*<path d="([^"]+)"', svg):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
        found[name] = (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
    return found


def found_in(window: str, shape: Shape = lively, *, compared: bool = False) -> Finding:
    report = overview(window, shape, compared=compared)
    return find(report, make_bars(report), ENGLISH)


def test_bars_stand_on_zero_and_are_as_high_as_their_values() -> None:
    report = overview("7d")
    bars = boxes(svg_of(report), "bar")
    values = {f"bar-{one.day}": one.activity for one in report.days if one.is_finished}
    assert bars.keys() == values.keys()
    assert len({box[3] for box in bars.values()}) == 1
    by_value = [(box[3] - box[1]) / (values[name] or 1) for name, box in bars.items()]
    assert max(by_value) - min(by_value) < 0.01


def test_the_window_before_stands_behind_day_by_day() -> None:
    svg = svg_of(overview("7d"))
    before, own = boxes(svg, "before"), boxes(svg, "bar")
    for name, box in own.items():
        left, _, right, _ = before[name.replace("bar", "before")]
        assert left < box[0] < box[2] < right
    assert svg.index('id="before-2026-11-19"') < svg.index('id="bar-2026-11-19"')


def test_today_is_hatched_while_it_lasts() -> None:
    assert 'id="unfinished-2026-11-22"' in svg_of(overview("7d"))
    assert 'id="unfinished-2026-11-22"' in svg_of(overview("today"))
    assert "unfinished" not in svg_of(overview("2026-11-02..2026-11-08"))
    assert "unfinished" not in svg_of(overview("2026-11-05..2026-11-05"))


def test_a_gap_is_no_bar() -> None:
    svg = svg_of(overview("7d", lambda day: None if day.day in (17, 18) else lively(day)))
    assert 'id="gap-1"' in svg
    assert "bar-2026-11-16" in svg
    assert "bar-2026-11-17" not in svg
    assert "bar-2026-11-18" not in svg


@pytest.mark.parametrize(
    ("window", "step", "count"),
    [("7d", "day", 7), ("30d", "day", 30), ("90d", "week", 13), ("1y", "month", 13), ("all", "month", 70)],
)
def test_long_windows_are_drawn_by_week_or_month(window: str, step: str, count: int) -> None:
    bars = make_bars(overview(window))
    assert (bars.step, len(bars.bars)) == (step, count)
    assert not bars.bars[-1].is_finished


def test_a_week_is_the_mean_of_the_days_that_were_seen() -> None:
    bars = make_bars(overview("90d", lambda day: None if day.weekday() < 2 else 100))
    assert {bar.value for bar in bars.bars} == {100}
    assert {bar.before for bar in bars.bars} == {100}


@given(st.lists(st.one_of(st.none(), st.integers(-5, 10**7)), min_size=3, max_size=300))
@settings(max_examples=60, deadline=None)
def test_bars_hold_every_day_once_and_stay_within_its_days(values: list[int | None]) -> None:
    base = overview("7d")
    first = date(2026, 1, 1).toordinal()
    days = tuple(DayBar(date.fromordinal(first + n), value, True) for n, value in enumerate(values))
    report = OverviewReport(base.community, base.figures, None, False, None, (), days, ())
    bars = make_bars(report)
    assert bars.bars[0].first == days[0].day
    assert bars.bars[-1].last == days[-1].day
    assert all(b.first.toordinal() == a.last.toordinal() + 1 for a, b in zip(bars.bars, bars.bars[1:], strict=False))
    for bar in bars.bars:
        seen = [one.activity for one in days if bar.first <= one.day <= bar.last and one.activity is not None]
        assert (bar.value is None) == (not seen)
        assert bar.value is None or 0 <= bar.value <= max(0, *seen)
    assert find(report, bars, ENGLISH).title


@pytest.mark.parametrize(
    ("window", "shape", "title"),
    [
        ("7d", lively, "Thursday was busiest: "),
        ("30d", lively, "Thursdays lead: "),
        ("90d", lively, "Activity up 6 % on the 90 days before"),
        ("1y", lively, "Activity up 9 % on the year before"),
        ("all", lively, "October 2026 was busiest: "),
        ("30d", lambda day: 3, "Activity by day"),
        ("90d", lambda day: 3, "Activity by week"),
        ("1y", lambda day: 3, "Activity by month"),
        ("30d", lambda day: 41_213 if day.day == 19 else lively(day), "19 Nov was busiest: 41,213"),
        ("30d", lambda day: 900 if day.weekday() > 4 else 500, "Weekends lead: 900 a day, weekdays 500"),
        ("30d", lambda day: 90 if day.weekday() > 4 else 500, "Weekdays lead: 500 a day, weekends 90"),
        ("7d", lambda day: 4000 if day.day == 22 else 500, "Today already leads: 3,513"),
        ("7d", lambda day: None, "No data for these days"),
        ("7d", lambda day: 0, "No messages or reactions"),
        ("2026-11-18..2026-11-20", lambda day: 500 if day.day > 17 else 300, "Activity up 67 % on the 3 days before"),
    ],
)
def test_the_title_is_what_the_figures_carry(window: str, shape: Shape, title: str) -> None:
    assert found_in(window, shape).title.startswith(title)


def test_asked_to_compare_the_change_is_the_title() -> None:
    def doubled(day: date) -> int:
        return lively(day) * (2 if day.day > 15 else 1)

    assert found_in("7d", doubled).title.startswith("Thursday")
    assert found_in("7d", doubled, compared=True).title.startswith("Activity up 99 %")


def test_small_counts_are_no_news() -> None:
    assert found_in("7d", lambda day: 2 if day.day > 15 else 1, compared=True).title == "Activity by day"


def test_the_title_lights_the_bars_it_speaks_of() -> None:
    assert found_in("7d").lit == {3}
    thursdays = found_in("30d").lit
    bars = make_bars(overview("30d")).bars
    assert {bars[index].first.weekday() for index in thursdays} == {3}
    assert len(thursdays) == 4


def test_one_day_stands_beside_yesterday_up_to_the_same_hour() -> None:
    rows = make_rows(overview("today"), ENGLISH)
    assert [row.name for row in rows] == ["today so far", "yesterday by 21:05"]
    assert [row.name for row in make_rows(overview("24h"), ENGLISH)] == [
        "today so far", "yesterday by 21:05", "yesterday",
    ]  # fmt: skip
    past = make_rows(overview("2026-11-05..2026-11-05"), ENGLISH)
    assert [row.name for row in past] == ["Thu 5 Nov", "Wed 4 Nov"]


@pytest.mark.parametrize("shape", [lambda day: None, lambda day: 0, lambda day: -4, lambda day: 10**9])
@pytest.mark.parametrize("window", ["today", "24h", "7d", "30d", "90d", "1y", "all", "2030-01-01..2030-01-31"])
def test_every_window_has_a_picture(window: str, shape: Shape) -> None:
    assert activity_chart(overview(window, shape), get_catalog("zh")).startswith(b"\x89PNG")
