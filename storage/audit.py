"""The audit log: who did what to drops, roles and rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session

from storage.drop_models import AuditEntry

AUDIT: Any = AuditEntry.__table__  # type: ignore[attr-defined]
NOBODY = 0  # the bot itself
FORGOTTEN = -1  # somebody who asked to be forgotten


class Act(StrEnum):
    """What can be done; the words are stored."""

    SCHEDULED = "scheduled"
    PROPOSED = "proposed"
    EDITED = "edited"
    MOVED = "moved"
    POSTED_NOW = "posted_now"
    RETURNED = "returned"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    OVERRULED = "overruled"
    RULES = "rules"
    ROLE = "role"
    FAILED = "failed"
    RETRIED = "retried"
    HALTED = "halted"
    RESUMED_GROUP = "resumed_group"
    SETTLED_THERE = "settled_there"
    SETTLED_AGAIN = "settled_again"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry; `detail` goes with its act.

    `person_id` is NOBODY for the bot, FORGOTTEN for somebody who asked to be forgotten.
    """

    at: datetime
    person_id: int
    act: Act
    number: int | None
    detail: str | None


def note_act(
    session: Session,
    community_id: int,
    act: Act,
    *,
    by: int,
    now: datetime,
    number: int | None = None,
    detail: str | None = None,
) -> None:
    """Add an entry."""
    connection = session.connection()
    last = connection.execute(select(func.max(AUDIT.c.sequence)).where(AUDIT.c.community_id == community_id)).scalar()
    values = {"sequence": (last or 0) + 1, "at": now, "person_id": by, "act": act, "number": number, "detail": detail}
    connection.execute(insert(AUDIT).values(community_id=community_id, **values))


def list_acts(
    session: Session, community_id: int, *, number: int | None = None, limit: int = 20, offset: int = 0
) -> list[AuditView]:
    """The newest entries first; of one drop where its number is given."""
    columns = AUDIT.c
    query = select(columns.at, columns.person_id, columns.act, columns.number, columns.detail)
    query = query.where(columns.community_id == community_id)
    if number is not None:
        query = query.where(columns.number == number)
    query = query.order_by(columns.sequence.desc()).limit(limit).offset(offset)
    return [AuditView(at, who, Act(act), *about) for at, who, act, *about in session.connection().execute(query)]
