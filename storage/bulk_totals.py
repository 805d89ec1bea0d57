"""Totals of reactions in bulk: `reactions.note_totals` for a slice whose messages and changes are at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.dialects import insert_plain, upsert
from storage.facts import ReactionTotal
from storage.kinds import Kind
from storage.models import ReactionTotal as ReactionTotalRow
from storage.reactions import newer
from storage.rollups import Rollup
from storage.times import QUARTER, epoch

TOTAL: Any = ReactionTotalRow.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "community_id",
    "chat_id",
    "message_id",
    "as_of",
    "at",
    "thread_id",
    "total",
    "unexplained",
    "detail",
)
_UNNAMED = int(Kind.REACTION_UNNAMED)


def merge_totals(
    session: Session,
    community_id: int,
    totals: Sequence[ReactionTotal],
    changes: Mapping[int, Sequence[tuple[int, int]]],
    topics: Mapping[int, int],
    rollup: Rollup,
) -> int:
    """Take in totals of one chat's messages; what named changes do not explain is added to `rollup`.

    `changes` are the named changes by message as (at, +1 or -1), `topics` the messages in topics. Returns how many
    reactions are newly counted.
    """
    newest: dict[int, ReactionTotal] = {}
    for total in totals:
        held = newest.get(total.message_id)
        newest[total.message_id] = total if held is None else newer(held, total)
    stored = _stored(session, community_id, list(newest.values()))
    fresh: list[tuple[Any, ...]] = []
    replaced: list[tuple[Any, ...]] = []
    counted = 0
    for message_id, total in newest.items():
        old, old_unexplained, topic = stored.get(message_id, (None, 0, topics.get(message_id, 0)))
        if old is not None:
            total = newer(old, total)
        explained = sum(sign for at, sign in changes.get(message_id, ()) if at <= total.as_of)
        unexplained = max(0, total.total - explained)
        if total == old and unexplained == old_unexplained:
            continue
        if old is not None:
            rollup.quarters[old.at // QUARTER, topic, _UNNAMED] -= old_unexplained
        rollup.quarters[total.at // QUARTER, topic, _UNNAMED] += unexplained
        counted += unexplained - old_unexplained
        row = (community_id, total.chat_id, message_id, total.as_of, total.at, topic)
        (fresh if old is None else replaced).append((*row, total.total, unexplained, total.detail))
    insert_plain(session, TOTAL, _COLUMNS, fresh)
    upsert(session, TOTAL, [dict(zip(_COLUMNS, row, strict=True)) for row in replaced])
    return counted


def _stored(
    session: Session, community_id: int, totals: Sequence[ReactionTotal]
) -> dict[int, tuple[ReactionTotal, int, int]]:
    """What is kept in the range of these messages: total, what it leaves unexplained, topic."""
    if not totals:
        return {}
    ids = [total.message_id for total in totals]
    columns = TOTAL.c
    query = select(
        columns.chat_id,
        columns.message_id,
        epoch(columns.as_of),
        epoch(columns.at),
        columns.total,
        columns.detail,
        columns.unexplained,
        columns.thread_id,
    ).where(
        columns.community_id == community_id,
        columns.chat_id == totals[0].chat_id,
        columns.message_id.between(min(ids), max(ids)),
    )
    rows = session.connection().execute(query)
    return {row[1]: (ReactionTotal(*row[:6]), row[6], row[7]) for row in rows}
