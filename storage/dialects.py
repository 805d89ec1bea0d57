"""The few places where SQLite and PostgreSQL differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

BUSY_TIMEOUT_MS = 10_000
WRITES = "peakdrop_writes"
_WRITERS_LOCK = 0x506B4470  # any number that nothing else on the server uses
_NONE: Mapping[str, int] = {}
_CELLS = 600  # of one statement; SQLite takes 999 at the least


def open_engine(database_url: str) -> Engine:
    """An engine for either database; a SQLite file's folder is made. Raises sqlalchemy.exc.ArgumentError."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.get_backend_name() in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_size=6, max_overflow=4, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A read that turns into a write fails "locked" at once: say beforehand which it is.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: Any) -> None:
    # One writer at a time, as on SQLite: what a write decides rests on what it read.
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")


def is_sqlite(session: Session) -> bool:
    """Whether this session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def by_index(session: Session, table: str, index: str) -> str:
    """A table to read from by one index: SQLite, which keeps no statistics, may prefer to walk through a chat."""
    return f"{table} INDEXED BY {index}" if is_sqlite(session) else table


def insert_into(session: Session, table: Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    return insert_for(is_sqlite(session), table)


# Statements are made once: making them cost more than running them.
@cache
def insert_for(for_sqlite: bool, table: Table) -> Any:
    """`insert_into` where there is no session at hand."""
    return sqlite.insert(table) if for_sqlite else postgresql.insert(table)


@cache
def _insert_new(for_sqlite: bool, table: Table) -> Any:
    return insert_for(for_sqlite, table).on_conflict_do_nothing()


def insert_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving those whose key is there already as they are."""
    if rows:
        session.connection().execute(_insert_new(is_sqlite(session), table), list(rows))


def insert_plain(
    session: Session,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    constant: Mapping[str, int] = _NONE,
    adding_to: Sequence[str] = (),
    joining: Sequence[str] = (),
) -> int:
    """Insert many rows, no key twice, as plain tuples straight to the driver: objects cost more than the database.

    `constant` columns are the same in all rows. Where the key is there, the row stays as it is, but for counters in
    `adding_to` and bit masks in `joining`. Returns how many rows were written.
    """
    if not rows:
        return 0
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in adding_to]
    changes += [f"{name} = {table.name}.{name} | excluded.{name}" for name in joining]
    keys = ", ".join(column.name for column in table.primary_key)
    conflict = f"({keys}) DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
    hole = "?" if is_sqlite(session) else "%s"
    row = f"({', '.join([*(str(int(value)) for value in constant.values()), *[hole] * len(columns)])})"
    # Many rows a statement: half the time of one each.
    group = max(1, _CELLS // len(columns))
    whole = len(rows) - len(rows) % group
    grouped = [tuple(chain.from_iterable(rows[at : at + group])) for at in range(0, whole, group)]
    written = 0
    for size, cells in ((group, grouped), (1, rows[whole:])):
        if cells:
            result = session.connection().exec_driver_sql(
                f"INSERT INTO {table.name} ({', '.join([*constant, *columns])}) "  # noqa: S608 - names of our own tables and columns
                f"VALUES {', '.join([row] * size)} ON CONFLICT {conflict}",
                list(cells),
                execution_options={"preserve_rowcount": True},
            )
            written += result.rowcount
    return written


def insert_all_new(session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> bool:
    """Insert rows if no key of theirs is there yet; else insert none and return False. Asks nothing beforehand."""
    if not rows:
        return True
    with session.connection().begin_nested() as savepoint:
        if insert_plain(session, table, columns, rows) == len(rows):
            return True
        savepoint.rollback()
    return False


def upsert(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    changes: Mapping[str, Any] | None = None,
    *,
    where: Any = None,
) -> None:
    """Insert rows; where the key is there, apply `changes` (default: every other given column is replaced).

    `changes` maps a column to an expression over `excluded(...)`. Rows are sorted by key, so that two writers
    lock in the same order.
    """
    if not rows:
        return
    if set(rows[0]) <= set(table.primary_key.columns.keys()):
        insert_new(session, table, rows)  # nothing but keys: nothing to change
        return
    if changes is None:
        new = insert_into(session, table).excluded
        changes = {name: new[name] for name in rows[0] if name not in table.primary_key.columns}
    run_upsert(session, table, upserting(is_sqlite(session), table, changes, where), rows)


def upserting(for_sqlite: bool, table: Table, changes: Mapping[str, Any], where: Any = None) -> Any:
    """The statement of an `upsert`, to be kept where it runs often."""
    keys = [column.name for column in table.primary_key]
    return insert_for(for_sqlite, table).on_conflict_do_update(index_elements=keys, set_=changes, where=where)


def run_upsert(session: Session, table: Table, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run what `upserting` made, the rows sorted by key."""
    keys = [column.name for column in table.primary_key]
    if rows:
        session.connection().execute(statement, sorted(rows, key=lambda row: tuple(row[name] for name in keys)))


def adding(session: Session, table: Table, columns: Iterable[str], masks: Iterable[str] = ()) -> dict[str, Any]:
    """Changes for `upsert` that add to counters and join bit masks."""
    new = insert_into(session, table).excluded
    changes = {name: table.c[name] + new[name] for name in columns}
    changes |= {name: table.c[name].op("|")(new[name]) for name in masks}
    return changes
