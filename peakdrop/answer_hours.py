"""At which hours people answer: what earlier drops say beyond how many members are there.

People may read at eight and answer at nine in the evening. Each drop's answers are held against the members expected
in the two hours after it; hours of the day are pooled by blocks, each as far as its drops bear it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean

from peakdrop.outlooks import BLOCKS, AnswerHours, block_of

FEWEST = 12  # drops from which on anything is learned
HALF = 0.5  # of an answer: nothing times nothing tells nothing
# Drops differ by what they say: so much (in powers of e) is taken for granted until many of them tell better.
USUAL_SPREAD, USUAL_DROPS = 0.8, 10.0
SURE = 2.0  # blocks must differ by so many standard deviations more than chance lets them


@dataclass(frozen=True, slots=True)
class AnsweredDrop:
    """An earlier drop: the local hour at which it went out, members expected then, members who answered it."""

    hour: int
    expected: float
    answers: float


def learn_hours(drops: Sequence[AnsweredDrop]) -> AnswerHours:
    """What earlier drops say of the hours at which people answer; nothing where there are too few."""
    used = [one for one in drops if one.expected > 0]
    ratios: list[list[float]] = [[] for _ in range(BLOCKS)]
    rate = sum(one.answers for one in used) / sum(one.expected for one in used) if used else 0.0
    for one in used:
        ratios[block_of(one.hour)].append(log((one.answers + HALF) / (rate * one.expected + HALF)))
    spread = _spread(ratios)
    between, middle = _difference(ratios, spread) if len(used) >= FEWEST else (0.0, 0.0)
    weights = [between / (between + spread / len(one)) if one and between else 0.0 for one in ratios]
    factors = [exp(weight * (fmean(one) - middle)) if one else 1.0 for weight, one in zip(weights, ratios, strict=True)]
    # An hour without drops may differ as hours do, or by a quarter of how drops do where nothing is known of hours.
    unsure = max(between, spread / 16)
    spreads = [(1 / (1 / unsure + len(one) / spread)) ** 0.5 for one in ratios]
    return AnswerHours(tuple(factors), tuple(weights), tuple(spreads), tuple(len(one) for one in ratios))


def _spread(ratios: Sequence[Sequence[float]]) -> float:
    """The variance of drops within a block."""
    filled = [one for one in ratios if one]
    inside = sum(sum((value - fmean(one)) ** 2 for value in one) for one in filled)
    freedom = sum(map(len, filled)) - len(filled)
    return (inside + USUAL_DROPS * USUAL_SPREAD**2) / (freedom + USUAL_DROPS)


def _difference(ratios: Sequence[Sequence[float]], spread: float) -> tuple[float, float]:
    """By what variance blocks differ beyond what chance explains (DerSimonian and Laird), and the mean of all."""
    filled = [one for one in ratios if one]
    total = sum(map(len, filled))
    middle = sum(map(sum, filled)) / total
    freedom = len(filled) - 1
    if not freedom:
        return 0.0, middle
    found = sum(len(one) * (fmean(one) - middle) ** 2 for one in filled) / spread
    chance = freedom + SURE * (2 * freedom) ** 0.5
    scale = (total - sum(len(one) ** 2 for one in filled) / total) / spread
    return max(0.0, found - chance) / scale, middle
