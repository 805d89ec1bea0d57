"""Pictures of drops: the answers to one over the hours beside the usual drop, and the drops of a window, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peakdrop.drop_figures import DropFigures, DropReport, DropsReport
from rendering.catalog import Catalog
from rendering.charts.axes import ticks
from rendering.charts.canvas import MARGIN, SMALL, Canvas, Format, draw
from rendering.charts.key import subtitle
from rendering.drop_figures import short_name

HEIGHT = 720
TOP, BOTTOM = 180, 610
HOUR, DAY = 3600, 86_400
# How much time a picture may show, and how far apart the times under it are then.
STEPS = {
    HOUR: HOUR // 4, 2 * HOUR: HOUR // 2, 6 * HOUR: HOUR, 12 * HOUR: 2 * HOUR, DAY: 4 * HOUR, 36 * HOUR: 6 * HOUR,
    2 * DAY: 8 * HOUR, 3 * DAY: 12 * HOUR, 5 * DAY: DAY, 7 * DAY: DAY,
}  # fmt: skip
LONGEST = 7 * DAY
MOST_BARS = 8
CLEAR = 1.15  # from how much more or less than usual the picture says so


def drop_chart(report: DropReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """A drop's answers up to each hour, the usual drop's pale behind, 1280×720. The drop must have been posted."""

    def paint(canvas: Canvas) -> None:
        _paint_drop(canvas, report, catalog)

    return draw(paint, height=HEIGHT, dark=dark, format=format)


def drops_chart(report: DropsReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """The most answered drops of a window as bars that lie, the median as a line, 1280×720 or higher."""
    shown = report.drops[:MOST_BARS]

    def paint(canvas: Canvas) -> None:
        _paint_drops(canvas, report, shown, catalog)

    return draw(paint, height=HEIGHT, dark=dark, format=format)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where answers and seconds lie in pixels."""

    left: float
    right: float
    span: int
    most: float

    def x(self, seconds: float) -> float:
        return self.left + (self.right - self.left) * seconds / self.span

    def y(self, answers: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * answers / self.most


def _paint_drop(canvas: Canvas, report: DropReport, catalog: Catalog) -> None:
    sent, palette = report.sent, canvas.palette
    if sent is None:
        raise ValueError("a drop that was not posted has no picture")
    age = max(60, int((report.as_of - sent.sent_at).total_seconds()))
    end = min(age, LONGEST, _settled(report))
    span = next(one for one in STEPS if end <= one)
    usual = [point for point in report.usual or () if point[0] <= end]
    top = max([1.0, sent.curve.at(end), *(n for _, n in usual)]) * 1.08
    marks = [tick for tick in ticks(top) if tick == round(tick)]
    left = MARGIN + max([canvas.measure(catalog.number(tick), SMALL) for tick in marks], default=0) + 16
    field = _Field(left, canvas.width - MARGIN - 96, span, top)
    canvas.heading(_title(report, end, catalog), _subtitle(report, canvas, catalog))
    for tick in marks:
        canvas.line([(left, field.y(tick)), (canvas.width - MARGIN, field.y(tick))], palette.grid)
        canvas.text(left - 14, field.y(tick) + 9, catalog.number(tick), size=SMALL, colour=palette.grey, anchor="right")
    canvas.line([(left, BOTTOM), (canvas.width - MARGIN, BOTTOM)], palette.grey)
    _draw_hours(canvas, field, catalog)
    if usual:
        _draw_usual(canvas, field, usual, catalog, clear_of=field.y(sent.curve.at(end)))
    points = [(field.x(0), field.y(0))]
    for at, n in (*(point for point in sent.curve.points if point[0] <= end), (end, sent.curve.at(end))):
        points += [(field.x(at), points[-1][1]), (field.x(at), field.y(n))]
    canvas.line(points, palette.accent, 6)
    last = sent.curve.at(end)
    canvas.dot(*points[-1], 11, palette.accent, name="now")
    canvas.text(points[-1][0] + 20, points[-1][1] + 12, catalog.number(last), size=40, colour=palette.accent, bold=True)


def _settled(report: DropReport) -> int:
    """How long a picture shows a drop, in seconds: until nothing came any more, neither for it nor the usual drop."""
    last = max(3 * HOUR, _last_change(report.usual or ()))
    if report.sent is not None:
        last = max(last, _last_change(report.sent.curve.points))
    return next(one for one in STEPS if one >= min(LONGEST, last * 1.2))


def _last_change(points: Sequence[tuple[int, float]]) -> int:
    """When a curve last changed, in seconds."""
    changes = [at for (at, n), (_, before) in zip(points[1:], points, strict=False) if n != before]
    return changes[-1] if changes else points[0][0] if points else 0


def _draw_usual(
    canvas: Canvas, field: _Field, usual: Sequence[tuple[int, float]], catalog: Catalog, *, clear_of: float
) -> None:
    """The usual drop, pale, with its name at its end where it covers nothing."""
    palette = canvas.palette
    points = [(field.x(at), field.y(n)) for at, n in usual if at <= field.span]
    canvas.line(points, palette.pale, 6)
    words = catalog.gettext("the usual drop")
    x, y = points[-1]
    below = y + 40 if y + 40 < BOTTOM - 4 else y - 18
    above = y - 18
    place = below if clear_of < y else above
    if x - canvas.measure(words, SMALL) < field.left:
        # No room before it: beside the figure, a line above or below.
        place = clear_of + 56 if clear_of + 60 < BOTTOM else clear_of - 36
        canvas.text(x + 20, place, words, size=SMALL, colour=palette.grey, halo=True)
        return
    canvas.text(x, place, words, size=SMALL, colour=palette.grey, anchor="right", halo=True)


def _draw_hours(canvas: Canvas, field: _Field, catalog: Catalog) -> None:
    """A few round times under the axis, from the moment of the drop."""
    step = STEPS[field.span]
    unit = 60 if field.span <= 2 * HOUR else HOUR if field.span <= 3 * DAY else DAY
    names = {60: catalog.gettext("{n} min"), HOUR: catalog.gettext("{n} h")}
    for at in range(0, field.span + 1, step):
        n = at // unit
        words = names[unit].format(n=n) if unit in names else catalog.ngettext("{n} day", "{n} days", n).format(n=n)
        if not at:
            words = catalog.gettext("posted")
        canvas.line([(field.x(at), BOTTOM), (field.x(at), BOTTOM + 8)], canvas.palette.grey)
        anchor = "left" if not at else "center"
        canvas.text(field.x(at), BOTTOM + 44, words, size=SMALL, colour=canvas.palette.grey, anchor=anchor)  # type: ignore[arg-type]


def _title(report: DropReport, end: int, catalog: Catalog) -> str:
    """Against the usual drop, where there is one; else how fast it went; else the count."""
    sent = report.sent
    answers = 0 if sent is None else sent.curve.at(end)
    if sent is None or not answers:
        return catalog.gettext("Drop {n}: no answers yet").format(n=report.drop.number)
    text = catalog.ngettext("Drop {n}: {answers} answer", "Drop {n}: {answers} answers", answers)
    plain = text.format(n=report.drop.number, answers=catalog.number(answers))
    usual = report.usual[-1][1] if report.usual else 0
    if not usual:
        return plain
    times = answers / usual
    if times >= 2:
        more = catalog.gettext("{drop}, {times} times the usual drop")
        return more.format(drop=plain, times=catalog.significant(times))
    if 1 / CLEAR < times < CLEAR:
        return catalog.gettext("{drop}, much like the usual drop").format(drop=plain)
    share = catalog.number(abs(times - 1) * 100) + ("%" if catalog.is_chinese else " %")
    wording = (
        catalog.gettext("{drop}, {share} more than usual")
        if times > 1
        else catalog.gettext("{drop}, {share} fewer than usual")
    )
    return wording.format(drop=plain, share=share)


def _subtitle(report: DropReport, canvas: Canvas, catalog: Catalog) -> str:
    sent = report.sent
    if sent is None:
        return ""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(report.timezone)
    local, seen = sent.sent_at.astimezone(zone), report.as_of.astimezone(zone)
    when = catalog.gettext("posted {time}").format(time=f"{catalog.weekday(local.date())} {catalog.moment(local)}")
    as_of = catalog.gettext("as of {time}").format(time=f"{catalog.moment(seen)} {catalog.zone(report.timezone, seen)}")
    times = f" · {when} · {as_of}"
    room = canvas.width - 2 * MARGIN - canvas.measure(times, SMALL) - 2
    return canvas.fit(short_name(report.drop.content, catalog), room, SMALL) + times  # the times are never cut


def _paint_drops(canvas: Canvas, report: DropsReport, shown: Sequence[DropFigures], catalog: Catalog) -> None:
    palette = canvas.palette
    base = canvas.heading(_ranking(report, catalog), subtitle(report.window, catalog))
    canvas.text(MARGIN, base + 46, catalog.gettext("answers to each drop"), colour=palette.grey)
    names = [canvas.fit(f"{one.drop.number}  {short_name(one.drop.content, catalog)}", 420, SMALL) for one in shown]
    left = MARGIN + max([canvas.measure(name, SMALL) for name in names], default=0) + 24
    top = max([1, *(one.figures.answers for one in shown)])
    widest = max([canvas.measure(catalog.number(one.figures.answers)) for one in shown], default=0)
    room = canvas.width - MARGIN - left - widest - 20
    first, last = base + 82.0, HEIGHT - 76.0
    pitch = min((last - first) / max(1, len(shown)), 90)
    height = pitch * 0.66
    for index, (one, name) in enumerate(zip(shown, names, strict=True)):
        y = first + pitch * index
        width = room * one.figures.answers / top
        canvas.text(left - 20, y + height / 2 + 9, name, size=SMALL, anchor="right")
        canvas.rectangle(left, y, width, height, palette.accent, name=f"drop-{one.drop.number}")
        canvas.text(left + width + 14, y + height / 2 + 11, catalog.number(one.figures.answers))
    end = first + pitch * len(shown) - pitch + height
    canvas.line([(left, first - 6), (left, end + 6)], palette.grey)
    if report.median_answers and len(report.drops) > 2:
        x = left + room * report.median_answers / top
        canvas.line([(x, first - 6), (x, end + 6)], palette.contrast, 3)
        half = report.median_answers
        value = catalog.number(half) if half == round(half) else catalog.number(half, 1)
        words = catalog.gettext("median {n}").format(n=value)
        canvas.text(max(x, left + canvas.measure(words, SMALL) / 2), end + 44, words, size=SMALL,
                    colour=palette.contrast, anchor="center")  # fmt: skip


def _ranking(report: DropsReport, catalog: Catalog) -> str:
    """The drop that leads, where one does."""
    if not report.drops:
        return catalog.gettext("No drops")
    first = report.drops[0]
    if not first.figures.answers:
        return catalog.gettext("No answers to drops yet")
    if len(report.drops) > 1 and first.figures.answers >= CLEAR * max(1, report.drops[1].figures.answers):
        text = catalog.gettext("Drop {n} leads with {answers} answers")
        return text.format(n=first.drop.number, answers=catalog.number(first.figures.answers))
    return catalog.gettext("Answers by drop")
