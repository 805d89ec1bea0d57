"""The clock: the one place where the time of day is read."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """The wall clock, in UTC. Tests pass one that they set themselves."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251
