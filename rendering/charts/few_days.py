"""Activity of one day or two beside the day before, as bars that lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from peakdrop.stats import DayBar, OverviewReport
from rendering.catalog import Catalog
from rendering.charts.bars import days_before
from rendering.charts.canvas import MARGIN, Canvas
from rendering.charts.findings import moved
from rendering.charts.key import subtitle

TOP, BOTTOM = 230, 684
THICKEST, VALUE = 130, 38


@dataclass(frozen=True, slots=True)
class Row:
    """A day with its name; `is_before` belongs to the window before and stands pale."""

    name: str
    bar: DayBar
    is_before: bool = False


def make_rows(report: OverviewReport, catalog: Catalog) -> list[Row]:
    """The newest day first, then the day before up to the same time, then the rest."""
    own = [Row(_name(bar, report, catalog), bar) for bar in reversed(report.days)]
    is_over = all(bar.is_finished for bar in report.days)
    # Beside a day that is not over, only what stops at the same hour compares.
    before = [bar for bar in days_before(report) if is_over or not bar.is_finished]
    others = [Row(_name(bar, report, catalog), bar, is_before=True) for bar in reversed(before)]
    return [*own, *others] if is_over else [*own[:1], *others, *own[1:]]


def _name(bar: DayBar, report: OverviewReport, catalog: Catalog) -> str:
    window = report.figures.window
    local = window.as_of.astimezone(window.zone)
    day = bar.day
    if day == local.date():
        return catalog.gettext("today so far")
    name = f"{catalog.weekday(day)} {catalog.day(day)}"
    if day == local.date() - timedelta(days=1):
        name = catalog.gettext("yesterday")
    if bar.is_finished:
        return name
    return catalog.gettext("{day} by {time}").format(day=name, time=catalog.clock(local))


def draw_few_days(canvas: Canvas, rows: Sequence[Row], report: OverviewReport, catalog: Catalog) -> None:
    """Heading and rows; a row that nobody saw says so."""
    palette = canvas.palette
    base = canvas.heading(_title(rows, catalog), subtitle(report.figures.window, catalog))
    canvas.text(MARGIN, base + 46, catalog.gettext("messages and reactions"), colour=palette.grey)
    left = MARGIN + max(canvas.measure(_capital(row.name)) for row in rows) + 28
    widest = max(canvas.measure(catalog.number(row.bar.activity), VALUE) for row in rows)
    room = canvas.width - MARGIN - left - widest - 16
    top = max([1, *(row.bar.activity or 0 for row in rows)])
    height = min((BOTTOM - TOP) / len(rows) * 0.72, THICKEST)
    pitch = height / 0.72
    start = TOP + ((BOTTOM - TOP) - pitch * len(rows)) / 2
    for index, row in enumerate(rows):
        y = start + pitch * index + (pitch - height) / 2
        colour = palette.grey if row.is_before else palette.ink
        canvas.text(left - 24, y + height / 2 + 11, _capital(row.name), anchor="right", colour=colour)
        _draw_row(canvas, row, (left, y, room * max(0, row.bar.activity or 0) / top, height), room, catalog)
    canvas.line([(left, start), (left, start + pitch * len(rows))], palette.grey)


def _draw_row(canvas: Canvas, row: Row, box: tuple[float, float, float, float], room: float, catalog: Catalog) -> None:
    """One bar with its value behind it."""
    palette, (left, y, width, height) = canvas.palette, box
    middle = y + height / 2
    if row.bar.activity is None:
        canvas.rectangle(left, y, room, height, palette.band, name=f"gap-{row.bar.day}")
        canvas.text(left + 20, middle + 11, catalog.gettext("no data"), colour=palette.grey)
        return
    if width > 4 and not row.is_before and not row.bar.is_finished:
        canvas.hatched(left, y, width, height, palette.accent, name=f"unfinished-{row.bar.day}")
    else:
        colour, kind = (palette.pale, "before") if row.is_before else (palette.accent, "bar")
        canvas.rectangle(left, y, width, height, colour, name=f"{kind}-{row.bar.day}")
    canvas.text(left + width + 16, middle + 14, catalog.number(row.bar.activity), size=VALUE)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(rows: Sequence[Row], catalog: Catalog) -> str:
    """The newest day against the first one of the window before, which stops at the same hour."""
    first = rows[0].bar
    if first.activity is None:
        return catalog.gettext("No data for these days")
    if not any(row.bar.activity for row in rows):
        return catalog.gettext("No messages or reactions")
    n = catalog.number(first.activity)
    plain = catalog.ngettext("{n} message or reaction", "{n} messages and reactions", first.activity).format(n=n)
    if len(rows) < 2 or not rows[1].is_before or rows[1].bar.activity is None:
        return plain
    change = moved(first.activity, rows[1].bar.activity)
    if change is None:
        return plain
    share = catalog.number(abs(change) * 100) + ("%" if catalog.is_chinese else " %")
    more, fewer = catalog.gettext("{n}, {share} more than {day}"), catalog.gettext("{n}, {share} fewer than {day}")
    return (more if change > 0 else fewer).format(n=n, share=share, day=rows[1].name)
