from __future__ import annotations

import pytest

from peakdrop.conversion import conversion
from peakdrop.engagement import engagement, per_thousand_seconds
from peakdrop.rates import Rate

ROWS = [
    (300, 100, 50, 20, 1000, 50, 0.5667, 0.05),
    (400, 150, 75, 30, 1500, 70, 0.6375, 0.0467),
    (500, 200, 100, 40, 2000, 90, 0.68, 0.045),
    (600, 250, 125, 50, 2500, 110, 0.7083, 0.044),
]


@pytest.mark.parametrize(("watch", "likes", "comments", "shares", "followers", "buyers", "engaged", "bought"), ROWS)
def test_the_four_rows_of_our_source(
    watch: int, likes: int, comments: int, shares: int, followers: int, buyers: int, engaged: float, bought: float
) -> None:
    rate = engagement(likes, comments, shares, watch)
    assert rate.value == pytest.approx(engaged, abs=5e-5)
    assert per_thousand_seconds(rate) == pytest.approx(engaged * 1000, abs=0.05)
    assert (rate.numerator, rate.denominator) == (likes + comments + shares, watch)
    assert conversion(buyers, followers).value == pytest.approx(bought, abs=5e-5)


@pytest.mark.parametrize("rate", [Rate(5, 0), Rate(5, None), Rate(None, 5), Rate(5, -1), engagement(1, None, 2, 300)])
def test_a_rate_without_its_parts_is_unknown_and_not_zero(rate: Rate) -> None:
    assert rate.value is None
    assert per_thousand_seconds(rate) is None


def test_nobody_of_many_is_zero_and_not_unknown() -> None:
    assert conversion(0, 1000).value == 0
