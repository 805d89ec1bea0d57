"""Backups: whole, checked, made while the bot writes; and restores that refuse, keep, and remember wishes."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peakdrop import backup as backups
from peakdrop.backup import backup, last_backup_at, restore
from peakdrop.privacy import forget_member, opt_out
from storage import disk
from storage.communities import create
from storage.store import Store
from storage.times import from_epoch
from storage.video_models import VideoSnapshot
from tests import facts
from tests.postgres import PostgresServer
from tests.storage.recount import assert_rollups_agree, dump
from tests.storage.streams import MEMBERS, draw_stream

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def fill(store: Store) -> None:
    """Some of everything."""
    facts.put_at_once(store, draw_stream(random.Random(3), 60))
    store.write_now(lambda session: opt_out(session, 4_711))
    snapshot = VideoSnapshot(community_id=1, platform="youtube", video="a", date=NOW.date(), watch_seconds=1.5, likes=3)
    store.write_now(lambda session: session.add(snapshot))


def sqlite_at(path: Path) -> Store:
    return Store(f"sqlite:///{path}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "away" / "peakdrop.backup"


def fresh(request: pytest.FixtureRequest, kind: str) -> Store:
    """A second, empty store, of either kind."""
    if kind == "sqlite":
        tmp_path: Path = request.getfixturevalue("tmp_path")
        (tmp_path / "second").mkdir()
        return sqlite_at(tmp_path / "second" / "peakdrop.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return Store(server.url(server.create()))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_backup_of_either_database_is_restored_into_either(
    any_store: Store, request: pytest.FixtureRequest, file: Path, kind: str
) -> None:
    fill(any_store)
    before = any_store.read_now(dump)
    report = backup(any_store, file, now=NOW)
    assert report.size == file.stat().st_size
    assert report.rows["interaction"] == len(before["interaction"]) > 100
    assert last_backup_at(any_store) == NOW
    second = fresh(request, kind)
    restored = restore(second, file, overwrite=False, now=LATER)
    assert (restored.created_at, restored.kept_as, restored.rows) == (NOW, None, report.rows)
    second.prepare()
    after = second.read_now(dump)
    assert normal(after) == normal(before)
    second.read_now(assert_rollups_agree)
    # Numbering goes on where it was.
    second.write_now(lambda session: create(session, facts.chat(-909), facts.NOON))
    second.close()


def normal(held: dict[str, list[tuple[object, ...]]]) -> dict[str, list[str]]:
    """Truth values and dates as both databases tell them."""
    return {
        name: [repr([str(int(value) if isinstance(value, bool) else value) for value in row]) for row in rows]
        for name, rows in held.items()
    }


def test_a_backup_is_one_moment_while_others_write(any_store: Store, file: Path) -> None:
    fill(any_store)
    stop = threading.Event()

    def write() -> None:
        number = 10_000
        while not stop.is_set():
            number += 1
            facts.put(any_store, facts.message(number, at=facts.NOON + number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            backup(any_store, file, now=NOW)
            copy = sqlite_at(file.with_name("look.db"))
            restore(copy, file, overwrite=True, now=NOW)
            copy.read_now(lambda session: assert_rollups_agree(session))
            copy.close()
    finally:
        stop.set()
        writer.join()


def test_a_backup_is_one_plain_file_for_its_owner_alone(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == 0x506B4470
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_waiting_updates_with_their_text_stay_out(any_store: Store, file: Path) -> None:
    from storage.inbox import Incoming, take

    waiting = [Incoming(1, "message", payload='{"message": {"text": "a secret word"}}')]
    any_store.write_now(lambda session: take(session, waiting, NOW))
    backup(any_store, file, now=NOW)
    assert b"a secret word" not in file.read_bytes()


def test_an_older_backup_of_the_name_is_replaced_and_nothing_else_is(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    backup(store, file, now=LATER)
    file.write_text("my diary")
    with pytest.raises(backups.WouldOverwrite, match="choose another name"):
        backup(store, file, now=NOW)
    assert file.read_text() == "my diary"
    with pytest.raises(backups.WouldOverwrite):
        backup(store, Path(str(store.engine.url.database)), now=NOW)


def test_a_copy_that_does_not_read_back_is_no_backup(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    monkeypatch.setattr("storage.backup.is_whole", lambda *_: False)
    with pytest.raises(backups.DamagedBackup, match="check the disk"):
        backup(store, file, now=NOW)
    assert list(file.parent.iterdir()) == []


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from peakdrop.backup import backup
from storage.store import Store
store = Store(sys.argv[1])
while True:
    print("go", flush=True)
    backup(store, Path(sys.argv[2]), now=datetime(2026, 10, 15, tzinfo=UTC))
    Path(sys.argv[2]).unlink()
"""


def test_a_killed_backup_leaves_no_file_that_looks_whole(store: Store, file: Path) -> None:
    fill(store)
    rng = random.Random(1)
    for _ in range(4):
        command = [sys.executable, "-c", KILLED, str(store.engine.url), str(file)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        copy = sqlite_at(file.with_name("look.db"))
        if file.exists():  # then it is whole
            restore(copy, file, overwrite=True, now=NOW)
            file.unlink()
        copy.close()


def test_what_is_no_backup_is_refused(store: Store, tmp_path: Path) -> None:
    fill(store)
    before = store.read_now(dump)
    text, other, live = tmp_path / "notes.txt", tmp_path / "other.db", tmp_path / "live.db"
    text.write_text("hello")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE interaction (id)")
    with closing(sqlite3.connect(str(store.engine.url.database))) as connection:
        connection.execute("VACUUM INTO ?", [str(live)])
    for path in (text, other, live, tmp_path / "absent", tmp_path):
        with pytest.raises(backups.NotABackup, match="that `backup` wrote"):
            restore(store, path, overwrite=True, now=NOW)
    assert store.read_now(dump) == before


def test_a_damaged_backup_is_refused(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    whole = file.read_bytes()
    before = store.read_now(dump)
    pages = [whole[at : at + 4_096] for at in range(0, len(whole), 4_096)]
    broken = (b"".join([*pages[:n], b"\xa5" * 4_096, *pages[n + 1 :]]) for n in range(1, len(pages), 3))
    for content in (whole[: len(whole) // 2], whole[:100], whole[:-4_096], *broken):
        file.write_bytes(content)
        with pytest.raises(backups.DamagedBackup, match="use another backup"):
            restore(store, file, overwrite=True, now=NOW)
    assert store.read_now(dump) == before


def test_a_backup_that_lost_rows_is_refused(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DELETE FROM member_day")
    with pytest.raises(backups.DamagedBackup):
        restore(store, file, overwrite=True, now=NOW)


def test_a_backup_of_a_newer_version_is_refused(store: Store, file: Path) -> None:
    backup(store, file, now=NOW)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE peakdrop_backup SET schema = '9999'")
    with pytest.raises(backups.NewerBackup, match="update the program"):
        restore(store, file, overwrite=True, now=NOW)


def test_nothing_is_overwritten_silently_and_the_old_is_kept(any_store: Store, file: Path) -> None:
    fill(any_store)
    backup(any_store, file, now=NOW)
    facts.put(any_store, facts.message(9_999))
    before = any_store.read_now(dump)
    with pytest.raises(backups.WouldOverwrite, match="--overwrite"):
        restore(any_store, file, overwrite=False, now=LATER)
    assert any_store.read_now(dump) == before
    report = restore(any_store, file, overwrite=True, now=LATER)
    assert len(any_store.read_now(dump)["interaction"]) == len(before["interaction"]) - 1
    assert report.kept_as is not None
    assert "before-restore-20261016T120000Z" in report.kept_as.name
    if any_store.is_sqlite:
        kept = sqlite_at(report.kept_as)
        assert kept.read_now(dump) == before
        kept.close()
    else:
        restore(any_store, report.kept_as, overwrite=True, now=LATER + timedelta(hours=1))
        assert any_store.read_now(dump) == before


def test_a_database_in_use_is_not_replaced(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    before = store.read_now(dump)
    with closing(sqlite3.connect(str(store.engine.url.database))) as bot:
        bot.execute("SELECT COUNT(*) FROM interaction").fetchone()
        with pytest.raises(backups.DatabaseInUse, match="stop the bot"):
            restore(store, file, overwrite=True, now=LATER)
    assert store.read_now(dump) == before
    restore(store, file, overwrite=True, now=LATER)


def test_a_broken_database_is_replaced_and_kept(store: Store, file: Path, tmp_path: Path) -> None:
    fill(store)
    before = store.read_now(dump)
    backup(store, file, now=NOW)
    disk.scrub(store.engine, (), ())
    store.close()
    path = Path(str(store.engine.url.database))
    path.write_bytes(b"rubbish" * 5_000)
    again = sqlite_at(path)
    with pytest.raises(backups.WouldOverwrite):
        restore(again, file, overwrite=False, now=LATER)
    report = restore(again, file, overwrite=True, now=LATER)
    assert report.wishes_lost
    assert report.kept_as is not None
    assert report.kept_as.read_bytes().startswith(b"rubbish")
    assert again.read_now(dump) == before
    again.close()


async def test_a_restore_honours_who_asked_to_be_forgotten_since(any_store: Store, file: Path) -> None:
    fill(any_store)
    backup(any_store, file, now=NOW)
    member_id = MEMBERS[-1]
    at = from_epoch(facts.NOON) + timedelta(days=2)
    await forget_member(any_store, member_id, at)
    any_store.write_now(lambda session: opt_out(session, MEMBERS[0]))
    gone = any_store.read_now(dump)
    report = restore(any_store, file, overwrite=True, now=LATER)
    assert (report.erased_again, report.needs_key, report.wishes_lost) == (1, False, False)
    back = any_store.read_now(dump)
    assert normal(back) == normal(gone)
    any_store.read_now(lambda session: assert_rollups_agree(session))
    if any_store.is_sqlite:
        content = Path(str(any_store.engine.url.database)).read_bytes()
        assert member_id.to_bytes(6) not in content
    facts.put(any_store, facts.message(1, member_id=MEMBERS[0]))
    assert len(any_store.read_now(dump)["interaction"]) == len(back["interaction"])


def test_a_restored_database_has_the_rights_of_the_old_one(store: Store, file: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    path = Path(str(store.engine.url.database))
    path.chmod(0o640)
    restore(store, file, overwrite=True, now=LATER)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_restore_without_the_key_says_so(store: Store, file: Path, tmp_path: Path) -> None:
    fill(store)
    backup(store, file, now=NOW)
    second = sqlite_at(tmp_path / "elsewhere" / "peakdrop.db")
    assert restore(second, file, overwrite=False, now=NOW).needs_key
    second.close()
    third = sqlite_at(tmp_path / "with-key" / "peakdrop.db")
    (tmp_path / "with-key" / "privacy.key").write_bytes((store.folder / "privacy.key").read_bytes())
    assert not restore(third, file, overwrite=False, now=NOW).needs_key
    third.close()
