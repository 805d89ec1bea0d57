"""Imports a history file: sorts out what cannot be one, and hands it to the reader of its format."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import available_timezones

from peakdrop.history.account import import_export
from peakdrop.history.reports import HistoryRefusal, HistoryReport, Progress, RefusalReason
from peakdrop.history.series import import_series
from peakdrop.history.slices import Options
from storage.store import Store


def import_history(
    store: Store,
    path: Path,
    *,
    chat_id: int | None,
    timezone: str | None,
    now: datetime,
    progress: Callable[[Progress], None],
    default_timezone: str = "UTC",
) -> HistoryReport | HistoryRefusal:
    """Import a Telegram Desktop export (JSON) or a series (.csv, .csv.gz); resumes where it was interrupted.

    `chat_id` chooses one chat of an export, or the community a series belongs to. What the store knows already
    counts no second time. Raises StoreUnavailable, and OSError where the file cannot be read.
    """
    if timezone is not None and timezone not in available_timezones():
        return HistoryRefusal(RefusalReason.TIMEZONE, path.name, timezone)
    refusal = inspect_file(path)
    if refusal is not None:
        return refusal
    options = Options(chat_id, timezone, default_timezone, now, progress)
    started = perf_counter()
    is_series = path.name.endswith((".csv", ".csv.gz"))
    with _collecting_by_slice():
        report = (import_series if is_series else import_export)(store, path, options)
    if isinstance(report, HistoryReport):
        report.seconds = perf_counter() - started
    return report


@contextmanager
def _collecting_by_slice() -> Iterator[None]:
    """Look for cycles once a slice (see `store_slices`): among its many small tuples there are none."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def inspect_file(path: Path) -> HistoryRefusal | None:
    """Refuse what cannot be a history by its first bytes, with the reason."""
    if not path.is_file():
        return HistoryRefusal(RefusalReason.MISSING, path.name)
    with path.open("rb") as file:
        head = file.read(512)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return HistoryRefusal(RefusalReason.EMPTY, path.name)
    if text.startswith(b"<"):
        return HistoryRefusal(RefusalReason.WEB_PAGE, path.name)
    if path.name.endswith((".csv", ".csv.gz")):
        return None
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        return HistoryRefusal(RefusalReason.ARCHIVE, path.name)
    return None if text.startswith(b"{") else HistoryRefusal(RefusalReason.NOT_AN_EXPORT, path.name)
