"""The doctor finds what is wrong with a store, and changes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlmodel import Session

from peakdrop.backup import backup
from peakdrop.doctor import DoctorReport, Problem, examine
from storage.coverage import start_listening
from storage.inbox import Incoming, take
from storage.kinds import Standing
from storage.store import Store
from tests import facts

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


def make_well(store: Store, tmp_path: Path) -> None:
    facts.put(store, facts.message(), facts.bot_standing())
    store.write_now(lambda session: start_listening(session, NOW - timedelta(seconds=30)))
    backup(store, tmp_path / "a.backup", now=NOW - timedelta(days=1))


def test_a_store_that_is_well_has_no_problems(any_store: Store, tmp_path: Path) -> None:
    make_well(any_store, tmp_path)
    report = examine(any_store, NOW)
    assert report.problems == []
    assert (report.is_reachable, report.writable, report.key_mode) == (True, True, 0o600)
    assert report.size is not None
    assert report.size > 10_000
    assert (report.free is None) == (report.database == "postgresql")
    assert [(one.title, one.standing) for one in report.communities] == [("Peak Lab", Standing.ADMIN)]
    assert report.last_backup_at == NOW - timedelta(days=1)


def test_what_is_odd_is_named(any_store: Store, tmp_path: Path) -> None:
    make_well(any_store, tmp_path)
    facts.put(any_store, facts.bot_standing(Standing.MEMBER, at=facts.NOON + 5))
    facts.put(any_store, facts.bot_standing(Standing.LEFT, chat_id=-77, at=facts.NOON))
    odd = [
        Incoming(1, "message", payload="{}"),
        Incoming(2, "message", broken="no number"),
        Incoming(3, "moon_phase", unknown=True),
    ]
    any_store.write_now(lambda session: take(session, odd, NOW))
    os.chmod(any_store.folder / "privacy.key", 0o644)
    report = examine(any_store, NOW + timedelta(days=8))
    assert set(report.problems) == {
        Problem.KEY_OPEN,
        Problem.SILENT,
        Problem.WAITING,
        Problem.QUARANTINED,
        Problem.UNKNOWN,
        Problem.NOT_INSIDE,
        Problem.NOT_ADMIN,
        Problem.BACKUP_OLD,
    }
    assert (report.waiting, report.quarantined, report.unknown) == (1, 1, {"moon_phase": 1})


def test_a_fresh_store_is_told_from_a_broken_one(any_store: Store) -> None:
    any_store.prepare()
    assert examine(any_store, NOW).problems == [
        Problem.KEY_MISSING,
        Problem.SILENT,
        Problem.NO_COMMUNITY,
        Problem.BACKUP_UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("version", "problem"),
    [("'0000'", Problem.NEWER_SCHEMA), ("'9999'", Problem.NEWER_SCHEMA), (None, Problem.NO_TABLES)],
)
def test_a_schema_of_another_version_is_named(any_store: Store, version: str | None, problem: Problem) -> None:
    def change(session: Session) -> None:
        changed = f"UPDATE alembic_version SET version_num = {version}"
        session.connection().execute(text(changed if version else "DELETE FROM alembic_version"))

    any_store.write_now(change)
    assert examine(any_store, NOW).problems[0] == problem


def test_a_nearly_full_disk_is_named(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_well(store, tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**6))
    assert examine(store, NOW).problems == [Problem.DISK_FULL]


def unreachable(make: Callable[[], Store]) -> DoctorReport:
    opened = make()
    try:
        return examine(opened, NOW)
    finally:
        opened.close()


def test_a_database_that_is_none_is_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "peakdrop.db"
    path.write_bytes(b"rubbish" * 1_000)
    report = unreachable(lambda: Store(f"sqlite:///{path}"))
    assert (report.problems, report.is_reachable) == ([Problem.UNREACHABLE], False)
    assert report.reason == "file is not a database"


def test_a_server_that_is_away_is_unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = unreachable(lambda: Store(f"postgresql://nobody@/none?host={tmp_path}"))
    assert report.problems == [Problem.UNREACHABLE]
    assert report.reason


def test_a_read_only_database_is_named(postgres_store: Store, tmp_path: Path) -> None:
    make_well(postgres_store, tmp_path)
    name = postgres_store.engine.url.database
    with postgres_store.engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    postgres_store.engine.dispose()
    report = examine(postgres_store, NOW)
    assert report.problems == [Problem.READ_ONLY]
    assert report.reason is not None
    assert "read-only" in report.reason
