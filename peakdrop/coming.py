"""What members see of the drops to come, and whom a drop reminds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from storage.communities import CommunityView
from storage.drop_messages import SentMessage, messages_of
from storage.drops import DropView, State, find_drop, list_drops
from storage.people import find_person, get_person
from storage.posting_rules import Rules, get_rules
from storage.reminders import DueReminder, note_reminder, take_reminder, toggle_reminder

MOST = 10


@dataclass(frozen=True, slots=True)
class ComingReport:
    """The next drops as far as members may see them, in a group's zone; `shows` is False where nothing is shown."""

    community: CommunityView
    timezone: str
    as_of: datetime
    shows: bool
    with_words: bool
    drops: tuple[DropView, ...]


class Wish(Enum):
    """What became of "remind me"."""

    NOTED = "noted"
    TAKEN_BACK = "taken_back"
    NEEDS_PRIVATE = "needs_private"  # noted, but the bot cannot write to them before they open the private chat
    GONE = "gone"  # it is out, or comes no more


def report_coming(session: Session, community: CommunityView, timezone: str, *, now: datetime) -> ComingReport:
    """What is coming in a group, for its members."""
    rules = get_rules(session, community.id)
    found = list_drops(session, community.id, {State.SCHEDULED}, since=now) if rules.next_shown else []
    shown = [one for one in found if not one.is_hidden][: min(rules.next_shown, MOST)]
    return ComingReport(community, timezone, now, rules.next_shown > 0, rules.next_words, tuple(shown))


def is_shown(drop: DropView, rules: Rules) -> bool:
    """Whether members may know of a coming drop."""
    return drop.state == State.SCHEDULED and not drop.is_hidden and rules.next_shown > 0


def wish_reminder(session: Session, community_id: int, number: int, person_id: int, *, now: datetime) -> Wish:
    """Somebody pressed "remind me": once notes it, twice takes it back."""
    drop = find_drop(session, community_id, number)
    if drop is None or not is_shown(drop, get_rules(session, community_id)):
        return Wish.GONE
    if find_person(session, person_id) is None:
        note_reminder(session, community_id, number, person_id, now)
        return Wish.NEEDS_PRIVATE
    stands = toggle_reminder(session, community_id, number, person_id, now)
    return Wish.NOTED if stands else Wish.TAKEN_BACK


def keep_reminder(
    session: Session, community_id: int, number: int, person_id: int, *, now: datetime
) -> DropView | None:
    """The private chat was opened to be reminded: the drop, None where it is out or comes no more."""
    drop = find_drop(session, community_id, number)
    if drop is None or not is_shown(drop, get_rules(session, community_id)):
        return None
    note_reminder(session, community_id, number, person_id, now)
    return drop


@dataclass(frozen=True, slots=True)
class Reminding:
    """A reminder to be given now: the drop, where it stands, how to speak to the person."""

    drop: DropView
    message: SentMessage | None
    language: str | None


def claim_reminder(session: Session, one: DueReminder) -> Reminding | None:
    """Take a reminder to give it; None where another process has, or the drop is gone."""
    if not take_reminder(session, one):
        return None
    drop = find_drop(session, one.community_id, one.number)
    if drop is None:
        return None
    messages = messages_of(session, one.community_id, one.number)
    return Reminding(drop, messages[0] if messages else None, get_person(session, one.person_id).speaks)
