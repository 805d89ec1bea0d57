"""Intake against the library: interactions durably stored a second, updates parsed and dispatched a second."""

from __future__ import annotations

import gc
import json
import shutil
import statistics
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from handlers.context import App, Context
from handlers.incoming import read_batch
from storage.inbox import take
from storage.store import Store
from tests.clock import FakeClock
from tests.intake.application import make_app
from tests.intake.storing import query
from tests.intake.updates import BOT, NOW, encode, stream
from tests.storage.recount import assert_rollups_agree

UPDATES = 10_000
BATCH = 100  # as many as Telegram gives at once
RUNS = 5


async def ignore(_update: Update, _context: Context) -> None:
    """An empty handler."""


def store_all(store: Store, batches: list[bytes]) -> float:
    """Interactions a second, each batch read from raw JSON and committed (synchronous=FULL)."""
    now = datetime.fromtimestamp(NOW + 3600, UTC)
    stored = 0
    started = time.perf_counter()
    for raw in batches:
        batch = read_batch(raw, now=now, bot_username=BOT)
        stored += store.write_now(partial(take, batch=batch, now=now)).interactions
    return stored / (time.perf_counter() - started)


async def dispatch_all(app: App, batches: list[bytes]) -> float:
    """Updates a second, parsed by the library and dispatched to one empty handler; nothing is stored."""
    done = 0
    started = time.perf_counter()
    for raw in batches:
        for one in json.loads(raw):
            await app.process_update(Update.de_json(one, app.bot))
            done += 1
    return done / (time.perf_counter() - started)


@pytest.mark.bench
async def test_storing_durably_is_no_slower_than_parsing_and_dispatching(
    store: Store, clock: FakeClock, tmp_path: Path, sqlite_template: Path
) -> None:
    updates = stream(Random(5), UPDATES)
    batches = [encode(*updates[start : start + BATCH]) for start in range(0, UPDATES, BATCH)]
    app = await make_app(store, clock)
    app.add_handler(TypeHandler(Update, ignore))
    assert query(store, "PRAGMA synchronous") == [(2,)]
    stored, dispatched = [], []
    for run in range(RUNS):
        path = tmp_path / f"bench{run}.db"
        shutil.copy(sqlite_template, path)
        fresh = Store(f"sqlite:///{path}")
        gc.collect()
        stored.append(store_all(fresh, batches))
        gc.collect()
        dispatched.append(await dispatch_all(app, batches))
        assert query(fresh, "SELECT COUNT(*) FROM interaction") == [(UPDATES,)]
        fresh.read_now(assert_rollups_agree)
        fresh.close()
    ratio = statistics.median(one / other for one, other in zip(stored, dispatched, strict=True))
    print(
        f"\nintake: {statistics.median(stored):,.0f} interactions/s stored durably, "
        f"library: {statistics.median(dispatched):,.0f} updates/s parsed and dispatched, ratio {ratio:.2f}"
    )
    assert ratio >= 1.0
