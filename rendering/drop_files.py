"""Words of the content calendar: what was queued, and which rows were not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from peakdrop.drop_files import BadRow
from rendering.catalog import Catalog

SHOWN = 40


def render_drop_import(
    taken: Sequence[tuple[int, datetime]], bad: Sequence[BadRow], timezone: str, catalog: Catalog
) -> str:
    """How many drops were queued, from when to when (numbers and due times, UTC), and a line for each bad row."""
    lines = [catalog.ngettext("{n} drop queued", "{n} drops queued", len(taken)).format(n=catalog.number(len(taken)))]
    if taken:
        due = sorted(at.astimezone(ZoneInfo(timezone)) for _, at in taken)
        lines[0] += catalog.gettext(": {first} to {last}, {zone}").format(
            first=catalog.moment(due[0]), last=catalog.moment(due[-1]), zone=catalog.zone(timezone, due[0])
        )
    lines += [render_bad_row(one, catalog) for one in bad[:SHOWN]]
    if len(bad) > SHOWN:
        rest = len(bad) - SHOWN
        lines.append(catalog.ngettext("and {n} more row", "and {n} more rows", rest).format(n=catalog.number(rest)))
    return "\n".join(lines)


def render_bad_row(row: BadRow, catalog: Catalog) -> str:
    """The line of the file and what to do about it."""
    reasons = {
        "no_content": catalog.gettext("has neither text nor media; fill one of them in"),
        "no_time": catalog.gettext("has no time; write one like 2026-12-01 20:30, or peak"),
        "bad_time": catalog.gettext("time “{value}” cannot be read; write it like 2026-12-01 20:30, or peak"),
        "past": catalog.gettext("time {value} is past; give a later one"),
        "too_long": catalog.gettext("the text is too long ({value} characters); shorten it"),
        "missing_file": catalog.gettext("the file {value} is not there; paths start at the table's folder"),
        "too_large": catalog.gettext("the file {value} is too large: pictures to 10 MB, everything else to 50 MB"),
        "bad_media": catalog.gettext("{value} is empty or no medium of ours"),
        "too_many_media": catalog.gettext("{value} media; an album holds 10 at the most"),
        "mixed_album": catalog.gettext("an album cannot mix {value}; pictures and videos may stand together"),
        "bad_button": catalog.gettext("the button “{value}” is not like: label|https://address"),
        "bad_more": catalog.gettext("the column more cannot be read; leave it as it was exported"),
        "there": catalog.gettext("is in the queue already, as drop {value}"),
        "no_peak": catalog.gettext("no peak is free in the next seven days; give a time"),
    }
    reason = reasons[row.problem].format(value=row.value)
    return catalog.gettext("line {line}: {reason}").format(line=row.line, reason=reason)
