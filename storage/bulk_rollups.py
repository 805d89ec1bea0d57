"""Rollups of a slice of history: `rollups.roll` and `rollups.apply` as tight loops over plain tuples."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from storage import rollups
from storage.dialects import insert_plain
from storage.facts import Interaction
from storage.kinds import Actor, Flag, Kind
from storage.times import DAY, QUARTER

_PLAIN_MESSAGE = frozenset(kind for kind in map(int, Kind) if kind <= Kind.OTHER)
_MEMBER, _TOPIC = int(Actor.MEMBER), int(Flag.TOPIC)
_REPLY = int(Flag.REPLY)
_COUNTED_TOO = int(Flag.REPLY | Flag.FORWARD | Flag.COMMENT)
_REPLY_KIND = int(Kind.REPLY)
_HALF = 48
_MESSAGES, _REPLIES = 2, 3  # where a member's day counts them, after the two masks
_ZEROS = [0] * (2 + len(rollups.COUNTERS))


def roll(rows: Sequence[Interaction]) -> rollups.Rollup:
    """What these interactions add up to: members' messages here, all else by `Rollup.add`."""
    rollup = rollups.Rollup()
    quarters, days, first_active, add = rollup.quarters, rollup.days, rollup.first_active, rollup.add
    for row in rows:
        _, _, _, _, at, kind, actor, member_id, thread_id, flags, *_ = row
        extra = flags & _COUNTED_TOO
        if kind not in _PLAIN_MESSAGE or actor != _MEMBER or extra not in (0, _REPLY):
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
        elif at < first_active.get(member_id, at + 1):
            first_active[member_id] = at
        counts[_MESSAGES] += 1
        if extra:
            counts[_REPLIES] += 1
            key = quarter, topic, _REPLY_KIND
            quarters[key] = quarters.get(key, 0) + 1
        slot = quarter % 96
        counts[slot // _HALF] |= 1 << (slot % _HALF)
    return rollup


def apply(session: Session, community_id: int, rollup: rollups.Rollup) -> None:
    """Add a rollup to the stored ones."""
    quarters = [
        (community_id, quarter, topic, int(kind), n) for (quarter, topic, kind), n in rollup.quarters.items() if n
    ]
    columns = ("community_id", "quarter", "topic_id", "kind", "n")
    insert_plain(session, rollups.QUARTER_COUNT, columns, sorted(quarters), adding_to=["n"])
    days = [(community_id, day, member_id, *counts) for (day, member_id), counts in rollup.days.items()]
    columns = ("community_id", "day", "member_id", *rollups.MASKS, *rollups.COUNTERS)
    insert_plain(
        session,
        rollups.MEMBER_DAY,
        columns,
        sorted(days),
        adding_to=rollups.COUNTERS,
        joining=rollups.MASKS,
    )
