"""A rate that carries its parts, so that a reader can check it and sums stay honest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio with its numerator and denominator; either is None where it is unknown."""

    numerator: float | None
    denominator: float | None

    @property
    def value(self) -> float | None:
        """The ratio, or None where a part is unknown or the denominator is not above zero."""
        if self.numerator is None or self.denominator is None or self.denominator <= 0:
            return None
        return self.numerator / self.denominator


UNKNOWN_RATE = Rate(None, None)
