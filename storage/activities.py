"""Who was active in which quarter hours, for forecasts: of a group from its member days, of a topic from the log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import Session

from storage.counts import DAYS, MEMBER, RAW
from storage.kinds import ACTIVE_KINDS, Actor, Standing
from storage.times import DAY, QUARTER, epoch

_GONE = [int(one) for one in Standing if not one.inside]


def member_days(
    session: Session, community_id: int, first_day: int, last_day: int
) -> Sequence[tuple[int, int, int, int, int]]:
    """(UTC day, member, masks of its first and last 48 quarter hours, how often they left that day)."""
    columns = DAYS.c
    query = select(columns.day, columns.member_id, columns.early_mask, columns.late_mask, columns.leaves).where(
        columns.community_id == community_id, columns.day >= first_day, columns.day <= last_day
    )
    return session.connection().execute(query).fetchall()


def topic_quarters(
    session: Session, community_id: int, topic_id: int, first_day: int, last_day: int
) -> Sequence[tuple[int, int]]:
    """(UTC quarter hour, member) of what was done in a topic."""
    at = epoch(RAW.c.at)
    query = (
        select(at // QUARTER, RAW.c.member_id)
        .distinct()
        .where(RAW.c.community_id == community_id, at >= first_day * DAY, at < (last_day + 1) * DAY)
        .where(RAW.c.thread_id == topic_id, RAW.c.actor == Actor.MEMBER, RAW.c.kind.in_(ACTIVE_KINDS))
    )
    return session.connection().execute(query).fetchall()


def gone_members(session: Session, community_id: int) -> list[int]:
    """Those who left or were banned, as it stands now."""
    columns = MEMBER.c
    gone = or_(*(columns.standing == one for one in _GONE))
    query = select(columns.member_id).where(columns.community_id == community_id, gone)
    return list(session.connection().execute(query).scalars())
