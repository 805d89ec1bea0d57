"""Who wants to be told in private when a drop is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select
from sqlmodel import Session

from storage.dialects import insert_new
from storage.drop_models import Reminder
from storage.drops import DROP, State

REMINDER: Any = Reminder.__table__  # type: ignore[attr-defined]
_KEY = (REMINDER.c.community_id, REMINDER.c.number, REMINDER.c.person_id)
# From the few reminders to their drops: never through all drops that are out.
_STATE = select(DROP.c.state).where(DROP.c.community_id == REMINDER.c.community_id, DROP.c.number == REMINDER.c.number)
_IS_OUT: Any = _STATE.scalar_subquery() == State.SENT


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A drop is out, and somebody wants to know."""

    community_id: int
    number: int
    person_id: int


def toggle_reminder(session: Session, community_id: int, number: int, person_id: int, now: datetime) -> bool:
    """Note a wish to be reminded, or take it back; whether it stands now."""
    if take_reminder(session, DueReminder(community_id, number, person_id)):
        return False
    note_reminder(session, community_id, number, person_id, now)
    return True


def note_reminder(session: Session, community_id: int, number: int, person_id: int, now: datetime) -> None:
    """Note a wish to be reminded; a second time changes nothing."""
    row = {"community_id": community_id, "number": number, "person_id": person_id, "at": now}
    insert_new(session, REMINDER, [row])


def take_reminder(session: Session, one: DueReminder) -> bool:
    """Take a reminder out, so that nobody else gives it; False where somebody has."""
    here = and_(
        REMINDER.c.community_id == one.community_id,
        REMINDER.c.number == one.number,
        REMINDER.c.person_id == one.person_id,
    )
    return session.connection().execute(delete(REMINDER).where(here)).rowcount == 1


def any_due(session: Session) -> bool:
    """Whether somebody waits to be told of a drop that is out."""
    return bool(session.connection().execute(select(select(*_KEY).where(_IS_OUT).exists())).scalar())


def due_reminders(session: Session, limit: int = 100) -> list[DueReminder]:
    """Reminders of drops that are out."""
    first = (REMINDER.c.community_id, REMINDER.c.number, REMINDER.c.at)
    query = select(*_KEY).where(_IS_OUT).order_by(*first).limit(limit)
    return [DueReminder(*row) for row in session.connection().execute(query)]


def drop_vain_reminders(session: Session) -> int:
    """Let go of reminders of drops that were cancelled or are no more; returns how many."""
    columns = REMINDER.c
    waits = (
        select(DROP.c.number)
        .where(DROP.c.community_id == columns.community_id, DROP.c.number == columns.number)
        .where(DROP.c.state != State.CANCELLED)
        .exists()
    )
    return session.connection().execute(delete(REMINDER).where(~waits)).rowcount
