"""Whole copies of a database in one portable file (SQLite), whichever database it is; and back again."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

import storage.tables  # noqa: F401 (registers them)
from storage import schema
from storage.dialects import WRITES, open_engine
from storage.disk import database_file, plain_sqlite
from storage.inbox_models import PendingUpdate
from storage.times import epoch, from_epoch, to_epoch
from storage.wishes import Wish, list_wishes

APPLICATION_ID = 0x506B4470  # "PkDp", set by the first migration
MARK = "peakdrop_backup"
# Raw updates are for minutes, not for files that are kept.
LEFT_OUT = frozenset({str(PendingUpdate.__tablename__)})
_PRECIOUS = ("community", "hidden", "person")
_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself. `key_check` tells whether a privacy key is the one its hashes were made with."""

    created_at: datetime
    schema: str
    key_check: str
    rows: dict[str, int]


class Unreadable(Exception):
    """A file that is no SQLite database, or a broken one."""


def tables() -> list[Table]:
    """Our tables, in an order in which they can be filled."""
    return list(SQLModel.metadata.sorted_tables)


def copy_out(engine: Engine, target: Path) -> dict[str, int]:
    """Copy a database as of one moment into a new SQLite file, while others write; returns its rows by table."""
    if database_file(engine) is not None:
        return _copy_file(engine, target)
    copied = open_engine(f"sqlite:///{target}")
    try:
        schema.upgrade(copied)
        with _snapshot(engine) as source, _writing(copied) as sink:
            return {table.name: _stream(source, sink, table) for table in tables() if table.name not in LEFT_OUT}
    finally:
        copied.dispose()


def _copy_file(engine: Engine, target: Path) -> dict[str, int]:
    with plain_sqlite(engine) as source, closing(sqlite3.connect(target, isolation_level=None)) as sink:
        # The transaction holds the moment still: the copy and the counts see the same.
        source.execute("BEGIN")
        try:
            rows = _count(source)
            source.backup(sink)
        finally:
            source.execute("ROLLBACK")
        sink.execute("PRAGMA secure_delete=ON")
        for name in LEFT_OUT:
            sink.execute(f"DELETE FROM {name}")  # noqa: S608 - our own table's name
        return rows


def write_label(path: Path, label: Label) -> None:
    """Mark a finished copy as a backup; the file then stands alone and is safely on disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute(f"CREATE TABLE {MARK} (created_at INTEGER, schema TEXT, key_check TEXT, counted TEXT)")
        values = (to_epoch(label.created_at), label.schema, label.key_check, json.dumps(label.rows))
        connection.execute(f"INSERT INTO {MARK} VALUES (?, ?, ?, ?)", values)  # noqa: S608 - our own table's name
    with path.open("rb") as file:
        os.fsync(file.fileno())


def read_label(path: Path) -> Label | None:
    """What a file says of itself as a backup; None where it is none of ours. Raises Unreadable, OSError."""
    with _reading(path) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return None
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [MARK]).fetchone() is None:
            return None
        query = f"SELECT created_at, schema, key_check, counted FROM {MARK}"  # noqa: S608 - our own table's name
        created_at, revision, key_check, counted = connection.execute(query).fetchone()
        return Label(from_epoch(created_at), revision, key_check, json.loads(counted))


def bears_our_mark(path: Path) -> bool:
    """Whether a file's head says that it is ours, whatever became of the rest."""
    with path.open("rb") as file:
        return file.read(72)[68:] == APPLICATION_ID.to_bytes(4)


def is_whole(path: Path, rows: dict[str, int]) -> bool:
    """Whether every page of a file is sound and every table holds as many rows as were written. Raises Unreadable."""
    with _reading(path) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return False
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return set(rows) <= there and _count(connection, rows) == rows


def take_label_off(path: Path) -> None:
    """Make a copy of a backup an ordinary database again, in the newest schema."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"DROP TABLE {MARK}")
    engine = open_engine(f"sqlite:///{path}")
    try:
        schema.upgrade(engine)
    finally:
        engine.dispose()


def copy_in(source_path: Path, engine: Engine) -> None:
    """Replace everything in a server's database by what a SQLite file holds, in one transaction."""
    source = open_engine(f"sqlite:///{source_path}")
    try:
        with source.connect() as reading, engine.begin() as sink:
            for table in reversed(tables()):
                sink.execute(delete(table))
            for table in tables():
                _stream(reading, sink, table)
            for table in tables():
                _restart_numbering(sink, table)
    finally:
        source.dispose()


def holds_data(engine: Engine) -> bool:
    """Whether a database has anything that must not be overwritten silently; one that cannot be read has."""
    try:
        if schema.current(engine) is None:
            return False
        with engine.connect() as connection:
            counts = [select(func.count()).select_from(SQLModel.metadata.tables[name]) for name in _PRECIOUS]
            return any(connection.execute(count).scalar_one() for count in counts)
    except DBAPIError:
        return True


def find_wishes(engine: Engine) -> list[Wish] | None:
    """The wishes in a database that is about to be replaced; None where it cannot be read."""
    try:
        if schema.current(engine) is None:
            return []
        with Session(engine) as session:
            return list_wishes(session)
    except DBAPIError:
        return None


def stand_alone(engine: Engine) -> bool:
    """Fold a SQLite database's write-ahead log into its file; False where another program has it open."""
    engine.dispose()
    with closing(sqlite3.connect(str(database_file(engine)), isolation_level=None, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            return True  # no database any more: nothing to fold
        return True


def _count(connection: sqlite3.Connection, names: Iterable[str] | None = None) -> dict[str, int]:
    chosen = [table.name for table in tables() if table.name not in LEFT_OUT] if names is None else list(names)
    query = "SELECT COUNT(*) FROM {}"
    return {name: connection.execute(query.format(name)).fetchone()[0] for name in chosen}


def _stream(source: Connection, sink: Connection, table: Table) -> int:
    """Copy a table's rows in the order of its key, a few thousand at a time; returns how many."""
    columns = [epoch(column).label(column.name) if column.name.endswith("_at") else column for column in table.c]
    query = select(*columns).order_by(*table.primary_key).execution_options(stream_results=True, yield_per=_ROWS)
    count = 0
    for part in source.execute(query).mappings().partitions(_ROWS):
        sink.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    return count


def _restart_numbering(connection: Connection, table: Table) -> None:
    """Let a serial key go on after the highest number that was copied."""
    column = table.autoincrement_column
    if column is not None:
        highest = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), MAX({column.name})) "
        connection.execute(text(f"{highest} FROM {table.name} HAVING MAX({column.name}) IS NOT NULL"))


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A backup opened so that nothing can be written, not even beside it."""
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\x00":
            raise Unreadable("not a SQLite file")
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise Unreadable(str(error)) from error
