"""Pictures are real pictures: the right size, readable in every script, equal each time, and safe in threads."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import image
from matplotlib.text import Text

from rendering.catalog import get_catalog
from rendering.charts import canvas, fonts
from rendering.charts.activity import activity_chart
from rendering.charts.axes import apart, between, powers, ticks
from rendering.charts.canvas import Canvas, Palette, draw
from rendering.charts.videos import videos_chart
from tests.rendering import chart_samples as samples

NAMES = (
    "Mia 🌸", "小鹿🦌", "\U0001f469\u200d\U0001f469\u200d\U0001f467 Фёдор", "محمد علي", "Łódź", "小鹿ź",
    "한국 Kim", "🌸", "1\ufe0f\u20e3 $x$ 5_a", "नमस्ते e\u0301", "\ud800a\u202e",
)  # fmt: skip
ALL: dict[str, Callable[..., bytes]] = {
    "days": lambda catalog, **how: activity_chart(samples.overview("7d"), catalog, **how),
    "hours": lambda catalog, **how: activity_chart(samples.overview("today"), catalog, **how),
    "videos": lambda catalog, **how: videos_chart(samples.many(12), catalog, **how),
}


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def pixels(png: bytes) -> Any:
    return image.imread(io.BytesIO(png))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Each text that was put on a picture, with its size in pixels."""
    texts: list[tuple[str, float]] = []
    put = Canvas._put

    def note(self: Canvas, artist: Any) -> None:
        if isinstance(artist, Text):
            texts.append((artist.get_text(), float(artist.get_fontsize())))
        put(self, artist)

    monkeypatch.setattr(Canvas, "_put", note)
    return texts


@pytest.mark.parametrize(("kind", "height"), [("days", 720), ("hours", 720), ("videos", 960)])
@pytest.mark.parametrize("dark", [False, True])
def test_png_has_the_promised_size_and_paper(kind: str, height: int, dark: bool) -> None:
    png = ALL[kind](get_catalog("zh"), dark=dark)
    assert size_of(png) == (1280, height)
    corner = pixels(png)[2, 2, :3]
    assert bool(corner.mean() < 0.3) is dark


@pytest.mark.parametrize("kind", ALL)
def test_svg_is_in_pixels_and_names_its_message(kind: str) -> None:
    svg = ALL[kind](get_catalog("en"), format="svg").decode()
    height = 960 if kind == "videos" else 720
    assert f'width="1280" height="{height}" viewBox="0 0 1280 {height}"' in svg
    assert re.search(r"<dc:title>\S+", svg)
    assert "dc:date" not in svg


@pytest.mark.parametrize(("kind", "format"), list(product(ALL, ("png", "svg"))))
def test_equal_reports_give_equal_bytes(kind: str, format: str) -> None:
    first = ALL[kind](get_catalog("en"), format=format)
    assert ALL[kind](get_catalog("en"), format=format) == first


def test_threads_draw_what_one_draws_alone() -> None:
    english, chinese = get_catalog("en"), get_catalog("zh")
    alone = [chart(catalog) for chart in ALL.values() for catalog in (english, chinese)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(chart, catalog) for chart in ALL.values() for catalog in (english, chinese)]
        assert [job.result() for job in jobs] == alone


def test_settings_of_matplotlib_stay_as_they_were() -> None:
    before = dict(mpl.rcParams)
    for chart in ALL.values():
        chart(get_catalog("en"), format="svg")
    assert dict(mpl.rcParams) == before


def test_matplotlib_comes_with_the_first_picture_and_pyplot_never() -> None:
    code = (
        "import sys\n"
        "from rendering.charts.activity import activity_chart\n"
        "from rendering.charts.videos import videos_chart\n"
        "assert not any(name.startswith('matplotlib') for name in sys.modules)\n"
        "from tests.rendering import chart_samples\n"
        "from rendering.catalog import get_catalog\n"
        "activity_chart(chart_samples.overview('7d'), get_catalog('en'))\n"
        "videos_chart(chart_samples.four(), get_catalog('zh'), format='svg')\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_is_too_small_for_a_phone(kind: str, language: str, written: list[tuple[str, float]]) -> None:
    ALL[kind](get_catalog(language))
    assert written
    assert min(size for _, size in written) >= 24


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format", ["png", "svg"])
def test_names_are_written_without_boxes(name: str, format: Any) -> None:
    def paint(sheet: Canvas) -> None:
        sheet.text(40, 60, name)
        sheet.text(40, 120, sheet.fit(name * 9, 300))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = draw(paint, height=200, dark=False, format=format)
    assert b"LastResort" not in svg


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Mia 🌸", "Mia"), ("小鹿🦌的一天", "小鹿的一天"), ("\U0001f469\u200d\U0001f467 Фёдор", "Фёдор"), ("🌸", ""),
        ("محمد علي", "محمد علي"), ("한국 Kim", "Kim"), ("e\u0301", "é"), ("1\ufe0f\u20e3", "1"), ("a\nb", "a b"),
        ("🌸\u0301x", "x"),
    ],
)  # fmt: skip
def test_what_has_no_glyph_is_left_out(name: str, left: str) -> None:
    assert fonts.drawable(name) == left


def test_a_long_name_is_cut_to_the_pixel_and_never_wider() -> None:
    widths: list[float] = []

    def paint(sheet: Canvas) -> None:
        for name in ("春季新品上架，限时三天，错过再等一年", "a very long name indeed, longer than there is room"):
            short = sheet.fit(name, 240)
            assert short.endswith("…")
            widths.append(sheet.measure(short))
        assert sheet.fit("short", 240) == "short"

    draw(paint, height=100, dark=False, format="png")
    assert all(180 < width <= 240 for width in widths)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [canvas.LIGHT, canvas.DARK])
def test_words_and_points_stand_out_from_the_paper(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) > 12
    assert contrast(palette.grey, palette.paper) > 4.5
    assert contrast(palette.accent, palette.paper) > 4
    assert contrast(palette.contrast, palette.paper) > 4
    # Values are written across bars of the window before.
    assert contrast(palette.ink, palette.pale) > 7


def test_round_figures_and_room() -> None:
    assert ticks(591) == [200, 400]
    assert ticks(3) == [1, 2, 3]
    assert ticks(0) == []
    assert between(300, 600, 6) == [300, 350, 400, 450, 500, 550, 600]
    assert between(4.35, 5.04, 3) == [4.4, 4.6, 4.8, 5.0]
    assert powers(2, 600, 4) == [10, 100]
    assert powers(1, 40, 6) == [1, 2, 5, 10, 20]
    assert apart([(0, 10), (12, 20), (40, 50)], 5) == [True, False, True]
