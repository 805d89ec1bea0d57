"""What is expected of groups' coming weeks, as it was worked out last, and who is at working it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlmodel import Session

from storage.dialects import upsert
from storage.outlook_models import Outlook
from storage.times import epoch, from_epoch, to_epoch

OUTLOOK: Any = Outlook.__table__  # type: ignore[attr-defined]
WHOLE_GROUP = -1  # instead of a topic
LEASE = timedelta(minutes=10)  # a process that claimed it and is silent for so long is gone


class Kept(NamedTuple):
    """An outlook as it is kept."""

    made_at: datetime
    content: bytes


def topic_week(thread_id: int) -> int:
    """The topic whose week counts for what goes there; General (0) has that of the whole group."""
    return thread_id or WHOLE_GROUP


def find_outlook(session: Session, community_id: int, topic_id: int = WHOLE_GROUP) -> Kept | None:
    """A group's outlook, or that of one of its topics; None where none was made yet."""
    columns = OUTLOOK.c
    query = select(epoch(columns.made_at), columns.content).where(
        columns.community_id == community_id, columns.topic_id == topic_id, columns.content.is_not(None)
    )
    row = session.connection().execute(query).first()
    return None if row is None else Kept(from_epoch(row[0]), bytes(row[1]))


def made_times(session: Session) -> dict[int, datetime]:
    """When the outlook of each group that has one was made."""
    columns = OUTLOOK.c
    query = select(columns.community_id, epoch(columns.made_at)).where(
        columns.topic_id == WHOLE_GROUP, columns.content.is_not(None)
    )
    return {community_id: from_epoch(at) for community_id, at in session.connection().execute(query)}


def keep_outlook(
    session: Session, community_id: int, content: bytes, topic_id: int = WHOLE_GROUP, *, now: datetime
) -> None:
    """Keep an outlook instead of the one before; a claim on it is over."""
    row = {"community_id": community_id, "topic_id": topic_id, "made_at": now, "claimed_at": None, "content": content}
    upsert(session, OUTLOOK, [row])


def claim_outlooks(session: Session, due: Mapping[int, datetime], now: datetime) -> list[int]:
    """Of these groups those whose outlook was not made since the moment given, claimed for the caller to make.

    What another process claimed within the lease is left to it.
    """
    columns = OUTLOOK.c
    query = select(columns.community_id, epoch(columns.made_at), epoch(columns.claimed_at)).where(
        columns.community_id.in_(list(due)), columns.topic_id == WHOLE_GROUP
    )
    stale = to_epoch(now - LEASE)
    held = {
        community_id
        for community_id, made_at, claimed_at in session.connection().execute(query)
        if (made_at is not None and made_at >= to_epoch(due[community_id]))
        or (claimed_at is not None and claimed_at > stale)
    }
    won = sorted(set(due) - held)
    upsert(session, OUTLOOK, [{"community_id": one, "topic_id": WHOLE_GROUP, "claimed_at": now} for one in won])
    return won


def forget_outlooks(session: Session, community_id: int) -> None:
    """Drop a group's outlooks: its past is another one now."""
    session.connection().execute(delete(OUTLOOK).where(OUTLOOK.c.community_id == community_id))
