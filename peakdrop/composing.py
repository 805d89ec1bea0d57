"""Making a drop: what its screen shows, and what its buttons change. Times that a repetition does not meet move on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from msgspec.structs import replace
from sqlmodel import Session

from peakdrop.contents import add_part, new_words
from peakdrop.drops import (
    COPIED,
    EDITABLE,
    Actor,
    Done,
    Outcome,
    confirm_drop,
    edit_drop,
    move_drop,
    post_now,
    restore_drop,
    seen,
    start_draft,
)
from peakdrop.local_times import local_of
from peakdrop.prospects import ALL, Prospect, look_ahead, peaks
from peakdrop.repeats import next_occurrence
from storage.audit import Act, note_act
from storage.communities import CommunityView
from storage.composing import end_composing
from storage.drop_content import Content, Repeat
from storage.drops import COMING, DropView, State, Timing, add_drop, discard_draft, find_drop
from storage.people import get_person, set_person
from storage.posting_rules import Rules

NEEDS_RIGHT = timedelta(hours=48)  # from then on Telegram lets a bot delete with the right to delete only
MINUTE = timedelta(minutes=1)


class Awaits(StrEnum):
    """What someone is asked to type for a drop."""

    TIME = "time"
    TAGS = "tags"
    CAMPAIGN = "campaign"
    LINK = "link"
    CONTENT = "content"
    EVERY = "every"
    CRON = "cron"
    UNTIL = "until"


def may_edit(drop: DropView, by: Actor, rules: Rules) -> bool:
    """Whether someone may change a drop as it stands: managers any, editors their own.

    What a manager approved is a manager's alone; without approval in a group, editors queue drops themselves.
    """
    if drop.state not in EDITABLE:
        return False
    is_open = drop.state in (State.DRAFT, State.PROPOSED) or not rules.needs_approval
    return by.is_manager or (drop.author_id == by.person_id and is_open)


def undo_cancel(session: Session, community_id: int, number: int, by: Actor, now: datetime) -> None:
    """Take a cancelled drop up again, as a draft; editors their own."""
    drop = find_drop(session, community_id, number)
    if drop is not None and (by.is_manager or drop.author_id == by.person_id):
        restore_drop(session, community_id, number, by, now=now)


def change(session: Session, drop: DropView, by: Actor, now: datetime, **values: Any) -> Done:
    """Change a drop from its screen. An editor's change takes a proposal back: what a manager approves is what is."""
    if drop.state == State.PROPOSED and not by.is_manager:
        values["state"] = State.DRAFT
    return edit_drop(session, drop.community_id, drop.number, by, now=now, **values)


def set_topic(session: Session, drop: DropView, by: Actor, thread_id: int, timezone: str, now: datetime) -> Done:
    """Let a drop go to the group (0) or one of its topics; in the queue its peak is chosen anew, by that week."""
    done = change(session, drop, by, now, target_chat_id=None, thread_id=thread_id)
    there = done.drop
    if there is None or there.state not in COMING or there.timing != Timing.PEAK or there.topic_id == drop.topic_id:
        return done
    moved = move_drop(session, there.community_id, there.number, by, None, timezone, now=now)
    return moved if moved.outcome is Outcome.DONE else done


def set_time(session: Session, drop: DropView, by: Actor, local: datetime | None, timezone: str, now: datetime) -> Done:
    """Give a drop a naive local time, or the peak (None). A draft's repetition takes that time of day.

    Of a series in the queue this occurrence moves alone.
    """
    if drop.state == State.PROPOSED and not by.is_manager:
        drop = change(session, drop, by, now).drop or drop
    if drop.repeat is not None and drop.state == State.DRAFT:
        at = None if local is None else f"{local:%H:%M}"
        first = local_of(now, timezone).date() if local is None else local.date()
        return _settle(session, drop, by, replace(drop.repeat, at=at, first=first), local, timezone, now)
    return move_drop(session, drop.community_id, drop.number, by, local, timezone, now=now)


def set_repeat(
    session: Session, drop: DropView, by: Actor, repeat: Repeat | None, timezone: str, now: datetime
) -> Done:
    """Let a drop come again, or only once (None); its next time is the first that the repetition has.

    `first` and `at` are set here, by the time the drop has.
    """
    if repeat is None:
        values = {"repeat": None, "series": None, "occurrence": None, "replaces": False}
        return change(session, drop, by, now, **values)
    now_local = local_of(now, timezone)
    named = datetime.fromisoformat(drop.local_time) if drop.timing == Timing.TIME and drop.local_time else None
    start = named if named is not None and named > now_local else now_local + timedelta(days=bool(named))
    at = f"{named:%H:%M}" if named is not None and repeat.cron is None else None
    return _settle(session, drop, by, replace(repeat, at=at, first=start.date()), named, timezone, now)


def _settle(
    session: Session,
    drop: DropView,
    by: Actor,
    repeat: Repeat,
    named: datetime | None,
    timezone: str,
    now: datetime,
) -> Done:
    """Keep a repetition, and move the drop to its first occurrence; nothing is changed where it has none."""
    now_local = local_of(now, timezone)
    local = None
    if repeat.at is not None or repeat.cron is not None:
        local = next_occurrence(repeat, max(named - MINUTE, now_local) if named is not None else now_local)
        if local is None:
            return Done(Outcome.NO_TIME, drop)
        occurrence = local.isoformat(timespec="minutes")
    else:
        day = _first_day(session, drop, repeat, timezone, now)
        if day is None:
            return Done(Outcome.NO_PEAK, drop)
        occurrence = day.date().isoformat()
        repeat = repeat if repeat.days else replace(repeat, first=day.date())
    values: dict[str, Any] = {"repeat": repeat, "occurrence": occurrence}
    if drop.state in COMING:
        values["series"] = drop.series or drop.number
    done = change(session, drop, by, now, **values)
    if done.outcome is not Outcome.DONE:
        return done
    return move_drop(session, drop.community_id, drop.number, by, local, timezone, now=now)


def _first_day(session: Session, drop: DropView, repeat: Repeat, timezone: str, now: datetime) -> datetime | None:
    """The first day on which a repetition comes and a peak is left; today only while its better half lies ahead."""
    best: dict[datetime, float] = {}
    for one in peaks(session, drop, ALL, timezone, now):
        day = datetime.combine(one.local.date(), datetime.min.time())
        best[day] = max(best.get(day, 0.0), one.members or 0.0)
    today = local_of(now, timezone).date()
    most = max(best.values(), default=0.0)
    for day in sorted(best):
        if day.date() == today and best[day] < most / 2:
            continue
        if not repeat.days or next_occurrence(repeat, day - timedelta(days=1)) == day:
            return day if repeat.until is None or day.date() <= repeat.until else None
    return None


def move_to(session: Session, drop: DropView, community_id: int, by: Actor, now: datetime) -> DropView | None:
    """A draft goes to another community, under a new number there; None where it is no draft any more.

    Where someone has several groups and never said which their private chat is about, it is this one from now on.
    """
    if get_person(session, by.person_id).community_id is None:
        set_person(session, by.person_id, community_id=community_id)
    if drop.community_id == community_id:
        return drop
    if not discard_draft(session, drop.community_id, drop.number):
        return None
    values = {name: getattr(drop, name) for name in COPIED} | {"repeat": drop.repeat, "occurrence": drop.occurrence}
    values |= {"target_chat_id": None, "thread_id": 0}
    number = add_drop(session, community_id, now=now, author_id=by.person_id, **values)
    return seen(session, community_id, number)


def album_of(media_group_id: str) -> str:
    """What is awaited while an album's parts arrive."""
    return f"album:{media_group_id}"


def content_for(suggestion: int) -> str:
    """What is awaited once a suggestion's free time was chosen: the content of its drop."""
    return f"suggestion:{suggestion}"


def suggestion_awaited(awaits: str | None) -> int | None:
    """The number of the suggestion for which content is awaited, if it is."""
    word, _, number = (awaits or "").partition(":")
    return int(number) if word == "suggestion" else None


def begin_draft(
    session: Session, community_id: int, by: Actor, content: Content, thread_id: int, now: datetime
) -> DropView:
    """A draft with the peak as its time, for the group or one of its topics."""
    drop = start_draft(session, community_id, by, content, now=now)
    if not thread_id:
        return drop
    return edit_drop(session, community_id, drop.number, by, now=now, thread_id=thread_id).drop or drop


def take_content(session: Session, drop: DropView, by: Actor, given: Content, now: datetime) -> Done:
    """Put what was sent in place of what a drop holds."""
    return change(session, drop, by, now, content=new_words(drop.content, given))


def take_part(session: Session, drop: DropView, by: Actor, part: Content, now: datetime) -> Done:
    """A further part of a drop's album."""
    return change(session, drop, by, now, content=add_part(drop.content, part))


def discard(session: Session, drop: DropView, person_id: int) -> None:
    """Throw a draft away that cannot be posted; whoever made it is at nothing any more."""
    discard_draft(session, drop.community_id, drop.number)
    end_composing(session, person_id)


def post_at_once(session: Session, prospect: Prospect, by: Actor, timezone: str, now: datetime) -> Done:
    """Make a drop due now, whatever is warned of; one that repeats begins its series."""
    drop = prospect.drop
    if drop.repeat is not None and drop.series is None:
        local = local_of(now, timezone)
        occurrence = local.date().isoformat() if drop.repeat.at is None else local.isoformat(timespec="minutes")
        change(session, drop, by, now, series=drop.number, occurrence=occurrence)
    done = post_now(session, drop.community_id, drop.number, by, now=now)
    remarks = ",".join(prospect.remarks)
    if done.outcome is Outcome.DONE and remarks:
        about = (session, drop.community_id, Act.OVERRULED)
        note_act(*about, by=by.person_id, now=now, number=drop.number, detail=remarks)
    return done


class Attempt(Enum):
    """What became of a press on the button that confirms."""

    DONE = "done"
    CHANGED = "changed"  # the time is not the one that the screen showed
    WARNED = "warned"  # something speaks against it, and nobody has set that aside
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a press on the confirming button says: the time its screen showed (YYYYMMDDHHMM), whether warnings were
    read, and which links do not answer."""

    shown: str
    is_sure: bool
    dead_links: Collection[str] = ()


def try_confirm(
    session: Session,
    drop: DropView,
    by: Actor,
    community: CommunityView,
    timezone: str,
    now: datetime,
    asked: Asked,
) -> tuple[Attempt, Prospect]:
    """Confirm a drop for the time that its screen showed.

    Warnings are told first; a manager sets them aside, an editor's drop goes before a manager with them.
    """
    prospect = look_ahead(session, drop, community, timezone, now, asked.dead_links)
    if prospect.at_local is None or prospect.problem is not None or f"{prospect.at_local:%Y%m%d%H%M}" != asked.shown:
        return Attempt.CHANGED, prospect
    remarks = prospect.remarks
    if remarks and not asked.is_sure:
        return Attempt.WARNED, prospect
    done = confirm_drop(
        session,
        drop.community_id,
        drop.number,
        by,
        timezone,
        now=now,
        overruled=",".join(remarks) if by.is_manager else "",
        asks=bool(remarks),
    )
    if done.outcome not in (Outcome.DONE, Outcome.PROPOSED) or done.drop is None:
        return Attempt.GONE, prospect
    return Attempt.DONE, look_ahead(session, done.drop, community, timezone, now)
