"""The sandbox's clock: the wall clock, a faster one, or one that steps from event to event."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable

from sandbox.errors import ActionError

STEPPING = 60.0  # from this speed on, time goes from event to event
FASTEST = 1_000_000.0
DEBT = 1.0  # real seconds by which a slow bot may fall behind and be caught up with

Event = Callable[[], object]


class Timeline:
    """Epoch seconds that never go backward, and what is to happen at which of them.

    Speed 1 is the wall clock, 0 stands still, below 60 time flows so much faster. From 60 on it stands
    until the pacer moves it. `skew` (seconds) is by how much Telegram's dates differ from this clock.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._base = self._real_base = self._latest = real()
        self._speed = 1.0
        self._waited = 0.0  # real seconds spent stepping, before the present stretch
        self._events: list[tuple[float, int, Event]] = []
        self._order = itertools.count()
        self.skew = 0.0

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """Change the speed; the time stays what it is.

        Raises:
            ActionError: not between 0 and 1,000,000.
        """
        if not 0 <= speed <= FASTEST:
            raise ActionError(f"the speed is a number from 0 to {FASTEST:,.0f}")
        now = self.now()
        if self.stepping:
            self._waited += max(0.0, self._real() - self._real_base)
        self._speed = speed
        self._rest_on(now)

    @property
    def stepping(self) -> bool:
        return self._speed >= STEPPING

    def _rest_on(self, now: float) -> None:
        self._base, self._real_base = now, self._real()

    def now(self) -> float:
        """The sandbox's time."""
        if not self.stepping:
            self._latest = max(self._latest, self._reached())
        return self._latest

    def _reached(self) -> float:
        return self._base + (self._real() - self._real_base) * self._speed

    def start_at(self, now: float) -> None:
        """Set the clock, before anything has happened."""
        self._latest = now
        self._rest_on(now)

    def ceiling(self) -> float:
        """How far stepping may have come by now, so as not to be faster than the speed."""
        behind = self._reached() - self._latest - self._speed * DEBT
        if behind > 0:  # the bot took long; that time is not made up for
            lost = behind / self._speed
            self._waited += lost
            self._real_base += lost
        return self._reached()

    def move(self, to: float) -> None:
        """Step to a time; never back, and only while stepping."""
        if self.stepping:
            self._latest = max(self._latest, to)

    def limit_now(self) -> float:
        """Sandbox time plus the real time spent stepping: waiting in real seconds gets one on here."""
        stretch = max(0.0, self._real() - self._real_base) if self.stepping else 0.0
        return self.now() + self._waited + stretch

    def at(self, moment: float, event: Event) -> None:
        """Let `event` happen at `moment` (epoch seconds); at once, if that is past."""
        heapq.heappush(self._events, (moment, next(self._order), event))

    def next_at(self) -> float | None:
        """When the next event is due."""
        return self._events[0][0] if self._events else None

    def take_due(self, now: float) -> list[Event]:
        """Remove and return what is due, in order."""
        due: list[Event] = []
        while self._events and self._events[0][0] <= now:
            due.append(heapq.heappop(self._events)[2])
        return due
