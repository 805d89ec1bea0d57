"""The answer to a metrics file: what was taken, what could not be had and why, which rows are bad."""

from __future__ import annotations

from itertools import islice
from zoneinfo import ZoneInfo

from peakdrop.metrics.imports import MetricsReport, Outcome
from peakdrop.metrics.records import BadRow, MetricsRefused
from rendering.catalog import Catalog, ellipsis, escape
from rendering.metric_notices import notice_sentence, reason, refusal_sentence
from rendering.platforms import listed, platform_label

SHOWN_ROWS = 20
OPEN_ROWS = 5


def render_metrics_report(report: MetricsReport, catalog: Catalog) -> str:
    """What an import did (Telegram HTML; without its tags it reads as plain text)."""
    match report.outcome:
        case Outcome.STORED:
            parts = [_stored(report, catalog), *_notices(report, catalog)]
            if report.bad_rows:
                parts += [_left_out(report, catalog), *_bad_rows(report.bad_rows, catalog)]
        case Outcome.ALREADY_STORED:
            day = catalog.day(report.imported_at.astimezone(ZoneInfo(report.timezone)).date())
            parts = [
                _bold(catalog.gettext("Nothing new: this file was taken before")),
                catalog.gettext("It came in on {day}, and nothing was changed now.").format(day=day),
            ]
        case Outcome.BAD_ROWS:
            parts = [_refused_rows(report, catalog), *_bad_rows(report.bad_rows, catalog), _what_now(catalog)]
        case Outcome.NOTHING_IN_IT:
            parts = [_bold(catalog.gettext("No figures found in this file"))]
            parts += [*_notices(report, catalog), *_bad_rows(report.bad_rows, catalog)]
    return "\n".join(parts)


def render_metrics_refusal(refused: MetricsRefused, catalog: Catalog) -> str:
    """Why a file cannot be taken at all, and what to do (Telegram HTML)."""
    head = _bold(catalog.gettext("This file cannot be taken; nothing was stored"))
    return f"{head}\n{refusal_sentence(refused, catalog)}"


def _stored(report: MetricsReport, catalog: Catalog) -> str:
    platforms = listed((platform_label(one, catalog) for one in report.platforms), catalog)
    days = catalog.days(report.first_date, report.last_date) if report.first_date and report.last_date else ""
    lines = []
    if report.videos:
        text = catalog.ngettext(
            "Taken: {count} video · {platforms} · {days}",
            "Taken: {count} videos · {platforms} · {days}",
            report.videos,
        )
        lines.append(_bold(text.format(count=catalog.number(report.videos), platforms=platforms, days=days)))
    if report.buyers is not None:
        text = catalog.ngettext(
            "Taken: {count} buyer · {platforms} · {days}",
            "Taken: {count} buyers · {platforms} · {days}",
            report.buyers,
        )
        lines.append(_bold(text.format(count=catalog.number(report.buyers), platforms=platforms, days=days)))
    if report.followers:
        lines.append(_bold(catalog.gettext("Taken: followers by day · {days}").format(days=days)))
    for total in report.followers:
        text = catalog.gettext("{platform}: {followers} followers on {day}")
        followers = f"<b>{catalog.number(total.followers)}</b>"
        label = platform_label(total.platform, catalog)
        lines.append(text.format(platform=label, followers=followers, day=catalog.day(total.date)))
    return "\n".join(lines)


def _notices(report: MetricsReport, catalog: Catalog) -> list[str]:
    return [f"· {notice_sentence(notice, catalog)}" for notice in report.notices]


def _left_out(report: MetricsReport, catalog: Catalog) -> str:
    text = catalog.ngettext("{count} bad row left out:", "{count} bad rows left out:", report.skipped)
    return text.format(count=catalog.number(report.skipped))


def _refused_rows(report: MetricsReport, catalog: Catalog) -> str:
    text = catalog.ngettext(
        "Nothing was stored: {count} row cannot be taken",
        "Nothing was stored: {count} rows cannot be taken",
        report.skipped,
    )
    return _bold(text.format(count=catalog.number(report.skipped)))


def _what_now(catalog: Catalog) -> str:
    return catalog.gettext("Correct them and send the file again, or take the good rows only (--skip-bad).")


def _bad_rows(bad_rows: tuple[BadRow, ...], catalog: Catalog) -> list[str]:
    lines = [_bad_row(bad, catalog) for bad in islice(bad_rows, SHOWN_ROWS)]
    more = len(bad_rows) - len(lines)
    if more:
        text = catalog.ngettext("… and {count} more", "… and {count} more", more)
        lines.append(text.format(count=catalog.number(more)))
    if len(lines) <= OPEN_ROWS:
        return lines
    folded = "\n".join(lines[OPEN_ROWS:])
    return [*lines[:OPEN_ROWS], f"<blockquote expandable>{folded}</blockquote>"]


def _bad_row(bad: BadRow, catalog: Catalog) -> str:
    why = escape(reason(bad, catalog))
    line = catalog.number(bad.line)
    if bad.column and bad.value:
        text = catalog.gettext("Line {line}, {column} “{value}”: {reason}")
    elif bad.column:
        text = catalog.gettext("Line {line}, {column}: {reason}")
    elif bad.value:
        text = catalog.gettext("Line {line} “{value}”: {reason}")
    else:
        text = catalog.gettext("Line {line}: {reason}")
    return text.format(
        line=line, column=escape(ellipsis(bad.column, 40)), value=escape(" ".join(bad.value.split())), reason=why
    )


def _bold(text: str) -> str:
    return f"<b>{text}</b>"


def render_too_large(catalog: Catalog) -> str:
    """A file that Telegram does not let bots fetch."""
    return catalog.gettext(
        "Telegram lets me fetch files up to 20 MB only. Split the file, or import it on the server with {command}."
    ).format(command="<code>peakdrop import metrics FILE</code>")


def good_rows_button(catalog: Catalog) -> str:
    """Keeps the good rows of a file that has bad ones."""
    return catalog.gettext("Take the good rows")


def videos_button(catalog: Catalog) -> str:
    """Shows what the videos came to."""
    return catalog.gettext("See the videos")
