"""Taking a suggestion up: it becomes a drop in the queue, once; undoing that; and how it went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from peakdrop.composing import Asked, Attempt, begin_draft, change, set_time, try_confirm
from peakdrop.drop_figures import DropReport, report_drop
from peakdrop.drop_lift import SPAN
from peakdrop.drops import EDITABLE, Actor, cancel_drop, duplicate_drop, restore_drop, taken_times
from peakdrop.local_times import local_of
from peakdrop.peaks import best_times
from peakdrop.posting import objections
from storage.communities import CommunityView
from storage.drop_content import Content
from storage.drops import DropView, State, find_drop
from storage.outlooks import topic_week
from storage.posting_rules import get_rules
from storage.suggestions import (
    Kind,
    SuggestionView,
    find_suggestion,
    move_suggestion,
    note_told,
    take_back,
    take_up,
    untold,
)

WAITING = frozenset({Kind.PROPOSAL, Kind.DRAFT})


class Taken(Enum):
    """What became of a press."""

    DONE = "done"
    ALREADY = "already"  # somebody took it up before
    MOVED = "moved"  # its time is past or taken: another is offered
    WARNED = "warned"  # a draft with warnings, for somebody to look at
    NO_TIME = "no_time"
    GONE = "gone"  # what was to be posted is no more, or is out


@dataclass(frozen=True, slots=True)
class Press:
    """A press's outcome, the suggestion as it stands then, and its drop."""

    taken: Taken
    suggestion: SuggestionView | None
    drop: DropView | None = None


def take_suggestion(
    session: Session, number: int, community: CommunityView, by: Actor, timezone: str, words: str, *, now: datetime
) -> Press:
    """Make what a suggestion says a drop, at its time, once however often and by whomever it is pressed.

    `words` is the question that is posted where it has no drop to repeat.
    """
    one = find_suggestion(session, community.id, number)
    if one is None:
        return Press(Taken.GONE, None)
    if one.drop_number is not None:
        return Press(Taken.ALREADY, one, find_drop(session, community.id, one.drop_number))
    moved = _choose_anew(session, one, timezone, now)
    if moved is not None:
        return moved
    drop = _make(session, one, by, words, now)
    if drop is None:
        return Press(Taken.GONE, one)
    drop = set_time(session, drop, by, one.local, timezone, now).drop or drop
    asked = Asked(f"{one.local:%Y%m%d%H%M}", is_sure=False)
    attempt, prospect = try_confirm(session, drop, by, community, timezone, now, asked)
    take_up(session, one, by.person_id, drop.number, now)
    taken = Taken.DONE if attempt is Attempt.DONE else Taken.WARNED
    return Press(taken, find_suggestion(session, community.id, number), prospect.drop)


def _choose_anew(session: Session, one: SuggestionView, timezone: str, now: datetime) -> Press | None:
    """Another time, where the suggested one is past or the group's rules or queue speak against it now."""
    rules, now_local = get_rules(session, one.community_id), local_of(now, timezone)
    own = one.source if one.kind in WAITING else None
    taken = taken_times(session, one.community_id, timezone, now, but=own)
    if not objections(one.local, rules, taken, now_local):
        return None
    place = (one.community_id, timezone, topic_week(one.thread_id))
    best = best_times(session, *place, rules=rules, taken=taken, now=now, count=1)
    if not best:
        return Press(Taken.NO_TIME, one)
    local_time = best[0].local.isoformat(timespec="minutes")
    move_suggestion(session, one, local_time, best[0].members)
    return Press(Taken.MOVED, replace(one, local_time=local_time, members=best[0].members))


def _make(session: Session, one: SuggestionView, by: Actor, words: str, now: datetime) -> DropView | None:
    """The draft that is to be confirmed: one that waits, a copy, or a question."""
    if one.source is None:
        return begin_draft(session, one.community_id, by, Content(words), one.thread_id, now)
    source = find_drop(session, one.community_id, one.source)
    if source is None:
        return None
    if one.kind in WAITING:
        return source if source.state in (State.DRAFT, State.PROPOSED) else None
    copy = duplicate_drop(session, one.community_id, source.number, by, now=now).drop
    return None if copy is None else change(session, copy, by, now, thread_id=one.thread_id).drop


def undo_suggestion(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Press:
    """Take that back: a copy goes, a draft is a draft again. What is out stays."""
    one = find_suggestion(session, community_id, number)
    if one is None or one.drop_number is None:
        return Press(Taken.GONE, one)
    drop = find_drop(session, community_id, one.drop_number)
    if drop is not None and drop.state not in EDITABLE | {State.CANCELLED}:
        return Press(Taken.GONE, one, drop)
    waits = drop is not None and drop.state in (State.DRAFT, State.PROPOSED) and one.kind in WAITING
    if drop is not None and not waits:
        cancel_drop(session, community_id, drop.number, by, now=now)
        if one.kind in WAITING:
            restore_drop(session, community_id, drop.number, by, now=now)
    take_back(session, one)
    return Press(Taken.DONE, find_suggestion(session, community_id, number))


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How a suggestion that was taken up went. `drop` None: it was thrown away."""

    suggestion: SuggestionView
    drop: DropView | None
    report: DropReport | None

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to be told of it next time."""
        if self.drop is None or self.drop.state in (State.FAILED, State.CANCELLED):
            return True
        sent_at = self.drop.sent_at
        return sent_at is not None and self.report is not None and self.report.as_of >= sent_at + SPAN


def find_aftermath(
    session: Session, community: CommunityView, occurrence: str | None, timezone: str, *, now: datetime
) -> Aftermath | None:
    """How the last suggestion went that no other digest has reported on: one that is over before one that is not."""
    found = []
    for one in untold(session, community.id, occurrence)[:5]:
        drop = find_drop(session, community.id, one.drop_number or 0)
        is_sent = drop is not None and drop.state == State.SENT
        report = report_drop(session, community, drop.number, timezone, now=now) if drop and is_sent else None
        found.append(Aftermath(one, drop, report))
    return next((one for one in found if one.is_final), next(iter(found), None))


def note_aftermath(session: Session, one: Aftermath, occurrence: str) -> None:
    """The digest of a time has reported how it went, unless that is still open."""
    if one.is_final:
        note_told(session, one.suggestion, occurrence)
