"""How many members a community had when: Telegram's own counts, and the joins and leaves between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from storage.counts import count_kinds
from storage.dialects import upsert
from storage.kinds import Kind
from storage.models import MemberCount
from storage.times import epoch, from_epoch, to_epoch

COUNT: Any = MemberCount.__table__  # type: ignore[attr-defined]


def note_count(session: Session, community_id: int, at: datetime, n: int) -> None:
    """Keep Telegram's count of a chat's members as of a moment."""
    upsert(session, COUNT, [{"community_id": community_id, "at": at, "n": n}])


def latest_count_at(session: Session, community_id: int) -> datetime | None:
    """When the members were last counted."""
    query = select(func.max(epoch(COUNT.c.at))).where(COUNT.c.community_id == community_id)
    value = session.connection().execute(query).scalar()
    return None if value is None else from_epoch(value)


def members_at(session: Session, community_id: int, at: datetime) -> int | None:
    """Members at a moment: the newest count before it with what came and went since, else the first one after it
    less what came and went until then. None where nothing was ever counted.
    """
    moment = to_epoch(at)
    counts = select(epoch(COUNT.c.at), COUNT.c.n).where(COUNT.c.community_id == community_id)
    connection = session.connection()
    before = connection.execute(counts.where(epoch(COUNT.c.at) <= moment).order_by(COUNT.c.at.desc()).limit(1)).first()
    if before is not None:
        return max(0, int(before[1]) + _net(session, community_id, before[0], moment))
    after = connection.execute(counts.where(epoch(COUNT.c.at) > moment).order_by(COUNT.c.at).limit(1)).first()
    return None if after is None else max(0, int(after[1]) - _net(session, community_id, moment, after[0]))


def _net(session: Session, community_id: int, start: int, end: int) -> int:
    """Joins less leaves after `start`, up to `end` (epoch seconds): a count holds what its own second brought."""
    counts = count_kinds(session, community_id, start + 1, end + 1)
    joins = sum(n for (_, kind), n in counts.items() if kind == Kind.JOIN)
    return joins - sum(n for (_, kind), n in counts.items() if kind in (Kind.LEAVE, Kind.REMOVAL))
