"""Audiences of the past: for each quarter hour, who was active in the span that begins there, and whether we know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from peakdrop.activity import DAY_QUARTERS, Activity, Ints, wall_day, wall_quarters

Floats = NDArray[np.float64]
LONGEST = 104 * 7  # days looked back
# A day without anyone is a gap where days usually have so many member quarters: silence would be a wonder.
BUSY = 8
RECENT = 28  # days


@dataclass(frozen=True, slots=True)
class Audience:
    """The last days before a forecast as a grid of local days and 96 quarters, and the member runs it is made of.

    A run: the spans from `first` to `last` (places in the grid, day * 96 + quarter) hold that member; no two runs of a
    member share a span. `known` (days x 96) is 0 where a span was not seen whole.
    """

    days: int
    member: Ints
    first: Ints
    last: Ints
    known: Floats

    def grid(self, weights: Floats | None = None) -> Floats:
        """Distinct members by day and quarter; with `weights` (by member) the sum of theirs."""
        size = self.days * DAY_QUARTERS
        each = None if weights is None else weights[self.member]
        steps = np.bincount(self.first, each, size + 1) - np.bincount(self.last + 1, each, size + 1)
        return np.asarray(np.cumsum(steps)[:size].reshape(self.days, DAY_QUARTERS) * self.known)

    def per_member(self, weights: Floats) -> Floats:
        """Each member's known spans, weighted by day."""
        seen = np.append(0.0, np.cumsum(self.known * weights[:, None]))
        return np.asarray(np.bincount(self.member, seen[self.last + 1] - seen[self.first]), np.float64)


def look_back(
    activity: Activity, timezone: str, first_day: date, span: int, gaps: Sequence[tuple[int, int]] = ()
) -> Audience | None:
    """What was known at the midnight that begins `first_day` (local) of spans of so many quarters.

    `gaps`: spans of UTC quarter hours, the end exclusive, in which nothing could be seen. None: nothing was seen yet.
    """
    wall = wall_quarters(activity.quarters, timezone)
    end = wall_day(first_day)
    past = (wall < end * DAY_QUARTERS) & (wall >= (end - LONGEST) * DAY_QUARTERS)
    if not past.any():
        return None
    start = int(wall[past].min()) // DAY_QUARTERS
    last, member = wall[past] - start * DAY_QUARTERS, activity.members[past]
    days = end - start
    # The last quarter of the member before this one; clocks that go back must not count anyone twice.
    stride = (days + 1) * DAY_QUARTERS
    reached = np.maximum.accumulate(member * stride + last)
    before = np.append(-1, np.where(member[1:] == member[:-1], reached[:-1] - member[1:] * stride, -1))
    first = np.maximum(np.maximum(last - span + 1, before + 1), 0)
    new = first <= last
    first, last, member = first[new], last[new], member[new]
    begins = np.append(True, (member[1:] != member[:-1]) | (first[1:] != last[:-1] + 1))
    ends = np.append(begins[1:], True)
    known = _known(np.bincount(last // DAY_QUARTERS, minlength=days), span)
    for low, high in gaps:
        low_wall, high_wall = wall_quarters(np.array([low, high], np.int64), timezone) - start * DAY_QUARTERS
        known.reshape(-1)[max(int(low_wall) - span + 1, 0) : max(int(high_wall), 0)] = 0
    return Audience(days, member[begins], first[begins], last[ends], known)


def _known(by_day: Ints, span: int) -> Floats:
    known = np.ones((len(by_day), DAY_QUARTERS))
    usual = np.median(by_day[-RECENT:][by_day[-RECENT:] > 0]) if by_day[-RECENT:].any() else 0
    if usual >= BUSY:
        known[by_day == 0] = 0
    known[-1, DAY_QUARTERS - span + 1 :] = 0  # these spans are not over yet
    return known
