"""A group in which nothing can be posted: its queue stands still until somebody, or Telegram, lets it go on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage.audit import NOBODY, Act, note_act
from storage.communities import find_community
from storage.posting_rules import get_rules, set_rules


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
