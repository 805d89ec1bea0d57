"""What managers and editors do with drops: make, confirm, approve, move, pause, cancel, duplicate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, NamedTuple

from sqlmodel import Session

from peakdrop.local_times import local_of, moment_of
from peakdrop.peaks import best_times
from peakdrop.posting import Objection, Taken, objections
from storage.audit import Act, note_act
from storage.drop_content import Content
from storage.drops import COMING, DropView, State, Timing, add_drop, change_drop, discard_draft, find_drop, recent_drops
from storage.posting_rules import get_rules
from storage.times import to_epoch

EDITABLE = frozenset({State.DRAFT, State.PROPOSED, State.SCHEDULED, State.PAUSED, State.FAILED})
# What a drop takes along when it is copied or comes again.
COPIED = (
    "content", "target_chat_id", "thread_id", "timing", "local_time", "late_seconds", "pin", "silent", "delete_after",
    "replaces", "is_ad", "is_hidden", "tags", "campaign", "buttons",
)  # fmt: skip


class Outcome(Enum):
    """What became of a wish: done as asked; or why not."""

    DONE = "done"
    PROPOSED = "proposed"
    GONE = "gone"  # no such drop, or it has moved on (sent, cancelled) meanwhile
    NO_TIME = "no_time"
    NO_PEAK = "no_peak"  # the rules leave no time in the next seven days
    PAST = "past"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wishes it: a person's id, and whether they decide (a manager) or propose (an editor)."""

    person_id: int
    is_manager: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A wish's outcome and the drop as it stands now."""

    outcome: Outcome
    drop: DropView | None = None


class Due(NamedTuple):
    """When a drop is to be posted (UTC), and whether that was chosen to learn; named as a drop's fields."""

    due_at: datetime
    explores: bool = False


def start_draft(session: Session, community_id: int, by: Actor, content: Content, *, now: datetime) -> DropView:
    """A draft with the peak as its time."""
    number = add_drop(session, community_id, now=now, author_id=by.person_id, content=content, timing=Timing.PEAK)
    return seen(session, community_id, number)


def edit_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime, **values: Any) -> Done:
    """Change what a drop holds or how it is posted; a time is changed by `move_drop`. See DropView for `values`."""
    if not change_drop(session, community_id, number, EDITABLE, now=now, **values):
        return Done(Outcome.GONE, find_drop(session, community_id, number))
    drop = seen(session, community_id, number)
    if drop.state != State.DRAFT:
        note_act(session, community_id, Act.EDITED, by=by.person_id, now=now, number=number, detail=",".join(values))
    return Done(Outcome.DONE, drop)


def taken_times(
    session: Session, community_id: int, timezone: str, now: datetime, but: int | None = None
) -> list[Taken]:
    """The times that a community's drops have, sent in the last day or coming; `but`: those of all but one."""
    drops = recent_drops(session, community_id, now - timedelta(days=1))
    return [
        Taken(local_of(one.due_at, timezone), one.number)
        for one in drops
        if one.due_at is not None and one.number != but
    ]


def taken_by_others(session: Session, drop: DropView, timezone: str, now: datetime) -> list[Taken]:
    """The times that the other drops of its community have."""
    return taken_times(session, drop.community_id, timezone, now, but=drop.number)


def find_objections(session: Session, drop: DropView, timezone: str, now: datetime) -> list[Objection]:
    """What the group's rules and queue say against a drop's named time; a peak is chosen so that nothing does."""
    if drop.timing != Timing.TIME or drop.local_time is None:
        return []
    rules = get_rules(session, drop.community_id)
    taken = taken_by_others(session, drop, timezone, now)
    return objections(datetime.fromisoformat(drop.local_time), rules, taken, local_of(now, timezone))


def confirm_drop(
    session: Session,
    community_id: int,
    number: int,
    by: Actor,
    timezone: str,
    *,
    now: datetime,
    overruled: str = "",
    asks: bool = False,
) -> Done:
    """Put a draft (or a changed or failed drop) into the queue, or before a manager where that is asked of editors.

    `overruled` names the warnings that a manager set aside; it stands in the audit log. An editor who `asks` has a
    manager decide even where nobody need approve.
    """
    drop = find_drop(session, community_id, number)
    if drop is None or drop.state not in EDITABLE:
        return Done(Outcome.GONE, drop)
    timed = time_of(session, drop, timezone, now)
    if isinstance(timed, Outcome):
        return Done(timed, drop)
    waits = not by.is_manager and (asks or get_rules(session, community_id).needs_approval)
    values: dict[str, Any] = {"state": State.PROPOSED if waits else State.SCHEDULED, "failure": None}
    values |= timed._asdict()
    if drop.repeat is not None:
        values |= {"series": drop.series or number, "occurrence": _occurrence(timed.due_at, drop, timezone)}
    if by.is_manager:
        values["approved_by"] = by.person_id
    change_drop(session, community_id, number, EDITABLE, now=now, **values)
    act = Act.PROPOSED if waits else Act.SCHEDULED
    at = str(to_epoch(timed.due_at))
    note_act(session, community_id, act, by=by.person_id, now=now, number=number, detail=at)
    if overruled:
        note_act(session, community_id, Act.OVERRULED, by=by.person_id, now=now, number=number, detail=overruled)
    return Done(Outcome.PROPOSED if waits else Outcome.DONE, seen(session, community_id, number))


def time_of(session: Session, drop: DropView, timezone: str, now: datetime) -> Due | Outcome:
    """When a drop is to be posted, or why that cannot be said."""
    if drop.timing == Timing.TIME:
        if drop.local_time is None:
            return Outcome.NO_TIME
        at = moment_of(datetime.fromisoformat(drop.local_time), timezone)
        return Due(at) if at > now - timedelta(seconds=60) else Outcome.PAST
    day = None if drop.occurrence is None else date.fromisoformat(drop.occurrence[:10])
    return peak_of(session, drop, timezone, now, day) or Outcome.NO_PEAK


def peak_of(session: Session, drop: DropView, timezone: str, now: datetime, day: date | None = None) -> Due | None:
    """The best moment for a drop in the next seven days (or on one local day) under the group's rules."""
    rules = get_rules(session, drop.community_id)
    taken = taken_by_others(session, drop, timezone, now)
    place, rng = (drop.community_id, timezone, drop.topic_id), chance_of(drop)
    found = best_times(session, *place, rules=rules, taken=taken, now=now, count=1, day=day, rng=rng)
    return Due(found[0].at, found[0].explores) if found else None


def chance_of(drop: DropView) -> Random:
    """The chance that is drawn once for each drop: its screens and its sender see the same peak."""
    return Random(f"{drop.community_id}:{drop.number}")


def _occurrence(at: datetime, drop: DropView, timezone: str) -> str:
    """What tells one occurrence of a series from the others: its local time, or its day where the peak decides."""
    if drop.timing == Timing.TIME and drop.local_time is not None:
        return drop.local_time
    return local_of(at, timezone).date().isoformat()


def move_drop(
    session: Session, community_id: int, number: int, by: Actor, local: datetime | None, timezone: str, *, now: datetime
) -> Done:
    """Give a drop another time (naive local; None: the peak). One in the queue is moved at once."""
    drop = find_drop(session, community_id, number)
    if drop is None or drop.state not in EDITABLE:
        return Done(Outcome.GONE, drop)
    values: dict[str, Any] = {"timing": Timing.PEAK, "local_time": None}
    if local is not None:
        values = {"timing": Timing.TIME, "local_time": local.isoformat(timespec="minutes")}
    if drop.state in COMING:
        timed = time_of(session, replace(drop, **values), timezone, now)
        if isinstance(timed, Outcome):
            return Done(timed, drop)
        values |= timed._asdict()
        at = str(to_epoch(timed.due_at))
        note_act(session, community_id, Act.MOVED, by=by.person_id, now=now, number=number, detail=at)
    change_drop(session, community_id, number, EDITABLE, now=now, **values)
    return Done(Outcome.DONE, seen(session, community_id, number))


def post_now(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """Make a drop due at once."""
    states = {State.DRAFT, State.SCHEDULED, State.PAUSED, State.PROPOSED, State.FAILED}
    values = {"state": State.SCHEDULED, "failure": None, "approved_by": by.person_id} | Due(now)._asdict()
    return _change(session, community_id, number, states, Act.POSTED_NOW, by, now, **values)


def approve_drop(session: Session, community_id: int, number: int, by: Actor, timezone: str, *, now: datetime) -> Done:
    """A manager lets an editor's drop into the queue; a peak is looked for anew."""
    drop = find_drop(session, community_id, number)
    if drop is None or drop.state != State.PROPOSED:
        return Done(Outcome.GONE, drop)
    return confirm_drop(session, community_id, number, by, timezone, now=now)


def return_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """A manager gives an editor's drop back: it is a draft again."""
    return _change(session, community_id, number, {State.PROPOSED}, Act.RETURNED, by, now, state=State.DRAFT)


def pause_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """Keep a drop from being posted until it is resumed."""
    return _change(session, community_id, number, {State.SCHEDULED}, Act.PAUSED, by, now, state=State.PAUSED)


def resume_drop(session: Session, community_id: int, number: int, by: Actor, timezone: str, *, now: datetime) -> Done:
    """Let a paused drop go on; where its time is past, its peak is looked for anew."""
    drop = find_drop(session, community_id, number)
    if drop is None or drop.state != State.PAUSED:
        return Done(Outcome.GONE, drop)
    is_ahead = drop.due_at is not None and drop.due_at > now
    found = None if is_ahead else peak_of(session, drop, timezone, now)
    if found is None and not is_ahead:
        return Done(Outcome.NO_PEAK, drop)
    values = {"state": State.SCHEDULED} | (found._asdict() if found is not None else {})
    return _change(session, community_id, number, {State.PAUSED}, Act.RESUMED, by, now, **values)


def cancel_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """Take a drop back, with all that its series would bring; a draft is thrown away."""
    if discard_draft(session, community_id, number):
        return Done(Outcome.DONE, None)
    states = EDITABLE - {State.DRAFT}
    return _change(session, community_id, number, states, Act.CANCELLED, by, now, state=State.CANCELLED)


def restore_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """Undo a cancellation: the drop is a draft again."""
    return _change(session, community_id, number, {State.CANCELLED}, Act.RESTORED, by, now, state=State.DRAFT)


def duplicate_drop(session: Session, community_id: int, number: int, by: Actor, *, now: datetime) -> Done:
    """A draft with the same content and manner, at the peak."""
    drop = find_drop(session, community_id, number)
    if drop is None:
        return Done(Outcome.GONE)
    values = {name: getattr(drop, name) for name in COPIED} | {"timing": Timing.PEAK, "local_time": None}
    copy = add_drop(session, community_id, now=now, author_id=by.person_id, **values)
    return Done(Outcome.DONE, seen(session, community_id, copy))


def _change(
    session: Session,
    community_id: int,
    number: int,
    expected: Collection[State],
    act: Act,
    by: Actor,
    now: datetime,
    **values: Any,
) -> Done:
    if not change_drop(session, community_id, number, expected, now=now, **values):
        return Done(Outcome.GONE, find_drop(session, community_id, number))
    note_act(session, community_id, act, by=by.person_id, now=now, number=number)
    return Done(Outcome.DONE, find_drop(session, community_id, number))


def seen(session: Session, community_id: int, number: int) -> DropView:
    """A drop that must be there. Raises LookupError."""
    drop = find_drop(session, community_id, number)
    if drop is None:
        raise LookupError(f"drop {number} of community {community_id} is gone in its own transaction")
    return drop
