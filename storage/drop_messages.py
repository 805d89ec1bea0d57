"""The messages that drops became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlmodel import Session

from storage.dialects import insert_new
from storage.drop_models import DropMessage
from storage.models import Community

MESSAGE: Any = DropMessage.__table__  # type: ignore[attr-defined]
_COMMUNITY: Any = Community.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that a drop became."""

    chat_id: int
    message_id: int
    position: int = 0
    thread_id: int = 0


def note_messages(session: Session, community_id: int, number: int, sent: Iterable[SentMessage], at: datetime) -> None:
    """Tie messages to a drop."""
    rows = [
        {
            "community_id": community_id,
            "chat_id": one.chat_id,
            "message_id": one.message_id,
            "number": number,
            "position": one.position,
            "thread_id": one.thread_id,
            "at": at,
        }
        for one in sent
    ]
    insert_new(session, MESSAGE, rows)


def messages_of(session: Session, community_id: int, number: int) -> list[SentMessage]:
    """The messages of a drop that are still there, in order."""
    columns = MESSAGE.c
    query = select(columns.chat_id, columns.message_id, columns.position, columns.thread_id).where(
        columns.community_id == community_id, columns.number == number, columns.removed_at.is_(None)
    )
    return [SentMessage(*row) for row in session.connection().execute(query.order_by(columns.position))]


def drop_of_message(session: Session, community_id: int, chat_id: int, message_id: int) -> int | None:
    """The number of the drop that a message belongs to."""
    columns = MESSAGE.c
    query = select(columns.number).where(
        columns.community_id == community_id, columns.chat_id == chat_id, columns.message_id == message_id
    )
    found: int | None = session.connection().execute(query).scalar()
    return found


def find_message(session: Session, chat_id: int, message_id: int) -> tuple[int, int] | None:
    """Community and number of the drop that a message belongs to, whichever community's it is."""
    columns = MESSAGE.c
    everywhere = select(_COMMUNITY.c.id)
    query = select(columns.community_id, columns.number).where(
        columns.community_id.in_(everywhere), columns.chat_id == chat_id, columns.message_id == message_id
    )
    row = session.connection().execute(query).first()
    return None if row is None else (row[0], row[1])


def note_removed(session: Session, community_id: int, number: int, at: datetime) -> None:
    """A drop's messages were taken away from the group."""
    here = and_(MESSAGE.c.community_id == community_id, MESSAGE.c.number == number, MESSAGE.c.removed_at.is_(None))
    session.connection().execute(update(MESSAGE).where(here).values(removed_at=at))
