"""Who makes which drop in private, on which screen, and what they are asked to type."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlmodel import Session

from storage.dialects import upsert
from storage.drop_models import Composing

COMPOSING: Any = Composing.__table__  # type: ignore[attr-defined]
NO_DROP = 0  # the number of what is no drop before its content was sent


@dataclass(frozen=True, slots=True)
class ComposingView:
    """The drop someone is at (NO_DROP before it is one).

    `awaits` is a word of peakdrop.composing.Awaits, "album:" with a group's id, "suggestion:" with a number, or None.
    """

    person_id: int
    community_id: int
    number: int
    awaits: str | None
    screen_id: int | None
    changed_at: datetime


def get_composing(session: Session, person_id: int) -> ComposingView | None:
    """What someone is at, if anything."""
    query = select(*(COMPOSING.c[one.name] for one in fields(ComposingView)))
    row = session.connection().execute(query.where(COMPOSING.c.person_id == person_id)).first()
    return None if row is None else ComposingView(*row)


def albums_awaited(session: Session, before: datetime) -> list[ComposingView]:
    """Who waits since before a moment, or its very second, for an album's screen: whole seconds are kept."""
    waits = and_(COMPOSING.c.awaits.like("album:%"), COMPOSING.c.changed_at <= before)
    query = select(*(COMPOSING.c[one.name] for one in fields(ComposingView))).where(waits)
    return [ComposingView(*row) for row in session.connection().execute(query.order_by(COMPOSING.c.changed_at))]


def set_composing(
    session: Session,
    person_id: int,
    community_id: int,
    number: int,
    *,
    now: datetime,
    awaits: str | None = None,
    screen_id: int | None = None,
) -> None:
    """Someone is at a drop; what is typed next goes where `awaits` says."""
    row = {"person_id": person_id, "community_id": community_id, "number": number}
    upsert(session, COMPOSING, [row | {"awaits": awaits, "screen_id": screen_id, "changed_at": now}])


def stop_awaiting(session: Session, person_id: int, awaited: Collection[str]) -> None:
    """Nothing of these is to be typed any more; the drop stays the one someone is at."""
    here = and_(COMPOSING.c.person_id == person_id, COMPOSING.c.awaits.in_([*awaited]))
    session.connection().execute(update(COMPOSING).where(here).values(awaits=None))


def end_composing(session: Session, person_id: int) -> None:
    """Someone is at nothing any more."""
    session.connection().execute(delete(COMPOSING).where(COMPOSING.c.person_id == person_id))
