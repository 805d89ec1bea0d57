"""The forecast: how many people will be there in the coming week's hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HALF_LIFE = 16 * 7  # days


def expected_hours(past: NDArray[np.int64]) -> NDArray[np.float64]:
    """Expected members by coming day (7 rows) and hour, from members by past day and hour."""
    weights = 0.5 ** (np.arange(len(past), 0, -1) / HALF_LIFE)
    return np.tile(weights @ past / weights.sum(), (7, 1))
