"""Who joined, and what became of the first things they wrote: rollups first, the log only where they point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from storage.counts import DAYS, RAW, TOTAL
from storage.drop_answers import answering
from storage.kinds import MESSAGE_KINDS, Actor, Flag, Kind, Slot
from storage.times import DAY, QUARTER, epoch

_HALF = 48
_CHUNK = 400


class Written(NamedTuple):
    """A message somebody wrote: when (epoch seconds) and where."""

    member_id: int
    at: int
    chat_id: int
    message_id: int
    thread_id: int
    flags: int


def joined(session: Session, community_id: int, start: int, end: int) -> set[int]:
    """Who joined in [start, end), epoch seconds: rollups for the whole UTC days, the log for the ragged edges."""
    first, last = -(-start // DAY), end // DAY
    columns = DAYS.c
    whole = select(columns.member_id).where(
        columns.community_id == community_id, columns.day >= first, columns.day < last, columns.joins > 0
    )
    found = set(session.connection().execute(whole).scalars())
    edges = [(start, min(first * DAY, end)), (max(last * DAY, start), end)] if first <= last else [(start, end)]
    for low, high in edges:
        if low < high:
            found |= _joined_raw(session, community_id, low, high)
    return found


def _joined_raw(session: Session, community_id: int, start: int, end: int) -> set[int]:
    query = select(RAW.c.member_id).where(
        RAW.c.community_id == community_id,
        epoch(RAW.c.at) >= start,
        epoch(RAW.c.at) < end,
        RAW.c.kind == Kind.JOIN,
        RAW.c.actor == Actor.MEMBER,
        RAW.c.flags.op("&")(int(Flag.DOUBLED)) == 0,
    )
    return set(session.connection().execute(query).scalars())


def written_by(session: Session, community_id: int, members: Collection[int], start: int, end: int) -> list[Written]:
    """What these members wrote in [start, end): only the quarter hours in which they were active are looked at."""
    busy: dict[int, set[int]] = defaultdict(set)
    for member_id, quarter in _quarters(session, community_id, members, start, end):
        busy[quarter].add(member_id)
    found = []
    for quarter, people in sorted(busy.items()):
        query = select(
            RAW.c.member_id, epoch(RAW.c.at), RAW.c.chat_id, RAW.c.message_id, RAW.c.thread_id, RAW.c.flags
        ).where(
            RAW.c.community_id == community_id,
            epoch(RAW.c.at) >= max(start, quarter * QUARTER),
            epoch(RAW.c.at) < min(end, (quarter + 1) * QUARTER),
            RAW.c.member_id.in_(people),
            RAW.c.slot == Slot.MESSAGE,
            RAW.c.kind.in_(MESSAGE_KINDS),
        )
        found += [Written(*row) for row in session.connection().execute(query)]
    return found


def _quarters(
    session: Session, community_id: int, members: Collection[int], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """(member, UTC quarter hour) in which these members were active on a day on which they wrote."""
    columns = DAYS.c
    query = select(columns.member_id, columns.day, columns.early_mask, columns.late_mask).where(
        columns.community_id == community_id,
        columns.day >= start // DAY,
        columns.day <= (end - 1) // DAY,
        columns.member_id.in_(list(members)),
        columns.messages > 0,
    )
    for member_id, day, early, late in session.connection().execute(query):
        mask = early | late << _HALF
        while mask:
            quarter = day * (DAY // QUARTER) + (mask & -mask).bit_length() - 1
            if start < (quarter + 1) * QUARTER and quarter * QUARTER < end:
                yield member_id, quarter
            mask &= mask - 1


def answered(session: Session, community_id: int, written: Iterable[Written]) -> set[int]:
    """Which of those who wrote these messages somebody else replied or reacted to."""
    authors: dict[int, dict[int, int]] = defaultdict(dict)
    for one in written:
        authors[one.chat_id][one.message_id] = one.member_id
    found: set[int] = set()
    for chat_id, by in authors.items():
        ids = list(by)
        for at in range(0, len(ids), _CHUNK):
            found |= _answered_in(session, community_id, chat_id, ids[at : at + _CHUNK], by)
    return found


def _answered_in(session: Session, community_id: int, chat_id: int, ids: list[int], by: dict[int, int]) -> set[int]:
    replies = [(row.ref, row.member_id) for row in answering(session, (community_id, chat_id), ids)]
    here = (RAW.c.community_id == community_id, RAW.c.chat_id == chat_id, RAW.c.message_id.in_(ids))
    query = select(RAW.c.message_id, RAW.c.member_id).where(*here, RAW.c.slot == Slot.REACTION)
    reactions: list[Any] = list(session.connection().execute(query.where(RAW.c.kind == Kind.REACTION_ADDED)))
    there = (TOTAL.c.community_id == community_id, TOTAL.c.chat_id == chat_id, TOTAL.c.message_id.in_(ids))
    totals = session.connection().execute(select(TOTAL.c.message_id).where(*there, TOTAL.c.total > 0)).scalars()
    others = {by[message_id] for message_id, member_id in (*replies, *reactions) if member_id != by[message_id]}
    return others | {by[message_id] for message_id in totals}


def topic_of(one: Written) -> int:
    """The forum topic a message stands in, 0 where there is none."""
    return one.thread_id if one.flags & Flag.TOPIC else 0
