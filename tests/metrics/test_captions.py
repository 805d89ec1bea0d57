"""`/stats videos` stands below a picture: it fits there, however many videos there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from peakdrop.conversion import conversion
from peakdrop.engagement import engagement
from peakdrop.metrics.reports import CommunityRates, VideoFigures, VideosReport
from peakdrop.windows import parse_window
from rendering.catalog import get_catalog, plain
from rendering.videos import CAPTION, render_videos

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("videos", [1, 6, 40, 300])
def test_any_number_of_videos_fits_below_a_picture(language: str, videos: int) -> None:
    window = parse_window("30d", "Asia/Shanghai", NOW)
    assert window is not None
    rate, share = engagement(100, 50, 20, 300), conversion(50, 1000)
    one = VideoFigures(
        platform="xiaohongshu", video="v", title="", date=date(2026, 11, 20), published_on=None,
        watch_seconds=3600.5, watch_estimated=True, views=10, likes=100, comments=50, shares=20, followers=1000,
        buyers=50, engagement=rate, conversion=share,
    )  # fmt: skip
    rates = CommunityRates(rate, share, videos, estimated=True, first_seen=videos, incomparable=3, by_orders=True)
    many = tuple(replace(one, title=f"👩‍👩‍👧 a very long title of a video, number {n} <b>&") for n in range(videos))
    text = plain(render_videos(VideosReport(window, many, rates, NOW), get_catalog(language)))
    assert len(text.encode("utf-16-le")) // 2 <= CAPTION
    assert "1. " in text
