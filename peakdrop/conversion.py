"""Conversion rate of a community: buyers over followers (50 buyers of 1,000 followers are 5 %)."""

from __future__ import annotations

from peakdrop.rates import Rate


def conversion(buyers: float | None, followers: float | None) -> Rate:
    """Share of the followers who bought, as a fraction; unknown where either part is."""
    return Rate(buyers, followers)
