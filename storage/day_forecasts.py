"""Forecasts of single days: stored before the day begins, never changed, and scored when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlmodel import Session

from storage.dialects import insert_new
from storage.outlook_models import DayForecast
from storage.outlooks import WHOLE_GROUP

FORECAST: Any = DayForecast.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class DayExpectation:
    """What is expected of a local day (counted from 1970-01-01), of a group or topic: the minute, members, interval."""

    day: int
    timezone: str
    minute: int
    expected: float
    low: float
    high: float
    topic_id: int = WHOLE_GROUP


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """A forecast day that was seen: members in the two hours from the chosen time, the best one, and 19:00."""

    day: int
    expected: float
    low: float
    high: float
    audience: int
    best: int
    fixed: int


def add_expectations(session: Session, community_id: int, days: Sequence[DayExpectation], *, now: datetime) -> None:
    """Store what is expected of days that have not begun; what was stored for a day before stands."""
    rows = [asdict(one) | {"community_id": community_id, "stored_at": now} for one in days]
    insert_new(session, FORECAST, rows)


def unscored_days(session: Session, community_id: int, before: int) -> list[DayExpectation]:
    """The forecast days of a group and its topics before a local day that nobody has scored yet, oldest first."""
    columns = FORECAST.c
    query = select(*(columns[one.name] for one in fields(DayExpectation))).where(
        columns.community_id == community_id, columns.day < before, columns.scored_at.is_(None)
    )
    return [DayExpectation(*row) for row in session.connection().execute(query.order_by(columns.day))]


def score_day(
    session: Session, community_id: int, topic_id: int, day: int, seen: tuple[int, int, int] | None, *, now: datetime
) -> None:
    """Note what came of a forecast day: members at the chosen time, at the best, at 19:00; None where it was not seen.

    What was noted before stands.
    """
    columns = FORECAST.c
    audience, best, fixed = seen or (None, None, None)
    here = and_(columns.community_id == community_id, columns.topic_id == topic_id, columns.day == day)
    scored = update(FORECAST).where(here, columns.scored_at.is_(None))
    session.connection().execute(scored.values(audience=audience, best=best, fixed=fixed, scored_at=now))


def scored_days(session: Session, community_id: int, topic_id: int, since: int) -> list[DayOutcome]:
    """The forecast days of a group or a topic from a local day on that were seen, oldest first."""
    columns = FORECAST.c
    query = select(
        columns.day, columns.expected, columns.low, columns.high, columns.audience, columns.best, columns.fixed
    ).where(columns.community_id == community_id, columns.topic_id == topic_id)
    query = query.where(columns.day >= since, columns.audience.is_not(None))
    return [DayOutcome(*row) for row in session.connection().execute(query.order_by(columns.day))]
