"""Reactions of which only a total is known: counted as far as the named changes do not account for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session

from storage import rollups
from storage.dialects import upsert
from storage.facts import ReactionTotal
from storage.kinds import Kind, Slot
from storage.models import Interaction as InteractionRow
from storage.models import ReactionTotal as ReactionTotalRow
from storage.times import QUARTER, epoch

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
TOTAL: Any = ReactionTotalRow.__table__  # type: ignore[attr-defined]
_FIELDS = ("chat_id", "message_id", "as_of", "at", "thread_id", "total", "unexplained", "detail")


def note_totals(session: Session, community_id: int, totals: Iterable[ReactionTotal]) -> None:
    """Take in totals: per message the newest by date wins; it counts at the earliest time known for it."""
    newest: dict[tuple[int, int], ReactionTotal] = {}
    for total in totals:
        key = total.chat_id, total.message_id
        held = newest.get(key)
        newest[key] = total if held is None else newer(held, total)
    if not newest:
        return
    held_rows = {(row["chat_id"], row["message_id"]): row for row in _load(session, community_id, newest)}
    fresh = []
    for key, total in newest.items():
        row = held_rows.get(key)
        if row is not None:
            old = ReactionTotal(*key, row["as_of"], row["at"], row["total"], row["detail"])
            total = newer(old, total)
        fresh.append(
            {
                "chat_id": key[0],
                "message_id": key[1],
                "as_of": total.as_of,
                "at": total.at,
                "total": total.total,
            }
            | {"detail": total.detail, "thread_id": _topic_of(session, community_id, key), "unexplained": 0}
        )
    _settle(session, community_id, fresh, held_rows)


def resettle(session: Session, community_id: int, messages: Collection[tuple[int, int]]) -> None:
    """Work out anew what totals leave unexplained, after named changes on these (chat, message) came in."""
    held = {(row["chat_id"], row["message_id"]): row for row in _load(session, community_id, messages)}
    if held:
        _settle(session, community_id, [dict(row) for row in held.values()], held)


def newer(one: ReactionTotal, other: ReactionTotal) -> ReactionTotal:
    """Of two totals of one message the newest by date, counting at the earliest time known."""
    newest = max(one, other, key=lambda total: (total.as_of, total.total, total.detail))
    return newest._replace(at=min(one.at, other.at))


def _load(session: Session, community_id: int, keys: Collection[tuple[int, int]]) -> list[dict[str, Any]]:
    columns = [epoch(TOTAL.c[name]) if name in ("as_of", "at") else TOTAL.c[name] for name in _FIELDS]
    rows = []
    for chat_id in {key[0] for key in keys}:
        ids = [message_id for chat, message_id in keys if chat == chat_id]
        query = select(*columns).where(
            TOTAL.c.community_id == community_id, TOTAL.c.chat_id == chat_id, TOTAL.c.message_id.in_(ids)
        )
        rows += [dict(zip(_FIELDS, row, strict=True)) for row in session.connection().execute(query)]
    return rows


def _topic_of(session: Session, community_id: int, key: tuple[int, int]) -> int:
    """The topic a message stands in, 0 where the log does not know the message."""
    query = select(RAW.c.thread_id, RAW.c.flags).where(
        RAW.c.community_id == community_id,
        RAW.c.chat_id == key[0],
        RAW.c.message_id == key[1],
        RAW.c.slot == Slot.MESSAGE,
    )
    row = session.connection().execute(query).first()
    return int(row[0]) if row is not None and row[1] & 16 else 0


def _explained(session: Session, community_id: int, row: dict[str, Any]) -> int:
    net = func.sum(case((RAW.c.kind == Kind.REACTION_ADDED, 1), else_=-1))
    query = select(func.coalesce(net, 0)).where(
        RAW.c.community_id == community_id,
        RAW.c.chat_id == row["chat_id"],
        RAW.c.message_id == row["message_id"],
        RAW.c.slot == Slot.REACTION,
        epoch(RAW.c.at) <= row["as_of"],
    )
    return int(session.connection().execute(query).scalar_one())


def _settle(
    session: Session,
    community_id: int,
    fresh: list[dict[str, Any]],
    held: dict[tuple[int, int], dict[str, Any]],
) -> None:
    rollup = rollups.Rollup()
    for row in fresh:
        row["unexplained"] = max(0, row["total"] - _explained(session, community_id, row))
        old = held.get((row["chat_id"], row["message_id"]))
        if old is not None:
            rollup.quarters[old["at"] // QUARTER, old["thread_id"], int(Kind.REACTION_UNNAMED)] -= old["unexplained"]
        rollup.quarters[row["at"] // QUARTER, row["thread_id"], int(Kind.REACTION_UNNAMED)] += row["unexplained"]
    rollups.apply(session, community_id, rollup)
    upsert(session, TOTAL, [{"community_id": community_id} | row for row in fresh])
    if any(rollup.quarters.values()):
        rollups.forget_days(session, community_id, min(row["at"] for row in fresh))
