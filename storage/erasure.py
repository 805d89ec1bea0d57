"""Taking a person out of the store: log, rollups, names, votes and waiting updates alike."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select
from sqlmodel import Session

from storage import members, reactions, rollups
from storage.drop_people import TABLES as DROP_TABLES
from storage.drop_people import erase_from_drops
from storage.facts import Interaction
from storage.inbox_models import PendingUpdate
from storage.interactions import COLUMNS, KEY, RAW, settle_notices
from storage.kinds import Slot
from storage.members import MEMBER
from storage.models import PendingVote, Person
from storage.outlooks import forget_outlooks
from storage.privacy import note_forgotten
from storage.times import epoch, from_epoch

PENDING_UPDATE: Any = PendingUpdate.__table__  # type: ignore[attr-defined]
PENDING_VOTE: Any = PendingVote.__table__  # type: ignore[attr-defined]
PERSON: Any = Person.__table__  # type: ignore[attr-defined]
_NO_STANDING = {column.name: None for column in MEMBER.c if column.name.startswith("standing")}
# Tables from which an erasure deletes.
TOUCHED = (
    "interaction", "member", "member_day", "pending_update", "pending_vote", "person", "quarter_count", *DROP_TABLES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out: interactions, rows about drops, and in how many communities the person was known."""

    interactions: int
    communities: int
    in_drops: int = 0


def forget(session: Session, member_id: int, now: datetime) -> Erased:
    """Erase a person everywhere and leave only the keyed hash that keeps imports and restores from bringing them back.

    Raises ValueError for the id of a chat: a channel or an anonymous admin is no person.
    """
    if not members.is_person(member_id):
        raise ValueError(f"{member_id} is the id of a chat, not of a person")
    erased, newest = _erase(session, member_id, None)
    note_forgotten(session, member_id, max(now, from_epoch(newest)))
    return erased


def erase_until(session: Session, member_id: int, until: int) -> Erased:
    """Erase what is known of a person up to a moment (epoch seconds), when they asked to be forgotten."""
    return _erase(session, member_id, until)[0]


def _erase(session: Session, member_id: int, until: int | None) -> tuple[Erased, int]:
    """Erase up to `until` (None: all of it); also returns the newest time erased."""
    # No index leads from a member to the log: one scan is cheaper than keeping one.
    query = select(RAW.c.community_id, *COLUMNS).where(RAW.c.member_id == member_id)
    rows: dict[int, list[Interaction]] = defaultdict(list)
    for community_id, *values in session.connection().execute(query):
        rows[community_id].append(Interaction(*values))
    known = select(MEMBER.c.community_id).where(MEMBER.c.member_id == member_id)
    community_ids = sorted({*rows, *session.connection().execute(known).scalars()})
    count, newest = 0, 0
    for community_id in community_ids:
        out = [row for row in rows[community_id] if until is None or row.at <= until]
        kept = [row for row in rows[community_id] if until is not None and row.at > until]
        _take_out(session, community_id, member_id, out, kept)
        _erase_name(session, community_id, member_id, kept, until)
        count += len(out)
        newest = max([newest, *(row.at for row in out)])
    _erase_elsewhere(session, member_id, until)
    in_drops = erase_from_drops(session, member_id, until)
    return Erased(count, len(community_ids), in_drops), newest


def _take_out(
    session: Session, community_id: int, member_id: int, out: Sequence[Interaction], kept: Sequence[Interaction]
) -> None:
    """Delete rows from the log; its rollups lose exactly what these rows had brought."""
    connection = session.connection()
    if out:
        here = and_(RAW.c.community_id == bindparam("c"), *(column == bindparam(f"k_{column.name}") for column in KEY))
        names = ["c", *(f"k_{column.name}" for column in KEY)]
        keys = [dict(zip(names, (community_id, *row[:4]), strict=True)) for row in out]
        connection.execute(delete(RAW).where(here), keys)
    rollup = rollups.Rollup()
    for row in out:
        rollup.add(row, -1)
    mine = rollups.MEMBER_DAY.c
    connection.execute(delete(rollups.MEMBER_DAY).where(mine.community_id == community_id, mine.member_id == member_id))
    rollup.days = rollups.roll(kept).days
    rollups.apply(session, community_id, rollup)
    reactions.resettle(session, community_id, {row[:2] for row in out if row.slot == Slot.REACTION})
    settle_notices(session, community_id, {row[:2] for row in kept if row.slot == Slot.MEMBERSHIP})
    if out:
        counts = rollups.QUARTER_COUNT.c
        connection.execute(delete(rollups.QUARTER_COUNT).where(counts.community_id == community_id, counts.n == 0))
        rollups.forget_days(session, community_id, min(row.at for row in out))
        forget_outlooks(session, community_id)


def _erase_name(
    session: Session, community_id: int, member_id: int, kept: Sequence[Interaction], until: int | None
) -> None:
    """Delete the member's row; where something newer is kept, only what is older goes."""
    connection = session.connection()
    here = and_(MEMBER.c.community_id == community_id, MEMBER.c.member_id == member_id)
    row = connection.execute(select(*members.PLAIN).where(here)).mappings().first()
    connection.execute(delete(MEMBER).where(here))
    if row is None or until is None:
        return
    left = dict(row)
    first = rollups.roll(kept).first_active.get(member_id)
    # A vote names nobody, an edit is dated later than its sender was seen: both may be activity, but no sight.
    times = [one.at for one in kept if one.slot not in (Slot.VOTE, Slot.EDIT)] + ([] if first is None else [first])
    for at, blank in (("named_at", {"name": "", "username": None, "named_at": 0}), ("standing_at", _NO_STANDING)):
        if left[at] is not None and left[at] > until:
            times.append(left[at])
        else:
            left |= blank
    if times:
        left |= {"first_seen_at": min(times), "first_active_at": first}
        connection.execute(insert(MEMBER).values(left))


def _erase_elsewhere(session: Session, member_id: int, until: int | None) -> None:
    """What no community owns: votes that wait for their poll, updates that wait for their answer, the private chat."""
    connection = session.connection()
    votes = PENDING_VOTE.c
    old = [epoch(votes.at) <= until] if until is not None else []
    connection.execute(delete(PENDING_VOTE).where(votes.member_id == member_id, *old))
    connection.execute(delete(PERSON).where(PERSON.c.person_id == member_id))
    waiting = connection.execute(select(PENDING_UPDATE.c.update_id, PENDING_UPDATE.c.payload)).all()
    theirs = [update_id for update_id, payload in waiting if speaks_of(json.loads(payload), member_id)]
    if theirs:
        connection.execute(delete(PENDING_UPDATE).where(PENDING_UPDATE.c.update_id.in_(theirs)))


def speaks_of(value: Any, member_id: int) -> bool:
    """Whether an update's JSON holds a member's id anywhere."""
    if isinstance(value, dict):
        return any(speaks_of(one, member_id) for one in value.values())
    if isinstance(value, list):
        return any(speaks_of(one, member_id) for one in value)
    return type(value) is int and value == member_id
