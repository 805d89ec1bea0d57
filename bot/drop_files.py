"""`peakdrop import drops` and `peakdrop export drops`: a content calendar in bulk, there and back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.console import REFUSED, refuse, say
from bot.keeping import open_store
from bot.reporting import choose_community
from bot.settings import Settings
from peakdrop.drop_files import BadRow, read_drops, write_drops
from peakdrop.drop_imports import take_row
from peakdrop.metrics.records import MetricsRefused
from rendering.catalog import get_catalog, plain
from rendering.drop_files import render_drop_import
from rendering.metrics import render_metrics_refusal
from storage.drops import COMING, list_drops


def import_drops_file(settings: Settings, file: Path, chat: int | None) -> None:
    """Queue the rows of a table; bad ones are named with line and reason, and make the exit code 1."""
    store, catalog = open_store(settings), get_catalog(settings.default_language)
    community = choose_community(store, chat)
    timezone, now = community.timezone or settings.default_timezone, Clock().now()
    try:
        base = file.resolve().parent
        good, bad = read_drops(file.read_bytes(), base=base, folder=store.folder, timezone=timezone, now=now)
    except OSError as error:
        refuse(f"The file cannot be read: {error}.")
    except MetricsRefused as refused:
        refuse(plain(render_metrics_refusal(refused, catalog)))
    taken: list[tuple[int, datetime]] = []
    for row in good:  # one short transaction each, so that the bot goes on
        done = store.write_now(partial(take_row, community_id=community.id, row=row, timezone=timezone, now=now))
        if isinstance(done, BadRow):
            bad.append(done)
        else:
            taken.append((done.number, done.due_at))
    store.close()
    bad.sort(key=lambda one: one.line)
    text = render_drop_import(taken, bad, timezone, catalog)
    if any(one.problem != "there" for one in bad):
        refuse(text, REFUSED)
    say(text)


def export_drops(settings: Settings, chat: int | None) -> None:
    """The coming drops as CSV on standard output."""
    store = open_store(settings)
    community = choose_community(store, chat)
    timezone = community.timezone or settings.default_timezone
    coming = store.read_now(lambda session: list_drops(session, community.id, COMING, limit=100_000))
    say(write_drops(coming, folder=store.folder, timezone=timezone).rstrip("\n"))
    store.close()
