"""What tells a lost drop: messages of the bot's own, seen in others' updates; and what the bot posted beside drops."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlmodel import Session

from storage.communities import aliases
from storage.dialects import insert_new, upsert
from storage.drop_messages import MESSAGE
from storage.drop_models import DropSign, OwnMessage
from storage.drops import DROP
from storage.facts import SignSeen
from storage.kinds import Slot
from storage.sending import INTERACTION, IS_OPEN
from storage.times import epoch, from_epoch

SIGN: Any = DropSign.__table__  # type: ignore[attr-defined]
OWN: Any = OwnMessage.__table__  # type: ignore[attr-defined]
KEPT = timedelta(days=2)
KEPT_UNNAMED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Sign:
    """A message of the bot's own that somebody answered, forwarded or pressed a button under."""

    chat_id: int
    message_id: int
    posted_at: datetime
    nonce: int | None
    likeness: str | None


def note_signs(session: Session, seen: Sequence[SignSeen], now: datetime) -> None:
    """Keep signs of communities in which the fate of a drop is open; all others say nothing new."""
    if not seen:
        return
    opened = set(session.connection().execute(select(DROP.c.community_id).where(IS_OPEN).distinct()).scalars())
    known = aliases(session, {one.group_id for one in seen}) if opened else {}
    rows = {}
    for one in seen:
        community_id = one.community_id or known.get(one.group_id)
        if community_id in opened:
            row = {"chat_id": one.chat_id, "message_id": one.message_id, "nonce": one.nonce, "likeness": one.likeness}
            times = {"seen_at": now, "posted_at": from_epoch(one.posted_at)}
            rows[community_id, one.chat_id, one.message_id] = row | times | {"community_id": community_id}
    upsert(session, SIGN, list(rows.values()))


def signs_in(session: Session, community_id: int, chat_id: int) -> list[Sign]:
    """The signs seen in a chat, but for messages that a drop is known to be, or that others are known to have sent."""
    columns = SIGN.c
    query = select(columns.chat_id, columns.message_id, columns.posted_at, columns.nonce, columns.likeness)
    query = query.where(columns.community_id == community_id, columns.chat_id == chat_id)
    found = [Sign(*row) for row in session.connection().execute(query.order_by(columns.message_id))]
    claimed = known_messages(session, community_id, chat_id, [one.message_id for one in found])
    return [one for one in found if one.message_id not in claimed]


def known_messages(session: Session, community_id: int, chat_id: int, message_ids: Collection[int]) -> set[int]:
    """Which of these messages are told: drops', members', the bot's beside drops."""
    known: set[int] = set()
    for table in (MESSAGE, INTERACTION, OWN):
        columns = table.c
        query = select(columns.message_id).where(
            columns.community_id == community_id, columns.chat_id == chat_id, columns.message_id.in_(list(message_ids))
        )
        if table is INTERACTION:
            query = query.where(columns.slot == Slot.MESSAGE)
        known.update(session.connection().execute(query).scalars())
    return known


def begin_own(session: Session, chat_id: int, mark: int, now: datetime) -> None:
    """The bot is about to post something beside drops; `mark` (negative) stands for it until `end_own`."""
    community_id = aliases(session, [chat_id]).get(chat_id)
    if community_id is not None:
        row = {"community_id": community_id, "chat_id": chat_id, "message_id": mark, "at": now}
        insert_new(session, OWN, [row])


def end_own(session: Session, chat_id: int, mark: int, message_ids: Sequence[int], now: datetime) -> None:
    """It is posted, as these messages (none: it was refused)."""
    community_id = aliases(session, [chat_id]).get(chat_id)
    if community_id is None:
        return
    here = (OWN.c.community_id == community_id) & (OWN.c.chat_id == chat_id)
    session.connection().execute(delete(OWN).where(here, OWN.c.message_id == mark))
    rows = [{"community_id": community_id, "chat_id": chat_id, "message_id": one, "at": now} for one in message_ids]
    insert_new(session, OWN, rows)


def mark_lost(session: Session, community_id: int, chat_id: int, nonce: int, now: datetime) -> None:
    """A drop may have become a message that nobody can name yet."""
    row = {"community_id": community_id, "chat_id": chat_id, "message_id": -1 - nonce, "at": now}
    insert_new(session, OWN, [row])


def unmark_lost(session: Session, community_id: int, chat_id: int, nonce: int) -> None:
    """It can be named now."""
    here = (OWN.c.community_id == community_id) & (OWN.c.chat_id == chat_id) & (OWN.c.message_id == -1 - nonce)
    session.connection().execute(delete(OWN).where(here))


def others_unnamed(session: Session, community_id: int, chat_id: int, nonce: int, after_id: int) -> bool:
    """Whether some other message of the bot's may stand behind `after_id` under an id that nobody can name.

    What was posted before that message itself stands before it: a minute is left for clocks that differ.
    """
    times = []
    for table in (MESSAGE, INTERACTION, OWN):
        columns = table.c
        query = select(epoch(columns.at)).where(
            columns.community_id == community_id, columns.chat_id == chat_id, columns.message_id == after_id
        )
        query = query.where(columns.slot == Slot.MESSAGE) if table is INTERACTION else query
        times.append(session.connection().execute(query.limit(1)).scalar() or 0)
    columns = OWN.c
    here = (columns.community_id == community_id) & (columns.chat_id == chat_id) & (columns.message_id < 0)
    later = columns.at >= from_epoch(max(0, max(times) - 60))
    return bool(
        session.connection().execute(select(exists().where(here, later, columns.message_id != -1 - nonce))).scalar()
    )


def prune_signs(session: Session, now: datetime) -> None:
    """Let go of what is too old to tell anything; what cannot be named stays longer."""
    session.connection().execute(delete(SIGN).where(SIGN.c.seen_at < now - KEPT))
    session.connection().execute(delete(OWN).where(OWN.c.at < now - KEPT, OWN.c.message_id > 0))
    session.connection().execute(delete(OWN).where(OWN.c.at < now - KEPT_UNNAMED))
