"""A group in which nothing can be posted: its queue stands still until somebody, or Telegram, lets it go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.audit import NOBODY, Act, note_act
from storage.communities import CommunityView, find_community, get_community
from storage.drops import DropView, State, list_drops
from storage.posting_rules import get_rules, set_rules


@dataclass(frozen=True, slots=True)
class Halt:
    """A group in which nothing can be posted, why (a word of rendering.delivery), and the next drops that wait."""

    community: CommunityView
    reason: str
    waiting: Sequence[DropView]


def find_halt(session: Session, community_id: int) -> Halt | None:
    """What is to be told of a halted group; None where it goes on again."""
    community, reason = get_community(session, community_id), get_rules(session, community_id).halted
    if community is None or reason is None:
        return None
    return Halt(community, reason, list_drops(session, community_id, {State.SCHEDULED}, limit=50))


def halt(session: Session, community_id: int, reason: str, now: datetime) -> bool:
    """Nothing can be posted in a community; returns whether that is news."""
    rules = get_rules(session, community_id)
    if rules.halted == reason:
        return False
    set_rules(session, community_id, halted=reason, halted_at=now, halt_told_at=None)
    note_act(session, community_id, Act.HALTED, by=NOBODY, now=now, detail=reason)
    return True


def note_halt_told(session: Session, community_id: int, now: datetime) -> None:
    """A manager knows of it."""
    set_rules(session, community_id, halt_told_at=now)


def resume(session: Session, community_id: int, by: int, now: datetime) -> bool:
    """Post in a community again; returns whether it was halted."""
    rules = get_rules(session, community_id)
    if rules.halted is None:
        return False
    set_rules(session, community_id, halted=None, halted_at=None, halt_told_at=None)
    note_act(session, community_id, Act.RESUMED_GROUP, by=by, now=now)
    return True


def resume_chat(session: Session, chat_id: int, now: datetime) -> bool:
    """The bot may perhaps post in a chat again."""
    community = find_community(session, chat_id)
    return community is not None and resume(session, community.id, NOBODY, now)
