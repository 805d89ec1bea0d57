"""An import in a process of its own: killed at any moment it is taken up again, and a running bot gets through."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import rollups
from storage.communities import list_communities
from storage.store import Store
from tests import facts as live
from tests.history import exports
from tests.history.exports import ANN, NOON, bring, message, service, write
from tests.history.generate import write_export
from tests.storage.recount import assert_rollups_agree, dump

IMPORT = """
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from peakdrop.history import account
from peakdrop.history.imports import import_history
from storage import rollups
from storage.communities import list_communities
from storage.store import Store
account.SLICE_MESSAGES = int(sys.argv[3])
account.ExportReader = partial(account.ExportReader, block_bytes=20_000)
store = Store(sys.argv[1])
print("ready", flush=True)
now = datetime(2026, 11, 24, tzinfo=UTC)
import_history(store, Path(sys.argv[2]), chat_id=None, timezone=None, now=now, progress=lambda step: None)
print("done", flush=True)
"""


@contextmanager
def importing(store: Store, path: Path, slice_messages: int) -> Iterator[subprocess.Popen[str]]:
    """An import into a store by another process, in slices of a size."""
    url = store.engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", IMPORT, url, str(path), str(slice_messages)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def progress(store: Store) -> list[tuple[int, bool]]:
    """How far imports have come, and whether they are done."""
    query = text('SELECT "offset", is_done FROM history_import')
    return store.read_now(lambda session: [(row[0], bool(row[1])) for row in session.connection().execute(query)])


def stored(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that a store holds, but for how the import went."""
    found = store.read_now(dump)
    return {name: rows for name, rows in found.items() if name != "history_import"}


def days_that_differ(session: Session) -> list[int]:
    """The UTC days whose rollups are not what a recount gives."""
    return [
        day
        for view in list_communities(session)
        for day in rollups.day_span(session, view.id)
        if not rollups.same(rollups.recount(session, view.id, day), rollups.stored(session, view.id, day))
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two chats; in the first, topics and names that only hang together over the whole chat."""
    entries = [service(1, "topic_created", title="Drops"), service(2, "invite_members", members=["Late"])]
    entries += [message(n, ANN + n % 40, reply_to_message_id=n - 1 if n % 9 else 1) for n in range(3, 9_000)]
    entries.append(message(9_000, 7_000_000_999) | {"from": "Late"})
    second = [message(n, ANN + n % 7) for n in range(1, 4_000)]
    chats = (exports.chat(*entries, name="One"), exports.chat(*second, bare_id=42, name="Two"))
    return write(tmp_path, exports.account(*chats))


def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(
    store: Store, tmp_path: Path, export: Path, sqlite_template: Path
) -> None:
    rng, kills = random.Random(7), 0
    finished = False
    while not finished:
        before = progress(store)
        with importing(store, export, 300) as process:
            while process.poll() is None and (kills == 6 or progress(store) == before):
                time.sleep(0.005)
            if process.returncode is None:
                time.sleep(rng.uniform(0, 0.05))
                process.kill()
                kills += 1
        finished = process.returncode == 0
        if kills == 1 and not finished:
            assert any(offset and not done for offset, done in progress(store))
    assert kills >= 2
    store.read_now(assert_rollups_agree)
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "peakdrop.db").write_bytes(sqlite_template.read_bytes())
    other = Store(f"sqlite:///{folder / 'peakdrop.db'}")
    bring(other, export)
    assert stored(store) == stored(other)
    other.close()


def test_a_running_bot_gets_through_while_history_comes_in(store: Store, tmp_path: Path) -> None:
    path = write_export(tmp_path / "large.json", 60_000)
    waits: list[float] = []
    with importing(store, path, 15_000) as process:
        while process.poll() is None:
            begun = time.perf_counter()
            number = len(waits) + 1
            live.put(store, live.message(number, chat_id=-100_77, at=NOON + number))
            waits.append(time.perf_counter() - begun)
            time.sleep(0.02)
    assert process.returncode == 0
    assert len(waits) >= 3
    assert max(waits) < 3
    query = text("SELECT COUNT(*) FROM interaction WHERE chat_id = -10077")
    assert store.read_now(lambda session: session.connection().execute(query).scalar_one()) == len(waits)
    assert store.read_now(days_that_differ) == []
