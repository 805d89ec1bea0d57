"""A month of drops as a picture: a cell for each local day, what was posted and what is coming in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

from peakdrop.queue import MonthReport, weeks_of
from rendering.catalog import Catalog
from rendering.charts.canvas import MARGIN, SMALL, Canvas, Format, Palette, draw
from rendering.charts.key import Entry, draw_key
from rendering.drop_words import first_words, kind_words
from storage.drops import DropView, State

HEIGHT = 960
TOP, BOTTOM = 190, 892
LINE = 31
NUMBER = 38  # height of a day's number
TROUBLE = frozenset({State.FAILED, State.UNCERTAIN})
WAITING = frozenset({State.PAUSED, State.PROPOSED})


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands in a day: a drop, or one that its series brings later (then perhaps without a time yet)."""

    local: datetime
    drop: DropView
    is_planned: bool = False
    has_time: bool = True

    @property
    def place(self) -> tuple[time, bool, int]:
        """Where it stands in its day: what has no time yet comes last."""
        return (self.local.time() if self.has_time else time.max, self.is_planned, self.drop.number)


def month_chart(report: MonthReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """The month's drops by day: grey once posted, blue if coming, light blue by a series later, orange in trouble."""
    return draw(lambda canvas: _paint(canvas, report, catalog), height=HEIGHT, dark=dark, format=format)


def _paint(canvas: Canvas, report: MonthReport, catalog: Catalog) -> None:
    palette = canvas.palette
    canvas.heading(_title(report, catalog), f"{catalog.month(report.first)} · {report.community.title}")
    weeks = weeks_of(report.first)
    width = (canvas.width - 2 * MARGIN) / 7
    height = (BOTTOM - TOP) / len(weeks)
    by_day: dict[date, list[_Line]] = defaultdict(list)
    lines = [_Line(local, drop) for local, drop in report.drops]
    lines += [_Line(one.local, one.drop, True, one.has_time) for one in report.planned]
    for line in sorted(lines, key=lambda one: one.place):
        by_day[line.local.date()].append(line)
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
    if report.planned:
        entries.insert(2, Entry(palette.accent_soft, catalog.gettext("coming again")))
    if report.rules.blocked_days:
        entries.append(Entry(palette.band, catalog.gettext("no posting")))
    draw_key(canvas, BOTTOM + 46, entries)


def _draw_day(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    day: date,
    lines: list[_Line],
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
    shown = lines if len(lines) <= room else lines[: room - 1]
    for index, line in enumerate(shown):
        _draw_line(canvas, x + 8, y + NUMBER + index * LINE, width - 16, line, catalog)
    if len(shown) < len(lines):
        rest = catalog.gettext("+{n} more").format(n=len(lines) - len(shown))
        canvas.text(x + 14, y + NUMBER + len(shown) * LINE + 24, rest, size=24, colour=palette.grey)


def _draw_line(canvas: Canvas, x: float, y: float, width: float, line: _Line, catalog: Catalog) -> None:
    palette, drop = canvas.palette, line.drop
    name = f"planned-{drop.number}-{line.local:%d%H%M}" if line.is_planned else f"drop-{drop.number}"
    canvas.rectangle(x, y + 3, 6, LINE - 6, _bar(line, palette), name=name)
    words = first_words(drop.content) or kind_words(drop.content, catalog)
    said = f"{catalog.clock(line.local)} {words}" if line.has_time else words
    colour = palette.grey if line.is_planned else palette.ink
    canvas.text(x + 13, y + 24, canvas.fit(said, width - 12, 24), size=24, colour=colour)


def _bar(line: _Line, palette: Palette) -> str:
    state = line.drop.state
    if line.is_planned:
        return palette.accent_soft
    if state in TROUBLE or state in WAITING:
        return palette.contrast
    return palette.pale if state == State.SENT else palette.accent


def _title(report: MonthReport, catalog: Catalog) -> str:
    """How many were posted and are coming; where nothing is, that."""
    sent = sum(drop.state == State.SENT for _, drop in report.drops)
    coming = len(report.drops) - sent + len(report.planned)
    if not report.drops and not report.planned:
        return catalog.gettext("Nothing posted, nothing queued")
    if not coming:
        return catalog.ngettext("{n} drop posted", "{n} drops posted", sent).format(n=catalog.number(sent))
    if not sent:
        return catalog.ngettext("{n} drop coming", "{n} drops coming", coming).format(n=catalog.number(coming))
    return catalog.gettext("{sent} posted, {coming} coming").format(
        sent=catalog.number(sent), coming=catalog.number(coming)
    )
