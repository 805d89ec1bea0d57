"""Communities and the Telegram chat ids that stand for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Text, and_, bindparam, case, delete, exists, func, or_, select, update
from sqlmodel import Session, SQLModel

from storage import members, rollups
from storage.dialects import insert_new
from storage.drop_merging import renumber
from storage.facts import ChatSeen, Migration
from storage.models import GLOBAL_TABLES, ChatAlias, Community, Person
from storage.outlooks import forget_outlooks
from storage.times import UtcDateTime, epoch, from_epoch

COMMUNITY: Any = Community.__table__  # type: ignore[attr-defined]
ALIAS: Any = ChatAlias.__table__  # type: ignore[attr-defined]
REBUILT = frozenset({"quarter_count", "member_day", "day_cache"})
KINDS = frozenset({"group", "supergroup", "channel"})

_ALIASES = select(ALIAS.c.chat_id, ALIAS.c.community_id).where(
    ALIAS.c.chat_id.in_(bindparam("chat_ids", expanding=True))
)

_AT, _TITLE = bindparam("new_at", type_=UtcDateTime), bindparam("new_title", type_=Text)
_FIRST, _IS_FORUM = bindparam("new_first", type_=UtcDateTime), bindparam("new_is_forum", type_=Boolean)
_NEWER = or_(COMMUNITY.c.title_at < _AT, and_(COMMUNITY.c.title_at == _AT, COMMUNITY.c.title < _TITLE))
_RETITLE = (
    update(COMMUNITY)
    .where(COMMUNITY.c.id == bindparam("this_id"))
    .values(
        title=case((_NEWER, _TITLE), else_=COMMUNITY.c.title),
        title_at=case((_NEWER, _AT), else_=COMMUNITY.c.title_at),
        is_forum=case((_NEWER, _IS_FORUM), else_=COMMUNITY.c.is_forum),
        created_at=case((COMMUNITY.c.created_at > _FIRST, _FIRST), else_=COMMUNITY.c.created_at),
    )
)


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community as services see it. `timezone` and `language` are None until someone sets them."""

    id: int
    kind: str
    title: str
    chat_id: int
    is_forum: bool
    timezone: str | None
    language: str | None
    private_figures: bool
    created_at: datetime


def aliases(session: Session, chat_ids: Collection[int]) -> dict[int, int]:
    """Which community each known chat id stands for."""
    found = session.connection().execute(_ALIASES, {"chat_ids": list(chat_ids)})
    return {chat_id: community_id for chat_id, community_id in found}


def settle(session: Session, chats: Iterable[ChatSeen], migrations: Iterable[Migration]) -> None:
    """Make communities of chats seen for the first time, take new titles, and follow migrations."""
    newest: dict[int, ChatSeen] = {}
    first: dict[int, int] = {}
    for chat in chats:
        if chat.type in KINDS:
            held = newest.get(chat.chat_id)
            if held is None or (chat.at, chat.title) > (held.at, held.title):
                newest[chat.chat_id] = chat
            first[chat.chat_id] = min(chat.at, first.get(chat.chat_id, chat.at))
    known = aliases(session, newest)
    for chat_id, chat in sorted(newest.items()):
        if chat_id in known:
            _retitle(session, known[chat_id], chat, first[chat_id])
        else:
            create(session, chat, first[chat_id])
    for migration in migrations:
        _migrate(session, migration)


def create(session: Session, chat: ChatSeen, first_at: int, timezone: str | None = None) -> int:
    """A new community for a chat; returns its id. Times are epoch seconds."""
    values = {
        "kind": chat.type,
        "title": chat.title,
        "title_at": from_epoch(chat.at),
        "is_forum": chat.is_forum,
        "timezone": timezone,
        "private_figures": False,
        "created_at": from_epoch(first_at),
    }
    connection = session.connection()
    inserted: Any = connection.execute(COMMUNITY.insert().values(values)).inserted_primary_key
    community_id = int(inserted[0])
    connection.execute(ALIAS.insert().values(chat_id=chat.chat_id, community_id=community_id, is_current=True))
    return community_id


def _retitle(session: Session, community_id: int, chat: ChatSeen, first_at: int) -> None:
    values = {"new_title": chat.title, "new_at": chat.at, "new_is_forum": chat.is_forum, "new_first": first_at}
    session.connection().execute(_RETITLE, values | {"this_id": community_id})


def _migrate(session: Session, migration: Migration) -> None:
    """One community, two chat ids; where both had become communities, the new one is merged into the old."""
    known = aliases(session, (migration.old_chat_id, migration.new_chat_id))
    old, new = known.get(migration.old_chat_id), known.get(migration.new_chat_id)
    if old is None and new is None:
        return
    if old is not None and new is not None and old != new:
        _merge(session, source=new, target=old)
    community_id = old if old is not None else new
    rows = [
        {"chat_id": chat_id, "community_id": community_id, "is_current": True}
        for chat_id in (migration.old_chat_id, migration.new_chat_id)
    ]
    insert_new(session, ALIAS, rows)
    connection = session.connection()
    connection.execute(update(ALIAS).where(ALIAS.c.chat_id == migration.old_chat_id).values(is_current=False))
    connection.execute(update(COMMUNITY).where(COMMUNITY.c.id == community_id).values(kind="supergroup"))


def _merge(session: Session, source: int, target: int) -> None:
    connection = session.connection()
    days = rollups.day_span(session, source)
    members.merge(session, source, target)
    renumber(session, source, target)
    for table in SQLModel.metadata.sorted_tables:
        if table.name in GLOBAL_TABLES or "community_id" not in table.primary_key.columns:
            continue
        if table.name not in REBUILT:
            twin = table.alias()
            rest = [twin.c[key.name] == table.c[key.name] for key in table.primary_key if key.name != "community_id"]
            there = exists().where(twin.c.community_id == target, *rest)
            moved = update(table).where(table.c.community_id == source, ~there).values(community_id=target)
            connection.execute(moved)
        connection.execute(delete(table).where(table.c.community_id == source))
    connection.execute(update(ALIAS).where(ALIAS.c.community_id == source).values(community_id=target))
    person: Any = Person.__table__  # type: ignore[attr-defined]
    connection.execute(update(person).where(person.c.community_id == source).values(community_id=target))
    twin = COMMUNITY.alias()
    for name in ("timezone", "language"):
        theirs = select(twin.c[name]).where(twin.c.id == source).scalar_subquery()
        kept = func.coalesce(COMMUNITY.c[name], theirs)
        connection.execute(update(COMMUNITY).where(COMMUNITY.c.id == target).values({name: kept}))
    times = epoch(COMMUNITY.c.title_at), epoch(COMMUNITY.c.created_at)
    named = select(COMMUNITY.c.title, COMMUNITY.c.is_forum, COMMUNITY.c.private_figures, *times)
    row = connection.execute(named.where(COMMUNITY.c.id == source)).one()
    title, is_forum, private_figures, title_at, created_at = row
    if private_figures:
        set_settings(session, target, private_figures=True)
    _retitle(session, target, ChatSeen(0, "supergroup", title, is_forum, title_at), created_at)
    connection.execute(delete(COMMUNITY).where(COMMUNITY.c.id == source))
    for day in days:
        rollups.rebuild_day(session, target, day)


_VIEW = (
    COMMUNITY.c.id,
    COMMUNITY.c.kind,
    COMMUNITY.c.title,
    ALIAS.c.chat_id,
    COMMUNITY.c.is_forum,
    COMMUNITY.c.timezone,
    COMMUNITY.c.language,
    COMMUNITY.c.private_figures,
    COMMUNITY.c.created_at,
)


def list_communities(session: Session) -> list[CommunityView]:
    """All communities, oldest first, each with its current chat id."""
    query = (
        select(*_VIEW)
        .join(ALIAS, and_(ALIAS.c.community_id == COMMUNITY.c.id, ALIAS.c.is_current))
        .order_by(COMMUNITY.c.id)
    )
    views = (CommunityView(*row) for row in session.connection().execute(query))
    return list({view.id: view for view in views}.values())


def find_community(session: Session, chat_id: int) -> CommunityView | None:
    """The community that a Telegram chat id stands for."""
    community_id = aliases(session, [chat_id]).get(chat_id)
    return None if community_id is None else get_community(session, community_id)


def get_community(session: Session, community_id: int) -> CommunityView | None:
    """A community by our own id."""
    current = and_(ALIAS.c.community_id == COMMUNITY.c.id, ALIAS.c.is_current)
    query = select(*_VIEW).join(ALIAS, current).where(COMMUNITY.c.id == community_id)
    row = session.connection().execute(query).first()
    return None if row is None else CommunityView(*row)


def set_settings(session: Session, community_id: int, **settings: Any) -> None:
    """Change `timezone` (IANA name), `language` (en, zh) or `private_figures`; a new zone drops the day cache."""
    session.connection().execute(update(COMMUNITY).where(COMMUNITY.c.id == community_id).values(**settings))
    if "timezone" in settings:
        rollups.forget_days(session, community_id, 0)
        forget_outlooks(session, community_id)
