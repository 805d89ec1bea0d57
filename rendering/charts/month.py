"""A month of drops as a picture: a cell for each local day, what was posted and what is coming in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
LINE = 31  # a drop's height where its time and words share a line
TALL = 66  # and where the words stand below the time: to be read on a phone
NUMBER = 38  # height of a day's number
EMPTY = 60  # least height of a week
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
    by_day: dict[date, list[_Line]] = defaultdict(list)
    lines = [_Line(local, drop) for local, drop in report.drops]
    lines += [_Line(one.local, one.drop, True, one.has_time) for one in report.planned]
    for line in sorted(lines, key=lambda one: one.place):
        by_day[line.local.date()].append(line)
    for column in range(7):
        name = catalog.weekday(weeks[0][column])
        canvas.text(MARGIN + column * width + 12, TOP - 12, name, size=SMALL, colour=palette.grey)
    heights, height_of_one = _heights([max(len(by_day[day]) for day in week) for week in weeks])
    top = float(TOP)
    for week, height in zip(weeks, heights, strict=True):
        for column, day in enumerate(week):
            if day.month == report.first.month:
                box = (MARGIN + column * width, top, width, height)
                _draw_day(canvas, box, day, by_day[day], report, catalog, height_of_one)
        top += height
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


def _heights(busiest: Sequence[int]) -> tuple[list[float], int]:
    """The height of each week by the drops of its fullest day, and of a drop: as tall as the month leaves room for."""
    for line in (TALL, LINE):
        wanted = [max(EMPTY, NUMBER + 8 + count * line) for count in busiest]
        spare = BOTTOM - TOP - sum(wanted)
        if spare >= 0:
            return [height + spare / len(wanted) for height in wanted], line
    return [(BOTTOM - TOP) / len(busiest)] * len(busiest), LINE


def _draw_day(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    day: date,
    lines: list[_Line],
    report: MonthReport,
    catalog: Catalog,
    height_of_one: int,
) -> None:
    """The day's number and as many of its drops as there is room for; of more, how many."""
    palette, (x, y, width, height) = canvas.palette, box
    is_blocked = day.weekday() in report.rules.blocked_days
    canvas.rectangle(x + 3, y + 3, width - 6, height - 6, palette.band if is_blocked else palette.paper)
    canvas.line([(x + 3, y + 3), (x + width - 3, y + 3)], palette.accent if day == report.today else palette.grid, 4)
    colour = palette.accent if day == report.today else palette.ink if day > report.today else palette.grey
    canvas.text(x + 12, y + 33, str(day.day), size=SMALL, colour=colour, bold=day == report.today)
    room = max(2, int((height - NUMBER) // height_of_one))
    shown = lines if len(lines) <= room else lines[: room - 1]
    for index, line in enumerate(shown):
        _draw_line(canvas, (x + 8, y + NUMBER + index * height_of_one, width - 16, height_of_one), line, catalog)
    if len(shown) < len(lines):
        rest = catalog.gettext("+{n} more").format(n=len(lines) - len(shown))
        canvas.text(x + 14, y + NUMBER + len(shown) * height_of_one + 24, rest, size=24, colour=palette.grey)


def _draw_line(canvas: Canvas, box: tuple[float, float, float, float], line: _Line, catalog: Catalog) -> None:
    palette, drop, (x, y, width, height) = canvas.palette, line.drop, box
    name = f"planned-{drop.number}-{line.local:%d%H%M}" if line.is_planned else f"drop-{drop.number}"
    canvas.rectangle(x, y + 3, 6, height - 6, _bar(line, palette), name=name)
    words = first_words(drop.content) or kind_words(drop.content, catalog)
    colour = palette.grey if line.is_planned else palette.ink
    if height == TALL:
        time_ = catalog.clock(line.local) if line.has_time else catalog.gettext("peak")
        canvas.text(x + 13, y + 28, time_, colour=colour, bold=line.has_time)
        canvas.text(x + 13, y + 58, canvas.fit(words, width - 12, 26), size=26, colour=colour)
        return
    said = f"{catalog.clock(line.local)} {words}" if line.has_time else words
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
