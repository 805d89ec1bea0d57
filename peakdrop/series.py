"""Series: the next occurrence is queued when one is done; peaks are chosen when their day is near."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from peakdrop.drops import COPIED, Actor, Done, Due, Outcome, cancel_drop, peak_of, seen
from peakdrop.local_times import local_of, moment_of
from peakdrop.repeats import next_occurrence
from storage.communities import set_settings
from storage.drops import (
    COMING,
    DropView,
    State,
    Timing,
    add_drop,
    change_drop,
    find_drop,
    has_successor,
    list_drops,
)

PEAKS_KNOWN = timedelta(days=6)  # how far ahead a day's peak is looked for
SETTLED = timedelta(hours=2)  # a time this near is not changed any more


def skip_drop(session: Session, community_id: int, number: int, by: Actor, timezone: str, *, now: datetime) -> Done:
    """Cancel one occurrence; the series goes on with the next."""
    drop = find_drop(session, community_id, number)
    done = cancel_drop(session, community_id, number, by, now=now)
    if drop is not None and done.outcome is Outcome.DONE:
        plan_next(session, drop, timezone, now=now)
    return done


def plan_next(session: Session, drop: DropView, timezone: str, *, now: datetime) -> DropView | None:
    """The next occurrence of a series after this one and after now, queued; None where the series is over.

    Occurrences that were missed meanwhile are left out, so that a series never piles up.
    """
    timed = _following(session, drop, timezone, now)
    if timed is None:
        return None
    values = {name: getattr(drop, name) for name in COPIED} | {"repeat": drop.repeat, "series": drop.series}
    values |= timed | {"state": State.SCHEDULED, "approved_by": drop.approved_by}
    number = add_drop(session, drop.community_id, now=now, author_id=drop.author_id, **values)
    return seen(session, drop.community_id, number)


def postpone(session: Session, drop: DropView, timezone: str, *, now: datetime) -> DropView | None:
    """Another time for a drop that is too late: its series' next one, else the next peak; None where there is none."""
    if drop.repeat is not None and drop.series is not None:
        timed = None if has_successor(session, drop) else _following(session, drop, timezone, now)
    else:
        due = peak_of(session, drop, timezone, now)
        timed = None if due is None else {"timing": Timing.PEAK, "local_time": None} | due._asdict()
    if timed is None or not change_drop(session, drop.community_id, drop.number, {State.SCHEDULED}, now=now, **timed):
        return None
    return seen(session, drop.community_id, drop.number)


def _following(session: Session, drop: DropView, timezone: str, now: datetime) -> dict[str, Any] | None:
    """The time of a series' next occurrence after this one and after now."""
    if drop.repeat is None or drop.series is None or drop.occurrence is None:
        return None
    local = next_occurrence(drop.repeat, max(datetime.fromisoformat(drop.occurrence), local_of(now, timezone)))
    while local is not None:
        timed = _planned(session, drop, local, timezone, now)
        if timed is not None:
            return timed
        local = next_occurrence(drop.repeat, local)  # the rules leave no peak on that day
    return None


def _planned(session: Session, drop: DropView, local: datetime, timezone: str, now: datetime) -> dict[str, Any] | None:
    by_peak = drop.repeat is not None and drop.repeat.at is None and drop.repeat.cron is None
    if not by_peak:
        named = local.isoformat(timespec="minutes")
        at = Due(moment_of(local, timezone))
        return {"timing": Timing.TIME, "local_time": named, "occurrence": named} | at._asdict()
    occurrence = local.date().isoformat()
    # Too far to tell its peak: the day's evening for now, chosen anew when it is near (`choose_peaks`).
    evening = Due(moment_of(local.replace(hour=20), timezone))
    is_far = local - local_of(now, timezone) > PEAKS_KNOWN
    due = evening if is_far else peak_of(session, drop, timezone, now, local.date())
    return None if due is None else {"timing": Timing.PEAK, "occurrence": occurrence} | due._asdict()


def replan_zone(session: Session, community_id: int, timezone: str, *, now: datetime) -> int:
    """After a change of zone: drops keep the wall time that was wanted. Returns how many were moved."""
    moved = 0
    for drop in list_drops(session, community_id, COMING):
        if drop.local_time is None:
            continue
        due_at = moment_of(datetime.fromisoformat(drop.local_time), timezone)
        if due_at != drop.due_at:
            moved += change_drop(session, community_id, drop.number, COMING, now=now, due_at=due_at)
    return moved


def change_zone(session: Session, community_id: int, timezone: str, *, now: datetime) -> None:
    """A group's days and hours are those of another zone from now on; its queue keeps its wall times."""
    set_settings(session, community_id, timezone=timezone)
    replan_zone(session, community_id, timezone, now=now)


def choose_peaks(session: Session, community_id: int, timezone: str, *, now: datetime) -> int:
    """Look anew for the peaks of a series' coming days, as far as they are known and not at hand; returns the moved."""
    moved = 0
    coming = list_drops(session, community_id, {State.SCHEDULED}, since=now + SETTLED, until=now + PEAKS_KNOWN)
    for drop in coming:
        if drop.timing == Timing.PEAK and drop.occurrence is not None:
            due = peak_of(session, drop, timezone, now, date.fromisoformat(drop.occurrence))
            if due is not None and due.due_at != drop.due_at:
                here = (session, community_id, drop.number, {State.SCHEDULED})
                moved += change_drop(*here, now=now, **due._asdict())
    return moved
