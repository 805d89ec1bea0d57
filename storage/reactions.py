"""Reactions of which only a total is known: counted as far as the named changes do not account for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlmodel import Session

from storage import rollups
from storage.dialects import upsert
from storage.facts import ReactionTotal
from storage.kinds import Flag, Kind, Slot
from storage.models import Interaction as InteractionRow
from storage.models import ReactionTotal as ReactionTotalRow
from storage.times import QUARTER, epoch

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
TOTAL: Any = ReactionTotalRow.__table__  # type: ignore[attr-defined]
_FIELDS = ("chat_id", "message_id", "as_of", "at", "thread_id", "total", "unexplained", "detail")

_HELD = select(*(epoch(TOTAL.c[name]) if name in ("as_of", "at") else TOTAL.c[name] for name in _FIELDS)).where(
    TOTAL.c.community_id == bindparam("community_id"),
    TOTAL.c.chat_id == bindparam("chat_id"),
    TOTAL.c.message_id.in_(bindparam("ids", expanding=True)),
)


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
            | {"detail": total.detail, "thread_id": _topic_of(session, community_id, key, row), "unexplained": 0}
        )
    _settle(session, community_id, fresh, held_rows)


def resettle(session: Session, community_id: int, messages: Collection[tuple[int, int]]) -> None:
    """Work out anew what totals leave unexplained, after these (chat, message) or named changes on them came in."""
    held = {(row["chat_id"], row["message_id"]): row for row in _load(session, community_id, messages)}
    if held:
        fresh = [row | {"thread_id": _topic_of(session, community_id, key, row)} for key, row in held.items()]
        _settle(session, community_id, fresh, held)


def newer(one: ReactionTotal, other: ReactionTotal) -> ReactionTotal:
    """Of two totals of one message the newest by date, counting at the earliest time known."""
    newest = max(one, other, key=lambda total: (total.as_of, total.total, total.detail))
    return newest._replace(at=min(one.at, other.at))


def _load(session: Session, community_id: int, keys: Collection[tuple[int, int]]) -> list[dict[str, Any]]:
    rows = []
    for chat_id in {key[0] for key in keys}:
        ids = [message_id for chat, message_id in keys if chat == chat_id]
        found = session.connection().execute(_HELD, {"community_id": community_id, "chat_id": chat_id, "ids": ids})
        rows += [dict(zip(_FIELDS, row, strict=True)) for row in found]
    return rows


def _topic_of(session: Session, community_id: int, key: tuple[int, int], held: dict[str, Any] | None) -> int:
    """The topic a message stands in; where the log does not know the message, the one its total counted in so far."""
    query = select(RAW.c.thread_id, RAW.c.flags).where(
        RAW.c.community_id == community_id,
        RAW.c.chat_id == key[0],
        RAW.c.message_id == key[1],
        RAW.c.slot == Slot.MESSAGE,
    )
    row = session.connection().execute(query).first()
    if row is None:
        return int(held["thread_id"]) if held is not None else 0
    return int(row[0]) if row[1] & Flag.TOPIC else 0


def _explained(session: Session, community_id: int, row: dict[str, Any]) -> int:
    net = func.sum(case((RAW.c.kind == Kind.REACTION_ADDED, 1), else_=-1))
    query = select(func.coalesce(net, 0)).where(
        RAW.c.community_id == community_id,
        RAW.c.chat_id == row["chat_id"],
        RAW.c.message_id == row["message_id"],
        RAW.c.slot == Slot.REACTION,
        epoch(RAW.c.at) + 0 <= row["as_of"],  # + 0: by the message, not through all times of the community
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
