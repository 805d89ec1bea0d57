"""Days as they usually are in a part of the world: what is forecast before anything was seen. A prior, and said to be.

Shares of a day's best hour by hour of the wall clock, means over open communities of chat. Europe and America were
measured (docs/peaks.md), half of each is the mean of both; elsewhere that mean with an evening is an assumption.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_EUROPE = (22, 19, 16, 15, 15, 15, 17, 20, 24, 28, 33, 36, 38, 39, 40, 42, 43, 43, 41, 40, 40, 39, 35, 32)
_AMERICA = (18, 18, 17, 17, 16, 16, 16, 19, 24, 29, 34, 37, 40, 41, 41, 40, 38, 36, 34, 31, 28, 25, 23, 22)
_EVENING = (12, 6, 3, 1, 0, 0, 1, 3, 6, 9, 11, 13, 15, 14, 13, 14, 16, 19, 24, 30, 34, 33, 28, 20)
_AMERICAN = ("America/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")
_EUROPEAN = ("Europe/", "Africa/", "Atlantic/")


def typical_day(timezone: str) -> Floats:
    """The 96 quarter hours of a zone's usual day, as shares of their mean."""
    europe, america = np.array(_EUROPE, float), np.array(_AMERICA, float)
    hours = (europe + america) / 2
    if timezone.startswith(_AMERICAN):
        hours = (hours + america) / 2
    elif timezone.startswith(_EUROPEAN):
        hours = (hours + europe) / 2
    elif "/" in timezone:
        hours = hours / 2 + np.array(_EVENING, float)
    quarters = np.interp(np.arange(96) / 4, np.arange(25), np.append(hours, hours[0]))
    return np.asarray(quarters / quarters.mean())
