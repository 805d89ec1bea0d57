"""Limits as windows of time: so many messages in so many seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

    Each is a number of messages in so many seconds. In a private chat it is one a second with short bursts, which who
    presses buttons quickly needs (tdlib/td issue 3034: answers to people hardly ever exceed what is allowed).
    """

    in_all: tuple[int, float] = (30, 1.0)
    group: tuple[int, float] = (20, 60.0)
    private: tuple[int, float] = (20, 20.0)


class Window:
    """At most `most` messages in any `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self.under_way = 0
        self._over: deque[float] = deque()

    def room(self, now: float) -> int:
        """How many more may begin now."""
        while self._over and self._over[0] <= now:
            self._over.popleft()
        return self.most - self.under_way - len(self._over)

    def next_room(self, cost: int) -> float | None:
        """When so many more may begin by themselves; None: when a call that is under way ends."""
        needed = cost - (self.most - self.under_way - len(self._over))
        return self._over[needed - 1] if 0 < needed <= len(self._over) else None

    def begin(self, cost: int) -> None:
        """So many messages are being posted."""
        self.under_way += cost

    def end(self, cost: int, now: float) -> None:
        """Their call is over; 0 seconds from now on their time in the window begins to run."""
        self.under_way -= cost
        self._over.extend([now + self.seconds] * cost)

    def give_back(self, cost: int) -> None:
        """They were not posted after all."""
        self.under_way -= cost

    def is_idle(self, now: float) -> bool:
        """Whether nothing of it need be remembered."""
        return self.room(now) == self.most
