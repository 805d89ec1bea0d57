"""The picture of /stats: a group's activity by day (or week, or month) over that of the window before."""

from __future__ import annotations

from itertools import groupby

from peakdrop.stats import OverviewReport
from rendering.catalog import Catalog
from rendering.charts.axes import apart, ticks
from rendering.charts.bars import Bar, Bars, make_bars
from rendering.charts.canvas import MARGIN, SMALL, TEXT, Canvas, Format, draw
from rendering.charts.few_days import draw_few_days, make_rows
from rendering.charts.findings import amount, find, month
from rendering.charts.key import Entry, draw_key, subtitle

HEIGHT = 720
TOP, BOTTOM = 268, 604
# Up to here each bar is labelled and needs no axis; from here on the axis has a few round figures.
LABELLED, FEW_DAYS, MONTHS_NAMED = 8, 2, 14
WIDEST_BAR, NAMES_APART = 200, 12


def activity_chart(report: OverviewReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """Messages and reactions of a window by local day, 1280×720 pixels; long windows by week or month, a day's mean.

    The window before stands pale behind, what is not over is hatched, what nobody saw is a gap.
    """

    def paint(canvas: Canvas) -> None:
        if 0 < len(report.days) <= FEW_DAYS:
            draw_few_days(canvas, make_rows(report, catalog), report, catalog)
        else:
            _paint(canvas, report, make_bars(report), catalog)

    return draw(paint, height=HEIGHT, dark=dark, format=format)


def _paint(canvas: Canvas, report: OverviewReport, bars: Bars, catalog: Catalog) -> None:
    finding = find(report, bars, catalog)
    base = canvas.heading(finding.title, subtitle(report.figures.window, catalog))
    if not bars.bars:
        return
    plot = _Plot(canvas, bars, catalog)
    plot.gaps()
    plot.grid()
    if bars.known:
        draw_key(canvas, base + 52, _key(report, bars, plot, catalog))
    for index, bar in enumerate(bars.bars):
        plot.bar(index, bar, soft=bool(finding.lit) and index not in finding.lit)
    canvas.line([(plot.left, BOTTOM), (plot.right, BOTTOM)], canvas.palette.grey)
    plot.values(finding.lit)
    plot.dates()


def _key(report: OverviewReport, bars: Bars, plot: _Plot, catalog: Catalog) -> list[Entry]:
    palette = plot.canvas.palette
    measures = {
        "day": catalog.gettext("messages and reactions"),
        "week": catalog.gettext("messages and reactions a day, by week"),
        "month": catalog.gettext("messages and reactions a day, by month"),
    }
    entries = [Entry(palette.accent, measures[bars.step])]
    if any(bar.before is not None for bar in bars.bars):
        entries.append(Entry(palette.pale, _before(report, bars, catalog)))
    if not bars.bars[-1].is_finished and bars.bars[-1].value is not None:
        unfinished = {
            "day": catalog.gettext("today so far"),
            "week": catalog.gettext("week not over"),
            "month": catalog.gettext("month not over"),
        }
        entries.append(Entry(palette.accent, unfinished[bars.step], hatched=True))
    if plot.unnamed_gap:
        entries.append(Entry(palette.band, catalog.gettext("no data")))
    return entries


def _before(report: OverviewReport, bars: Bars, catalog: Catalog) -> str:
    """The window before: by its dates, or where they would be too long by its length."""
    before = report.days_before
    if bars.step == "day":
        days = catalog.days(before[0].day, before[-1].day, report.days[-1].day)
        return catalog.gettext("before: {days}").format(days=days)
    if report.figures.window.name == "1y":
        return catalog.gettext("the year before")
    return catalog.gettext("the {n} days before").format(n=len(before))


class _Plot:
    """Where bars stand on the canvas."""

    def __init__(self, canvas: Canvas, bars: Bars, catalog: Catalog) -> None:
        self.canvas, self.bars, self.catalog = canvas, bars, catalog
        self.ticks = [] if len(bars.bars) <= LABELLED else ticks(bars.top)
        self.top = max(bars.top, 1)
        names = [canvas.measure(amount(tick, catalog), SMALL) for tick in self.ticks]
        self.left = MARGIN + (max(names) + 16 if names else 0)
        count = len(bars.bars)
        self.slot = (canvas.width - MARGIN - self.left) / count
        self.right = self.left + self.slot * count
        self.unnamed_gap = False

    def x(self, index: float) -> float:
        """The left edge of a bar's slot."""
        return self.left + self.slot * index

    def y(self, value: float) -> float:
        """How high a value reaches; 0 is the base line."""
        return BOTTOM - (BOTTOM - TOP) * value / self.top

    def gaps(self) -> None:
        """Faint bands where nothing was seen, with words where they fit."""
        words = self.catalog.gettext("no data")
        room = self.canvas.measure(words, SMALL) + 12
        for is_gap, run in groupby(enumerate(self.bars.bars), key=lambda one: one[1].value is None):
            if not is_gap:
                continue
            slots = [index for index, _ in run]
            low, high = self.x(slots[0]), self.x(slots[-1] + 1)
            self.canvas.rectangle(low, TOP, high - low, BOTTOM - TOP, self.canvas.palette.band, name=f"gap-{slots[0]}")
            if high - low >= room:
                middle = (low + high) / 2
                grey = self.canvas.palette.grey
                self.canvas.text(middle, BOTTOM - 24, words, size=SMALL, colour=grey, anchor="center")
            else:
                self.unnamed_gap = True

    def grid(self) -> None:
        """A few light lines with their figures."""
        for tick in self.ticks:
            y = self.y(tick)
            self.canvas.line([(self.left, y), (self.right, y)], self.canvas.palette.grid)
            name, grey = amount(tick, self.catalog), self.canvas.palette.grey
            self.canvas.text(self.left - 16, y + 9, name, size=SMALL, colour=grey, anchor="right")

    def bar(self, index: int, bar: Bar, *, soft: bool) -> None:
        """One bar before the pale one of the window before."""
        palette = self.canvas.palette
        middle = self.x(index + 0.5)
        if bar.before is not None and bar.value is not None:
            self._column(middle, 0.86, bar.before, palette.pale, f"before-{bar.first}")
        if bar.value is None:
            return
        if bar.is_finished:
            self._column(middle, 0.6, bar.value, palette.accent_soft if soft else palette.accent, f"bar-{bar.first}")
        else:
            self._column(middle, 0.6, bar.value, palette.accent, f"unfinished-{bar.first}", hatched=True)

    def _column(
        self, middle: float, share: float, value: float, colour: str, name: str, *, hatched: bool = False
    ) -> None:
        width = min(self.slot * share, WIDEST_BAR * share / 0.6)
        # A little is not nothing: at least two pixels.
        top = min(self.y(value), BOTTOM - 2) if value else BOTTOM
        paint = self.canvas.hatched if hatched and BOTTOM - top > 4 else self.canvas.rectangle
        paint(middle - width / 2, top, width, BOTTOM - top, colour, name=name)

    def values(self, lit: frozenset[int]) -> None:
        """The values over the bars: over each where they are few, else over the one the title speaks of or the best."""
        bars = self.bars.bars
        known = [index for index, bar in enumerate(bars) if bar.value is not None]
        shown = known
        if len(bars) > LABELLED:
            best = max(self.bars.known, default=0)
            shown = [index for index in known if best and bars[index].value == best]
            shown = shown if len(shown) == 1 else []
        for index in shown:
            value = bars[index].value or 0
            text = amount(value, self.catalog, 6)
            half = self.canvas.measure(text) / 2
            middle = min(max(self.x(index + 0.5), self.left + half), self.canvas.width - MARGIN / 2 - half)
            self.canvas.text(middle, self.y(value) - 12, text, anchor="center")

    def dates(self) -> None:
        """Days, months or years under the base line, as many as have room."""
        bars = self.bars.bars
        if len(bars) <= LABELLED and self.bars.step == "day":
            for index, bar in enumerate(bars):
                middle = self.x(index + 0.5)
                self.canvas.text(middle, BOTTOM + 42, self.catalog.weekday(bar.first), anchor="center")
                grey = self.canvas.palette.grey
                self.canvas.text(
                    middle, BOTTOM + 80, self.catalog.day(bar.first), size=SMALL, colour=grey, anchor="center"
                )
            return
        names = self._names()
        centred = self.bars.step != "month" or len(bars) <= MONTHS_NAMED
        spans = []
        for index, name in names:
            width = self.canvas.measure(name, TEXT)
            start = self.x(index + 0.5) - width / 2 if centred else self.x(index)
            start = min(start, self.canvas.width - MARGIN / 2 - width)
            spans.append((start, start + width))
        for (index, name), (start, _), fits in zip(names, spans, apart(spans, NAMES_APART), strict=True):
            if fits:
                at = self.x(index + 0.5) if centred else self.x(index)
                self.canvas.line([(at, BOTTOM), (at, BOTTOM + 8)], self.canvas.palette.grey)
                self.canvas.text(start, BOTTOM + 44, name, colour=self.canvas.palette.grey)

    def _names(self) -> list[tuple[int, str]]:
        """Bars that can carry a date: every seventh day, first weeks of months, months or Januaries."""
        bars, catalog = self.bars.bars, self.catalog
        if self.bars.step == "day":
            return [(i, catalog.day(bars[i].first)) for i in range((len(bars) - 1) % 7, len(bars), 7)]
        if self.bars.step == "week":
            return [
                (i, month(bar.last, catalog))
                for i, bar in enumerate(bars)
                if i == 0 or bars[i - 1].last.month != bar.last.month
            ]
        if len(bars) <= MONTHS_NAMED:
            return [(i, month(bar.first, catalog)) for i, bar in enumerate(bars)]
        return [(i, str(bar.first.year)) for i, bar in enumerate(bars) if i == 0 or bar.first.month == 1]
