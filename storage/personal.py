"""Everything the tables hold about one person, readable by people and machines. Times are ISO 8601, UTC."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from storage import rollups
from storage.communities import ALIAS, COMMUNITY
from storage.drop_people import communities_in_drops, drop_data
from storage.erasure import PENDING_UPDATE, PENDING_VOTE, PERSON, speaks_of
from storage.interactions import COLUMNS, RAW
from storage.kinds import Actor, Flag, Kind, Slot, Standing
from storage.members import MEMBER
from storage.times import DAY, epoch, from_epoch

_HALF = 48


def everything_of(session: Session, member_id: int) -> dict[str, Any]:
    """All that is stored about a person: private chat, each community, what still waits."""
    connection = session.connection()
    languages = select(PERSON.c.language, PERSON.c.app_language).where(PERSON.c.person_id == member_id)
    person = connection.execute(languages).first()
    titles = {row[0]: row[1] for row in connection.execute(select(COMMUNITY.c.id, COMMUNITY.c.title))}
    return {
        "private_chat": None if person is None else {"language": person[0], "app_language": person[1]},
        "communities": [
            {"title": titles.get(community_id)} | _community(session, community_id, member_id)
            for community_id in _communities(session, member_id)
        ],
        "votes_waiting_for_their_poll": _votes(session, member_id),
        "updates_waiting_for_an_answer": _updates(session, member_id),
    }


def own_names(session: Session, member_id: int) -> list[str]:
    """Names and usernames of a person that no other member's name contains."""
    columns = MEMBER.c
    query = select(columns.name, columns.username).where(columns.member_id == member_id)
    names = {name for row in session.connection().execute(query) for name in row if name}
    found = []
    for name in sorted(names):
        same = or_(columns.name.contains(name, autoescape=True), columns.username.contains(name, autoescape=True))
        other = select(columns.member_id).where(columns.member_id != member_id, same).limit(1)
        if session.connection().execute(other).first() is None:
            found.append(name)
    return found


def _communities(session: Session, member_id: int) -> list[int]:
    found = communities_in_drops(session, member_id)
    for table in (MEMBER, rollups.MEMBER_DAY, RAW):
        query = select(table.c.community_id).where(table.c.member_id == member_id).distinct()
        found |= set(session.connection().execute(query).scalars())
    return sorted(found)


def _community(session: Session, community_id: int, member_id: int) -> dict[str, Any]:
    connection = session.connection()
    chats = select(ALIAS.c.chat_id).where(ALIAS.c.community_id == community_id).order_by(ALIAS.c.chat_id)
    member = connection.execute(
        select(MEMBER).where(MEMBER.c.community_id == community_id, MEMBER.c.member_id == member_id)
    ).mappings()
    row = member.first()
    query = select(*COLUMNS).where(RAW.c.community_id == community_id, RAW.c.member_id == member_id)
    names = [column.name for column in RAW.c if column.name != "community_id"]
    rows = connection.execute(query.order_by(RAW.c.at))
    return {
        "chats": list(connection.execute(chats).scalars()),
        "name": row and row["name"],
        "username": row and row["username"],
        "name_as_of": _iso(row and row["named_at"]),
        "first_seen_at": _iso(row and row["first_seen_at"]),
        "first_active_at": _iso(row and row["first_active_at"]),
        "standing": None if row is None or row["standing"] is None else Standing(row["standing"]).name.lower(),
        "standing_as_of": _iso(row and row["standing_at"]),
        "days": _days(session, community_id, member_id),
        "interactions": [_interaction(dict(zip(names, values, strict=True))) for values in rows],
    } | drop_data(session, community_id, member_id)


def _interaction(row: dict[str, Any]) -> dict[str, Any]:
    flags = [flag.name.lower() for flag in Flag if row["flags"] & flag and flag.name]
    return {
        "at": _iso(from_epoch(row["at"])),
        "kind": _name(Kind, row["kind"]),
        "about": _name(Slot, row["slot"]),
        "as": _name(Actor, row["actor"]),
        "chat": row["chat_id"],
        "message": row["message_id"] if row["message_id"] > 0 else None,
        "thread": row["thread_id"],
        "marks": flags,
        "size": row["size"],
        "reply_to": row["ref"],
        "detail": row["detail"],
        "number": row["nonce"],
    }


def _name(kinds: Any, value: int) -> str:
    return str(kinds(value).name).lower() if value in set(kinds) else str(value)


def _days(session: Session, community_id: int, member_id: int) -> list[dict[str, Any]]:
    columns = rollups.MEMBER_DAY.c
    query = select(rollups.MEMBER_DAY).where(columns.community_id == community_id, columns.member_id == member_id)
    days = []
    for row in session.connection().execute(query.order_by(columns.day)).mappings():
        mask = row["early_mask"] | row["late_mask"] << _HALF
        quarters = [f"{q // 4:02}:{q % 4 * 15:02}" for q in range(2 * _HALF) if mask >> q & 1]
        counts = {name: row[name] for name in rollups.COUNTERS if row[name]}
        days.append({"day": from_epoch(row["day"] * DAY).date().isoformat(), "active_from": quarters} | counts)
    return days


def _votes(session: Session, member_id: int) -> list[dict[str, Any]]:
    columns = PENDING_VOTE.c
    query = select(columns.poll_id, epoch(columns.at), columns.options).where(columns.member_id == member_id)
    rows = session.connection().execute(query)
    return [{"poll": poll_id, "at": _iso(from_epoch(at)), "options": options} for poll_id, at, options in rows]


def _updates(session: Session, member_id: int) -> list[Any]:
    """When requests of theirs came in that are being answered; their text goes with the answer."""
    rows = session.connection().execute(select(PENDING_UPDATE.c.payload, PENDING_UPDATE.c.received_at))
    return [{"received_at": _iso(at)} for payload, at in rows if speaks_of(json.loads(payload), member_id)]


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
