"""Counts and distinct people of any span, exact: rollups for the whole quarter hours, the log for ragged edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, case, func, literal, or_, select, union_all
from sqlmodel import Session

from storage import models, rollups
from storage.dialects import upsert
from storage.kinds import ACTIVE_KINDS, Actor, Kind
from storage.times import DAY, QUARTER, epoch

QUARTERS: Any = models.QuarterCount.__table__  # type: ignore[attr-defined]
DAYS: Any = models.MemberDay.__table__  # type: ignore[attr-defined]
RAW: Any = models.Interaction.__table__  # type: ignore[attr-defined]
TOTAL: Any = models.ReactionTotal.__table__  # type: ignore[attr-defined]
MEMBER: Any = models.Member.__table__  # type: ignore[attr-defined]
CACHE: Any = models.DayCache.__table__  # type: ignore[attr-defined]
_HALF = 48
_FULL = (1 << _HALF) - 1
Counts = Counter[tuple[int, int]]


def count_kinds(session: Session, community_id: int, start: int, end: int) -> Counts:
    """Counts by (topic, kind) in [start, end), epoch seconds."""
    first, last = -(-start // QUARTER), end // QUARTER
    if first >= last:
        return _count_raw(session, community_id, start, end)
    columns = QUARTERS.c
    query = (
        select(columns.topic_id, columns.kind, func.sum(columns.n))
        .where(columns.community_id == community_id, columns.quarter >= first, columns.quarter < last)
        .group_by(columns.topic_id, columns.kind)
    )
    counts: Counts = Counter({(row[0], row[1]): int(row[2]) for row in session.connection().execute(query)})
    counts.update(_count_raw(session, community_id, start, first * QUARTER))
    counts.update(_count_raw(session, community_id, last * QUARTER, end))
    return counts


def _count_raw(session: Session, community_id: int, start: int, end: int) -> Counts:
    counts: Counts = Counter()
    if start >= end:
        return counts
    rollup = rollups.roll(rollups.raw_rows(session, community_id, start, end))
    for (_, topic, kind), n in rollup.quarters.items():
        counts[topic, int(kind)] += n
    totals = select(TOTAL.c.thread_id, TOTAL.c.unexplained).where(
        TOTAL.c.community_id == community_id, epoch(TOTAL.c.at) >= start, epoch(TOTAL.c.at) < end
    )
    for topic, unexplained in session.connection().execute(totals):
        counts[topic, int(Kind.REACTION_UNNAMED)] += unexplained
    return counts


class QuarterRow(NamedTuple):
    """A rollup row: UTC quarter hour (epoch // 900), topic, kind, count."""

    quarter: int
    topic: int
    kind: int
    n: int


def quarter_rows(session: Session, community_id: int, start: int, end: int) -> Iterable[QuarterRow]:
    """The quarter-hour counts of [start, end), epoch seconds on quarter hours, in order of time."""
    columns = QUARTERS.c
    query = select(columns.quarter, columns.topic_id, columns.kind, columns.n).where(
        columns.community_id == community_id, columns.quarter >= start // QUARTER, columns.quarter < end // QUARTER
    )
    return (QuarterRow(*row) for row in session.connection().execute(query.order_by(columns.quarter)))


def active_rows(session: Session, community_id: int, first_day: int, last_day: int) -> Iterable[tuple[int, int, int]]:
    """(UTC day, member, mask of its 96 quarter hours) for the days first to last (epoch // 86400)."""
    columns = DAYS.c
    query = select(columns.day, columns.member_id, columns.early_mask, columns.late_mask).where(
        columns.community_id == community_id, columns.day >= first_day, columns.day <= last_day
    )
    for day, member_id, early, late in session.connection().execute(query):
        yield day, member_id, early | late << _HALF


def count_active(session: Session, community_id: int, start: int, end: int) -> int:
    """How many distinct members wrote, reacted, voted or pressed in [start, end), epoch seconds."""
    return count_active_since(session, community_id, [start], end)[0]


def count_active_since(session: Session, community_id: int, starts: Sequence[int], end: int) -> list[int]:
    """`count_active` for several starts and one end, in one pass: DAU, WAU and MAU of a day.

    Each member gets a rank: the latest start since which they were active.
    """
    order = sorted(set(starts))
    last = end // QUARTER
    spans = [(-(-start // QUARTER), last) for start in order]
    pieces = [(rank, start, span[0] * QUARTER) for rank, (start, span) in enumerate(zip(order, spans, strict=True))]
    pieces.append((len(order) - 1, max(last * QUARTER, order[-1]), end))
    parts = [_edge(community_id, low, min(high, end), rank) for rank, low, high in pieces if low < min(high, end)]
    if spans[0][0] < last:
        parts.append(_whole_quarters(community_id, spans))
    if not parts:
        return [0] * len(starts)
    seen = union_all(*parts).subquery()
    people = select(func.max(seen.c.rank).label("rank")).group_by(seen.c.member_id).subquery()
    query = select(people.c.rank, func.count()).where(people.c.rank >= 0).group_by(people.c.rank)
    ranks = {rank: int(n) for rank, n in session.connection().execute(query)}
    return [sum(n for rank, n in ranks.items() if rank >= order.index(start)) for start in starts]


def _whole_quarters(community_id: int, spans: Sequence[tuple[int, int]]) -> Any:
    """A row per member day, ranked by the latest span in which it has a bit, -1 where there is none."""
    columns, per_day = DAYS.c, DAY // QUARTER
    ranked = [(or_(*_masked(*span)), rank) for rank, span in enumerate(spans) if span[0] < span[1]]
    query = select(columns.member_id, case(*reversed(ranked), else_=-1).label("rank"))
    # The range stands beside the masks: without it the database reads every day there ever was.
    first, last = spans[0][0] // per_day, (spans[0][1] - 1) // per_day
    return query.where(columns.community_id == community_id, columns.day.between(first, last))


def _edge(community_id: int, start: int, end: int, rank: int) -> Any:
    """The active members of a ragged edge, from the log."""
    return select(RAW.c.member_id, literal(rank).label("rank")).where(
        RAW.c.community_id == community_id,
        epoch(RAW.c.at) >= start,
        epoch(RAW.c.at) < end,
        RAW.c.actor == Actor.MEMBER,
        RAW.c.kind.in_(ACTIVE_KINDS),
    )


def _masked(first: int, last: int) -> list[Any]:
    """Conditions for the member days that have a bit in the quarters [first, last)."""
    columns, per_day = DAYS.c, DAY // QUARTER
    first_day, last_day = first // per_day, (last - 1) // per_day
    conditions = []
    for day in {first_day, last_day}:
        low = max(first - day * per_day, 0)
        high = min(last - day * per_day, per_day)
        mask = ((1 << high) - 1) & ~((1 << low) - 1)
        early, late = mask & _FULL, mask >> _HALF
        hit = columns.early_mask.op("&")(early).op("|")(columns.late_mask.op("&")(late)) != 0
        conditions.append(and_(columns.day == day, hit))
    if last_day - first_day > 1:
        between = and_(columns.day > first_day, columns.day < last_day)
        conditions.append(and_(between, columns.early_mask.op("|")(columns.late_mask) != 0))
    return conditions


def count_ever_active(session: Session, community_id: int) -> int:
    """How many members were ever active."""
    query = select(func.count()).where(MEMBER.c.community_id == community_id, MEMBER.c.first_active_at.is_not(None))
    return int(session.connection().execute(query).scalar_one())


def first_at(session: Session, community_id: int) -> int | None:
    """When the log of a community begins, epoch seconds."""
    query = select(func.min(epoch(RAW.c.at))).where(RAW.c.community_id == community_id)
    value = session.connection().execute(query).scalar()
    return None if value is None else int(value)


_KINDS = msgspec.json.Decoder(list[tuple[int, int, int]])
_HOURS = msgspec.json.Decoder(list[int])


class ClosedDay(NamedTuple):
    """A closed local day, [starts_at, ends_at) in epoch seconds."""

    starts_at: int
    ends_at: int
    counts: Mapping[tuple[int, int], int]
    hours: list[int]
    dau: int
    wau: int
    mau: int


def cached_days(session: Session, community_id: int, start: int, end: int) -> list[ClosedDay]:
    """The closed days that are worked out already, within [start, end]."""
    columns = CACHE.c
    query = select(
        columns.starts_at, columns.ends_at, columns.kinds, columns.hours, columns.dau, columns.wau, columns.mau
    ).where(columns.community_id == community_id, columns.ends_at > start, columns.ends_at <= end)
    kinds, hours = _KINDS.decode, _HOURS.decode
    return [
        ClosedDay(row[0], row[1], {(topic, kind): n for topic, kind, n in kinds(row[2])}, hours(row[3]), *row[4:])
        for row in session.connection().execute(query.order_by(columns.ends_at))
    ]


def cached_ends(session: Session, community_id: int, start: int, end: int) -> set[int]:
    """The ends of the closed days that are worked out already, within [start, end]."""
    query = select(CACHE.c.ends_at).where(
        CACHE.c.community_id == community_id, CACHE.c.ends_at > start, CACHE.c.ends_at <= end
    )
    return set(session.connection().execute(query).scalars())


def cache_days(session: Session, community_id: int, days: Sequence[ClosedDay]) -> None:
    """Keep closed days."""
    encode = msgspec.json.encode
    rows = [
        {
            "community_id": community_id,
            "ends_at": day.ends_at,
            "starts_at": day.starts_at,
            "kinds": encode([(topic, kind, n) for (topic, kind), n in sorted(day.counts.items()) if n]).decode(),
            "hours": encode(day.hours).decode(),
            "dau": day.dau,
            "wau": day.wau,
            "mau": day.mau,
        }
        for day in days
    ]
    upsert(session, CACHE, rows)
