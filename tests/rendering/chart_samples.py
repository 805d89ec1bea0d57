"""Reports for pictures, written by us: groups of every size and shape, seen on 22 November at 21:05 in Shanghai."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from peakdrop.conversion import conversion
from peakdrop.coverage import Coverage
from peakdrop.engagement import engagement
from peakdrop.metrics.reports import CommunityRates, VideoFigures, VideosReport
from peakdrop.rates import UNKNOWN_RATE
from peakdrop.stats import DayBar, Figures, OverviewReport
from peakdrop.windows import Window, midnight, parse_window, window_before
from storage.communities import CommunityView

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ZONE = "Asia/Shanghai"
FIRST = datetime(2021, 2, 3, tzinfo=UTC)
Shape = Callable[[date], int | None]


def lively(day: date) -> int:
    """A group with a lively Thursday, slowly growing."""
    weekday = (0, 0, 30, 190, 20, 60, -40)[day.weekday()]
    year = 40 * math.sin(day.toordinal() / 58)
    return round(260 + weekday + year + (day.toordinal() - 739_000) / 12 + day.toordinal() * 37 % 41)


def overview(window: str, shape: Shape = lively, *, compared: bool = False, zone: str = ZONE) -> OverviewReport:
    """The overview of a window whose days are as `shape` says."""
    seen = parse_window(window, zone, NOW, FIRST)
    assert seen is not None
    before = window_before(seen)
    return OverviewReport(
        community=CommunityView(1, "supergroup", "小鹿🦌", -1001, False, zone, None, False, FIRST),
        figures=_figures(seen),
        before=None if before is None else _figures(before),
        compared=compared,
        busiest=None,
        topics=(),
        days=_days(seen, shape),
        days_before=() if before is None else _days(before, shape),
    )


def _days(window: Window, shape: Shape) -> tuple[DayBar, ...]:
    local = window.as_of.astimezone(window.zone)
    bars = []
    for day in window.days():
        value = shape(day)
        finished = window.as_of >= midnight(day + timedelta(days=1), window.zone)
        if day == local.date() and value is not None:
            value = value * (local.hour * 60 + local.minute) // 1440
        if day <= local.date():
            bars.append(DayBar(day, value, finished))
    return tuple(bars)


def _figures(window: Window) -> Figures:
    rates = CommunityRates(UNKNOWN_RATE, UNKNOWN_RATE, 0, False, 0, 0, False)
    return Figures(window, Coverage(1.0, (), True), 1284, 588, 212.0, 588, 900, 3940, 5102, 800, 40, 3, 9042, rates)


TITLES = (
    "First light on the harbour", "小鹿🦌的一天", "How we bake: flour, water, time and nothing else at all", "Mia 🌸",
    "👩‍👩‍👧 Фёдор готовит", "محمد علي في السوق", "$5 & <b>x_1</b> {0}", "春季新品上架，限时三天，错过再等一年",
    "🌸🌸🌸",
)  # fmt: skip


def video(
    number: int, watch: float | None, interactions: int, buyers: int | None, *, estimated: bool = False
) -> VideoFigures:
    """A video of which the interactions are all likes; followers are 1,000 more with each."""
    followers = 1000 + 500 * number
    return VideoFigures(
        "douyin", f"v{number}", TITLES[number % len(TITLES)], date(2026, 11, 1), date(2026, 11, 20),
        watch, estimated, None, interactions, 0, 0, followers, buyers,
        engagement(interactions, 0, 0, watch), conversion(buyers, followers),
    )  # fmt: skip


def videos(*figures: VideoFigures, window: str = "all") -> VideosReport:
    """The report of these videos."""
    seen = parse_window(window, ZONE, NOW, datetime(2026, 11, 1, tzinfo=UTC))
    assert seen is not None
    rates = CommunityRates(UNKNOWN_RATE, UNKNOWN_RATE, len(figures), False, 0, 0, False)
    return VideosReport(seen, figures, rates, NOW)


def four() -> VideosReport:
    """Four videos: engagement rises with watch time, conversion falls."""
    rows = ((300, 170, 50), (400, 255, 70), (500, 340, 90), (600, 425, 110))
    named = zip("ABCD", rows, strict=True)
    return videos(*(replace(video(n, *row), title=name) for n, (name, row) in enumerate(named)))


def many(count: int) -> VideosReport:
    """So many videos of all lengths, a third of them estimated."""
    figures = []
    for n in range(count):
        watch = 900.0 * (1 + n * 17 % 43) ** 1.7
        figures.append(
            video(n, watch, round(watch * (0.2 + (n * 29 % 31) / 60)), 20 + n * 13 % 37, estimated=n % 3 == 0)
        )
    return videos(*figures)
