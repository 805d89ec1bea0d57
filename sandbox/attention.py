"""What the bot is at: which of its calls are under way, whether it polls."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator


class Attention:
    """Counts the Bot API's requests; times are the real monotonic clock's."""

    def __init__(self) -> None:
        self.calls = 0  # under way, getUpdates apart
        self.polls = 0  # getUpdates under way
        self.polled_at = -math.inf  # when the last one ended

    @contextlib.contextmanager
    def serving(self, path: str) -> Iterator[None]:
        """Around each request; only /bot<token>/<method> counts."""
        if not path.startswith("/bot"):
            yield
        elif path.lower().endswith("/getupdates"):
            self.polls += 1
            try:
                yield
            finally:
                self.polls -= 1
                self.polled_at = time.monotonic()
        else:
            self.calls += 1
            try:
                yield
            finally:
                self.calls -= 1

    def someone_polls(self, patience: float) -> bool:
        """Whether a poll is open, or one ended less than `patience` seconds ago."""
        return self.polls > 0 or time.monotonic() - self.polled_at < patience
