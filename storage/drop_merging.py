"""Two communities that turn out to be one: the drops of the second get numbers after those of the first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from storage.audit import AUDIT
from storage.composing import NO_DROP
from storage.drop_deeds import DEED
from storage.drop_messages import MESSAGE
from storage.drop_people import COMPOSING, REMINDER
from storage.drops import DROP
from storage.suggestions import SUGGESTION


def renumber(session: Session, source: int, target: int) -> None:
    """Give what belongs to `source` numbers that are free in both, before it moves to `target`."""
    both = (source, target)
    shift = _highest(session, DROP.c.number, both)
    if _highest(session, DROP.c.number, (source,)):
        series = update(DROP).where(DROP.c.community_id == source, DROP.c.series.is_not(None))
        session.connection().execute(series.values(series=DROP.c.series + shift))
        for table in (DROP, MESSAGE, DEED, REMINDER, AUDIT):
            moved = update(table).where(table.c.community_id == source)
            session.connection().execute(moved.values(number=table.c.number + shift))
    suggested = update(SUGGESTION).where(SUGGESTION.c.community_id == source)
    drops = {"source": SUGGESTION.c.source + shift, "drop_number": SUGGESTION.c.drop_number + shift}
    number = SUGGESTION.c.number + _highest(session, SUGGESTION.c.number, both)
    session.connection().execute(suggested.values(number=number, **drops))
    session.connection().execute(
        delete(COMPOSING).where(COMPOSING.c.community_id == source, COMPOSING.c.number == NO_DROP)
    )
    made = update(COMPOSING).where(COMPOSING.c.community_id == source)
    session.connection().execute(made.values(number=COMPOSING.c.number + shift, community_id=target))
    shift = _highest(session, AUDIT.c.sequence, both)
    told = update(AUDIT).where(AUDIT.c.community_id == source)
    session.connection().execute(told.values(sequence=AUDIT.c.sequence + shift))


def _highest(session: Session, column: Any, communities: tuple[int, ...]) -> int:
    query = select(func.max(column)).where(column.table.c.community_id.in_(communities))
    return int(session.connection().execute(query).scalar() or 0)
