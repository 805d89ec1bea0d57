"""Members: names, standing, first and last seen; the only place where names are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select
from sqlmodel import Session

from storage.dialects import insert_into, upsert
from storage.facts import MemberSeen, StandingSeen
from storage.kinds import Standing
from storage.models import Member
from storage.times import epoch

MEMBER: Any = Member.__table__  # type: ignore[attr-defined]
_PSEUDONYMS = 4 * 10**15  # beyond every id of Telegram's, still exact in a JSON number


def pseudonym_id(name: str) -> int:
    """A stable member id for someone of whom only a name is known (old exports, series)."""
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return -(_PSEUDONYMS + int.from_bytes(digest, "big") % _PSEUDONYMS)


@dataclass(slots=True)
class _Row:
    name: str = ""
    username: str | None = None
    is_bot: bool = False
    named_at: int = 0
    first_seen_at: int = 0
    last_seen_at: int = 0


def note_members(
    session: Session, community_id: int, seen: Iterable[MemberSeen], first_active: Mapping[int, int]
) -> None:
    """Take in names (the newest wins, whatever the order) and when each member was first active."""
    rows: dict[int, _Row] = {}
    for one in seen:
        row = rows.setdefault(one.member_id, _Row(first_seen_at=one.at))
        if (one.at, one.name, one.username or "") >= (row.named_at, row.name, row.username or ""):
            row.name, row.username, row.is_bot, row.named_at = one.name, one.username, one.is_bot, one.at
        row.first_seen_at = min(row.first_seen_at, one.at)
        row.last_seen_at = max(row.last_seen_at, one.at)
    for member_id, at in first_active.items():
        row = rows.setdefault(member_id, _Row(first_seen_at=at))
        row.first_seen_at = min(row.first_seen_at, at)
        row.last_seen_at = max(row.last_seen_at, at)
    values = [
        {
            "community_id": community_id,
            "member_id": member_id,
            "name": row.name,
            "username": row.username,
            "is_bot": row.is_bot,
            "named_at": row.named_at,
            "first_seen_at": row.first_seen_at,
            "last_seen_at": row.last_seen_at,
            "first_active_at": first_active.get(member_id),
        }
        for member_id, row in rows.items()
    ]
    upsert(session, MEMBER, values, _merging(session))


def _merging(session: Session) -> dict[str, Any]:
    old, new = MEMBER.c, insert_into(session, MEMBER).excluded
    renamed = or_(
        new.named_at > old.named_at,
        and_(new.named_at == old.named_at, new.name > old.name),
        and_(
            new.named_at == old.named_at,
            new.name == old.name,
            func.coalesce(new.username, "") >= func.coalesce(old.username, ""),
        ),
    )
    earlier = or_(old.first_active_at.is_(None), new.first_active_at < old.first_active_at)
    changes = {name: case((renamed, new[name]), else_=old[name]) for name in ("name", "username", "is_bot", "named_at")}
    return changes | {
        "first_seen_at": case((new.first_seen_at < old.first_seen_at, new.first_seen_at), else_=old.first_seen_at),
        "last_seen_at": case((new.last_seen_at > old.last_seen_at, new.last_seen_at), else_=old.last_seen_at),
        "first_active_at": case(
            (and_(new.first_active_at.is_not(None), earlier), new.first_active_at), else_=old.first_active_at
        ),
    }


def note_standings(session: Session, community_id: int, seen: Iterable[StandingSeen]) -> None:
    """Take in how members stand; the newest wins, of two in one second the higher."""
    newest: dict[int, StandingSeen] = {}
    for one in seen:
        held = newest.get(one.member_id)
        if held is None or (one.at, one.standing) > (held.at, held.standing):
            newest[one.member_id] = one
    rows = [
        {
            "community_id": community_id,
            "member_id": one.member_id,
            "name": "",
            "is_bot": False,
            "named_at": 0,
            "first_seen_at": one.at,
            "last_seen_at": one.at,
            "standing": int(one.standing),
            "standing_at": one.at,
        }
        for one in newest.values()
    ]
    old, new = MEMBER.c, insert_into(session, MEMBER).excluded
    newer = or_(
        old.standing_at.is_(None),
        new.standing_at > old.standing_at,
        and_(new.standing_at == old.standing_at, new.standing > old.standing),
    )
    upsert(session, MEMBER, rows, {"standing": new.standing, "standing_at": new.standing_at}, where=newer)


def merge(session: Session, source: int, target: int) -> None:
    """Bring the members of one community into another (a group that became a supergroup)."""
    connection = session.connection()
    columns = MEMBER.c
    query = select(
        columns.member_id,
        columns.name,
        columns.username,
        columns.is_bot,
        epoch(columns.named_at),
        epoch(columns.first_seen_at),
        epoch(columns.last_seen_at),
        epoch(columns.first_active_at),
        columns.standing,
        epoch(columns.standing_at),
    ).where(columns.community_id == source)
    rows = connection.execute(query).all()
    seen = [MemberSeen(0, row[0], row[1], row[2], row[3], row[4]) for row in rows]
    seen += [MemberSeen(0, row[0], "", None, row[3], at) for row in rows for at in row[5:7] if at <= row[4]]
    note_members(session, target, seen, {row[0]: row[7] for row in rows if row[7] is not None})
    standings = [StandingSeen(0, row[0], Standing(row[8]), row[9]) for row in rows if row[8] is not None]
    note_standings(session, target, standings)
    connection.execute(delete(MEMBER).where(columns.community_id == source))


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as services see them."""

    member_id: int
    name: str
    username: str | None
    is_bot: bool
    first_seen_at: datetime
    last_seen_at: datetime
    first_active_at: datetime | None
    standing: Standing | None


def list_members(session: Session, community_id: int, member_ids: Iterable[int] | None = None) -> list[MemberView]:
    """Members of a community (those given, or all), by id."""
    columns = MEMBER.c
    query = select(
        columns.member_id,
        columns.name,
        columns.username,
        columns.is_bot,
        columns.first_seen_at,
        columns.last_seen_at,
        columns.first_active_at,
        columns.standing,
    ).where(columns.community_id == community_id)
    if member_ids is not None:
        query = query.where(columns.member_id.in_(list(member_ids)))
    rows = session.connection().execute(query.order_by(columns.member_id))
    return [MemberView(*row[:7], None if row[7] is None else Standing(row[7])) for row in rows]
