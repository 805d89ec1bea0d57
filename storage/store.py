"""The one door to the database: reads and writes run in threads, and `Store.write` is the only commit point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from storage import privacy, schema
from storage.dialects import WRITES, open_engine

T = TypeVar("T")
READERS = 4
QUEUE_CHANGED = "queue changed"  # in Session.info: what the sender looks at is another now


class StoreUnavailable(Exception):
    """The database cannot be used now (locked, disk full, away); nothing was stored."""


class Store:
    """A database and the threads that talk to it.

    What `fn` returns must be detached: dataclasses, never live rows. Database outages come as StoreUnavailable.
    """

    def __init__(self, database_url: str) -> None:
        try:
            self.engine = open_engine(database_url)
        except ArgumentError as error:
            raise StoreUnavailable(f"DATABASE_URL is not a database address: {error}") from error
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite's transactions see one moment by nature; PostgreSQL is told to.
        self._reads = self.engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})
        )
        self._writes = self.engine.execution_options(**{WRITES: True})
        # There is one writer at a time anyway (see storage.dialects): queue for it here, not on the database's lock.
        self._key: bytes | None = None
        self.on_queue_change: list[Callable[[], object]] = []  # called on the event loop, after the commit
        self._writer = ThreadPoolExecutor(1, "store-write")
        self._reader = ThreadPoolExecutor(READERS, "store-read")

    @property
    def folder(self) -> Path:
        """Where files beside the database belong: its own folder, or ./data for a server."""
        url = make_url(str(self.engine.url))
        if self.is_sqlite and url.database:
            return Path(url.database).resolve().parent
        return Path("data").resolve()

    @property
    def privacy_key(self) -> bytes:
        """The key that hides who asked to be forgotten; it lives beside the database, not in it."""
        if self._key is None:
            self._key = privacy.read_key(self.folder)
        return self._key

    def prepare(self) -> None:
        """Make or migrate the tables. Raises StoreUnavailable, or schema.NewerSchema."""
        try:
            schema.upgrade(self.engine)
        except DBAPIError as error:
            raise _unavailable(error) from error

    async def read(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a reading thread, in one transaction (a consistent picture)."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self.read_now, fn)

    async def write(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a writing thread and commit; on any error nothing is stored.

        Where it changed the queue, `on_queue_change` is told.
        """
        result, queue_changed = await asyncio.get_running_loop().run_in_executor(self._writer, self._write, fn)
        for tell in self.on_queue_change if queue_changed else ():
            tell()
        return result

    def read_now(self, fn: Callable[[Session], T]) -> T:
        """`read` for callers that have no event loop."""
        try:
            with Session(self._reads, info={privacy.KEY: self.privacy_key}) as session:
                return fn(session)
        except DBAPIError as error:
            raise _unavailable(error) from error

    def write_now(self, fn: Callable[[Session], T]) -> T:
        """`write` for callers that have no event loop; nobody is told."""
        return self._write(fn)[0]

    def _write(self, fn: Callable[[Session], T]) -> tuple[T, bool]:
        try:
            with Session(self._writes, info={privacy.KEY: self.privacy_key}) as session:
                result = fn(session)
                session.commit()
                return result, QUEUE_CHANGED in session.info
        except DBAPIError as error:
            raise _unavailable(error) from error

    async def tend(self, fn: Callable[[Engine], T]) -> T:
        """Run upkeep of the database's files in a writing thread, outside any transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self.tend_now, fn)

    def tend_now(self, fn: Callable[[Engine], T]) -> T:
        """`tend` for callers that have no event loop."""
        try:
            return fn(self.engine)
        except DBAPIError as error:
            raise _unavailable(error) from error

    def close(self) -> None:
        """Finish what is under way and let the connections go."""
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        self.engine.dispose()


def _unavailable(error: DBAPIError) -> Exception:
    """An outage as StoreUnavailable; anything else is a bug and stays what it is."""
    reason = str(error.orig).strip().splitlines()[0] if error.orig and str(error.orig).strip() else str(error)
    is_outage = isinstance(error, OperationalError) or error.connection_invalidated or _is_outage(reason)
    return StoreUnavailable(reason) if is_outage else error


# What SQLite and PostgreSQL answer when nothing can be stored, under names that could as well mean a bug.
_OUTAGES = (
    "disk is full",
    "disk I/O",
    "readonly database",
    "read-only transaction",
    "not a database",
    "disk image is malformed",
)


def _is_outage(reason: str) -> bool:
    return any(words in reason for words in _OUTAGES)
