"""Rollups of a slice of history: `rollups.roll` with a short way for what nearly every row is."""

from __future__ import annotations

from collections.abc import Sequence

from storage import rollups
from storage.facts import Interaction
from storage.kinds import Actor, Flag, Kind
from storage.times import DAY, QUARTER

_PLAIN_MESSAGE = frozenset(int(kind) for kind in Kind if kind <= Kind.OTHER)
_MEMBER, _TOPIC, _REPLY = int(Actor.MEMBER), int(Flag.TOPIC), int(Flag.REPLY)
_PARTICULAR = int(Flag.FORWARD | Flag.COMMENT | Flag.DOUBLED)
_REPLY_KIND = int(Kind.REPLY)
_HALF = 48
_MESSAGES, _REPLIES = 2, 3  # where a member's day counts them, after the two masks
_ZEROS = [0] * (2 + len(rollups.COUNTERS))


def roll(rows: Sequence[Interaction]) -> rollups.Rollup:
    """What these interactions add up to: members' messages and replies here, all else by `Rollup.add`."""
    rollup = rollups.Rollup()
    quarters, days, first_active, add = rollup.quarters, rollup.days, rollup.first_active, rollup.add
    for row in rows:
        _, _, _, _, at, kind, actor, member_id, thread_id, flags, _, _, _ = row
        if kind not in _PLAIN_MESSAGE or actor != _MEMBER or flags & _PARTICULAR:
            add(row)
            continue
        quarter = at // QUARTER
        topic = thread_id if flags & _TOPIC else 0
        key = quarter, topic, kind
        quarters[key] = quarters.get(key, 0) + 1
        day = at // DAY, member_id
        counts = days.get(day)
        if counts is None:
            counts = days[day] = _ZEROS.copy()
        if at < first_active.get(member_id, at + 1):
            first_active[member_id] = at
        counts[_MESSAGES] += 1
        if flags & _REPLY:
            counts[_REPLIES] += 1
            key = quarter, topic, _REPLY_KIND
            quarters[key] = quarters.get(key, 0) + 1
        slot = quarter % 96
        counts[slot // _HALF] |= 1 << (slot % _HALF)
    return rollup
