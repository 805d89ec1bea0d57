"""Pictures of drops: the finding as title, the usual drop behind, bars to scale, nothing written over anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from matplotlib.text import Text

from peakdrop.drop_figures import Curve, DropFigures, DropReport, DropsReport, Figures
from peakdrop.windows import parse_window
from rendering.catalog import get_catalog
from rendering.charts.canvas import Canvas
from rendering.charts.drops import drop_chart, drops_chart
from storage.drop_content import Content
from storage.drops import DropView, State, Step, Timing
from tests.rendering.chart_samples import NOW, ZONE

ENGLISH, CHINESE = get_catalog("en"), get_catalog("zh")
HOUR = 3600


def view(number: int, text: str = "新片来了：小鹿第一次看海 🦌") -> DropView:
    """A sent drop as the charts need it."""
    values: dict[str, Any] = dict.fromkeys(DropView.__dataclass_fields__)
    values |= {"community_id": 1, "number": number, "state": State.SENT, "timing": Timing.TIME, "steps": Step.POSTED}
    return DropView(**values | {"content": Content(text), "buttons": (), "tags": ()})


def sent(number: int, answers: int, hours: float, text: str = "新片来了") -> DropFigures:
    points = tuple((int(hours * HOUR * (n + 1) / (answers + 2)), n + 1) for n in range(answers))
    figures = Figures(answers, None, 0, 0, None, None, answers)
    return DropFigures(view(number, text), NOW - timedelta(hours=hours), figures, Curve(points), None)


def report(answers: int, hours: float, usual: float | None = None) -> DropReport:
    end = int(min(hours, 7 * 24) * HOUR)
    curve = None if usual is None else ((0, 0.0), (end // 2, usual * 0.8), (end, usual))
    return DropReport(view(12), ZONE, NOW, sent(12, answers, hours), (), curve, 5)


def ranking(*answers: int, text: str = "新片来了") -> DropsReport:
    window = parse_window("30d", ZONE, NOW)
    assert window is not None
    drops = tuple(sent(n + 1, count, 30, text) for n, count in enumerate(answers))
    half = sorted(answers)[len(answers) // 2] if answers else None
    return DropsReport(window, drops, half, half)


def title_of(svg: bytes) -> str:
    found = re.search(r"<dc:title>([^<]+)", svg.decode())
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("answers", "usual", "title"),
    [
        (0, None, "Drop 12: no answers yet"),
        (1, None, "Drop 12: 1 answer"),
        (40, 10.0, "Drop 12: 40 answers, 4.0 times the usual drop"),
        (15, 10.0, "Drop 12: 15 answers, 50 % more than usual"),
        (10, 10.5, "Drop 12: 10 answers, much like the usual drop"),
        (6, 10.0, "Drop 12: 6 answers, 40 % fewer than usual"),
        (6, 0.0, "Drop 12: 6 answers"),
    ],
)
def test_the_title_is_the_finding(answers: int, usual: float | None, title: str) -> None:
    assert title_of(drop_chart(report(answers, 30, usual), ENGLISH, format="svg")) == title


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Each text that is written, and where."""
    found: list[tuple[str, Any]] = []
    put = Canvas._put

    def note(self: Canvas, artist: Any) -> None:
        put(self, artist)
        if isinstance(artist, Text) and artist.get_text():
            found.append((artist.get_text(), artist.get_window_extent().extents))

    monkeypatch.setattr(Canvas, "_put", note)
    return found


def assert_apart(boxes: list[tuple[str, Any]]) -> None:
    for index, (text, one) in enumerate(boxes):
        assert one[0] >= 0, text
        assert one[2] <= 1280, text
        for other_text, other in boxes[index + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            assert apart, (text, other_text)


@pytest.mark.parametrize("hours", [0.01, 0.9, 1.8, 5, 11, 23, 30, 47, 71, 100, 167, 24 * 400])
@pytest.mark.parametrize("answers", [1, 7, 12_345])
def test_whatever_its_age_nothing_is_written_over_anything(
    boxes: list[tuple[str, Any]], hours: float, answers: int
) -> None:
    picture = drop_chart(report(answers, hours, answers * 0.97), CHINESE)
    assert picture.startswith(b"\x89PNG")
    assert_apart(boxes)
    assert picture[16:24] == (1280).to_bytes(4) + (720).to_bytes(4)


def test_a_long_drops_words_are_cut_never_when_it_is_from(boxes: list[tuple[str, Any]]) -> None:
    long = replace(report(30, 90), drop=view(12, "小鹿的第四条：今天的好物清单，链接和小故事都在这里 " * 3))
    drop_chart(long, ENGLISH)
    (under,) = [text for text, _ in boxes if "posted Fri" in text or " · posted " in text]
    assert under.endswith("Shanghai")
    assert "…" in under.split(" · ")[0]


def test_a_drop_is_shown_until_nothing_came_any_more(boxes: list[tuple[str, Any]]) -> None:
    old = replace(report(5, 150), sent=replace(sent(12, 5, 4), sent_at=NOW - timedelta(hours=150)))
    drop_chart(old, ENGLISH)
    assert [text for text, _ in boxes if text.endswith(" h")] == ["1 h", "2 h", "3 h", "4 h", "5 h", "6 h"]
    assert "Drop 12: 5 answers" in [text for text, _ in boxes]


@pytest.mark.parametrize("answers", [(), (0,), (0, 0, 0), (5,), (90, 40, 40, 3), tuple(range(40, 0, -1))])
def test_ranked_bars_are_to_scale(boxes: list[tuple[str, Any]], answers: tuple[int, ...]) -> None:
    long = "A very long first line of a post that cannot stand beside a bar as it is, 也有中文"
    svg = drops_chart(ranking(*answers, text=long), ENGLISH, format="svg").decode()
    assert_apart(boxes)
    widths = {}
    for name, path in re.findall(r'id="drop-(\d+)">\s*<path d="([^"]+)"', svg):
        xs = [float(x) for x in re.findall(r"[ML] (-?[\d.]+) ", path)]
        widths[int(name)] = max(xs) - min(xs)
    assert len(widths) == min(len(answers), 8)
    if answers and answers[0]:
        for number, width in widths.items():
            assert width == pytest.approx(widths[1] * answers[number - 1] / answers[0], abs=0.1)


def test_the_leader_is_named_where_one_leads() -> None:
    assert title_of(drops_chart(ranking(90, 40), ENGLISH, format="svg")) == "Drop 1 leads with 90 answers"
    assert title_of(drops_chart(ranking(41, 40), ENGLISH, format="svg")) == "Answers by drop"
    assert title_of(drops_chart(ranking(0, 0), ENGLISH, format="svg")) == "No answers to drops yet"
    assert title_of(drops_chart(ranking(90, 40), CHINESE, format="svg")) == "投放 1 以 90 次互动领先"
