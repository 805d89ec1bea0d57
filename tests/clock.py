"""A clock that tests set themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.clock import Clock


class FakeClock(Clock):
    """Stands still until it is told to move."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or datetime(2026, 10, 15, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move to a time (aware)."""
        self._at = at

    def advance(self, step: timedelta) -> datetime:
        """Move on by a step; returns the new time."""
        self._at += step
        return self._at
