"""Comparing what is derived with the log it derives from, a UTC day at a time, and putting right what differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select, update
from sqlmodel import Session

from storage import reactions, rollups
from storage.interactions import RAW
from storage.kinds import Kind, Slot
from storage.members import MEMBER
from storage.reactions import TOTAL
from storage.times import DAY, QUARTER, epoch

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """How many derived figures of a day differ from a recount: rollup rows, first activities, totals of reactions."""

    quarters: int = 0
    member_days: int = 0
    first_actives: int = 0
    totals: int = 0

    def __bool__(self) -> bool:
        return any((self.quarters, self.member_days, self.first_actives, self.totals))


def touched_days(session: Session, community_id: int) -> list[int]:
    """The UTC days (epoch // 86400) of which the log, the totals or the rollups of a community hold anything."""
    sources: tuple[tuple[Any, Any, int], ...] = (
        (RAW.c.community_id, epoch(RAW.c.at), DAY),
        (TOTAL.c.community_id, epoch(TOTAL.c.at), DAY),
        (rollups.QUARTER_COUNT.c.community_id, rollups.QUARTER_COUNT.c.quarter, DAY // QUARTER),
        (rollups.MEMBER_DAY.c.community_id, rollups.MEMBER_DAY.c.day, 1),
    )
    queries = [
        (select(func.min(column)).where(mine == bindparam("c"), column >= bindparam("least")), unit)
        for mine, column, unit in sources
    ]
    days: list[int] = []
    least = -(2**31) // DAY
    while True:
        found = [
            int(value) // unit
            for query, unit in queries
            if (value := session.connection().execute(query, {"c": community_id, "least": least * unit}).scalar())
            is not None
        ]
        if not found:
            return days
        days.append(min(found))
        least = days[-1] + 1


def compare_day(session: Session, community_id: int, day: int, known: set[int], *, mend: bool) -> Drift:
    """Compare a UTC day (epoch // 86400) with the log; `mend` also puts it right.

    Days are to come in order: `known` collects the members who were active on one of them.
    """
    wrong = _misjudged(session, community_id, day)
    if wrong and mend:
        reactions.resettle(session, community_id, wrong)
    counted = rollups.recount(session, community_id, day)
    kept = rollups.stored(session, community_id, day)
    quarters = _unlike(kept.quarters, counted.quarters)
    days = _unlike(kept.days, counted.days)
    if mend and (quarters or days):
        rollups.rebuild_day(session, community_id, day)
    first = {member_id: at for member_id, at in counted.first_active.items() if member_id not in known}
    known.update(first)
    late = _wrong_first_actives(session, community_id, first)
    if mend and late:
        _set_first_active(session, community_id, late)
    return Drift(quarters, days, len(late), len(wrong))


def drop_false_first_actives(session: Session, community_id: int, *, mend: bool) -> int:
    """Members said to have been active whom the (recounted) rollups do not know; `mend` puts them right."""
    connection = session.connection()
    columns = rollups.MEMBER_DAY.c
    active = (
        select(columns.member_id)
        .distinct()
        .where(columns.community_id == community_id, or_(columns.early_mask != 0, columns.late_mask != 0))
    )
    said = select(MEMBER.c.member_id).where(
        MEMBER.c.community_id == community_id, MEMBER.c.first_active_at.is_not(None)
    )
    false = set(connection.execute(said).scalars()) - set(connection.execute(active).scalars())
    if mend and false:
        _set_first_active(session, community_id, dict.fromkeys(false))
    return len(false)


def _unlike(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> int:
    """How many keys differ; a count of zero is none."""
    return sum(_plain(one.get(key)) != _plain(other.get(key)) for key in {*one, *other})


def _plain(value: Any) -> Any:
    return value if value and (not isinstance(value, list) or any(value)) else None


def _misjudged(session: Session, community_id: int, day: int) -> list[tuple[int, int]]:
    """(chat, message) of the day's totals whose unexplained part is not what the named changes leave."""
    net = func.sum(case((RAW.c.kind == Kind.REACTION_ADDED, 1), else_=-1))
    explained = (
        select(func.coalesce(net, 0))
        .where(
            RAW.c.community_id == TOTAL.c.community_id,
            RAW.c.chat_id == TOTAL.c.chat_id,
            RAW.c.message_id == TOTAL.c.message_id,
            RAW.c.slot == Slot.REACTION,
            epoch(RAW.c.at) + 0 <= epoch(TOTAL.c.as_of),  # + 0: by the message, not by time
        )
        .scalar_subquery()
    )
    query = select(TOTAL.c.chat_id, TOTAL.c.message_id, TOTAL.c.unexplained, TOTAL.c.total, explained).where(
        TOTAL.c.community_id == community_id,
        epoch(TOTAL.c.at) >= day * DAY,
        epoch(TOTAL.c.at) < (day + 1) * DAY,
    )
    rows = session.connection().execute(query)
    return [(row[0], row[1]) for row in rows if row[2] != max(0, row[3] - int(row[4]))]


def _wrong_first_actives(session: Session, community_id: int, first: Mapping[int, int]) -> dict[int, int]:
    """Members whose first activity is not what the log says."""
    kept: dict[int, int | None] = {}
    ids = list(first)
    for start in range(0, len(ids), _CHUNK):
        query = select(MEMBER.c.member_id, epoch(MEMBER.c.first_active_at)).where(
            MEMBER.c.community_id == community_id, MEMBER.c.member_id.in_(ids[start : start + _CHUNK])
        )
        kept.update({member_id: at for member_id, at in session.connection().execute(query)})
    return {member_id: at for member_id, at in first.items() if kept.get(member_id) != at}


def _set_first_active(session: Session, community_id: int, times: Mapping[int, int | None]) -> None:
    here = and_(MEMBER.c.community_id == community_id, MEMBER.c.member_id == bindparam("who"))
    statement = update(MEMBER).where(here).values(first_active_at=bindparam("at"))
    rows: Collection[dict[str, Any]] = [{"who": member_id, "at": at} for member_id, at in sorted(times.items())]
    session.connection().execute(statement, list(rows))
