"""Sending as rows: what is due, who has claimed it, which messages it became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, insert, literal_column, select, update
from sqlmodel import Session

from storage.drop_models import DropMessage
from storage.drops import COLUMNS, DROP, DropView, State, as_view, find_drop
from storage.times import epoch, from_epoch

MESSAGE: Any = DropMessage.__table__  # type: ignore[attr-defined]

# The state is written out, so that the database sees that the small index of what is due answers this.
_IS_DUE: Any = literal_column(f"queued_drop.state = {int(State.SCHEDULED)}")
_IS_SENDING: Any = literal_column(f"queued_drop.state IN ({int(State.SENDING)}, {int(State.UNCERTAIN)})")


def next_due_at(session: Session) -> datetime | None:
    """When the next drop of any community is due; what is overdue counts."""
    seconds = session.connection().execute(select(func.min(epoch(DROP.c.due_at))).where(_IS_DUE)).scalar()
    return None if seconds is None else from_epoch(seconds)


def due_places(session: Session, now: datetime) -> list[tuple[int, int | None]]:
    """Where something is due: community, and channel (None is the group itself), the longest overdue first."""
    place = (DROP.c.community_id, DROP.c.target_chat_id)
    query = select(*place).where(_IS_DUE, DROP.c.due_at <= now).group_by(*place).order_by(func.min(DROP.c.due_at))
    return [(row[0], row[1]) for row in session.connection().execute(query)]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who sends, until when the claim holds unless renewed, and the number that this attempt's buttons carry."""

    by: str
    until: datetime
    nonce: int


def claim_due(
    session: Session, community_id: int, target_chat_id: int | None, now: datetime, claim: Claim
) -> DropView | None:
    """Take the first drop due in a place for sending; None where none is, or one is under way there (order is kept)."""
    place = and_(DROP.c.community_id == community_id, DROP.c.target_chat_id.is_not_distinct_from(target_chat_id))
    sending = DROP.alias()
    busy = exists().where(
        sending.c.community_id == community_id,
        sending.c.target_chat_id.is_not_distinct_from(target_chat_id),
        sending.c.state == State.SENDING,
    )
    first = (
        select(DROP.c.number)
        .where(place, _IS_DUE, DROP.c.due_at <= now)
        .order_by(DROP.c.due_at, DROP.c.number)
        .limit(1)
    )
    number = session.connection().execute(first.where(~busy)).scalar()
    if number is None:
        return None
    return _claim(session, community_id, number, State.SCHEDULED, now, claim)


def claim_drop(
    session: Session, community_id: int, number: int, expected: State, now: datetime, claim: Claim
) -> DropView | None:
    """Take one drop for sending (again); None where it no longer stands as expected."""
    return _claim(session, community_id, number, expected, now, claim)


def _claim(
    session: Session, community_id: int, number: int, expected: State, now: datetime, claim: Claim
) -> DropView | None:
    here = and_(DROP.c.community_id == community_id, DROP.c.number == number, DROP.c.state == expected)
    values = {
        "state": State.SENDING,
        "attempt": DROP.c.attempt + 1,
        "nonce": claim.nonce,
        "claimed_by": claim.by,
        "claimed_until": claim.until,
        "changed_at": now,
        "failure": None,
        "failure_detail": None,
        "asked_at": None,
    }
    if session.connection().execute(update(DROP).where(here).values(values)).rowcount != 1:
        return None
    return find_drop(session, community_id, number)


def renew_claims(session: Session, by: str, until: datetime) -> int:
    """Keep this process's claims alive; returns how many there are."""
    here = and_(_IS_SENDING, DROP.c.state == State.SENDING, DROP.c.claimed_by == by)
    return session.connection().execute(update(DROP).where(here).values(claimed_until=until)).rowcount


def orphans(session: Session, now: datetime) -> list[DropView]:
    """Drops whose sender is gone: their claim was not renewed."""
    lost = and_(_IS_SENDING, DROP.c.state == State.SENDING, DROP.c.claimed_until < now)
    return [as_view(row) for row in session.connection().execute(select(*COLUMNS).where(lost))]


def uncertain_drops(session: Session) -> list[DropView]:
    """Drops of which nobody knows whether they were sent."""
    here = and_(_IS_SENDING, DROP.c.state == State.UNCERTAIN)
    return [as_view(row) for row in session.connection().execute(select(*COLUMNS).where(here))]


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
    for row in rows:
        session.connection().execute(insert(MESSAGE).values(row))


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


def note_removed(session: Session, community_id: int, number: int, at: datetime) -> None:
    """A drop's messages were taken away from the group."""
    here = and_(MESSAGE.c.community_id == community_id, MESSAGE.c.number == number, MESSAGE.c.removed_at.is_(None))
    session.connection().execute(update(MESSAGE).where(here).values(removed_at=at))


def to_remove(session: Session, now: datetime) -> list[DropView]:
    """Sent drops whose time in the group is over."""
    over = and_(DROP.c.remove_at.is_not(None), DROP.c.remove_at <= now)
    return [as_view(row) for row in session.connection().execute(select(*COLUMNS).where(over))]
