"""The picture of /peaks: the week as a map, past hours as gaps, the finding as its title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from peakdrop.outlooks import BLOCKS, REACH, AnswerHours, Outlook
from peakdrop.peaks import BestTime
from peakdrop.peaks_report import PeaksReport
from rendering.catalog import get_catalog
from rendering.charts.peaks import peaks_chart
from storage.communities import CommunityView

TODAY = date(2026, 11, 23)  # a Monday
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = CommunityView(1, "supergroup", "小鹿🦌" * 12, -1001, False, "Asia/Shanghai", None, False, SINCE)


def report(shape: Callable[[int, int], float], *, days: int = 60, hour: int = 8) -> PeaksReport:
    """A week in which `shape` tells the members by weekday and hour."""
    week = [shape(day, quarter // 4) for day in range(7) for quarter in range(96)]
    answers = AnswerHours((1.0,) * BLOCKS)
    outlook = Outlook(TODAY, "Asia/Shanghai", week, week, week, days, 40, 0.1, bytes(24 * (2 * REACH + 1)), answers)
    now = datetime(2026, 11, 23, hour, 5)  # noqa: DTZ001 - a wall time
    best = datetime(2026, 11, 26, 20, 30)  # noqa: DTZ001 - a wall time
    found = [BestTime(datetime(2026, 11, 26, 12, 30, tzinfo=UTC), best, 41, 33, 50)]
    return PeaksReport(GROUP, "Asia/Shanghai", now, -1, {}, outlook, found, [], None)


def evening(day: int, hour: int) -> float:
    """Evenings, on Thursdays more."""
    return (40 if day == 3 else 20) if hour == 20 else 3


def picture(seen: PeaksReport, language: str = "en") -> str:
    """The picture as SVG."""
    return peaks_chart(seen, get_catalog(language), format="svg").decode()


@pytest.mark.parametrize(
    ("shape", "language", "title"),
    [
        (evening, "en", "Thursday evenings lead"),
        (evening, "zh", "周四晚上人最多"),
        (lambda _, hour: 9 if hour == 8 else 1, "en", "Most are there in the morning"),
        (lambda _, hour: 9 if hour == 13 else 1, "zh", "中午人最多"),
    ],
)
def test_the_title_is_the_finding(shape: Callable[[int, int], float], language: str, title: str) -> None:
    assert f"<dc:title>{title}</dc:title>" in picture(report(shape), language)


def test_hours_that_are_past_are_gaps_and_the_best_time_is_marked() -> None:
    drawn = picture(report(evening))
    assert all(f'id="gap-0-{hour}"' in drawn for hour in range(8))
    assert 'id="gap-0-8"' not in drawn
    assert 'id="cell-0-8"' in drawn
    assert drawn.count('id="cell-') == 7 * 24 - 8
    assert 'id="mark-262030"' in drawn


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("worked", "eve", "holiday")), ("zh", ("调休上班", "假日前夕", "假日"))]
)
def test_holidays_eves_and_worked_weekends_are_marked(language: str, words: tuple[str, ...]) -> None:
    worked = datetime(2026, 9, 20, 8, 5)  # noqa: DTZ001 - a wall time; a Sunday, five days before Mid-Autumn
    drawn = picture(replace(report(evening), now_local=worked), language)
    assert [drawn.count(f"<!-- {one} -->") for one in words] == [1, 1, 1]
    assert not any(f"<!-- {one} -->" in picture(report(evening), language) for one in words)


def test_where_nothing_is_known_it_says_so() -> None:
    assert "<dc:title>No data yet: the usual day of this time zone</dc:title>" in picture(report(evening, days=0))


def test_it_is_made_for_a_phone() -> None:
    drawn = peaks_chart(report(lambda *_: 0.0, hour=0), get_catalog("zh"), dark=True)
    assert drawn[16:24] == (1280).to_bytes(4) + (960).to_bytes(4)
