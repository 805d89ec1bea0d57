"""Rollups: what the log adds up to, kept in the same transaction as the log, and recomputed from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import Session

from storage import models
from storage.dialects import insert_plain
from storage.facts import Interaction
from storage.kinds import ACTIVE_KINDS, Actor, Flag, Kind
from storage.times import DAY, QUARTER, epoch

QUARTER_COUNT = models.QuarterCount.__table__  # type: ignore[attr-defined]
MEMBER_DAY = models.MemberDay.__table__  # type: ignore[attr-defined]
INTERACTION = models.Interaction.__table__  # type: ignore[attr-defined]
TOTAL = models.ReactionTotal.__table__  # type: ignore[attr-defined]
DAY_CACHE = models.DayCache.__table__  # type: ignore[attr-defined]

COUNTERS = (
    "messages",
    "replies",
    "reactions_added",
    "reactions_removed",
    "votes",
    "presses",
    "commands",
    "joins",
    "leaves",
    "others",
)
MASKS = ("early_mask", "late_mask")
_QUARTER_COLUMNS = ("community_id", "quarter", "topic_id", "kind", "n")
_DAY_COLUMNS = ("community_id", "day", "member_id", *MASKS, *COUNTERS)
_COUNTER_OF = {
    Kind.REACTION_ADDED: 2,
    Kind.REACTION_REMOVED: 3,
    Kind.VOTE: 4,
    Kind.PRESS: 5,
    Kind.COMMAND: 6,
    Kind.JOIN: 7,
    Kind.LEAVE: 8,
    Kind.REMOVAL: 8,
}
_OTHERS = 9
_HALF = 48
# Plain integers: an IntFlag's own operators cost more than all the rest here.
_DOUBLED, _TOPIC, _REPLY = int(Flag.DOUBLED), int(Flag.TOPIC), int(Flag.REPLY)
_EXTRAS = ((_REPLY, Kind.REPLY), (int(Flag.FORWARD), Kind.FORWARD), (int(Flag.COMMENT), Kind.COMMENT))
_MOVES = frozenset({Kind.JOIN, Kind.LEAVE, Kind.REMOVAL})
_ANY_EXTRA = sum(flag for flag, _ in _EXTRAS)

_FORGET = delete(DAY_CACHE).where(DAY_CACHE.c.community_id == bindparam("c"), DAY_CACHE.c.ends_at > bindparam("since"))


@dataclass(slots=True)
class Rollup:
    """What some interactions add up to. `days` maps (day, member) to [early_mask, late_mask, *COUNTERS]."""

    quarters: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    days: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    first_active: dict[int, int] = field(default_factory=dict)

    def add(self, row: Interaction, sign: int = 1) -> None:
        """Count one interaction (`sign` -1 takes it out again; masks keep what they have)."""
        if row.flags & _DOUBLED:
            return
        quarter = row.at // QUARTER
        topic = row.thread_id if row.flags & _TOPIC else 0
        for kind in measures(row.kind, row.actor, row.flags):
            self.quarters[quarter, topic, kind] += sign
        if row.actor == Actor.MEMBER:
            self._add_member(row, sign)

    def _add_member(self, row: Interaction, sign: int) -> None:
        counts = self.days.setdefault((row.at // DAY, row.member_id), [0] * (2 + len(COUNTERS)))
        if row.kind <= Kind.OTHER:
            counts[2] += sign
            if row.flags & _REPLY:
                counts[3] += sign
        else:
            counts[2 + _COUNTER_OF.get(row.kind, _OTHERS)] += sign  # type: ignore[call-overload]
        if row.kind in ACTIVE_KINDS:
            slot = row.at % DAY // QUARTER
            counts[slot // _HALF] |= 1 << (slot % _HALF)
            first = self.first_active.get(row.member_id)
            if first is None or row.at < first:
                self.first_active[row.member_id] = row.at


def measures(kind: int, actor: int, flags: int) -> tuple[int, ...]:
    """The kinds that an interaction is counted under: what bots write is counted apart, replies also as such."""
    if actor == Actor.BOT and kind <= Kind.COMMAND:
        return (Kind.BOT_MESSAGE,)
    if actor == Actor.BOT and kind in _MOVES:
        return ()  # bots come and go, but are no members
    if kind > Kind.OTHER or not flags & _ANY_EXTRA:
        return (kind,)
    return (kind, *(counted for flag, counted in _EXTRAS if flags & flag))


def roll(rows: Iterable[Interaction]) -> Rollup:
    """What these interactions add up to."""
    rollup = Rollup()
    for row in rows:
        rollup.add(row)
    return rollup


def apply(session: Session, community_id: int, rollup: Rollup) -> None:
    """Add a rollup to the stored ones."""
    # Sorted, so that two writers lock in the same order.
    quarters = sorted((community_id, *map(int, key), n) for key, n in rollup.quarters.items() if n)
    insert_plain(session, QUARTER_COUNT, _QUARTER_COLUMNS, quarters, adding_to=["n"])
    days = sorted((community_id, *key, *counts) for key, counts in rollup.days.items())
    insert_plain(session, MEMBER_DAY, _DAY_COLUMNS, days, adding_to=COUNTERS, joining=MASKS)


def forget_days(session: Session, community_id: int, since: int) -> None:
    """Drop the cache of closed days that something at `since` (epoch seconds) or later may change."""
    session.connection().execute(_FORGET, {"c": community_id, "since": since})


def raw_rows(session: Session, community_id: int, start: int, end: int) -> Iterator[Interaction]:
    """The log of [start, end), epoch seconds."""
    columns = (epoch(INTERACTION.c.at) if name == "at" else INTERACTION.c[name] for name in Interaction._fields)
    query = (
        select(*columns)
        .where(INTERACTION.c.community_id == bindparam("c"), INTERACTION.c.at >= start, INTERACTION.c.at < end)
        .execution_options(yield_per=10_000)
    )
    for row in session.connection().execute(query, {"c": community_id}):
        yield Interaction(*row)


def day_span(session: Session, community_id: int) -> range:
    """The UTC days (epoch // 86400) that the log or the rollups of a community touch."""
    connection = session.connection()
    spans: list[int] = []
    for table, column, unit in (
        (INTERACTION, epoch(INTERACTION.c.at), DAY),
        (TOTAL, epoch(TOTAL.c.at), DAY),
        (QUARTER_COUNT, QUARTER_COUNT.c.quarter, DAY // QUARTER),
        (MEMBER_DAY, MEMBER_DAY.c.day, 1),
    ):
        for edge in (func.min, func.max):
            value = connection.execute(select(edge(column)).where(table.c.community_id == community_id)).scalar()
            if value is not None:
                spans.append(int(value) // unit)
    return range(min(spans), max(spans) + 1) if spans else range(0)


def recount(session: Session, community_id: int, day: int) -> Rollup:
    """A UTC day's rollup, from the log and the reaction totals."""
    start, end = day * DAY, (day + 1) * DAY
    rollup = roll(raw_rows(session, community_id, start, end))
    totals = select(epoch(TOTAL.c.at), TOTAL.c.thread_id, TOTAL.c.unexplained).where(
        TOTAL.c.community_id == community_id, TOTAL.c.at >= start, TOTAL.c.at < end, TOTAL.c.unexplained > 0
    )
    for at, thread_id, unexplained in session.connection().execute(totals):
        key = (at // QUARTER, thread_id, int(Kind.REACTION_UNNAMED))
        rollup.quarters[key] += unexplained
    return rollup


def stored(session: Session, community_id: int, day: int) -> Rollup:
    """A UTC day's rollup as it is kept."""
    rollup = Rollup()
    connection = session.connection()
    low, high = day * DAY // QUARTER, (day + 1) * DAY // QUARTER
    table: Any = QUARTER_COUNT.c
    query = select(table.quarter, table.topic_id, table.kind, table.n)
    for quarter, topic, kind, n in connection.execute(
        query.where(table.community_id == community_id, table.quarter >= low, table.quarter < high)
    ):
        rollup.quarters[quarter, topic, kind] = n
    table = MEMBER_DAY.c
    query = select(table.member_id, *(table[name] for name in (*MASKS, *COUNTERS)))
    for member_id, *counts in connection.execute(query.where(table.community_id == community_id, table.day == day)):
        rollup.days[day, member_id] = list(counts)
    return rollup


def same(one: Rollup, other: Rollup) -> bool:
    """Whether two rollups say the same (rows of nothing but zeros do not count)."""
    return _plain(one) == _plain(other)


def _plain(rollup: Rollup) -> tuple[dict[Any, int], dict[Any, list[int]]]:
    quarters = {(q, t, int(k)): n for (q, t, k), n in rollup.quarters.items() if n}
    return quarters, {key: counts for key, counts in rollup.days.items() if any(counts)}


def rebuild_day(session: Session, community_id: int, day: int) -> Rollup:
    """Replace a UTC day's rollups by a recount; returns it."""
    connection = session.connection()
    low, high = day * DAY // QUARTER, (day + 1) * DAY // QUARTER
    quarters: Any = QUARTER_COUNT.c
    connection.execute(
        delete(QUARTER_COUNT).where(
            quarters.community_id == community_id, quarters.quarter >= low, quarters.quarter < high
        )
    )
    days: Any = MEMBER_DAY.c
    connection.execute(delete(MEMBER_DAY).where(days.community_id == community_id, days.day == day))
    rollup = recount(session, community_id, day)
    apply(session, community_id, rollup)
    forget_days(session, community_id, day * DAY)
    return rollup
