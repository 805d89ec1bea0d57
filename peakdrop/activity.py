"""Who was active when: a group's quarter hours with members, and how many people its hours had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
QUARTER = 900  # seconds
DAY_QUARTERS = 96
_EPOCH = date(1970, 1, 1).toordinal()
_BITS = np.arange(48, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Activity:
    """Pairs of a UTC quarter hour (epoch // 900) and a member who was active in it.

    Each pair once, ordered by member, then by quarter; members are numbered from 0 without holes.
    """

    quarters: Ints
    members: Ints

    def __len__(self) -> int:
        return len(self.quarters)


def gather(quarters: Ints, members: Ints) -> Activity:
    """Activity from pairs in any order, with repetitions; members are any numbers."""
    if not len(quarters):
        return Activity(np.zeros(0, np.int64), np.zeros(0, np.int64))
    numbers = np.unique(members, return_inverse=True)[1].astype(np.int64)
    low = int(quarters.min())
    span = int(quarters.max()) - low + 1
    keys = np.unique(numbers * span + (quarters - low))
    return Activity(keys % span + low, keys // span)


def from_masks(rows: Iterable[tuple[int, int, int]]) -> Activity:
    """Activity from member days: (UTC day, member, mask of its 96 quarter hours)."""
    table = [(day, member, mask & (1 << 48) - 1, mask >> 48) for day, member, mask in rows]
    if not table:
        return gather(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return from_halves(*np.array(table, np.int64).T)


def from_halves(day: Ints, member: Ints, early: Ints, late: Ints) -> Activity:
    """Activity from member days as columns: UTC day, member, masks of the day's first and last 48 quarter hours."""
    first = np.nonzero(early[:, None] >> _BITS & 1)
    second = np.nonzero(late[:, None] >> _BITS & 1)
    place = np.concatenate([first[0], second[0]])
    quarter = np.concatenate([first[1], second[1] + 48])
    return gather(day[place] * DAY_QUARTERS + quarter, member[place])


def wall_day(day: date) -> int:
    """A local day as wall quarters count them: days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def wall_quarters(quarters: Ints, timezone: str) -> Ints:
    """UTC quarter hours as quarters of the wall clock: local day (since 1970-01-01) * 96 + quarter of that day.

    A wall quarter that comes twice, when the clocks go back, is given to both.
    """
    if not len(quarters):
        return quarters
    zone = ZoneInfo(timezone)
    first, last = int(quarters.min()), int(quarters.max())
    edges = np.append(np.arange(first, last + 1, DAY_QUARTERS), last + 1)
    offsets = [_offset(int(edge), zone) for edge in edges]
    starts, shifts = [first], [offsets[0]]
    for low, high, before, after in zip(edges, edges[1:], offsets, offsets[1:], strict=False):
        if before != after:
            starts.append(_change(int(low), int(high), zone))
            shifts.append(after)
    shift = np.array(shifts, np.int64)[np.searchsorted(np.array(starts), quarters, side="right") - 1]
    return (quarters * QUARTER + shift) // QUARTER


def _offset(quarter: int, zone: ZoneInfo) -> int:
    """Seconds by which a zone's clocks are ahead of UTC."""
    offset = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """The first quarter after `low` with the offset of `high`."""
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True, slots=True)
class HourGrid:
    """Distinct members by local day (rows, from `first_day`, none left out) and hour of the wall clock (24 columns).

    `one`: active within the hour; `two`: within it or the hour after it, which for 23:00 is the next day's first.
    """

    first_day: date
    one: Ints
    two: Ints

    def past(self, days: int, hours: int) -> Ints:
        """The first so many days by hours (1) or spans of two (2), as known at the midnight that ends them."""
        grid = (self.one if hours == 1 else self.two)[:days]
        if hours == 2 and days:
            grid = grid.copy()
            grid[-1, 23] = self.one[days - 1, 23]
        return grid


def hour_grid(activity: Activity, timezone: str) -> HourGrid:
    """The hours of all local days from the first to the last with activity."""
    hours = wall_quarters(activity.quarters, timezone) // 4
    if not len(hours):
        return HourGrid(date.fromordinal(_EPOCH), np.zeros((0, 24), np.int64), np.zeros((0, 24), np.int64))
    first, last = int(hours.min()) // 24, int(hours.max()) // 24
    size = (last - first + 1) * 24
    hours = hours - first * 24
    one = _distinct(hours, activity.members, size)
    two = _distinct(np.concatenate([hours, hours - 1]), np.tile(activity.members, 2), size)
    return HourGrid(date.fromordinal(_EPOCH + first), one.reshape(-1, 24), two.reshape(-1, 24))


def _distinct(places: Ints, members: Ints, size: int) -> Ints:
    """How many distinct members each place has; places before the first are nobody's."""
    inside = places >= 0
    keys = np.unique(members[inside] * size + places[inside])
    return np.bincount(keys % size, minlength=size)
