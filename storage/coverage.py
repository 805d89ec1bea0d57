"""What the bot could see when: its standing in a community, when it listened, what imports cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from storage.dialects import insert_new
from storage.facts import BotStandingSeen
from storage.kinds import Standing
from storage.models import BotStanding, HistoryImport, Interaction, PollSpan
from storage.times import epoch, from_epoch

STANDING: Any = BotStanding.__table__  # type: ignore[attr-defined]
SPAN: Any = PollSpan.__table__  # type: ignore[attr-defined]
IMPORT: Any = HistoryImport.__table__  # type: ignore[attr-defined]
RAW: Any = Interaction.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Sight:
    """Raw material of coverage, epoch seconds: bot standings by time, listening spans, imported spans."""

    standings: list[tuple[int, Standing]]
    spans: list[tuple[int, int]]
    imports: list[tuple[int, int]]
    first_at: int | None


def note_bot_standings(session: Session, community_id: int, seen: Iterable[BotStandingSeen]) -> None:
    """Take in how the bot stands in a community."""
    rows = [
        {"community_id": community_id, "at": one.at, "sequence": one.sequence, "standing": int(one.standing)}
        for one in seen
    ]
    insert_new(session, STANDING, rows)


def bot_standing(session: Session, community_id: int) -> Standing | None:
    """How the bot stands now, None where Telegram never said."""
    query = select(STANDING.c.standing).where(STANDING.c.community_id == community_id)
    value = session.connection().execute(query.order_by(STANDING.c.at.desc(), STANDING.c.sequence.desc())).scalar()
    return None if value is None else Standing(value)


def start_listening(session: Session, now: datetime) -> int:
    """Begin a stretch of listening to Telegram; returns its id for `keep_listening`."""
    result = session.connection().execute(insert(SPAN).values(start_at=now, end_at=now))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def keep_listening(session: Session, span_id: int, now: datetime) -> None:
    """The stretch lasts at least until now."""
    session.connection().execute(update(SPAN).where(SPAN.c.id == span_id).values(end_at=now))


def load_sight(session: Session, community_id: int) -> Sight:
    """Everything that says what was seen of a community when."""
    connection = session.connection()
    standings = select(epoch(STANDING.c.at), STANDING.c.standing).where(STANDING.c.community_id == community_id)
    spans = select(epoch(SPAN.c.start_at), epoch(SPAN.c.end_at)).order_by(SPAN.c.start_at)
    imports = select(epoch(IMPORT.c.first_at), epoch(IMPORT.c.last_at)).where(
        IMPORT.c.community_id == community_id, IMPORT.c.first_at.is_not(None)
    )
    first = select(func.min(epoch(RAW.c.at))).where(RAW.c.community_id == community_id)
    return Sight(
        [
            (at, Standing(value))
            for at, value in connection.execute(standings.order_by(STANDING.c.at, STANDING.c.sequence))
        ],
        [(start, end) for start, end in connection.execute(spans)],
        [(start, end) for start, end in connection.execute(imports)],
        connection.execute(first).scalar(),
    )


def last_listened_at(session: Session) -> datetime | None:
    """When the bot last heard from Telegram."""
    value = session.connection().execute(select(func.max(epoch(SPAN.c.end_at)))).scalar()
    return None if value is None else from_epoch(value)
