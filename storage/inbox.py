"""Updates as they come: each taken in once, those that need an answer kept until they have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from storage.dialects import adding, insert_new, insert_plain, upsert
from storage.facts import Facts
from storage.inbox_models import PendingUpdate, QuarantinedUpdate, UnknownUpdate, UpdateId
from storage.interactions import record
from storage.polls import drop_waiting
from storage.signs import note_signs, prune_signs
from storage.times import epoch, to_epoch

SEEN: Any = UpdateId.__table__  # type: ignore[attr-defined]
PENDING: Any = PendingUpdate.__table__  # type: ignore[attr-defined]
BROKEN: Any = QuarantinedUpdate.__table__  # type: ignore[attr-defined]
UNKNOWN: Any = UnknownUpdate.__table__  # type: ignore[attr-defined]
KEPT = timedelta(days=7)
KEPT_BROKEN = timedelta(days=30)
ANSWERABLE = timedelta(minutes=10)
_THERE = select(SEEN.c.update_id).where(SEEN.c.update_id.in_(bindparam("ids", expanding=True)))


@dataclass(slots=True)
class Incoming:
    """One update, read: what it says, and its raw JSON where someone must answer it."""

    update_id: int
    kind: str
    facts: Facts = field(default_factory=Facts)
    lane: int = 0
    payload: str | None = None
    unknown: bool = False
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that waits for its answer; those of one lane (chat) are answered in order."""

    update_id: int
    lane: int
    payload: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch."""

    updates: int
    interactions: int
    waiting: list[Waiting]


def take(session: Session, batch: Sequence[Incoming], now: datetime) -> Taken:
    """Store a batch, in the caller's one transaction; updates taken in before are left out."""
    unique = {one.update_id: one for one in reversed(batch)}
    there = set(session.connection().execute(_THERE, {"ids": list(unique)}).scalars())
    fresh = sorted((one for one in unique.values() if one.update_id not in there), key=lambda one: one.update_id)
    facts = Facts()
    for one in fresh:
        facts.extend(one.facts)
    interactions = record(session, facts)
    note_signs(session, facts.signs, now)
    at = to_epoch(now)
    insert_plain(session, SEEN, ("update_id", "at"), [(one.update_id, at) for one in fresh])
    waiting = [Waiting(one.update_id, one.lane, one.payload) for one in fresh if one.payload is not None]
    columns = ("update_id", "lane", "received_at", "payload")
    insert_plain(session, PENDING, columns, [(one.update_id, one.lane, at, one.payload) for one in waiting])
    _note_odd(session, fresh, now)
    return Taken(len(fresh), interactions, waiting)


def _note_odd(session: Session, fresh: Sequence[Incoming], now: datetime) -> None:
    broken = [
        {"update_id": one.update_id, "kind": one.kind, "reason": one.broken, "at": now}
        for one in fresh
        if one.broken is not None
    ]
    insert_new(session, BROKEN, broken)
    unknown = Counter(one.kind for one in fresh if one.unknown)
    rows = [{"kind": kind, "n": n, "last_at": now} for kind, n in unknown.items()]
    upsert(session, UNKNOWN, rows, adding(session, UNKNOWN, ["n"]) | {"last_at": now})


def answered(session: Session, update_ids: Sequence[int]) -> None:
    """These updates have their answer."""
    session.connection().execute(delete(PENDING).where(PENDING.c.update_id.in_(list(update_ids))))


def left_over(session: Session, now: datetime) -> tuple[list[Waiting], int]:
    """After a start: the updates still to answer, in order, and how many were too old and are dropped."""
    limit = to_epoch(now - ANSWERABLE)
    connection = session.connection()
    dropped = connection.execute(delete(PENDING).where(epoch(PENDING.c.received_at) < limit)).rowcount
    query = select(PENDING.c.update_id, PENDING.c.lane, PENDING.c.payload).order_by(PENDING.c.update_id)
    return [Waiting(*row) for row in connection.execute(query)], dropped


def prune(session: Session, now: datetime) -> None:
    """Let go of update ids and unplaced votes older than seven days, and of broken updates after a month."""
    limit = to_epoch(now - KEPT)
    session.connection().execute(delete(BROKEN).where(epoch(BROKEN.c.at) < to_epoch(now - KEPT_BROKEN)))
    session.connection().execute(delete(SEEN).where(epoch(SEEN.c.at) < limit))
    drop_waiting(session, limit)
    prune_signs(session, now)


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """Odd updates so far, for `doctor` and the logs."""

    quarantined: int
    unknown: dict[str, int]
    waiting: int


def inbox_health(session: Session) -> InboxHealth:
    """How many updates were broken, unknown, or wait for an answer."""
    connection = session.connection()
    unknown = {kind: n for kind, n in connection.execute(select(UNKNOWN.c.kind, UNKNOWN.c.n))}
    quarantined = len(connection.execute(select(BROKEN.c.update_id)).all())
    return InboxHealth(quarantined, unknown, len(connection.execute(select(PENDING.c.update_id)).all()))
