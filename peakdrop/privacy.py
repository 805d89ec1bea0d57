"""What is kept of a person: shown to them, erased at their word, not recorded where they say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import erasure, personal, privacy
from storage.disk import id_needles, scrub
from storage.store import Store


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What became of a wish to be forgotten.

    `off_disk` is False where readers kept old pages on disk: `clean_disk` again a little later.
    """

    interactions: int
    communities: int
    off_disk: bool


async def forget_member(store: Store, member_id: int, now: datetime) -> ForgetReport:
    """Erase a person from log, rollups, names and the files on disk; only a keyed hash is left.

    Raises ValueError for the id of a chat (a channel, an anonymous admin): that is no person.
    """
    needles = await store.read(lambda session: _needles(session, member_id))
    erased = await store.write(lambda session: erasure.forget(session, member_id, now))
    off_disk = await store.tend(lambda engine: scrub(engine, needles, erasure.TOUCHED))
    return ForgetReport(erased.interactions, erased.communities, off_disk)


async def clean_disk(store: Store) -> bool:
    """Cut the write-ahead log, so that nothing erased is left there; False where readers are in the way."""
    return await store.tend(lambda engine: scrub(engine, (), erasure.TOUCHED))


def member_data(session: Session, member_id: int, now: datetime) -> dict[str, Any]:
    """Everything that is stored about a person in all communities: in words, and as data for a machine (JSON)."""
    data: dict[str, Any] = {
        "about": ABOUT,
        "person": member_id,
        "as_of": now.isoformat(),
        "recorded": not privacy.is_opted_out(session, member_id),
    }
    return data | personal.everything_of(session, member_id)


def opt_out(session: Session, member_id: int) -> None:
    """Record nothing more of a person; what is stored stays until they ask to be forgotten."""
    privacy.set_opt_out(session, member_id, True)


def opt_in(session: Session, member_id: int) -> None:
    """Record a person again, from now on."""
    privacy.set_opt_out(session, member_id, False)


def _needles(session: Session, member_id: int) -> list[bytes]:
    """What must not be found on disk afterwards: the id, and names that nobody else bears."""
    return [*id_needles(member_id), *(name.encode() for name in personal.own_names(session, member_id))]


ABOUT = (
    "Everything PeakDrop stores about you. An interaction is a row of numbers: what happened, where and when; "
    "the text of your messages is not among them. Times are UTC. "
    "Under drops stands what you did with posts that managers queue, and with their buttons. "
    "`size` is a message's length in characters, `reply_to` the message it answers, `detail` an emoji or invite link. "
    "/forgetme erases all of it, /optout stops the recording."
)
