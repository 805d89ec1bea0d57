"""Taking facts into the store: log, rollups and members in the caller's one transaction, each fact once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, delete, select, update
from sqlmodel import Session

from storage import communities, members, reactions, rollups
from storage.coverage import note_bot_standings
from storage.dialects import insert_all_new, insert_plain
from storage.facts import Facts, Interaction, MemberSeen, StandingSeen, VoteSeen
from storage.kinds import Actor, Flag, Kind, Slot
from storage.models import Interaction as InteractionRow
from storage.polls import note_counts, place_votes
from storage.privacy import load_privacy
from storage.times import epoch
from storage.topics import note_topics

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
COLUMNS = tuple(epoch(RAW.c.at) if name == "at" else RAW.c[name] for name in Interaction._fields)
_COLUMN_NAMES = ("community_id", *Interaction._fields)
_FROM_EDIT, _TOPIC, _NOTICE, _DOUBLED = (int(one) for one in (Flag.FROM_EDIT, Flag.TOPIC, Flag.NOTICE, Flag.DOUBLED))
_MOVES = select(*COLUMNS).where(
    RAW.c.community_id == bindparam("community_id"),
    RAW.c.chat_id == bindparam("chat_id"),
    RAW.c.message_id.in_(bindparam("subjects", expanding=True)),
    RAW.c.slot == Slot.MEMBERSHIP,
)
KEY = (RAW.c.chat_id, RAW.c.message_id, RAW.c.slot, RAW.c.nonce)
# A join told by a service message and by chat_member carries two clocks' seconds.
SAME_EVENT_SECONDS = 300
_CHUNK = 400
F = TypeVar("F")
A = TypeVar("A", Interaction, VoteSeen)


def record(session: Session, facts: Facts) -> int:
    """Store facts with their rollups; what is known already counts no second time. Returns the new interactions.

    The result does not depend on order or repetition. Facts of chats that are no community are left out.
    """
    communities.settle(session, facts.chats, facts.migrations)
    votes = place_votes(session, facts.polls, _allowed(session, facts.votes))
    note_counts(session, facts.poll_counts)
    interactions = _allowed(session, [*facts.interactions, *votes])
    chat_ids = {fact.chat_id for name in _BY_CHAT for fact in getattr(facts, name)}
    known = communities.aliases(session, chat_ids | {row.chat_id for row in interactions})
    privacy = load_privacy(session)
    count = 0
    by_community = _split(interactions, known)
    seen = _split((one for one in facts.members if not privacy.blocks(one.member_id, one.at)), known)
    standings = _split((one for one in facts.standings if not privacy.blocks(one.member_id, one.at)), known)
    bots = _split(facts.bot_standings, known)
    topics = _split(facts.topics, known)
    totals = _split(facts.reaction_totals, known)
    for community_id in sorted(set(known.values())):
        count += record_interactions(
            session, community_id, by_community[community_id], seen[community_id], standings[community_id]
        )
        note_topics(session, community_id, topics[community_id])
        note_bot_standings(session, community_id, bots[community_id])
        reactions.note_totals(session, community_id, totals[community_id])
    return count


_BY_CHAT = ("members", "standings", "bot_standings", "topics", "reaction_totals")


def _allowed(session: Session, rows: Sequence[A]) -> list[A]:
    """What members did, but for those who asked not to be recorded or to be forgotten."""
    privacy = load_privacy(session)
    return [row for row in rows if row.actor != Actor.MEMBER or not privacy.blocks(row.member_id, row.at)]


def _split(facts: Iterable[F], known: dict[int, int]) -> dict[int, list[F]]:
    """Facts by community; those of unknown chats are left out."""
    split: dict[int, list[F]] = defaultdict(list)
    for fact in facts:
        community_id = known.get(fact.chat_id)  # type: ignore[attr-defined]
        if community_id is not None:
            split[community_id].append(fact)
    return split


def record_interactions(
    session: Session,
    community_id: int,
    interactions: Sequence[Interaction],
    seen: Sequence[MemberSeen] = (),
    standings: Sequence[StandingSeen] = (),
) -> int:
    """Store one community's interactions and members; returns how many interactions were new."""
    unique: dict[tuple[Any, ...], Interaction] = {}
    for row in interactions:
        held = unique.get(row[:4])
        if held is None or _gives_way(held.flags, held.kind, row):
            unique[row[:4]] = row
    fresh = _insert(session, community_id, unique)
    rollup = rollups.roll(fresh)
    rollups.apply(session, community_id, rollup)
    members.note_members(session, community_id, seen, rollup.first_active)
    members.note_standings(session, community_id, standings)
    if fresh:
        rollups.forget_days(session, community_id, min(row.at for row in fresh))
    settle_notices(session, community_id, {row[:2] for row in fresh if row.slot == Slot.MEMBERSHIP})
    # A total of reactions rests on the named changes, and on the topic its message stands in.
    touched = {row[:2] for row in fresh if row.slot == Slot.REACTION or (not row.slot and row.flags & _TOPIC)}
    reactions.resettle(session, community_id, touched)
    return len(fresh)


def _insert(session: Session, community_id: int, unique: dict[tuple[Any, ...], Interaction]) -> list[Interaction]:
    """Put rows into the log; returns those that were new. Nearly always all are: that is tried first."""
    if insert_all_new(session, RAW, _COLUMN_NAMES, [(community_id, *row) for row in unique.values()]):
        return list(unique.values())
    there = existing_keys(session, community_id, unique)
    outdone = {key for key, (flags, kind) in there.items() if _gives_way(flags, kind, unique[key])}
    _take_out(session, community_id, outdone)
    fresh = [row for key, row in unique.items() if key not in there or key in outdone]
    insert_plain(session, RAW, _COLUMN_NAMES, [(community_id, *row) for row in fresh])
    return fresh


def _gives_way(flags: int, kind: int, row: Interaction) -> bool:
    """Whether what is known of a message by an edit alone gives way to `row`, in whatever order they come."""
    if not flags & _FROM_EDIT:
        return False
    return not row.flags & _FROM_EDIT or (row.kind, -row.flags) < (kind, -flags)


def _take_out(session: Session, community_id: int, keys: Collection[tuple[Any, ...]]) -> None:
    """Remove rows and what they count, to make room for better ones."""
    rollup = rollups.Rollup()
    for key in keys:
        here = and_(RAW.c.community_id == community_id, *(c == v for c, v in zip(KEY, key, strict=True)))
        row = session.connection().execute(select(*COLUMNS).where(here)).one()
        rollup.add(Interaction(*row), -1)
        session.connection().execute(delete(RAW).where(here))
    rollups.apply(session, community_id, rollup)


def existing_keys(
    session: Session, community_id: int, keys: Collection[tuple[Any, ...]]
) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Which of these (chat_id, message_id, slot, nonce) are in the log already, with their flags and kind."""
    ids: dict[int, set[int]] = defaultdict(set)
    for key in keys:
        ids[key[0]].add(key[1])
    wanted = set(keys)
    found: dict[tuple[Any, ...], tuple[int, int]] = {}
    # By message, not by whole key: SQLite would walk all of the community's log for a list of tuples.
    for chat_id, message_ids in ids.items():
        for chunk in _chunks(sorted(message_ids)):
            query = select(*KEY, RAW.c.flags, RAW.c.kind).where(
                RAW.c.community_id == community_id, RAW.c.chat_id == chat_id, RAW.c.message_id.in_(chunk)
            )
            rows = session.connection().execute(query)
            found.update({tuple(row[:4]): (row[4], row[5]) for row in rows if tuple(row[:4]) in wanted})
    return found


def _chunks(items: list[F]) -> Iterator[list[F]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def settle_notices(session: Session, community_id: int, subjects: Collection[tuple[int, int]]) -> None:
    """Count members' joins and leaves once where chat_member and a service message both told them.

    A subject is a chat id and the message_id under which the log keeps a member's comings and goings there
    (minus the member id).
    """
    by_subject: dict[tuple[int, int], list[Interaction]] = defaultdict(list)
    for chat_id in {chat_id for chat_id, _ in subjects}:
        for chunk in _chunks([subject for chat, subject in subjects if chat == chat_id]):
            place = {"community_id": community_id, "chat_id": chat_id, "subjects": chunk}
            for found in session.connection().execute(_MOVES, place):
                by_subject[chat_id, found[1]].append(Interaction(*found))
    rollup = rollups.Rollup()
    changed = [row for rows in by_subject.values() for row in _wrongly_counted(rows)]
    for row in changed:
        here = and_(RAW.c.community_id == community_id, *(c == v for c, v in zip(KEY, row[:4], strict=True)))
        flags = row.flags ^ _DOUBLED
        session.connection().execute(update(RAW).where(here).values(flags=flags))
        rollup.add(row, -1)
        rollup.add(row._replace(flags=flags))
    if changed:
        rollups.apply(session, community_id, rollup)
        rollups.forget_days(session, community_id, min(row.at for row in changed))


def _wrongly_counted(rows: Sequence[Interaction]) -> list[Interaction]:
    """Of one member's comings and goings the notices whose DOUBLED flag is not as the other rows say."""
    told = [(row.at, row.kind == Kind.JOIN) for row in rows if not row.flags & _NOTICE]
    wrong = []
    for row in rows:
        if row.flags & _NOTICE:
            joins = row.kind == Kind.JOIN
            doubled = any(joins == joined and abs(at - row.at) <= SAME_EVENT_SECONDS for at, joined in told)
            if doubled != bool(row.flags & _DOUBLED):
                wrong.append(row)
    return wrong
