"""A month of drops as a picture: a cell for each local day, what was posted and what is coming in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from peakdrop.queue import MonthReport, weeks_of
from rendering.catalog import Catalog
from rendering.charts.canvas import MARGIN, SMALL, Canvas, Format, draw
from rendering.charts.key import Entry, draw_key
from rendering.drop_words import first_words, kind_words
from storage.drops import DropView, State

HEIGHT = 960
TOP, BOTTOM = 190, 892
LINE = 31
NUMBER = 38  # height of a day's number
TROUBLE = frozenset({State.FAILED, State.UNCERTAIN})
WAITING = frozenset({State.PAUSED, State.PROPOSED})


def month_chart(report: MonthReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """The month's drops by day: posted ones grey, coming ones blue, in trouble or waiting ones orange."""
    return draw(lambda canvas: _paint(canvas, report, catalog), height=HEIGHT, dark=dark, format=format)


def _paint(canvas: Canvas, report: MonthReport, catalog: Catalog) -> None:
    palette = canvas.palette
    canvas.heading(_title(report, catalog), f"{catalog.month(report.first)} · {report.community.title}")
    weeks = weeks_of(report.first)
    width = (canvas.width - 2 * MARGIN) / 7
    height = (BOTTOM - TOP) / len(weeks)
    by_day: dict[date, list[tuple[datetime, DropView]]] = defaultdict(list)
    for local, drop in report.drops:
        by_day[local.date()].append((local, drop))
    for column in range(7):
        name = catalog.weekday(weeks[0][column])
        canvas.text(MARGIN + column * width + 12, TOP - 12, name, size=SMALL, colour=palette.grey)
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month == report.first.month:
                box = (MARGIN + column * width, TOP + row * height, width, height)
                _draw_day(canvas, box, day, by_day[day], report, catalog)
    entries = [
        Entry(palette.pale, catalog.gettext("posted")),
        Entry(palette.accent, catalog.gettext("coming")),
        Entry(palette.contrast, catalog.gettext("needs a look")),
    ]
    if report.rules.blocked_days:
        entries.append(Entry(palette.band, catalog.gettext("no posting")))
    draw_key(canvas, BOTTOM + 46, entries)


def _draw_day(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    day: date,
    drops: list[tuple[datetime, DropView]],
    report: MonthReport,
    catalog: Catalog,
) -> None:
    """The day's number and as many of its drops as there is room for; of more, how many."""
    palette, (x, y, width, height) = canvas.palette, box
    is_blocked = day.weekday() in report.rules.blocked_days
    canvas.rectangle(x + 3, y + 3, width - 6, height - 6, palette.band if is_blocked else palette.paper)
    canvas.line([(x + 3, y + 3), (x + width - 3, y + 3)], palette.accent if day == report.today else palette.grid, 4)
    colour = palette.accent if day == report.today else palette.ink if day > report.today else palette.grey
    canvas.text(x + 12, y + 33, str(day.day), size=SMALL, colour=colour, bold=day == report.today)
    room = max(2, int((height - NUMBER) // LINE))
    shown = drops if len(drops) <= room else drops[: room - 1]
    for index, (local, drop) in enumerate(shown):
        _draw_drop(canvas, x + 8, y + NUMBER + index * LINE, width - 16, local, drop, catalog)
    if len(shown) < len(drops):
        rest = catalog.gettext("+{n} more").format(n=len(drops) - len(shown))
        canvas.text(x + 14, y + NUMBER + len(shown) * LINE + 24, rest, size=24, colour=palette.grey)


def _draw_drop(
    canvas: Canvas, x: float, y: float, width: float, local: datetime, drop: DropView, catalog: Catalog
) -> None:
    palette = canvas.palette
    is_odd = drop.state in TROUBLE or drop.state in WAITING
    bar = palette.pale if drop.state == State.SENT else palette.contrast if is_odd else palette.accent
    canvas.rectangle(x, y + 3, 6, LINE - 6, bar, name=f"drop-{drop.number}")
    words = first_words(drop.content) or kind_words(drop.content, catalog)
    clock = catalog.clock(local)
    canvas.text(x + 13, y + 24, canvas.fit(f"{clock} {words}", width - 12, 24), size=24)


def _title(report: MonthReport, catalog: Catalog) -> str:
    """How many were posted and are coming; where nothing is, that."""
    sent = sum(drop.state == State.SENT for _, drop in report.drops)
    coming = len(report.drops) - sent
    if not report.drops:
        return catalog.gettext("Nothing posted, nothing queued")
    if not coming:
        return catalog.ngettext("{n} drop posted", "{n} drops posted", sent).format(n=catalog.number(sent))
    if not sent:
        return catalog.ngettext("{n} drop coming", "{n} drops coming", coming).format(n=catalog.number(coming))
    return catalog.gettext("{sent} posted, {coming} coming").format(
        sent=catalog.number(sent), coming=catalog.number(coming)
    )
