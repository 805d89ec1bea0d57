"""Follower totals by day, as TikTok's FollowerHistory gives them, whose days name no year."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from peakdrop.metrics.cells import RowReader
from peakdrop.metrics.dates import WrittenDate, last_day
from peakdrop.metrics.headings import Meaning
from peakdrop.metrics.layouts import Sheet
from peakdrop.metrics.numbers import Unreadable
from peakdrop.metrics.platforms import platform_name
from peakdrop.metrics.records import BadRow, FollowerTotal, MetricsFile, Notice
from peakdrop.metrics.tables import Table


def read_followers(sheet: Sheet, table: Table, *, digest: str, imported_on: date) -> MetricsFile:
    """Totals per platform and day. Days on which the platform gave no figure are counted and left out."""
    readers = [RowReader(line, sheet.columns, table.decimal_comma) for line in table.lines]
    written = [(reader, reader.written_date(Meaning.DATE)) for reader in readers]
    yearless = [day for _, day in written if day is not None and day.year is None]
    last = last_day(yearless, imported_on) if yearless else imported_on
    seen: Counter[str] = Counter()
    totals: dict[tuple[str, date], FollowerTotal] = {}
    bad: list[BadRow] = []
    for reader, day in written:
        total = _total(reader, day, sheet.layout.platform, last, imported_on)
        bad += reader.problems
        if total is None:
            seen["days_without"] += not reader.problems
            continue
        first = totals.setdefault((total.platform, total.date), total)
        if first.followers != total.followers:
            bad.append(BadRow(total.line, "", str(total.followers), "contradicts", first.line))
    notices = [Notice(code, {"count": count}) for code, count in seen.items() if count]
    if yearless:
        notices.append(Notice("years_inferred", {"date": last.isoformat()}))
    contradicted = {line for one in bad for line in (one.line, one.other_line)}
    kept = tuple(total for total in totals.values() if total.line not in contradicted)
    return MetricsFile(sheet.layout.name, digest, followers=kept, notices=tuple(notices), bad_rows=tuple(bad))


def _total(
    reader: RowReader, day: WrittenDate | None, platform: str | None, last: date, imported_on: date
) -> FollowerTotal | None:
    followers = reader.count(Meaning.FOLLOWERS)
    if day is None and not reader.problems:
        reader.fail(Meaning.DATE, "no_such_date")
    if followers is None or day is None or reader.problems:
        return None
    try:
        on = day.on_or_before(last)
    except Unreadable:
        reader.fail(Meaning.DATE, "no_such_date")
        return None
    if on > imported_on + timedelta(days=1):
        reader.fail(Meaning.DATE, "in_the_future")
        return None
    named = platform or platform_name(reader.text(Meaning.PLATFORM))
    return FollowerTotal(reader.line.number, named, on, followers)
