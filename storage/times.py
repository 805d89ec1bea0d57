"""One type for every stored time: UTC, aware, whole seconds, an integer in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

QUARTER = 900
DAY = 86_400


def to_epoch(moment: datetime) -> int:
    """Seconds since 1970 in UTC. Raises ValueError on a naive time: nobody knows which zone it meant."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}: give it a time zone")
    return int(moment.timestamp() // 1)


def from_epoch(seconds: int) -> datetime:
    """The aware UTC time of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in Python, epoch seconds in the database (plain SQLite columns silently shift zones)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Epoch seconds pass as they are (hot paths); a naive datetime is refused."""
        if value is None or isinstance(value, int):
            return value
        return to_epoch(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Epoch seconds to an aware UTC time."""
        return None if value is None else from_epoch(value)


def epoch(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A UtcDateTime column read as plain epoch seconds (no object per row: hot paths)."""
    return type_coerce(column, BigInteger())
