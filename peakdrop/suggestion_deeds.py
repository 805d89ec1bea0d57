"""Taking a suggestion up: it becomes a drop in the queue, once; undoing that; and how it went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from peakdrop.composing import Asked, Attempt, begin_draft, change, set_time, try_confirm
from peakdrop.drop_figures import DropReport, report_drop
from peakdrop.drop_lift import SPAN
from peakdrop.drops import EDITABLE, Actor, Outcome, cancel_drop, duplicate_drop, move_drop, restore_drop
from peakdrop.local_times import local_of
from peakdrop.peaks import BestTime
from peakdrop.suggestion_times import better_time, find_free_peak, is_movable, is_open, open_times
from storage.communities import CommunityView
from storage.drop_content import Content
from storage.drops import COMING, DropView, State, Timing, find_drop
from storage.suggestions import (
    Kind,
    SuggestionView,
    find_suggestion,
    move_suggestion,
    take_back,
    take_up,
    untold,
)

WAITING = frozenset({Kind.PROPOSAL, Kind.DRAFT})
WRITTEN = WAITING | {Kind.FREE}  # somebody's own words: undone, a draft is left


class Taken(Enum):
    """What became of a press."""

    DONE = "done"
    ALREADY = "already"  # somebody took it up before
    MOVED = "moved"  # its time is past or taken: another is offered
    WARNED = "warned"  # a draft with warnings, for somebody to look at
    ASKS = "asks"  # what shall be posted is to be sent
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

    `words` is the question that is posted where it has no drop to repeat. For a free time, content is asked for.
    """
    one = find_suggestion(session, community.id, number)
    if one is None:
        return Press(Taken.GONE, None)
    if one.drop_number is not None:
        return Press(Taken.ALREADY, one, find_drop(session, community.id, one.drop_number))
    if one.kind is Kind.MOVE:
        return _take_move(session, one, by, timezone, now)
    moved = _choose_anew(session, one, community, timezone, now)
    if moved is not None:
        return moved
    if one.kind is Kind.FREE:
        return Press(Taken.ASKS, one)
    drop = _make(session, one, by, words, now)
    if drop is None:
        return Press(Taken.GONE, one)
    drop = set_time(session, drop, by, one.local, timezone, now).drop or drop
    asked = Asked(f"{one.local:%Y%m%d%H%M}", is_sure=False)
    attempt, prospect = try_confirm(session, drop, by, community, timezone, now, asked)
    take_up(session, one, by.person_id, drop.number, now)
    taken = Taken.DONE if attempt is Attempt.DONE else Taken.WARNED
    return Press(taken, find_suggestion(session, community.id, number), prospect.drop)


def _take_move(session: Session, one: SuggestionView, by: Actor, timezone: str, now: datetime) -> Press:
    """Move a drop that still stands where it stood, to a time that still is much better."""
    drop = find_drop(session, one.community_id, one.source or 0)
    if drop is None or not is_movable(drop) or drop.local_time != one.trait:
        return Press(Taken.GONE, one, drop)
    if not is_open(session, one.community_id, one.local, timezone, now, but=drop.number):
        move = better_time(session, drop, timezone, now)
        return Press(Taken.GONE, one, drop) if move is None else _moved(session, one, move.better, one.figure)
    done = move_drop(session, one.community_id, drop.number, by, one.local, timezone, now=now)
    if done.outcome is not Outcome.DONE:
        return Press(Taken.GONE, one, drop)
    take_up(session, one, by.person_id, drop.number, now)
    return Press(Taken.DONE, find_suggestion(session, one.community_id, one.number), done.drop)


def fill_free_peak(
    session: Session, number: int, community: CommunityView, by: Actor, content: Content, timezone: str, now: datetime
) -> Press:
    """What was sent for a free time becomes a draft with that time, or the next best where it is past or taken.

    The peak decides where another drop was made of the suggestion meanwhile, or no time is left.
    """
    one = find_suggestion(session, community.id, number)
    drop = begin_draft(session, community.id, by, content, 0, now)
    if one is None or one.drop_number is not None:
        return Press(Taken.GONE if one is None else Taken.ALREADY, one, drop)
    press = _choose_anew(session, one, community, timezone, now) or Press(Taken.DONE, one)
    take_up(session, one, by.person_id, drop.number, now)
    if press.taken is not Taken.NO_TIME and press.suggestion is not None:
        drop = set_time(session, drop, by, press.suggestion.local, timezone, now).drop or drop
    return replace(press, drop=drop)


def _choose_anew(
    session: Session, one: SuggestionView, community: CommunityView, timezone: str, now: datetime
) -> Press | None:
    """Another time, where the suggested one is past or the group's rules or queue speak against it now."""
    own = one.source if one.kind in WAITING else None
    if is_open(session, community.id, one.local, timezone, now, but=own):
        return None
    if one.kind is Kind.FREE:
        free = find_free_peak(session, community, timezone, now)
        return Press(Taken.NO_TIME, one) if free is None else _moved(session, one, free.time, free.planned)
    best = open_times(session, community.id, timezone, now, thread_id=one.thread_id, but=own)
    return _moved(session, one, best[0], one.figure) if best else Press(Taken.NO_TIME, one)


def _moved(session: Session, one: SuggestionView, time: BestTime, figure: float | None) -> Press:
    """The suggestion at another time."""
    local_time = time.local.isoformat(timespec="minutes")
    move_suggestion(session, one, local_time, time.members, figure)
    return Press(Taken.MOVED, replace(one, local_time=local_time, members=time.members, figure=figure))


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


def undo_suggestion(
    session: Session, community_id: int, number: int, by: Actor, timezone: str, *, now: datetime
) -> Press:
    """Take that back: a copy goes, a draft is a draft again, a drop stands where it stood. What is out stays."""
    one = find_suggestion(session, community_id, number)
    if one is None or one.drop_number is None:
        return Press(Taken.GONE, one)
    drop = find_drop(session, community_id, one.drop_number)
    if one.kind is Kind.MOVE:
        return _move_back(session, one, drop, by, timezone, now)
    if drop is not None and drop.state not in EDITABLE | {State.CANCELLED}:
        return Press(Taken.GONE, one, drop)
    waits = drop is not None and drop.state in (State.DRAFT, State.PROPOSED) and one.kind in WRITTEN
    if drop is not None and not waits:
        cancel_drop(session, community_id, drop.number, by, now=now)
        if one.kind in WRITTEN:
            restore_drop(session, community_id, drop.number, by, now=now)
    take_back(session, one)
    return Press(Taken.DONE, find_suggestion(session, community_id, number))


def _move_back(
    session: Session, one: SuggestionView, drop: DropView | None, by: Actor, timezone: str, now: datetime
) -> Press:
    """To the time from which it was moved, unless that is past or the drop went elsewhere since."""
    stands = drop is not None and drop.state in COMING and drop.timing == Timing.TIME
    if drop is None or not stands or drop.local_time != one.local_time:
        return Press(Taken.GONE, one, drop)
    before = datetime.fromisoformat(one.trait or "")
    done = move_drop(session, one.community_id, drop.number, by, before, timezone, now=now)
    if done.outcome is not Outcome.DONE:
        return Press(Taken.GONE, one, drop)
    take_back(session, one)
    return Press(Taken.DONE, find_suggestion(session, one.community_id, one.number), done.drop)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How a suggestion that was taken up went; `local` is the wall time that its drop has. `drop` None: it is gone."""

    suggestion: SuggestionView
    drop: DropView | None
    report: DropReport | None
    local: datetime


def find_aftermath(
    session: Session, community: CommunityView, occurrence: str | None, timezone: str, *, now: datetime
) -> Aftermath | None:
    """How the last suggestion went that is over and that no other digest has reported on."""
    for one in untold(session, community.id, occurrence):
        drop = find_drop(session, community.id, one.drop_number or 0)
        if not _is_over(drop, now):
            continue
        is_sent = drop is not None and drop.state == State.SENT
        report = report_drop(session, community, drop.number, timezone, now=now) if drop and is_sent else None
        local = local_of(drop.due_at, timezone) if drop is not None and drop.due_at is not None else one.local
        return Aftermath(one, drop, report, local)
    return None


def _is_over(drop: DropView | None, now: datetime) -> bool:
    """Whether a drop's fate is known: it will not go out any more, or has had the two hours that are measured."""
    if drop is None or drop.state in (State.FAILED, State.CANCELLED):
        return True
    return drop.state == State.SENT and drop.sent_at is not None and now >= drop.sent_at + SPAN
