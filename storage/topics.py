"""Forum topics: newest name, open or closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from storage.dialects import insert_into, upsert
from storage.facts import TopicSeen
from storage.models import Topic

TOPIC: Any = Topic.__table__  # type: ignore[attr-defined]


def note_topics(session: Session, community_id: int, seen: Iterable[TopicSeen]) -> None:
    """Take in names and states, the newest of each by date, whatever comes first."""
    old, new = TOPIC.c, insert_into(session, TOPIC).excluded
    for one in sorted(seen, key=lambda topic: (topic.at, topic.name or "")):
        base: dict[str, Any] = {"community_id": community_id, "topic_id": one.topic_id}
        if one.name is not None:
            tie = and_(new.named_at == old.named_at, new.name > old.name)
            later = or_(old.named_at.is_(None), new.named_at > old.named_at, tie)
            row = base | {"name": one.name, "named_at": one.at, "is_closed": False}
            upsert(session, TOPIC, [row], {"name": new.name, "named_at": new.named_at}, where=later)
        else:
            tie = and_(new.closed_at == old.closed_at, new.is_closed > old.is_closed)
            later = or_(old.closed_at.is_(None), new.closed_at > old.closed_at, tie)
            row = base | {"is_closed": one.is_closed, "closed_at": one.at}
            upsert(session, TOPIC, [row], {"is_closed": new.is_closed, "closed_at": new.closed_at}, where=later)


def topic_names(session: Session, community_id: int) -> dict[int, str]:
    """The newest name of each topic by its id; the General topic (0) has none."""
    query = select(TOPIC.c.topic_id, TOPIC.c.name).where(
        TOPIC.c.community_id == community_id, TOPIC.c.name.is_not(None)
    )
    return {topic_id: name for topic_id, name in session.connection().execute(query)}


def open_topics(session: Session, community_id: int) -> dict[int, str]:
    """The names of the topics that are not closed, by id, in order of their names."""
    here = and_(TOPIC.c.community_id == community_id, TOPIC.c.name.is_not(None), TOPIC.c.topic_id != 0)
    query = select(TOPIC.c.topic_id, TOPIC.c.name).where(here, TOPIC.c.is_closed.is_not(True)).order_by(TOPIC.c.name)
    return {topic_id: name for topic_id, name in session.connection().execute(query)}
