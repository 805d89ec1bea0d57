"""Newcomers of a window: who joined and is still there, and whom nobody has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from peakdrop.windows import Window
from storage import newcomers
from storage.members import MemberView, list_members
from storage.times import from_epoch, to_epoch

NEW = timedelta(days=28)  # that long somebody is new
LOOKED_AT = 60  # newcomers who wrote; more than these would be no news of single people


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A newcomer to whose messages nobody replied or reacted, and the first of those messages."""

    name: str
    chat_id: int
    message_id: int
    thread_id: int  # the forum topic, 0 where there is none


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who joined in a window and is still there, by name, the latest seen last; and who of the new wrote in vain."""

    joined: tuple[str, ...]
    unanswered: tuple[Unanswered, ...]


def find_newcomers(session: Session, community_id: int, window: Window) -> Newcomers:
    """The newcomers of a window; whether they were answered is as of now."""
    start, end = to_epoch(window.start), to_epoch(window.seen_end)
    found = newcomers.joined(session, community_id, to_epoch(window.start - NEW), end)
    new = {one.member_id: one for one in _people(session, community_id, found)}
    joined = newcomers.joined(session, community_id, start, end)
    names = [one.name for one in sorted(new.values(), key=_seen) if one.member_id in joined]
    began = [one for one in new.values() if _began(one, start)]
    wrote = sorted(began, key=_seen)[-LOOKED_AT:]
    return Newcomers(
        tuple(names), _unanswered(session, community_id, {one.member_id: one for one in wrote}, start, end)
    )


def _people(session: Session, community_id: int, member_ids: set[int]) -> list[MemberView]:
    """Those who are people and have not left."""
    ids = sorted(member_ids)
    parts = [list_members(session, community_id, ids[at : at + 500]) for at in range(0, len(ids), 500)]
    return [
        one
        for part in parts
        for one in part
        if not one.is_bot and one.name and (one.standing is None or one.standing.inside)
    ]


def _seen(one: MemberView) -> tuple[object, int]:
    return one.first_seen_at, one.member_id


def _began(one: MemberView, start: int) -> bool:
    """Whether someone's first activity lies in the window (or, seen later, after it)."""
    return one.first_active_at is not None and one.first_active_at >= from_epoch(start)


def _unanswered(
    session: Session, community_id: int, people: dict[int, MemberView], start: int, end: int
) -> tuple[Unanswered, ...]:
    if not people:
        return ()
    written = newcomers.written_by(session, community_id, list(people), start, end)
    answered = newcomers.answered(session, community_id, written)
    first: dict[int, newcomers.Written] = {}
    for one in written:
        if one.member_id not in answered:
            first.setdefault(one.member_id, one)
    return tuple(
        Unanswered(people[one.member_id].name, one.chat_id, one.message_id, newcomers.topic_of(one))
        for one in first.values()
    )
