"""Members: names, standing, first seen and active; the only place where names are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select
from sqlmodel import Session

from storage.dialects import insert_for, is_sqlite, run_upsert, upserting
from storage.facts import MemberSeen, StandingSeen
from storage.kinds import Standing
from storage.models import Member
from storage.times import epoch

MEMBER: Any = Member.__table__  # type: ignore[attr-defined]
# A member's columns, times as plain epoch seconds.
PLAIN = [epoch(one).label(one.name) if one.name.endswith("_at") else one for one in MEMBER.c]
_PSEUDONYMS = 4 * 10**15  # beyond every id of Telegram's, still exact in a JSON number


def pseudonym_id(name: str) -> int:
    """A stable member id for someone of whom only a name is known (old exports, series)."""
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return -(_PSEUDONYMS + int.from_bytes(digest, "big") % _PSEUDONYMS)


def is_person(member_id: int) -> bool:
    """Whether an id is a person's (or a pseudonym), not a channel's or group's that writes as itself."""
    return member_id > 0 or member_id <= -_PSEUDONYMS


@dataclass(slots=True)
class _Row:
    name: str = ""
    username: str | None = None
    is_bot: bool = False
    named_at: int = 0
    first_seen_at: int = 0


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
    for member_id, at in first_active.items():
        row = rows.setdefault(member_id, _Row(first_seen_at=at))
        row.first_seen_at = min(row.first_seen_at, at)
    values = [
        {
            "community_id": community_id,
            "member_id": member_id,
            "name": row.name,
            "username": row.username,
            "is_bot": row.is_bot,
            "named_at": row.named_at,
            "first_seen_at": row.first_seen_at,
            "first_active_at": first_active.get(member_id),
        }
        for member_id, row in rows.items()
    ]
    run_upsert(session, MEMBER, _merging(is_sqlite(session)), values)


@cache
def _merging(for_sqlite: bool) -> Any:
    old, new = MEMBER.c, insert_for(for_sqlite, MEMBER).excluded
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
    changes |= {
        "first_seen_at": case((new.first_seen_at < old.first_seen_at, new.first_seen_at), else_=old.first_seen_at),
        "first_active_at": case(
            (and_(new.first_active_at.is_not(None), earlier), new.first_active_at), else_=old.first_active_at
        ),
    }
    return upserting(for_sqlite, MEMBER, changes)


def note_standings(session: Session, community_id: int, seen: Iterable[StandingSeen]) -> None:
    """Take in how members stand; the newest wins."""
    newest: dict[int, StandingSeen] = {}
    for one in seen:
        held = newest.get(one.member_id)
        if held is None or (one.at, one.sequence, one.standing) > (held.at, held.sequence, held.standing):
            newest[one.member_id] = one
    rows = [
        {
            "community_id": community_id,
            "member_id": one.member_id,
            "name": "",
            "is_bot": False,
            "named_at": 0,
            "first_seen_at": one.at,
            "standing": int(one.standing),
            "standing_at": one.at,
            "standing_sequence": one.sequence,
        }
        for one in newest.values()
    ]
    run_upsert(session, MEMBER, _standing(is_sqlite(session)), rows)


@cache
def _standing(for_sqlite: bool) -> Any:
    old, new = MEMBER.c, insert_for(for_sqlite, MEMBER).excluded
    newer = or_(
        old.standing_at.is_(None),
        new.standing_at > old.standing_at,
        and_(new.standing_at == old.standing_at, new.standing_sequence > func.coalesce(old.standing_sequence, 0)),
        and_(
            new.standing_at == old.standing_at,
            new.standing_sequence == func.coalesce(old.standing_sequence, 0),
            new.standing > old.standing,
        ),
    )
    names = ("standing", "standing_at", "standing_sequence")
    return upserting(for_sqlite, MEMBER, {name: new[name] for name in names}, newer)


def merge(session: Session, source: int, target: int) -> None:
    """Bring the members of one community into another (a group that became a supergroup)."""
    connection = session.connection()
    columns = MEMBER.c
    rows = connection.execute(select(*PLAIN).where(columns.community_id == source)).mappings().all()
    run_upsert(session, MEMBER, _merging(is_sqlite(session)), [dict(row) | {"community_id": target} for row in rows])
    standings = [
        StandingSeen(0, row["member_id"], Standing(row["standing"]), row["standing_at"], row["standing_sequence"] or 0)
        for row in rows
        if row["standing"] is not None
    ]
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
        columns.first_active_at,
        columns.standing,
    ).where(columns.community_id == community_id)
    if member_ids is not None:
        query = query.where(columns.member_id.in_(list(member_ids)))
    rows = session.connection().execute(query.order_by(columns.member_id))
    return [MemberView(*row[:6], None if row[6] is None else Standing(row[6])) for row in rows]


def known_admins(session: Session, community_id: int) -> list[int]:
    """Who was creator or admin of a community when last seen, the creator first."""
    query = select(MEMBER.c.member_id).where(
        MEMBER.c.community_id == community_id, MEMBER.c.standing >= int(Standing.ADMIN), MEMBER.c.is_bot.is_(False)
    )
    return list(session.connection().execute(query.order_by(MEMBER.c.standing.desc(), MEMBER.c.member_id)).scalars())
