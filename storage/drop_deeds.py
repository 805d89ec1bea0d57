"""What people do with a drop's own buttons, once each: a like stands until it is taken back, a share stays."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlmodel import Session

from storage.dialects import insert_new
from storage.drop_models import DropDeed
from storage.privacy import load_privacy
from storage.times import to_epoch

DEED: Any = DropDeed.__table__  # type: ignore[attr-defined]


class Deed(IntEnum):
    """What was done. Numbers are stored."""

    LIKE = 1
    SHARE = 2


def toggle_like(session: Session, community_id: int, number: int, member_id: int, now: datetime) -> bool | None:
    """Somebody pressed a drop's like button: whether they like it now. None: they asked not to be recorded."""
    here = and_(
        DEED.c.community_id == community_id,
        DEED.c.number == number,
        DEED.c.deed == Deed.LIKE,
        DEED.c.member_id == member_id,
    )
    if session.connection().execute(delete(DEED).where(here)).rowcount:
        return False
    return True if note_deed(session, community_id, number, Deed.LIKE, member_id, now) else None


def note_deed(session: Session, community_id: int, number: int, deed: Deed, member_id: int, now: datetime) -> bool:
    """Keep that somebody did something with a drop; False where they asked not to be recorded."""
    if load_privacy(session).blocks(member_id, to_epoch(now)):
        return False
    row = {"community_id": community_id, "number": number, "deed": int(deed), "member_id": member_id, "at": now}
    insert_new(session, DEED, [row])
    return True


def count_deeds(session: Session, community_id: int, number: int, deed: Deed) -> int:
    """How many people did this with a drop."""
    here = and_(DEED.c.community_id == community_id, DEED.c.number == number, DEED.c.deed == deed)
    return int(session.connection().execute(select(func.count()).where(here)).scalar_one())
