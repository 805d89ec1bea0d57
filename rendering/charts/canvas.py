"""A picture in pixels, y downwards: bars, lines, dots and words in one palette, as PNG or SVG."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rendering.catalog import ellipsis
from rendering.charts.fonts import coverage, drawable, face

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Format: TypeAlias = Literal["png", "svg"]
Anchor: TypeAlias = Literal["left", "center", "right"]

WIDTH = 1280
MARGIN = 56
TITLE, TEXT, SMALL = 50.0, 30.0, 27.0
# At 72 dots per inch a point is a pixel, in both formats.
DPI = 72
# Unhinted letters are as wide in pixels as they are in SVG.
SETTINGS: Any = {"svg.hashsalt": "peakdrop", "svg.fonttype": "path", "text.hinting": "no_hinting"}
# Matplotlib's settings and font cache are one for all threads.
_DRAWING = Lock()


@dataclass(frozen=True, slots=True)
class Palette:
    """Paper, words, and one accent and one contrast that the colour-blind tell apart."""

    paper: str
    ink: str
    grey: str
    pale: str
    grid: str
    band: str
    accent: str
    accent_soft: str
    contrast: str


LIGHT = Palette(
    "#ffffff", "#1a222c", "#5a6572", "#d5dae1", "#e6e9ee", "#eef0f3", "#1668c1", "#74a6dc", "#c85a00"
)  # fmt: skip
DARK = Palette(
    "#17212b", "#f2f5f8", "#a9b4c0", "#3f4c59", "#2b3743", "#263340", "#62b0f7", "#41729e", "#f59e42"
)  # fmt: skip


class Canvas:
    """A sheet to draw on, in pixels from its upper left corner."""

    def __init__(self, figure: Figure, palette: Palette) -> None:
        from matplotlib.transforms import Affine2D

        self.palette = palette
        self.width, self.height = WIDTH, round(figure.get_figheight() * DPI)
        self.title = ""
        self._figure = figure
        self._layers = 0
        self._pixels = Affine2D().scale(1, -1).translate(0, self.height)

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str, *, name: str = "") -> None:
        """A filled rectangle; `name` becomes its id in SVG."""
        from matplotlib.patches import Rectangle

        self._add(Rectangle((x, y), width, height, facecolor=colour, linewidth=0), name)

    def hatched(self, x: float, y: float, width: float, height: float, colour: str, *, name: str = "") -> None:
        """A rectangle of slanting lines, for what is not over yet."""
        from matplotlib.patches import PathPatch, Rectangle
        from matplotlib.path import Path

        step, edge = 16.0, min(3.0, width / 2, height / 2)
        inner = Rectangle((x, y), width, height, transform=self._pixels)
        self._add(Rectangle((x, y), width, height, facecolor=self.palette.paper, linewidth=0), "")
        points = [
            point
            for n in range(int((width + height) / step) + 1)
            for point in ((x + n * step, y + height), (x + n * step - height, y))
        ]
        lines = Path([(a, b) for a, b in points], [Path.MOVETO, Path.LINETO] * (len(points) // 2))
        patch = PathPatch(lines, facecolor="none", edgecolor=colour, linewidth=4)
        self._add(patch, name)
        patch.set_clip_path(inner)
        frame = (x + edge / 2, y + edge / 2), width - edge, height - edge
        self._add(
            Rectangle(*frame, facecolor="none", edgecolor=colour, linewidth=edge, joinstyle="miter", snap=False), ""
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2) -> None:
        """A line through points."""
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        self._add(Line2D(xs, ys, color=colour, linewidth=width, solid_capstyle="butt"), "")

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False, name: str = "") -> None:
        """A point; hollow for an estimate."""
        from matplotlib.patches import Circle

        fill = self.palette.paper if hollow else colour
        edge = colour if hollow else self.palette.paper
        self._add(Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=4 if hollow else 2), name)

    def text(
        self, x: float, y: float, text: str, *, size: float = TEXT, colour: str = "", anchor: Anchor = "left",
        bold: bool = False, halo: bool = False,
    ) -> None:  # fmt: skip
        """One line of words on the base line `y`, on a rim of paper if `halo`; what has no glyph is left out."""
        ink = colour or self.palette.ink
        # The package brings one weight; a thin outline makes a heavier one of it.
        outline = (size / 36, ink) if bold else (6, self.palette.paper) if halo else None
        self._put(self._text(x, y, drawable(text), size, ink, anchor, outline))

    def measure(self, text: str, size: float = TEXT) -> float:
        """How wide a text is."""
        shown = drawable(text)
        if not shown:
            return 0.0
        artist = self._text(0, 0, shown, size, self.palette.ink, "left")
        artist.set_figure(self._figure)
        return float(artist.get_window_extent().width)

    def fit(self, text: str, width: float, size: float = TEXT) -> str:
        """The text, cut with an ellipsis where it is wider than `width`; "" where nothing has a glyph."""
        shown = drawable(text)
        if not shown or self.measure(shown, size) <= width:
            return shown
        low, high = 1, len(shown)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.measure(ellipsis(shown, middle), size) <= width else (low, middle)
        return ellipsis(shown, low)

    def heading(self, title: str, *lines: str) -> float:
        """The title and the lines under it, each made to fit; returns the base line of the last."""
        self.title = drawable(title)
        room = self.width - 2 * MARGIN
        size = TITLE
        while size > 36 and self.measure(title, size) > room:
            size -= 2
        y = 84.0
        self.text(MARGIN, y, self.fit(title, room, size), size=size, bold=True)
        for line in lines:
            y += 46
            small = TEXT if self.measure(line, TEXT) <= room else SMALL
            self.text(MARGIN, y, self.fit(line, room, small), size=small, colour=self.palette.grey)
        return y

    def _text(
        self, x: float, y: float, text: str, size: float, colour: str, anchor: Anchor,
        outline: tuple[float, str] | None = None,
    ) -> Any:  # fmt: skip
        from matplotlib.patheffects import withStroke
        from matplotlib.text import Text

        effects = None if outline is None else [withStroke(linewidth=outline[0], foreground=outline[1])]
        return Text(
            x, y, text, fontsize=size, color=colour, horizontalalignment=anchor, verticalalignment="baseline",
            parse_math=False, transform=self._pixels, path_effects=effects, **face(text),
        )  # fmt: skip

    def _add(self, artist: Artist, name: str) -> None:
        artist.set_transform(self._pixels)
        if name:
            artist.set_gid(name)
        self._put(artist)

    def _put(self, artist: Artist) -> None:
        # What is drawn later lies above, whatever it is.
        self._layers += 1
        artist.set_zorder(self._layers)
        self._figure.add_artist(artist)


def draw(paint: Callable[[Canvas], None], *, height: int, dark: bool, format: Format) -> bytes:
    """What `paint` draws, 1280 pixels wide; equal drawings give equal bytes. Safe in any thread, one at a time."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _DRAWING, mpl.rc_context(SETTINGS):
        coverage()
        palette = DARK if dark else LIGHT
        figure = Figure((WIDTH / DPI, height / DPI), dpi=DPI, facecolor=palette.paper)
        FigureCanvasAgg(figure)
        canvas = Canvas(figure, palette)
        paint(canvas)
        file = io.BytesIO()
        facts = {"Software": None} if format == "png" else {"Date": None, "Creator": "PeakDrop", "Title": canvas.title}
        figure.savefig(file, format=format, dpi=DPI, metadata=facts)
    if format == "png":
        return file.getvalue()
    in_points, in_pixels = (f'width="{WIDTH}{unit}" height="{height}{unit}"'.encode() for unit in ("pt", ""))
    return file.getvalue().replace(in_points, in_pixels, 1)
