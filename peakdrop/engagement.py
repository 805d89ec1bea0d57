"""Engagement rate of short videos: interactions per second watched.

Formula: engagement = (likes + comments + shares) / watch seconds. 100 likes, 50 comments and
20 shares over 300 s give 0.5667.
"""

from __future__ import annotations

from peakdrop.rates import Rate


def engagement(likes: float | None, comments: float | None, shares: float | None, watch_seconds: float | None) -> Rate:
    """Interactions per second watched; unknown as soon as one of the four parts is."""
    if likes is None or comments is None or shares is None:
        return Rate(None, watch_seconds)
    return Rate(likes + comments + shares, watch_seconds)


def per_thousand_seconds(rate: Rate) -> float | None:
    """The same engagement per 1,000 watch-seconds, which reads better where videos are watched long."""
    return None if rate.value is None else rate.value * 1000
