"""Where polls stand, and the votes that name the poll only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session

from storage.dialects import insert_new
from storage.facts import Interaction, PollCount, PollSeen, VoteSeen
from storage.kinds import Kind, Slot
from storage.models import PendingVote, Poll
from storage.times import epoch

POLL: Any = Poll.__table__  # type: ignore[attr-defined]
PENDING: Any = PendingVote.__table__  # type: ignore[attr-defined]


def place_votes(session: Session, polls: Sequence[PollSeen], votes: Sequence[VoteSeen]) -> list[Interaction]:
    """Votes as interactions with the message that holds their poll; those of unknown polls wait for it."""
    if not polls and not votes:
        return []
    connection = session.connection()
    insert_new(session, POLL, [poll._asdict() for poll in polls])
    ids = {poll.poll_id for poll in polls} | {vote.poll_id for vote in votes}
    place = select(*(POLL.c[name] for name in PollSeen._fields))
    places = {row[0]: row for row in connection.execute(place.where(POLL.c.poll_id.in_(ids)))}
    waiting = [VoteSeen(*row) for row in connection.execute(_waiting().where(PENDING.c.poll_id.in_(places)))]
    connection.execute(delete(PENDING).where(PENDING.c.poll_id.in_(places)))
    insert_new(session, PENDING, [vote._asdict() for vote in votes if vote.poll_id not in places])
    placed = []
    for vote in (*waiting, *votes):
        if vote.poll_id in places:
            _, chat_id, message_id, thread_id, flags = places[vote.poll_id]
            kind = Kind.VOTE if vote.options else Kind.VOTE_RETRACTED
            who = (vote.at, kind, vote.actor, vote.member_id, thread_id, flags)
            placed.append(Interaction(chat_id, message_id, Slot.VOTE, vote.nonce, *who, ref=vote.options))
    return placed


def _waiting() -> Any:
    columns = PENDING.c
    return select(columns.poll_id, columns.member_id, columns.actor, epoch(columns.at), columns.nonce, columns.options)


def note_counts(session: Session, counts: Sequence[PollCount]) -> None:
    """Take in how many have voted in polls whose place is known; the newest count holds."""
    for one in sorted(counts, key=lambda count: count.at):
        newer = or_(POLL.c.voters_at.is_(None), epoch(POLL.c.voters_at) <= one.at)
        here = update(POLL).where(POLL.c.poll_id == one.poll_id, newer)
        session.connection().execute(here.values(voters=one.voters, voters_at=one.at))


def drop_waiting(session: Session, before: int) -> None:
    """Let go of votes whose poll was never seen (epoch seconds)."""
    session.connection().execute(delete(PENDING).where(epoch(PENDING.c.at) < before))
