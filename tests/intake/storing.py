"""Updates into a real store, and what the store then says."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from handlers.incoming import read_batch
from storage.inbox import Taken, take
from storage.store import Store
from tests.intake.updates import BOT, NOW, encode

AT = datetime.fromtimestamp(NOW + 3600, UTC)


def deliver(store: Store, *updates: Any, now: datetime = AT) -> Taken:
    """One batch through reading and storing."""
    batch = read_batch(encode(*updates), now=now, bot_username=BOT)
    return store.write_now(partial(take, batch=batch, now=now))


def query(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """Plain SQL."""

    def fetch(session: Session) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in session.connection().execute(text(sql))]

    return store.read_now(fetch)


def counts(store: Store) -> dict[int, int]:
    """Kind to number, from the rollups."""
    return dict(query(store, "SELECT kind, SUM(n) FROM quarter_count GROUP BY kind HAVING SUM(n) <> 0"))


def log(store: Store) -> list[tuple[Any, ...]]:
    """The log's kind, actor, flags, size, in the order of the vocabulary."""
    return query(store, "SELECT kind, actor, flags, size FROM interaction ORDER BY kind, message_id, nonce")
