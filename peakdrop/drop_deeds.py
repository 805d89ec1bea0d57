"""What members do with a drop's buttons: which drop a press is about, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.drop_deeds import Deed, count_deeds, note_deed, toggle_like
from storage.drop_messages import drop_of_message, find_message
from storage.drops import DropView, State, find_drop

POSTED = frozenset({State.SENDING, State.SENT, State.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Liked:
    """What a press of the like button did: `stands` is None for somebody who is not recorded."""

    stands: bool | None
    likes: int


def find_posted(
    session: Session, community_id: int, number: int, nonce: int, place: tuple[int, int] | None
) -> DropView | None:
    """The posted drop that a button names; `place` is the chat and message under which it stood.

    Buttons live long: where communities were merged meanwhile, the message tells. What was never posted, or is named
    by somebody who cannot have seen its buttons, is not found.
    """
    drop = find_drop(session, community_id, number)
    if drop is not None and drop.state in POSTED and drop.nonce == nonce:
        return drop
    if place is None:
        return None
    if drop is not None and drop_of_message(session, community_id, *place) == number:
        return drop
    found = find_message(session, *place)
    return None if found is None else find_drop(session, *found)


def like_drop(session: Session, drop: DropView, member_id: int, *, now: datetime) -> Liked:
    """Somebody likes a drop, or takes it back."""
    stands = toggle_like(session, drop.community_id, drop.number, member_id, now)
    return Liked(stands, count_deeds(session, drop.community_id, drop.number, Deed.LIKE))


def share_drop(session: Session, drop: DropView, member_id: int, *, now: datetime) -> bool:
    """Somebody takes a drop along; False where they are not recorded."""
    return note_deed(session, drop.community_id, drop.number, Deed.SHARE, member_id, now)


def button_counts(session: Session, drop: DropView) -> dict[str, int]:
    """What stands on a drop's buttons: likes by kind of button."""
    return {"like": count_deeds(session, drop.community_id, drop.number, Deed.LIKE)}
