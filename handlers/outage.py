"""Trouble that passes: said once when it begins and once when it is over, with growing pauses between tries."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from random import Random

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outage:
    """Something outside fails for a while. Pauses are seconds: doubling from `first` to `longest`, with jitter."""

    name: str
    rng: Random
    first: float = 1.0
    longest: float = 30.0
    tries: int = 0
    _said: set[str] = field(default_factory=set)

    def failed(self, reason: str) -> float:
        """Note a failure; returns how long to wait. A reason is logged once per outage, not once per try."""
        if reason not in self._said:
            self._said.add(reason)
            log.warning("%s: %s. Trying again until it works.", self.name, reason)
        ceiling = min(self.longest, self.first * 2 ** min(self.tries, 20))
        self.tries += 1
        return self.rng.uniform(max(self.first, ceiling / 2), ceiling)

    def over(self) -> bool:
        """Note a success; True where it ends an outage."""
        if not self.tries:
            return False
        log.warning("%s: it works again after %d failed tries.", self.name, self.tries)
        self.tries = 0
        self._said.clear()
        return True
