"""Rollups of a slice of history: `rollups.roll` with a short way for what nearly every row is."""

from __future__ import annotations

from collections.abc import Sequence

from storage import rollups
from storage.facts import Interaction
from storage.kinds import Actor, Flag, Kind
from storage.times import QUARTER

_PLAIN_MESSAGE = frozenset(int(kind) for kind in Kind if kind <= Kind.OTHER)
_MEMBER, _TOPIC, _REPLY = int(Actor.MEMBER), int(Flag.TOPIC), int(Flag.REPLY)
_PARTICULAR = int(Flag.FORWARD | Flag.COMMENT | Flag.DOUBLED)
_REPLY_KIND = int(Kind.REPLY)
_QUARTERS, _HALF = 96, 48  # of a day
_MESSAGES, _REPLIES = 2, 3  # where a member's day counts them, after the two masks
_ZEROS = [0] * (2 + len(rollups.COUNTERS))


def roll(rows: Sequence[Interaction]) -> rollups.Rollup:
    """What these interactions add up to: members' messages and replies here, all else by `Rollup.add`.

    Rows mostly come in order of time, so what depends on the quarter hour is worked out where that changes.
    """
    rollup = rollups.Rollup()
    days, first_active, add = rollup.days, rollup.first_active, rollup.add
    quarter = day = half = bit = -1
    counted: dict[tuple[int, int], int] = {}
    for row in rows:
        _, _, _, _, at, kind, actor, member_id, thread_id, flags, _, _, _ = row
        if kind not in _PLAIN_MESSAGE or actor != _MEMBER or flags & _PARTICULAR:
            add(row)
            continue
        if at // QUARTER != quarter:
            _add_quarter(rollup, quarter, counted)
            quarter, counted = at // QUARTER, {}
            day, slot = divmod(quarter, _QUARTERS)
            half, bit = slot // _HALF, 1 << (slot % _HALF)
        key = (thread_id if flags & _TOPIC else 0), kind
        counted[key] = counted.get(key, 0) + 1
        counts = days.get((day, member_id))
        if counts is None:
            counts = days[day, member_id] = _ZEROS.copy()
        counts[_MESSAGES] += 1
        counts[half] |= bit
        if flags & _REPLY:
            counts[_REPLIES] += 1
            key = key[0], _REPLY_KIND
            counted[key] = counted.get(key, 0) + 1
        first = first_active.get(member_id)
        if first is None or at < first:
            first_active[member_id] = at
    _add_quarter(rollup, quarter, counted)
    return rollup


def _add_quarter(rollup: rollups.Rollup, quarter: int, counted: dict[tuple[int, int], int]) -> None:
    quarters = rollup.quarters
    for (topic, kind), n in counted.items():
        quarters[quarter, topic, kind] = quarters.get((quarter, topic, kind), 0) + n
