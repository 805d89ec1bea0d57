"""The picture of /stats videos: engagement and conversion of each video over its watch time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from peakdrop.metrics.reports import VideoFigures, VideosReport
from rendering.catalog import Catalog
from rendering.charts.axes import between, overlap, powers
from rendering.charts.canvas import MARGIN, SMALL, Canvas, Format, draw
from rendering.charts.key import Entry, draw_key
from rendering.charts.scales import WIDE, Scale, watch_scale
from rendering.charts.trends import FEWEST, trend
from rendering.stats import window_title

HEIGHT = 960
DOT, BETWEEN = 11, 32
# A few points are all named; of many, those that stand out.
ALL_NAMED, MOST_NAMED, NAME_ROOM = 8, 6, 300
LEAD = 7 / 6


@dataclass(frozen=True, slots=True)
class Panel:
    """One rate: its name, how its figures are written, its colour, and the videos of which it is known."""

    kind: str
    name: str
    colour: str
    points: tuple[tuple[VideoFigures, float, float], ...]

    @property
    def pairs(self) -> list[tuple[float, float]]:
        """(watch seconds, rate) of each video."""
        return [(watch, rate) for _, watch, rate in self.points]

    @property
    def scale(self) -> Scale:
        """From zero where the rates come near it, else only where they are."""
        rates = [rate for _, _, rate in self.points]
        low, high = min(rates), max(rates)
        if low > 0 and high > WIDE * median(rates):
            return Scale(low / 1.5, high * 1.2, is_log=True)
        if low < high / 2 or low == high:
            low = 0.0
        pad = (high - low) * 0.12 or 1.0
        return Scale(max(0.0, low - pad), high + pad / 2)

    @property
    def ticks(self) -> list[float]:
        """Round rates to write beside it."""
        marks = powers if self.scale.is_log else between
        return marks(self.scale.low, self.scale.high, 4 if self.scale.is_log else 3)


def videos_chart(report: VideosReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """Each video a point, 1280×960 pixels: interactions a second watched, and under it buyers by followers.

    A point is hollow where its watch time is an estimate; videos without watch time or rate are counted, not drawn.
    """

    def paint(canvas: Canvas) -> None:
        _paint(canvas, report, catalog)

    return draw(paint, height=HEIGHT, dark=dark, format=format)


def _paint(canvas: Canvas, report: VideosReport, catalog: Catalog) -> None:
    panels = [panel for panel in _panels(report, canvas, catalog) if panel.points]
    y = canvas.heading(_title(panels, canvas, catalog), _subtitle(report, catalog))
    notes = _notes(report, panels, canvas, catalog)
    if notes:
        y += 48
        draw_key(canvas, y, notes)
    if not panels:
        return
    bottom = canvas.height - 108.0
    each = (bottom - y - 24) / len(panels)
    written = [_written(panel.kind, tick, catalog) for panel in panels for tick in panel.ticks]
    left = MARGIN + max(canvas.measure(text, SMALL) for text in written) + 16
    watched = [watch for panel in panels for _, watch, _ in panel.points]
    x, marks = watch_scale(watched, left + 24, canvas.width - MARGIN - 24, catalog)
    for index, panel in enumerate(panels):
        top = y + 24 + each * index
        last = index == len(panels) - 1
        _draw_panel(canvas, panel, (left, top, top + each - (0 if last else BETWEEN)), x, catalog)
    for at, text in marks:
        half = canvas.measure(text) / 2
        canvas.line([(at, bottom), (at, bottom + 8)], canvas.palette.grey)
        canvas.text(max(at, left + half), bottom + 42, text, colour=canvas.palette.grey, anchor="center")
    middle = (left + canvas.width - MARGIN) / 2
    words = catalog.gettext("watch time of the video")
    canvas.text(middle, bottom + 84, words, colour=canvas.palette.grey, anchor="center")


def _panels(report: VideosReport, canvas: Canvas, catalog: Catalog) -> list[Panel]:
    palette = canvas.palette
    named = (
        ("engagement", catalog.gettext("Engagement: interactions a second watched"), palette.accent),
        ("conversion", catalog.gettext("Conversion: buyers / followers"), palette.contrast),
    )
    return [
        Panel(
            kind, name, colour,
            tuple(
                (one, one.watch_seconds, rate)
                for one in report.videos
                if one.watch_seconds and (rate := getattr(one, kind).value) is not None
            ),
        )
        for kind, name, colour in named
    ]  # fmt: skip


def _draw_panel(
    canvas: Canvas, panel: Panel, box: tuple[float, float, float], x: Callable[[float], float], catalog: Catalog
) -> None:
    """One rate over watch time; `box` is its left, top and bottom, the first 52 pixels of it for its name."""
    palette, (left, top, bottom) = canvas.palette, box
    draw_key(canvas, top + 34, [Entry(panel.colour, panel.name, dot=True)])
    placed = panel.scale.over(bottom, top + 84)
    right = canvas.width - MARGIN
    for tick in panel.ticks:
        y, text = placed(tick), _written(panel.kind, tick, catalog)
        canvas.line([(left, y), (right, y)], palette.grid)
        canvas.text(left - 16, y + 9, text, size=SMALL, colour=palette.grey, anchor="right")
    canvas.line([(left, bottom), (right, bottom)], palette.grey)
    spots = [(x(watch), placed(rate)) for _, watch, rate in panel.points]
    for (one, _, _), (at, y) in zip(panel.points, spots, strict=True):
        canvas.dot(at, y, DOT, panel.colour, hollow=one.watch_estimated, name=f"{panel.kind}-{one.video}")
    _name_points(canvas, panel, spots, (left, top + 44, right + MARGIN / 2, bottom))


def _name_points(
    canvas: Canvas, panel: Panel, spots: Sequence[tuple[float, float]], room: tuple[float, float, float, float]
) -> None:
    """Titles beside the points that matter most, where they cover neither points nor each other."""
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in spots]
    named = 0
    for index in _notable(panel):
        text = canvas.fit(short_title(panel.points[index][0], canvas), NAME_ROOM, SMALL)
        width = canvas.measure(text, SMALL)
        x, y = spots[index]
        away = DOT + 8
        for dx, dy in ((away, 10), (-away - width, 10), (-width / 2, -away - 4), (-width / 2, away + 20)):
            box = (x + dx - 4, y + dy - 26, x + dx + width + 4, y + dy + 8)
            inside = room[0] <= box[0] and box[2] <= room[2] and room[1] <= box[1] and box[3] <= room[3]
            if text and inside and not any(overlap(box, other) for other in taken):
                canvas.text(x + dx, y + dy, text, size=SMALL, halo=True)
                taken.append(box)
                named += 1
                break
        if named == MOST_NAMED and len(spots) > ALL_NAMED:
            return


def _notable(panel: Panel) -> list[int]:
    """The highest, the most watched, the lowest; then the others from above."""
    pairs = panel.pairs
    by_rate = sorted(range(len(pairs)), key=lambda index: (-pairs[index][1], -pairs[index][0]))
    most = max(range(len(pairs)), key=lambda index: pairs[index][0])
    return list(dict.fromkeys([by_rate[0], most, by_rate[-1], *by_rate]))


def short_title(one: VideoFigures, canvas: Canvas) -> str:
    """A video's title as far as it can be written, else its id."""
    return canvas.fit(one.title, NAME_ROOM, SMALL) or one.video


def _written(kind: str, rate: float, catalog: Catalog) -> str:
    return catalog.percent(rate) if kind == "conversion" else catalog.significant(rate)


def _subtitle(report: VideosReport, catalog: Catalog) -> str:
    title = window_title(report.window, catalog)
    if report.imported_at is None:
        return title
    local = report.imported_at.astimezone(report.window.zone)
    moment = f"{catalog.moment(local)} {catalog.zone(report.window.timezone, local)}"
    last = catalog.gettext("last import {moment}").format(moment=moment)
    return f"{title} · {last}"


def _notes(report: VideosReport, panels: Sequence[Panel], canvas: Canvas, catalog: Catalog) -> list[Entry]:
    drawn = {(one.platform, one.video): one for panel in panels for one, _, _ in panel.points}
    notes = []
    if any(one.watch_estimated for one in drawn.values()):
        words = catalog.gettext("watch time estimated")
        notes.append(Entry(canvas.palette.grey, words, dot=True, hollow=True))
    missing = len(report.videos) - len(drawn)
    if missing:
        words = catalog.ngettext("{n} video lacks figures", "{n} videos lack figures", missing)
        notes.append(Entry("", words.format(n=catalog.number(missing))))
    return notes


def _title(panels: Sequence[Panel], canvas: Canvas, catalog: Catalog) -> str:
    """The two trends, else the video that stands out, else the measure."""
    ways = {panel.kind: trend(panel.pairs) for panel in panels}
    titles = {
        (1, 1): catalog.gettext("Engagement and conversion rise with watch time"),
        (-1, -1): catalog.gettext("Engagement and conversion fall with watch time"),
        (1, -1): catalog.gettext("With watch time engagement rises, conversion falls"),
        (-1, 1): catalog.gettext("With watch time engagement falls, conversion rises"),
        (1, 0): catalog.gettext("Engagement rises with watch time"),
        (-1, 0): catalog.gettext("Engagement falls with watch time"),
        (0, 1): catalog.gettext("Conversion rises with watch time"),
        (0, -1): catalog.gettext("Conversion falls with watch time"),
    }
    found = titles.get((ways.get("engagement", 0), ways.get("conversion", 0)))
    if found is not None:
        return found
    for panel in panels:
        ranked = sorted(panel.points, key=lambda point: -point[2])
        if panel.kind == "engagement" and len(ranked) >= FEWEST and ranked[0][2] >= LEAD * ranked[1][2]:
            name = short_title(ranked[0][0], canvas)
            text = catalog.gettext("“{title}” engages most: {rate}")
            return text.format(title=name, rate=catalog.significant(ranked[0][2], 3))
    if not panels:
        return catalog.gettext("No video has watch time and a rate yet")
    return catalog.gettext("Engagement and conversion by watch time")
