"""What lies on disk: making it forget what the tables have forgotten, and how much room it takes."""

from __future__ import annotations

import mmap
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage.dialects import BUSY_TIMEOUT_MS

ATTEMPTS = 20
PAUSE = 0.1  # seconds between two attempts to cut the log, while readers finish


def database_file(engine: Engine) -> Path | None:
    """The SQLite file of an engine; None for a server."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    return Path(str(engine.url.database)).resolve()


def scrub(engine: Engine, needles: Collection[bytes], tables: Collection[str]) -> bool:
    """After rows are deleted: take their bytes off the disk too. Returns False where readers were in the way.

    SQLite overwrites what is deleted (secure_delete), but the write-ahead log holds older pages, and pages that were
    split may hold stale copies of rows that moved: the log is cut, and where a needle is still found, the file is
    written anew. PostgreSQL's tables are vacuumed.
    """
    path = database_file(engine)
    if path is None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in sorted(tables):
                connection.execute(text(f"VACUUM {table}"))
        return True
    with plain_sqlite(engine) as plain:
        if not _cut_log(plain):
            return False
        if not _holds(path, needles):
            return True
        plain.execute("VACUUM")
        return _cut_log(plain)


def clean(engine: Engine) -> bool:
    """Cut the write-ahead log; False where readers are in the way."""
    return scrub(engine, (), ())


def rewrite(engine: Engine) -> None:
    """Write a SQLite file anew, so that it holds nothing but its rows."""
    with plain_sqlite(engine) as plain:
        plain.execute("VACUUM")
        _cut_log(plain)


@contextmanager
def plain_sqlite(engine: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, in which nobody begins a transaction for us."""
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        yield connection
    except sqlite3.Error as error:
        raise DBAPIError.instance(None, None, error, sqlite3.Error) from error
    finally:
        pooled.close()


def _cut_log(connection: sqlite3.Connection) -> bool:
    # Waiting for readers inside the checkpoint would keep writers out: ask briefly, and again.
    connection.execute("PRAGMA busy_timeout=0")
    try:
        for _ in range(ATTEMPTS):
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return True
            time.sleep(PAUSE)
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _holds(path: Path, needles: Collection[bytes]) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(needle) >= 0 for needle in needles if needle)


def id_needles(member_id: int) -> list[bytes]:
    """The forms in which SQLite keeps a member's id: as such, negated (comings and goings), and as text."""
    width = next(size for size in (1, 2, 3, 4, 6, 8) if -(2 ** (8 * size - 1)) <= member_id < 2 ** (8 * size - 1))
    numbers = [value.to_bytes(width, "big", signed=True) for value in (member_id, -member_id)]
    return [*numbers, str(member_id).encode()]


def size_on_disk(engine: Engine) -> int:
    """Bytes that the database takes, the write-ahead log included."""
    path = database_file(engine)
    if path is None:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    beside = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
    return sum(one.stat().st_size for one in beside if one.exists())
