"""Intake and its store: stored first, once, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from handlers.intake import unbroken
from handlers.outage import Outage
from storage.store import Store, StoreUnavailable
from tests.clock import FakeClock
from tests.intake.answering import Noting, make_intake
from tests.intake.storing import log, query
from tests.intake.updates import command, encode, message, update
from tests.storage.recount import assert_rollups_agree

STATS = update(7, "message", message(7, **command("/stats")))


async def test_a_command_is_stored_once_and_handed_on_once(store: Store, clock: FakeClock) -> None:
    answering = Noting()
    intake = make_intake(store, clock, answering)
    for _ in range(3):
        await intake.take(intake.read(encode(STATS, update(8, "message", message(8)), STATS)))
    assert answering.given == [7]
    assert query(store, "SELECT update_id FROM pending_update") == [(7,)]
    assert len(log(store)) == 2


def lock(store: Store) -> sqlite3.Connection:
    path = store.engine.url.database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


def hurry(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for SQLite's lock a little only."""
    monkeypatch.setattr("storage.dialects.BUSY_TIMEOUT_MS", 30)
    store.engine.dispose()


async def test_a_locked_database_is_said_once_and_waited_out(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hurry(store, monkeypatch)
    answering = Noting()
    intake = make_intake(store, clock, answering)
    other = lock(store)
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(intake.take(intake.read(encode(STATS))))
        await asyncio.sleep(0.5)
        assert not taking.done()
        other.close()
    assert answering.given == [7]
    assert answering.reloads == 1  # what a lost commit may have stored
    said = [record.message for record in caplog.records]
    assert len(said) == 2
    assert "database is locked" in said[0]
    assert "works again" in said[1]


async def test_a_full_disk_acknowledges_nothing_and_intake_resumes(store: Store, clock: FakeClock) -> None:
    intake = make_intake(store, clock)
    pages = int(query(store, "PRAGMA page_count")[0][0])
    store.engine.dispose()
    full = True

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 4 if full else 10_000}")

    event.listen(store.engine, "connect", limit)
    many = [update(n, "message", message(n, who=n)) for n in range(1, 400)]
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(intake.take(intake.read(encode(*many))))
        await asyncio.sleep(0.3)
        assert not taking.done()
        assert log(store) == []
        full = False
        store.engine.dispose()
    assert len(log(store)) == 399
    store.read_now(assert_rollups_agree)


async def test_an_update_that_cannot_be_stored_does_not_stop_the_rest(
    any_store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    answering = Noting()
    intake = make_intake(any_store, clock, answering)
    poison = message(5, text=None, paid_media={"star_count": 10**30})  # no database has such a number
    batch = [STATS, update(8, "message", poison), update(9, "message", message(9))]
    await intake.take(intake.read(encode(*batch)))
    await intake.take(intake.read(encode(*batch)))
    assert len(log(any_store)) == 2
    assert [row[0] for row in query(any_store, "SELECT update_id FROM quarantined_update")] == [8]
    assert answering.given == [7]
    assert [one.levelname for one in caplog.records if one.name.startswith("handlers")] == ["ERROR"]
    any_store.read_now(assert_rollups_agree)


async def test_a_command_that_cannot_be_counted_is_answered_nevertheless(store: Store, clock: FakeClock) -> None:
    answering = Noting()
    intake = make_intake(store, clock, answering)
    poison = message(5, **command("/stats"), paid_media={"star_count": 10**30})
    await intake.take(intake.read(encode(update(8, "message", poison))))
    assert answering.given == [8]


async def test_what_arrives_at_once_is_committed_at_once(store: Store, clock: FakeClock) -> None:
    intake = make_intake(store, clock)
    commits = 0
    write = store.write

    async def counting(fn: Callable[[Session], Any]) -> Any:
        nonlocal commits
        commits += 1
        return await write(fn)

    store.write = counting  # type: ignore[method-assign]
    posts = [intake.read_one(encode(update(n, "message", message(n)))[1:-1]) for n in range(1, 251)]
    await asyncio.gather(*(intake.submit(one) for one in posts))
    assert len(log(store)) == 250
    assert commits <= 4


async def test_a_batch_being_stored_is_finished_though_cancelled(store: Store, clock: FakeClock) -> None:
    answering = Noting()
    intake = make_intake(store, clock, answering)
    taking = asyncio.ensure_future(intake.take(intake.read(encode(STATS))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert len(log(store)) == 1
    assert answering.given == [7]


async def test_submit_says_when_nothing_can_be_stored(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(store, monkeypatch)
    intake = make_intake(store, clock)
    other = lock(store)
    one = intake.read_one(encode(STATS)[1:-1])
    with pytest.raises(StoreUnavailable):
        await intake.submit(one)
    other.close()
    await intake.submit(one)
    assert len(log(store)) == 1


async def test_when_not_even_a_quarantine_can_be_written_nothing_is_acknowledged(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    intake = make_intake(store, clock)

    async def broken(_fn: object) -> None:
        raise ValueError("a bug")

    write, store.write = store.write, broken  # type: ignore[method-assign, assignment]
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(intake.take(intake.read(encode(STATS))))
        await asyncio.sleep(0.1)
        assert not taking.done()
        store.write = write  # type: ignore[method-assign]
    assert len(log(store)) == 1
    assert "not even a quarantine" in caplog.text


async def test_unbroken_reports_a_failure_to_whoever_waits() -> None:
    async def fail() -> None:
        raise StoreUnavailable("full")

    with pytest.raises(StoreUnavailable):
        await unbroken(fail())


def test_pauses_grow_with_jitter_within_bounds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    trouble = Outage("Telegram", Random(3))
    pauses = [trouble.failed("it is away") for _ in range(12)]
    assert all(1 <= pause <= 30 for pause in pauses)
    assert pauses[0] < 2.1 < pauses[3] <= 8
    assert min(pauses[6:]) >= 15
    assert len(set(pauses)) > 9
    assert trouble.over()
    assert not trouble.over()
    assert len(caplog.records) == 2
