"""Taking a slice of imported history into the store: the same result as `interactions.record`, many times faster.

A slice's rows lie close together, so one range query finds what is known already; nearly always that is nothing,
and the rows go in as plain tuples. Whatever meets something known takes the careful way of `interactions`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage import bulk_rollups, interactions, members, rollups
from storage.bulk_totals import merge_totals
from storage.dialects import insert_plain
from storage.facts import Facts, Interaction, MemberSeen, StandingSeen
from storage.kinds import Actor, Flag, Kind, Slot
from storage.models import Interaction as InteractionRow
from storage.outlooks import forget_outlooks
from storage.privacy import load_privacy
from storage.times import QUARTER, epoch
from storage.topics import note_topics

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
_FROM_EDIT, _IMPORTED, _TOPIC = int(Flag.FROM_EDIT), int(Flag.IMPORTED), int(Flag.TOPIC)
_EDIT, _REACTION, _MEMBERSHIP = int(Slot.EDIT), int(Slot.REACTION), int(Slot.MEMBERSHIP)
_PLAIN_COLUMNS = ("message_id", "at", "kind", "actor", "member_id", "thread_id", "flags", "size", "ref")
Key = tuple[Any, ...]  # chat_id, message_id, slot, nonce


class Overlap(Exception):
    """Something of a slice is known already: nothing was stored, and the slice must be looked at row by row."""


@dataclass(slots=True)
class Taken:
    """What became of a slice: new rows by kind, rows known already, rows of people who are not recorded."""

    kinds: Counter[int] = field(default_factory=Counter)
    reactions: int = 0
    known: int = 0
    hidden: int = 0


@dataclass(slots=True)
class _Known:
    """What the log holds in a slice's range of messages."""

    flags: dict[Key, int] = field(default_factory=dict)
    edits: set[tuple[int, int]] = field(default_factory=set)
    live_reactions: set[tuple[int, int]] = field(default_factory=set)
    changes: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[int, int] = field(default_factory=dict)

    def add(self, row: Interaction) -> None:
        """Keep what totals of reactions ask about a message: its topic, its named changes."""
        if row.slot == _REACTION:
            self.changes[row.message_id].append((row.at, 1 if row.kind == Kind.REACTION_ADDED else -1))
        elif row.flags & _TOPIC and not row.slot:
            self.topics[row.message_id] = row.thread_id


def record_history(session: Session, community_id: int, chat_id: int, facts: Facts, *, is_alone: bool = False) -> Taken:
    """Store a slice of one chat's history with its rollups; what is known already counts no second time.

    `is_alone` tells that the bot itself saw nothing of the community: then only what has the same key can tell the
    same thing, and where nothing has, no look is needed. Raises Overlap where something has.
    """
    taken = Taken()
    rows, seen, standings = _allowed(session, facts, taken)
    known = _Known()
    careful: list[Interaction] = []
    if is_alone:
        fresh = rows
    else:
        unique: dict[Any, Interaction] = {row[:4]: row for row in rows}
        known = _known(session, community_id, chat_id, unique)
        fresh, careful = _sort(unique, known)
    if _insert(session, community_id, chat_id, fresh) != len(fresh):
        raise Overlap
    for row in [row for row in fresh if row[2] == _REACTION or row[9] & _TOPIC]:
        known.add(row)
    rollup = bulk_rollups.roll(fresh)
    taken.reactions = merge_totals(session, community_id, facts.reaction_totals, known.changes, known.topics, rollup)
    rollups.apply(session, community_id, rollup)
    members.note_members(session, community_id, seen, rollup.first_active)
    members.note_standings(session, community_id, standings)
    note_topics(session, community_id, facts.topics)
    if careful:
        interactions.record_interactions(session, community_id, careful)
    _settle(session, community_id, chat_id, fresh)
    touched = [quarter * QUARTER for quarter, _, _ in rollup.quarters]
    if touched:
        rollups.forget_days(session, community_id, min(touched))
        forget_outlooks(session, community_id)
    taken.kinds = Counter([row.kind for row in fresh] + [row.kind for row in careful])
    taken.known = len(rows) - len(fresh) - len(careful)
    return taken


def _sort(unique: dict[Any, Interaction], known: _Known) -> tuple[list[Interaction], list[Interaction]]:
    """The rows that are new, and those that replace what is known by an edit alone."""
    if not known.flags:
        return list(unique.values()), []
    fresh: list[Interaction] = []
    careful: list[Interaction] = []
    for key, row in unique.items():
        if key in known.flags:
            if known.flags[key] & _FROM_EDIT:
                careful.append(row)
        elif not (row.slot and _told_live(row, known)):
            fresh.append(row)
    return fresh, careful


def _allowed(
    session: Session, facts: Facts, taken: Taken
) -> tuple[Sequence[Interaction], Sequence[MemberSeen], Sequence[StandingSeen]]:
    """The facts without those of people who asked to be forgotten or not recorded."""
    privacy = load_privacy(session)
    if not privacy.opted_out and not privacy.forgotten:
        return facts.interactions, facts.members, facts.standings
    people = {row.member_id for row in facts.interactions} | {one.member_id for one in facts.members}
    wary = {member_id for member_id in people if privacy.blocks(member_id, 0)}

    def is_free(member_id: int, at: int) -> bool:
        return member_id not in wary or not privacy.blocks(member_id, at)

    rows = [row for row in facts.interactions if row.actor != Actor.MEMBER or is_free(row.member_id, row.at)]
    taken.hidden = len(facts.interactions) - len(rows)
    seen = [one for one in facts.members if is_free(one.member_id, one.at)]
    return rows, seen, [one for one in facts.standings if is_free(one.member_id, one.at)]


def _known(session: Session, community_id: int, chat_id: int, keys: Collection[Key]) -> _Known:
    known = _Known()
    memberships = [key for key in keys if key[2] == _MEMBERSHIP]
    ids = [key[1] for key in keys if key[2] != _MEMBERSHIP]
    # Two ranges: the ids of basic groups' messages are negative, and far from all others.
    sides = [ids] if ids and min(ids) > 0 else [[one for one in ids if one > 0], [one for one in ids if one <= 0]]
    columns = [epoch(RAW.c.at) if name == "at" else RAW.c[name] for name in Interaction._fields]
    for side in filter(None, sides):
        query = select(*columns).where(
            RAW.c.community_id == community_id,
            RAW.c.chat_id == chat_id,
            RAW.c.message_id.between(min(side), max(side)),
            RAW.c.slot != _MEMBERSHIP,
        )
        for found in session.connection().execute(query):
            row = Interaction(*found)
            known.flags[row[:4]] = row.flags
            known.add(row)
            if row.slot == _EDIT:
                known.edits.add((row.message_id, row.at))
            elif row.slot == _REACTION and not row.flags & _IMPORTED:
                known.live_reactions.add((row.message_id, row.member_id))
    for key, (flags, _kind) in interactions.existing_keys(session, community_id, memberships).items():
        known.flags[key] = flags
    return known


def _told_live(row: Interaction, known: _Known) -> bool:
    """Whether the bot itself saw this edit, or what this member did with reactions here."""
    if row.slot == _EDIT:
        return (row.message_id, row.at) in known.edits
    return row.slot == _REACTION and (row.message_id, row.member_id) in known.live_reactions


def _insert(session: Session, community_id: int, chat_id: int, rows: Sequence[Interaction]) -> int:
    """Put rows into the log; returns how many were new. A plain message is nine numbers, all else is alike."""
    plain = [(row[1], *row[4:12]) for row in rows if not row[2] and not row[3] and row[12] is None]
    others = [row for row in rows if row[2] or row[3] or row[12] is not None]
    home = {"community_id": community_id}
    alike = home | {"chat_id": chat_id, "slot": 0, "nonce": 0}
    written = insert_plain(session, RAW, _PLAIN_COLUMNS, plain, constant=alike)
    return written + insert_plain(session, RAW, Interaction._fields, others, constant=home)


def _settle(session: Session, community_id: int, chat_id: int, fresh: Sequence[Interaction]) -> None:
    """Let joins and leaves that chat_member told already count once."""
    subjects = sorted({row[1] for row in fresh if row[2] == _MEMBERSHIP})
    for start in range(0, len(subjects), 500):
        query = (
            select(RAW.c.message_id)
            .where(
                RAW.c.community_id == community_id,
                RAW.c.chat_id == chat_id,
                RAW.c.message_id.in_(subjects[start : start + 500]),
                RAW.c.slot == _MEMBERSHIP,
                RAW.c.flags.op("&")(int(Flag.NOTICE)) == 0,
            )
            .distinct()
        )
        told = session.connection().execute(query).scalars().all()
        interactions.settle_notices(session, community_id, {(chat_id, subject) for subject in told})
