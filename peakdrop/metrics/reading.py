"""A metrics file to typed rows: find the headings, tell the platform, hand over to the reader of its kind."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from peakdrop.metrics.follower_rows import read_followers
from peakdrop.metrics.layouts import Holds, Sheet, familiar, recognise
from peakdrop.metrics.orders import read_orders
from peakdrop.metrics.records import MetricsFile, MetricsRefused
from peakdrop.metrics.tables import Table, read_tables
from peakdrop.metrics.video_rows import read_videos

HEADINGS_WITHIN = 15  # lines: some exports begin with a notice


def read_metrics(data: bytes, filename: str, *, timezone: str, imported_at: datetime) -> MetricsFile:
    """Read a CSV or XLSX file of video figures, follower totals or shop orders.

    `timezone` is the community's (IANA): the day of an order is local, and so is the day of the import, which
    figures have whose file names none. Watch time is in seconds. Raises MetricsRefused, and nothing else,
    whatever the bytes are.
    """
    imported_on = imported_at.astimezone(ZoneInfo(timezone)).date()
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    table, start, sheet = _find_headings(data, filename)
    body = Table([line for line in table.lines[start + 1 :] if not line.is_blank], table.decimal_comma)
    if not body.lines:
        raise MetricsRefused("no_rows")
    if sheet.layout.holds is Holds.ORDERS:
        file = read_orders(sheet.layout, table.texts(start), body, digest=digest, timezone=timezone)
    elif sheet.layout.holds is Holds.FOLLOWERS:
        file = read_followers(sheet, body, digest=digest, imported_on=imported_on)
    else:
        file = read_videos(sheet, body, digest=digest, imported_on=imported_on)
    return replace(file, timezone=timezone)


def _find_headings(data: bytes, filename: str) -> tuple[Table, int, Sheet]:
    """The table, the place of its headings in it, and what they mean. Raises MetricsRefused."""
    best: list[str] = []
    for table in read_tables(data):
        for index in range(min(HEADINGS_WITHIN, len(table.lines))):
            texts = table.texts(index)
            sheet = recognise(texts)
            if sheet is None:
                best = max(best, texts, key=familiar)
                continue
            if sheet.layout.holds is Holds.NO_VIDEOS:
                raise MetricsRefused(sheet.layout.name)
            return table, index, sheet
    if familiar(best) >= 2:
        raise MetricsRefused("no_video_column", columns=tuple(text.strip() for text in best if text.strip())[:20])
    raise MetricsRefused("unknown_layout", filename=filename[:100])
