"""Weights that fade with age, and bells over neighbouring quarter hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEK = 7


def decay(days: int, half_life: float) -> Floats:
    """The weights of the last so many days, the latest last; they halve every `half_life` weeks."""
    return np.asarray(0.5 ** (np.arange(days, 0, -1) / (WEEK * half_life)))


def smooth_day(day: Floats, width: float) -> Floats:
    """A day's 96 quarters, each the mean of its neighbours under a bell of so many quarters; midnight is no edge."""
    bell = _bell(width)
    reach = len(bell) // 2
    return np.convolve(np.pad(day, reach, mode="wrap"), bell, "valid")


def smooth_days(days: Floats, width: float) -> Floats:
    """Consecutive days (rows), smoothed across their midnights too."""
    bell = _bell(width)
    reach = len(bell) // 2
    return np.convolve(np.pad(days.reshape(-1), reach, mode="edge"), bell, "valid").reshape(days.shape)


def mean_day(grid: Floats, weights: Floats) -> Floats:
    """The weighted mean over days of each quarter; nought where there is no weight."""
    return np.asarray((grid * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-12))


def _bell(width: float) -> Floats:
    reach = int(2.5 * width) + 1
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    return np.asarray(bell / bell.sum())
