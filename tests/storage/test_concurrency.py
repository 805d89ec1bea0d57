"""Writers and readers at once: nobody ever fails "locked", and nothing is half there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.privacy import read_key
from storage.store import Store, StoreUnavailable
from tests import facts
from tests.storage.recount import assert_rollups_agree, dump

WRITER = """
import sys
from storage.store import Store
from tests import facts
store = Store(sys.argv[1])
first = int(sys.argv[2])
for number in range(first, first + 40):
    facts.put(store, facts.message(number, at=facts.NOON + number, member_id=number % 7 + 1))
store.close()
"""


def test_threads_write_and_read_at_once(any_store: Store) -> None:
    facts.put(any_store, facts.message(1))
    failures: list[BaseException] = []
    done = threading.Event()

    def guarded(work: object, *args: object) -> None:
        try:
            work(*args)  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001, RUF100 (told by the main thread)
            failures.append(error)

    def write(first: int) -> None:
        for number in range(first, first + 30):
            facts.put(any_store, facts.message(number, at=facts.NOON + number, member_id=number % 5 + 1))

    def read() -> None:
        while not done.is_set():
            any_store.read_now(assert_rollups_agree)

    writers = [threading.Thread(target=guarded, args=[write, 1_000 * n]) for n in range(1, 5)]
    readers = [threading.Thread(target=guarded, args=[read]) for _ in range(3)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert failures == []
    assert len(any_store.read_now(dump)["interaction"]) == 1 + 4 * 30


def test_processes_write_and_read_at_once(any_store: Store) -> None:
    facts.put(any_store, facts.message(1))
    url = any_store.engine.url.render_as_string(hide_password=False)
    commands = [[sys.executable, "-c", WRITER, url, str(first)] for first in (1_000, 2_000)]
    root = __file__.rsplit("/tests/", 1)[0]
    running = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) for command in commands]
    while any(process.poll() is None for process in running):
        any_store.read_now(assert_rollups_agree)
        facts.put(any_store, facts.press(1, at=facts.NOON + 1))
    assert [process.communicate()[1] for process in running] == ["", ""]
    assert [process.returncode for process in running] == [0, 0]
    assert len(any_store.read_now(dump)["interaction"]) == 2 + 2 * 40
    any_store.read_now(assert_rollups_agree)


def test_two_writers_who_each_know_half_count_it_once(any_store: Store) -> None:
    """A join told by chat_member to one writer and by a service message to another, at the same time."""
    for number in range(20):
        halves = (facts.move(member_id=number + 1, nonce=number), facts.notice(number + 1, member_id=number + 1))
        threads = [threading.Thread(target=facts.put, args=[any_store, half]) for half in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    any_store.read_now(assert_rollups_agree)
    assert sum(row[4] for row in any_store.read_now(dump)["quarter_count"]) == 20


def test_a_write_that_reads_first_does_not_fail(store: Store) -> None:
    """In a deferred transaction the second of two such writers fails at once, however long the time-out."""
    facts.put(store, facts.message(1))
    meet = threading.Barrier(2, timeout=1)

    def read_then_write(session: Session) -> None:
        session.connection().execute(text("SELECT COUNT(*) FROM interaction")).scalar()
        with suppress(threading.BrokenBarrierError):  # the other one waits outside, as it should
            meet.wait()
        session.connection().execute(text("UPDATE quarter_count SET n = n + 1"))

    threads = [threading.Thread(target=store.write_now, args=[read_then_write]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row[4] for row in store.read_now(dump)["quarter_count"]} == {3}


async def test_a_failed_write_leaves_nothing(any_store: Store) -> None:
    def fail(session: Session) -> None:
        session.connection().execute(text("DELETE FROM interaction"))
        raise ArithmeticError

    facts.put(any_store, facts.message(1))
    before = any_store.read_now(dump)
    with pytest.raises(ArithmeticError):
        await any_store.write(fail)
    assert any_store.read_now(dump) == before


async def test_reads_do_not_wait_for_a_write(any_store: Store) -> None:
    facts.put(any_store, facts.message(1))
    writing, go_on = threading.Event(), threading.Event()

    def write_slowly(session: Session) -> None:
        session.connection().execute(text("DELETE FROM interaction"))
        writing.set()
        go_on.wait(20)

    slow = asyncio.ensure_future(any_store.write(write_slowly))
    await asyncio.to_thread(writing.wait, 20)
    assert len((await any_store.read(dump))["interaction"]) == 1
    go_on.set()
    await slow
    assert (await any_store.read(dump))["interaction"] == []


def test_a_lock_held_too_long_is_an_outage(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_TIMEOUT_MS", 20)
    store.engine.dispose()

    def write_within(session: Session) -> None:
        session.connection()
        store.write_now(lambda session: session.connection().execute(text("DELETE FROM member")) and None)

    with pytest.raises(StoreUnavailable, match="locked"):
        store.write_now(write_within)


def test_all_threads_of_a_fresh_store_share_one_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    for attempt in range(10):
        folder = tmp_path / str(attempt)

        def read(folder: Path = folder) -> None:
            found.append(read_key(folder))

        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one.name for one in folder.iterdir()] == ["privacy.key"]
        assert len(set(found)) == attempt + 1
    assert len(found) == 60
