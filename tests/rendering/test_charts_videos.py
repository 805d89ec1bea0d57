"""The videos picture: a point each, hollow where estimated, and no trend that could be chance."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import pytest
from matplotlib.text import Text

from peakdrop.metrics.reports import VideosReport
from rendering.catalog import get_catalog
from rendering.charts.canvas import Canvas
from rendering.charts.scales import watch_scale
from rendering.charts.trends import trend
from rendering.charts.videos import videos_chart
from tests.rendering import chart_samples as samples

ENGLISH = get_catalog("en")
Box = Sequence[float]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Box]]:
    """Where each text stands: left, lower, right and upper edge."""
    boxes: dict[str, list[Box]] = {}
    put = Canvas._put

    def note(self: Canvas, artist: Any) -> None:
        put(self, artist)
        if isinstance(artist, Text) and artist.get_text():
            boxes.setdefault(artist.get_text(), []).append(artist.get_window_extent().extents)

    monkeypatch.setattr(Canvas, "_put", note)
    return boxes


def svg_of(report: VideosReport) -> str:
    return videos_chart(report, ENGLISH, format="svg").decode()


def title_of(svg: str) -> str:
    found = re.search(r"<dc:title>([^<]+)", svg)
    assert found is not None
    return found.group(1)


def test_each_video_is_a_point_in_both_panels() -> None:
    svg = svg_of(samples.many(40))
    for kind in ("engagement", "conversion"):
        assert len(set(re.findall(rf'id="{kind}-(v\d+)"', svg))) == 40


def test_engagement_is_blue_and_conversion_orange_and_estimates_are_hollow() -> None:
    svg = svg_of(samples.many(4))
    fills = dict(re.findall(r'<g id="((?:engagement|conversion)-v\d+)">\s*<path [^>]*style="fill: (#\w+)', svg))
    assert fills["engagement-v1"] == "#1668c1"
    assert fills["conversion-v1"] == "#c85a00"
    assert fills["engagement-v0"] == fills["conversion-v3"] == "#ffffff"


def test_titles_stand_beside_their_points_and_never_on_each_other(written: dict[str, list[Box]]) -> None:
    for count in (1, 4, 9, 40):
        written.clear()
        videos_chart(samples.many(count), ENGLISH)
        boxes = [box for found in written.values() for box in found]
        for index, one in enumerate(boxes):
            assert one[0] >= 0
            assert one[2] <= 1280
            for other in boxes[index + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
                assert apart, (one, other)
    assert any("小鹿的一天" in text for text in written)


def test_a_title_without_a_glyph_gives_way_to_the_video(written: dict[str, list[Box]]) -> None:
    videos_chart(samples.videos(samples.video(8, 300, 100, 5)), ENGLISH)
    assert "v8" in written


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (samples.four(), "With watch time engagement rises, conversion falls"),
        (samples.many(3), "Engagement and conversion by watch time"),
        (samples.many(40), "Engagement and conversion by watch time"),
        (samples.videos(samples.video(1, None, 5, 5)), "No video has watch time and a rate yet"),
        (samples.videos(*(samples.video(n, 300 + n, 900 - n * 90, None) for n in range(6))), "Engagement falls with"),
    ],
)
def test_the_title_is_a_trend_only_where_there_is_one(report: VideosReport, title: str) -> None:
    assert title_of(svg_of(report)).startswith(title)


def test_videos_that_lack_figures_are_counted(written: dict[str, list[Box]]) -> None:
    videos_chart(samples.videos(samples.video(1, 300, 5, 5), samples.video(2, None, 5, 5)), ENGLISH)
    assert "1 video lacks figures" in written


@pytest.mark.parametrize("watch", [1, 0.004, 3.2e9])
@pytest.mark.parametrize("likes", [0, 1, 10**9])
def test_odd_figures_have_a_picture(watch: float, likes: int) -> None:
    report = samples.videos(samples.video(1, watch, likes, 0), samples.video(2, 3600, 100, 3))
    assert videos_chart(report, get_catalog("zh")).startswith(b"\x89PNG")
    assert videos_chart(samples.videos(samples.video(1, watch, likes, None)), ENGLISH).startswith(b"\x89PNG")


def test_a_trend_is_hardly_ever_chance() -> None:
    rng = random.Random(7)
    found = sum(trend([(rng.random(), rng.random()) for _ in range(20)]) != 0 for _ in range(2000))
    assert found / 2000 < 0.13
    assert trend([(n, n * n) for n in range(4)]) == 1
    assert trend([(n, -n) for n in range(4)]) == -1
    assert trend([(n, n) for n in range(3)]) == 0
    assert trend([(n, 1) for n in range(9)]) == 0


@pytest.mark.parametrize(
    ("seconds", "marks"),
    [
        ((300, 600), ["300 s", "350 s", "400 s", "450 s", "500 s", "550 s", "600 s"]),
        ((3600, 9000), ["60 min", "80 min", "100 min", "120 min", "140 min"]),
        ((7200, 36000), ["2 h", "4 h", "6 h", "8 h", "10 h"]),
        ((40, 50000), ["1 min", "10 min", "1 h", "10 h"]),
    ],
)
def test_watch_times_are_written_in_readable_units(seconds: tuple[float, float], marks: list[str]) -> None:
    assert [text for _, text in watch_scale(seconds, 0, 1000, ENGLISH)[1]] == marks
