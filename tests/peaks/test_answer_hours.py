"""Answers to earlier drops move the choice of an hour where they differ from activity, and not where they do not."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from statistics import fmean

import pytest

from peakdrop.answer_hours import AnsweredDrop, learn_hours
from peakdrop.outlooks import block_of

# Members there by hour: most in the morning at eight, nearly as many in the evening at twenty-one.
CURVE = [3, 2, 1, 1, 1, 4, 14, 34, 40, 30, 20, 15, 16, 15, 12, 11, 12, 16, 22, 28, 34, 36, 24, 9]
ALIKE = [1.0] * 24
READ_AT_8_ANSWER_AT_21 = [0.4 if 5 <= hour <= 11 else 1.6 if hour >= 18 else 1.0 for hour in range(24)]
GROUPS = 60


def poisson(rng: random.Random, mean: float) -> int:
    """A count; by Knuth, for the small means here."""
    product, count, limit = rng.random(), 0, math.exp(-mean)
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def drops_of(rng: random.Random, habit: Sequence[float], count: int, spread: float) -> list[AnsweredDrop]:
    """Drops at hours as groups choose them; what they say matters more than their hour (`spread`, of the logarithm)."""
    hours = rng.choices(range(24), [members + 2 for members in CURVE], k=count)
    return [
        AnsweredDrop(hour, CURVE[hour], poisson(rng, CURVE[hour] * 0.25 * habit[hour] * rng.lognormvariate(0, spread)))
        for hour in hours
    ]


def worth(factors: Sequence[float], habit: Sequence[float]) -> float:
    """The answers that the chosen hour brings, as a share of the best hour's."""
    chosen = max(range(24), key=lambda hour: CURVE[hour] * factors[block_of(hour)])
    truth = [CURVE[hour] * habit[hour] for hour in range(24)]
    return truth[chosen] / max(truth)


def mean_worth(habit: Sequence[float], count: int, spread: float) -> float:
    """Over many made-up groups."""
    rng = random.Random(11)
    return fmean(worth(learn_hours(drops_of(rng, habit, count, spread)).factors, habit) for _ in range(GROUPS))


@pytest.mark.parametrize(("count", "least"), [(20, 0.05), (60, 0.4), (200, 0.6)])
def test_it_helps_where_people_answer_at_other_hours_than_they_read(count: int, least: float) -> None:
    by_activity = worth([1.0] * 8, READ_AT_8_ANSWER_AT_21)
    assert by_activity < 0.3
    assert mean_worth(READ_AT_8_ANSWER_AT_21, count, 0.8) - by_activity >= least


@pytest.mark.parametrize("count", [0, 5, 20, 60, 200])
@pytest.mark.parametrize("spread", [0.3, 0.8, 1.2])
def test_it_does_no_harm_where_they_do_not(count: int, spread: float) -> None:
    assert worth([1.0] * 8, ALIKE) == 1
    assert mean_worth(ALIKE, count, spread) >= 0.985


def test_how_far_it_is_believed_grows_with_the_evidence() -> None:
    rng = random.Random(3)
    few, many = (learn_hours(drops_of(rng, READ_AT_8_ANSWER_AT_21, count, 0.8)) for count in (30, 300))
    assert (sum(few.drops), sum(many.drops)) == (30, 300)
    assert many.weights[7] > few.weights[7]
    assert many.factors[7] > 1.2 > 0.8 > many.factors[3]
    assert many.spreads[7] < few.spreads[7]
    assert min(many.weights) >= 0
    assert max(many.weights) < 1
    assert learn_hours([]).factors == (1.0,) * 8
    assert learn_hours([AnsweredDrop(8, 30.0, 9)] * 7).weights == (0.0,) * 8
