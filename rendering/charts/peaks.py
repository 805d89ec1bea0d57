"""The picture of /peaks: the coming week as a map of local days and hours, the best times marked."""

from __future__ import annotations

from datetime import date

from peakdrop.off_days import OffKind, find_off_day
from peakdrop.outlooks import WEEK
from peakdrop.peaks_report import PeaksReport
from rendering.catalog import Catalog
from rendering.charts.canvas import MARGIN, SMALL, Canvas, Format, draw
from rendering.charts.key import Entry, draw_key
from rendering.peaks import topic_name
from storage.outlooks import WHOLE_GROUP

HEIGHT = 960
LEFT, TOP, ROW = 190, 226, 82
BOTTOM = TOP + WEEK * ROW
FIGURES = 24.0
# A weekday leads by so much more than the mean of the others; so does a part of the day.
LEADS = 1.1
STEPS = 6


def peaks_chart(report: PeaksReport, catalog: Catalog, *, dark: bool = False, format: Format = "png") -> bytes:
    """Members expected by day and hour, 1280×960 pixels, in one hue; hours that are past are gaps."""
    return draw(lambda canvas: _paint(canvas, report, catalog), height=HEIGHT, dark=dark, format=format)


def _paint(canvas: Canvas, report: PeaksReport, catalog: Catalog) -> None:
    canvas.heading(_title(report, catalog), *_subtitle(report, catalog))
    rows = [report.hours(day) for day in report.days()]
    most = max((value for row in rows for value in row if value is not None), default=0.0) or 1.0
    width = (canvas.width - MARGIN - LEFT) / 24
    for number, row in enumerate(rows):
        day, y = report.days()[number], TOP + number * ROW
        _day_label(canvas, day, y, report.timezone, catalog)
        best = max((value for value in row if value is not None), default=None)
        for hour, value in enumerate(row):
            box = (LEFT + hour * width, y, width - 2, ROW - 3)
            if value is None:
                canvas.rectangle(*box, canvas.palette.band, name=f"gap-{number}-{hour}")
                continue
            canvas.rectangle(*box, _shade(canvas, value / most), name=f"cell-{number}-{hour}")
            if value == best and report.outlook.is_known:
                _figure(canvas, box, value, value / most, catalog)
    for hour in range(0, 25, 3):
        canvas.text(
            LEFT + hour * width, BOTTOM + 34, str(hour), size=SMALL, colour=canvas.palette.grey, anchor="center"
        )
    _marks(canvas, report, width)
    _key(canvas, report, most, catalog)


def _day_label(canvas: Canvas, day: date, y: float, timezone: str, catalog: Catalog) -> None:
    """Thu 1; below it, that it is a holiday, an eve or a worked day of a weekend."""
    name = f"{catalog.weekday(day)} {day.day}" + ("日" if catalog.is_chinese else "")
    off = find_off_day(timezone, day)
    canvas.text(LEFT - 18, y + ROW / 2 + (10 if off is None else -6), name, size=SMALL, anchor="right")
    if off is not None:
        words = {
            OffKind.HOLIDAY: catalog.gettext("holiday"),
            OffKind.EVE: catalog.gettext("eve"),
            OffKind.WORKED: catalog.gettext("worked"),
        }
        grey = canvas.palette.grey
        canvas.text(LEFT - 18, y + ROW / 2 + 26, words[off.kind], size=FIGURES, colour=grey, anchor="right")


def _shade(canvas: Canvas, share: float) -> str:
    """Between paper and accent."""
    paper, accent = (
        [int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (canvas.palette.paper, canvas.palette.accent)
    )
    share = 0.06 + 0.94 * min(max(share, 0.0), 1.0)
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in zip(paper, accent, strict=True))


def _figure(
    canvas: Canvas, box: tuple[float, float, float, float], value: float, share: float, catalog: Catalog
) -> None:
    """A day's highest figure, in its cell where it fits."""
    x, y, width, _ = box
    words = catalog.number(round(value)) if value < 1000 else catalog.compact(value)
    if canvas.measure(words, FIGURES) <= width:
        colour = canvas.palette.paper if share > 0.7 else canvas.palette.ink
        canvas.text(x + width / 2, y + 32, words, size=FIGURES, colour=colour, anchor="center")


def _marks(canvas: Canvas, report: PeaksReport, width: float) -> None:
    """A ring at each best time, a full point at each coming drop."""
    days = report.days()
    for times, hollow in (([one.local for one in report.best], True), (report.queued, False)):
        for local in times:
            if local.date() in days:
                x = LEFT + (local.hour + local.minute / 60) * width + width / 8
                y = TOP + days.index(local.date()) * ROW + ROW - 24
                canvas.dot(x, y, 12, canvas.palette.contrast, hollow=hollow, name=f"mark-{local:%d%H%M}")


def _key(canvas: Canvas, report: PeaksReport, most: float, catalog: Catalog) -> None:
    """From few to many, and what the marks mean."""
    y, x = HEIGHT - 46, float(MARGIN)
    grey = canvas.palette.grey
    low, high = ("0", catalog.number(round(most))) if report.outlook.is_known else ("", "")
    few, many = catalog.gettext("few"), catalog.gettext("many")
    canvas.text(x, y, low or few, size=SMALL, colour=grey)
    x += canvas.measure(low or few, SMALL) + 12
    for step in range(STEPS):
        canvas.rectangle(x + step * 30, y - 22, 28, 26, _shade(canvas, step / (STEPS - 1)))
    x += STEPS * 30 + 10
    canvas.text(x, y, high or many, size=SMALL, colour=grey)
    entries = [Entry(canvas.palette.contrast, catalog.gettext("best free times"), dot=True, hollow=True)]
    if report.queued:
        entries.append(Entry(canvas.palette.contrast, catalog.gettext("coming drops"), dot=True))
    if report.now_local.hour:
        entries.append(Entry(canvas.palette.band, catalog.gettext("past")))
    draw_key(canvas, y, entries, left=x + canvas.measure(high or many, SMALL) + 60)


def _subtitle(report: PeaksReport, catalog: Catalog) -> tuple[str, str]:
    days = report.days()
    place = topic_name(report, catalog) if report.topic_id != WHOLE_GROUP else report.community.title
    guess, expected = catalog.gettext("A guess"), catalog.gettext("Members expected in the two hours after")
    seen = catalog.gettext("{zone} time · as of {time}").format(
        zone=catalog.zone(report.timezone, report.now_local), time=catalog.clock(report.now_local)
    )
    measure = expected if report.outlook.is_known else guess
    return f"{measure} · {catalog.days(days[0], days[-1], days[0])}", f"{seen} · {place}"


def _title(report: PeaksReport, catalog: Catalog) -> str:
    """Thursday evenings lead; evenings, where no day does; where nothing is known, that."""
    if not report.outlook.is_known:
        return catalog.gettext("No data yet: the usual day of this time zone")
    days = [report.outlook.day(day) for day in report.days()]
    rows = [max(day) for day in days]
    best = max(range(WEEK), key=lambda row: rows[row])
    hour = max(range(96), key=lambda quarter: days[best][quarter]) // 4
    others = (sum(rows) - rows[best]) / (WEEK - 1)
    part = 0 if hour < 5 else 1 if hour < 11 else 2 if hour < 14 else 3 if hour < 18 else 4
    if rows[best] < LEADS * others:
        return (
            catalog.gettext("Most are there at night"),
            catalog.gettext("Most are there in the morning"),
            catalog.gettext("Most are there at midday"),
            catalog.gettext("Most are there in the afternoon"),
            catalog.gettext("Most are there in the evening"),
        )[part]
    return (
        catalog.gettext("{weekday} nights lead"),
        catalog.gettext("{weekday} mornings lead"),
        catalog.gettext("{weekday} middays lead"),
        catalog.gettext("{weekday} afternoons lead"),
        catalog.gettext("{weekday} evenings lead"),
    )[part].format(weekday=catalog.weekday_name(report.days()[best].weekday()))
