"""Taking facts into the store: log, rollups and members in the caller's one transaction, each fact once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, delete, select, update
from sqlmodel import Session

from storage import communities, members, reactions, rollups
from storage.coverage import note_bot_standings
from storage.dialects import insert_new
from storage.facts import Facts, Interaction, MemberSeen, StandingSeen
from storage.kinds import Actor, Flag, Kind, Slot
from storage.models import Interaction as InteractionRow
from storage.polls import place_votes
from storage.privacy import load_privacy
from storage.times import epoch
from storage.topics import note_topics

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
COLUMNS = tuple(epoch(RAW.c.at) if name == "at" else RAW.c[name] for name in Interaction._fields)
_FROM_EDIT = int(Flag.FROM_EDIT)
KEY = (RAW.c.chat_id, RAW.c.message_id, RAW.c.slot, RAW.c.nonce)
# A join told by a service message and by chat_member carries two clocks' seconds.
SAME_EVENT_SECONDS = 300
_CHUNK = 400
F = TypeVar("F")


def record(session: Session, facts: Facts) -> int:
    """Store facts with their rollups; what is known already counts no second time. Returns the new interactions.

    The result does not depend on order or repetition. Facts of chats that are no community are left out.
    """
    communities.settle(session, facts.chats, facts.migrations)
    votes = place_votes(session, facts.polls, facts.votes)
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


def _allowed(session: Session, rows: Sequence[Interaction]) -> list[Interaction]:
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
    there = existing_keys(session, community_id, unique)
    outdone = [key for key, (flags, kind) in there.items() if _gives_way(flags, kind, unique[key])]
    _take_out(session, community_id, outdone)
    fresh = [row for key, row in unique.items() if key not in there or key in outdone]
    insert_new(session, RAW, [row._asdict() | {"community_id": community_id} for row in fresh])
    rollup = rollups.roll(fresh)
    rollups.apply(session, community_id, rollup)
    members.note_members(session, community_id, seen, rollup.first_active)
    members.note_standings(session, community_id, standings)
    if fresh:
        rollups.forget_days(session, community_id, min(row.at for row in fresh))
    joined = {(row.chat_id, row.message_id) for row in fresh if row.slot == Slot.MEMBERSHIP}
    for chat_id, subject in joined:
        settle_notices(session, community_id, chat_id, subject)
    reacted = {(row.chat_id, row.message_id) for row in fresh if row.slot == Slot.REACTION}
    reactions.resettle(session, community_id, reacted)
    return len(fresh)


def _gives_way(flags: int, kind: int, row: Interaction) -> bool:
    """Whether what is known of a message by an edit alone gives way to `row`, in whatever order they come."""
    if not flags & _FROM_EDIT:
        return False
    return not row.flags & _FROM_EDIT or row.kind < kind


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


def settle_notices(session: Session, community_id: int, chat_id: int, subject: int) -> None:
    """Count a member's joins and leaves once where chat_member and a service message both told them.

    `subject` is the message_id under which the log keeps a member's comings and goings (minus the member id).
    """
    query = select(*COLUMNS).where(
        RAW.c.community_id == community_id,
        RAW.c.chat_id == chat_id,
        RAW.c.message_id == subject,
        RAW.c.slot == Slot.MEMBERSHIP,
    )
    rows = [Interaction(*row) for row in session.connection().execute(query)]
    told = [(row.at, row.kind == Kind.JOIN) for row in rows if not row.flags & Flag.NOTICE]
    rollup = rollups.Rollup()
    for row in rows:
        if not row.flags & Flag.NOTICE:
            continue
        doubled = any(joins == (row.kind == Kind.JOIN) and abs(at - row.at) <= SAME_EVENT_SECONDS for at, joins in told)
        if doubled == bool(row.flags & Flag.DOUBLED):
            continue
        flags = row.flags ^ Flag.DOUBLED
        session.connection().execute(
            update(RAW)
            .where(
                RAW.c.community_id == community_id,
                *(column == value for column, value in zip(KEY, row[:4], strict=True)),
            )
            .values(flags=flags)
        )
        rollup.add(row, -1)
        rollup.add(row._replace(flags=flags))
    rollups.apply(session, community_id, rollup)
