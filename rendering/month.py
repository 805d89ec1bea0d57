"""Words under the month's picture."""

from __future__ import annotations

from datetime import datetime

from peakdrop.queue import MonthReport, free_days, month_after, next_drop
from rendering.catalog import Catalog, bold, escape
from rendering.drop_words import drop_title, time_words

Buttons = list[list[tuple[str, str]]]


def render_month(report: MonthReport, now_local: datetime, catalog: Catalog) -> str:
    """The month, what comes next, and how many days are still free."""
    lines = [f"{bold(catalog.month(report.first))} · {escape(report.community.title)}"]
    coming = next_drop(report)
    if coming is not None:
        local, drop = coming
        when = time_words(local, now_local, catalog)
        lines.append(
            catalog.gettext("Next: {when} · {drop}").format(when=when, drop=drop_title(drop.content, catalog, 40))
        )
    free = free_days(report)
    if month_after(report.first) > report.today:
        lines.append(catalog.ngettext("{n} day is free", "{n} days are free", free).format(n=catalog.number(free)))
    return "\n".join(lines)


def month_buttons(report: MonthReport, catalog: Catalog) -> Buttons:
    """The month before, the next one, back to the queue."""
    community = report.community.id
    before, after = month_after(report.first, -1), month_after(report.first)
    return [
        [
            (f"◀ {catalog.month(before, short=True)}", f"month:show:{community}:{before.year}:{before.month}"),
            (f"{catalog.month(after, short=True)} ▶", f"month:show:{community}:{after.year}:{after.month}"),
        ],
        [(catalog.gettext("‹ Queue"), f"queue:page:{community}:0")],
    ]
