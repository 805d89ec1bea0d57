"""Trying hours that are promising but little known, so that it can be learned what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, sqrt
from random import Random

from peakdrop.outlooks import BLOCKS, WEEK, Outlook, block_of

PROMISING = 0.6  # of what the best time is worth
WIDTH = 2.563  # an interval of 80 % in standard deviations
MOST_WEEKS = 26  # more past says no more about the coming week
Worth = tuple[datetime, float, float]


@dataclass(frozen=True, slots=True)
class Tries:
    """One draw of chance (Thompson sampling): how far off the forecast and the answers of each block of hours may be.

    In standard deviations; `forecasts` by weekday and block, `answers` by block.
    """

    forecasts: tuple[float, ...]
    answers: tuple[float, ...]

    @classmethod
    def draw(cls, rng: Random, share: float) -> Tries | None:
        """A draw with a probability of `share`, else None."""
        if rng.random() >= share:
            return None
        return cls(tuple(rng.gauss(0, 1) for _ in range(WEEK * BLOCKS)), tuple(rng.gauss(0, 1) for _ in range(BLOCKS)))

    def find(self, outlook: Outlook, worths: Sequence[Worth]) -> Worth | None:
        """The time that would be best if this draw were true, among those that promise something.

        `worths`: local time, what it is worth, its share of new people; best first.
        """
        promising = [one for one in worths if one[1] >= PROMISING * worths[0][1]]
        return max(promising, key=lambda one: self._worth(outlook, one), default=None)

    def _worth(self, outlook: Outlook, one: Worth) -> float:
        local, worth, _ = one
        block = block_of(local.hour)
        expected, interval = outlook.expected_at(local), outlook.interval_at(local)
        if not expected or interval is None:
            return worth
        error = (interval[1] - interval[0]) / WIDTH / sqrt(min(max(outlook.days / 7, 1), MOST_WEEKS))
        moved = max(0.0, 1 + error * self.forecasts[local.weekday() * BLOCKS + block] / expected)
        return worth * moved * exp(outlook.answers.spreads[block] * self.answers[block])
