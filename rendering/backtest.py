"""Words of `peakdrop backtest`: the forecast beside plain methods, or why a file is not taken."""

from __future__ import annotations

from peakdrop.activity_files import BadSeries, SeriesRefusal
from peakdrop.backtest import FORECAST, BacktestReport
from peakdrop.intervals import NOMINAL
from peakdrop.plain_methods import METHODS
from rendering.catalog import DASH, Catalog, bold, escape

WIDTH = 8


def render_backtest(report: BacktestReport, catalog: Catalog) -> str:
    """A line for each method, the best first: its score by the hour and by two hours, in % of the best possible."""
    scores = (report.hour, report.two_hours)
    if not any(one.days for one in scores):
        return catalog.gettext(
            "No day can be scored: the first eight weeks are for learning, and a day counts where its best hour had "
            "three people or more."
        )
    names = _names(catalog)
    rows = {method: [one.mean(method) for one in scores] for method in (FORECAST, *METHODS)}
    order = sorted(rows, key=lambda method: [-(value or 0.0) for value in reversed(rows[method])])
    head = catalog.gettext("1 h").rjust(WIDTH) + catalog.gettext("2 h").rjust(WIDTH)
    lines = [
        bold(catalog.gettext("Members reached, in % of each day's best possible hour")),
        head,
        *("".join(_cell(value, catalog) for value in rows[method]) + f"   {names[method]}" for method in order),
        catalog.gettext("Days scored: {hour} by the hour, {two} by two hours").format(
            hour=catalog.number(len(scores[0].days)), two=catalog.number(len(scores[1].days))
        ),
    ]
    covered = report.two_hours.covered()
    if covered is not None:
        text = catalog.gettext("The forecast's {nominal} intervals held {actual} of the time.")
        lines.append(text.format(nominal=catalog.percent(NOMINAL), actual=catalog.percent(covered)))
    return "\n".join(lines)


def render_series_refusal(refusal: SeriesRefusal, catalog: Catalog) -> str:
    """Why a series is not taken."""
    words = {
        BadSeries.UNREADABLE: catalog.gettext("{file} cannot be read: {detail}."),
        BadSeries.COLUMNS: catalog.gettext("{file} needs the columns ts and author; found: {detail}."),
        BadSeries.LINE: catalog.gettext("Line {detail} of {file} is no row: ts is epoch seconds, author a name."),
        BadSeries.NO_ROWS: catalog.gettext("{file} holds no message and no reaction."),
    }
    detail = escape(refusal.detail) or DASH
    return words[refusal.reason].format(file=escape(refusal.file_name), detail=detail)


def _cell(value: float | None, catalog: Catalog) -> str:
    shown = DASH if value is None else catalog.number(value * 100, 1)
    return f"{shown:>{WIDTH}}"


def _names(catalog: Catalog) -> dict[str, str]:
    return {
        FORECAST: catalog.gettext("PeakDrop's forecast"),
        "last_week": catalog.gettext("last week's best hour of the weekday"),
        "week_all": catalog.gettext("hour of the week, all time"),
        "week_hl2": catalog.gettext("hour of the week, half-life 2 weeks"),
        "week_hl4": catalog.gettext("hour of the week, half-life 4 weeks"),
        "day_all": catalog.gettext("hour of the day, all time"),
        "day_hl4": catalog.gettext("hour of the day, half-life 4 weeks"),
        "fixed_19": catalog.gettext("always 19:00"),
    }
