"""How far imports of history have come, and where the bot's own record of a community begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.dialects import upsert
from storage.kinds import Flag
from storage.members import MEMBER
from storage.models import HistoryImport, Interaction
from storage.times import epoch, to_epoch

IMPORT: Any = HistoryImport.__table__  # type: ignore[attr-defined]
RAW: Any = Interaction.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """A file's progress in one community: times are epoch seconds, `offset` the byte to read on from."""

    community_id: int
    offset: int
    is_done: bool
    first_at: int | None
    last_at: int | None
    taken: int


def import_progress(session: Session, community_id: int, file_key: str) -> ImportProgress | None:
    """How far a file was imported into a community, None where it never was."""
    query = select(
        IMPORT.c.community_id,
        IMPORT.c.offset,
        IMPORT.c.is_done,
        epoch(IMPORT.c.first_at),
        epoch(IMPORT.c.last_at),
        IMPORT.c.taken,
    ).where(IMPORT.c.community_id == community_id, IMPORT.c.file_key == file_key)
    row = session.connection().execute(query).first()
    return None if row is None else ImportProgress(*row)


def is_interrupted(session: Session, file_key: str) -> bool:
    """Whether an import of this file was begun and not finished."""
    query = select(IMPORT.c.community_id).where(IMPORT.c.file_key == file_key, ~IMPORT.c.is_done)
    return session.connection().execute(query).first() is not None


def save_progress(session: Session, file_key: str, progress: ImportProgress, now: datetime) -> None:
    """Note how far an import has come, in the transaction of what it brought."""
    row = {
        "community_id": progress.community_id,
        "file_key": file_key,
        "offset": progress.offset,
        "is_done": progress.is_done,
        "first_at": progress.first_at,
        "last_at": progress.last_at,
        "taken": progress.taken,
        "updated_at": now,
    }
    upsert(session, IMPORT, [row])


def live_since(session: Session, community_id: int) -> int | None:
    """When the bot's own record of a community begins (epoch seconds), None where it has none."""
    own = RAW.c.flags.op("&")(int(Flag.IMPORTED)) == 0
    query = select(epoch(RAW.c.at)).where(RAW.c.community_id == community_id, own)
    value = session.connection().execute(query.order_by(RAW.c.at).limit(1)).scalar()
    return None if value is None else int(value)


def known_bots(session: Session, community_id: int) -> frozenset[int]:
    """The members of a community that are known to be bots."""
    query = select(MEMBER.c.member_id).where(MEMBER.c.community_id == community_id, MEMBER.c.is_bot)
    return frozenset(session.connection().execute(query).scalars())


def under_way(session: Session, since: datetime) -> set[int]:
    """The communities into which a file is being imported: not done, and gone on with since a moment."""
    columns = IMPORT.c
    query = select(columns.community_id).where(columns.is_done.is_(False), epoch(columns.updated_at) >= to_epoch(since))
    return set(session.connection().execute(query).scalars())
