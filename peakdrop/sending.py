"""Sending as a sequence of records: what comes next, what an attempt came to, what is still missing.

A drop is claimed, the claim committed, the post made with no transaction open, then recorded. Each step is recorded
by itself, so that whoever goes on after a crash does only what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from peakdrop.drops import Actor, Due
from peakdrop.series import plan_next, postpone
from storage.audit import NOBODY, Act, note_act
from storage.communities import CommunityView, get_community
from storage.drop_content import Content
from storage.drop_messages import SentMessage, messages_of, note_messages, note_removed
from storage.drops import DropView, State, Step, change_drop, find_drop, has_successor, previous_of
from storage.sending import Claim, PlaceKey, change_attempt, chat_of, claim_due, first_due, take_over
from storage.signs import mark_lost, unmark_lost

LEASE = timedelta(seconds=30)
# What follows a post, and the word for its failure: tried again, it is all that is done.
FOLLOW_UPS = {Step.BUTTONS: "buttons_below", Step.PINNED: "pin", Step.REPLACED: "replace"}


@dataclass(frozen=True, slots=True)
class Job:
    """A drop with what sending it needs to know: its community, the chat it goes to, and the group's zone."""

    drop: DropView
    community: CommunityView
    chat_id: int
    timezone: str

    @property
    def content(self) -> Content:
        """What is posted."""
        return self.drop.content


@dataclass(frozen=True, slots=True)
class Postponed:
    """A drop that was too late, before and after it got another time; `after` None: there is none."""

    before: Job
    after: DropView | None


def as_job(session: Session, drop: DropView, default_timezone: str) -> Job:
    """A drop with its surroundings. Raises LookupError where its community is gone."""
    community = get_community(session, drop.community_id)
    if community is None:
        raise LookupError(f"community {drop.community_id} is gone")
    return Job(drop, community, chat_of(session, drop), community.timezone or default_timezone)


def next_job(session: Session, place: PlaceKey, now: datetime, default_timezone: str) -> Job | None:
    """What is to be sent next in a place; nothing is claimed yet."""
    drop = first_due(session, place, now)
    return None if drop is None else as_job(session, drop, default_timezone)


def is_late(drop: DropView, now: datetime) -> bool:
    """Whether a drop's time is longer ago than it may be late."""
    return drop.due_at is not None and now - drop.due_at > timedelta(seconds=drop.late_seconds)


def begin_next(session: Session, place: PlaceKey, now: datetime, claim: Claim, default_timezone: str) -> Job | None:
    """Claim what is to be sent next; None where nothing is, or it is too late for it (see `postpone_late`)."""
    first = first_due(session, place, now)
    if first is None or is_late(first, now):
        return None
    drop = claim_due(session, place, now, claim)
    return None if drop is None else as_job(session, drop, default_timezone)


def postpone_late(session: Session, place: PlaceKey, now: datetime, default_timezone: str) -> list[Postponed]:
    """Give drops that are too late another time, the next peak or the next day of their series; some at a time."""
    moved = []
    for _ in range(20):
        job = next_job(session, place, now, default_timezone)
        if job is None or not is_late(job.drop, now):
            break
        after = postpone(session, job.drop, job.timezone, now=now)
        if after is None:
            values = {"state": State.FAILED, "failure": "late", "failure_detail": None, "asked_at": None}
            change_drop(session, job.drop.community_id, job.drop.number, {State.SCHEDULED}, now=now, **values)
        moved.append(Postponed(job, after))
    return moved


def missing_steps(drop: DropView) -> Step:
    """What is still to be done for a drop."""
    wanted = Step.POSTED
    if drop.buttons and len(drop.content.pieces) > 1:
        wanted |= Step.BUTTONS
    if drop.pin:
        wanted |= Step.PINNED
    if drop.replaces and drop.series is not None:
        wanted |= Step.REPLACED
    return wanted & ~drop.steps


def record_step(
    session: Session,
    drop: DropView,
    step: Step,
    now: datetime,
    timezone: str,
    *,
    sent: Sequence[SentMessage] = (),
    failure: str | None = None,
) -> DropView | None:
    """Record that a step is done (`failure`: it cannot be), with its messages; the last one makes the drop sent.

    None where another attempt, or a person, settled it meanwhile.
    """
    done = replace(drop, steps=drop.steps | step)
    values: dict[str, Any] = {"steps": int(done.steps)}
    if step & Step.POSTED:
        values["sent_at"] = now
        if drop.delete_after is not None:
            values["remove_at"] = now + timedelta(seconds=drop.delete_after)
    if failure is not None:
        values |= {"failure": failure, "asked_at": None}
    is_done = not missing_steps(done) and step != Step.BUTTONS_BEGUN
    if is_done:
        values |= {"state": State.SENT, "claimed_by": None, "claimed_until": None}
    if not change_attempt(session, drop, now, **values):
        return None
    note_messages(session, drop.community_id, drop.number, sent, now)
    if sent:
        unmark_lost(session, drop.community_id, sent[0].chat_id, drop.nonce)
    if is_done:
        go_on(session, drop, timezone, now)
    return find_drop(session, drop.community_id, drop.number)


def go_on(session: Session, drop: DropView, timezone: str, now: datetime) -> None:
    """Queue the next of a drop's series, unless that was done before."""
    if drop.series is not None and not has_successor(session, drop):
        plan_next(session, drop, timezone, now=now)


def record_failure(
    session: Session, drop: DropView, reason: str, detail: str, now: datetime, timezone: str
) -> DropView | None:
    """This content cannot be posted: the drop has failed, its series goes on."""
    values = {"state": State.FAILED, "failure": reason, "failure_detail": detail[:300], "asked_at": None}
    if not change_attempt(session, drop, now, claimed_by=None, claimed_until=None, **values):
        return None
    note_act(session, drop.community_id, Act.FAILED, by=NOBODY, now=now, number=drop.number, detail=reason)
    go_on(session, drop, timezone, now)
    return find_drop(session, drop.community_id, drop.number)


def release(session: Session, drop: DropView, now: datetime) -> bool:
    """Nothing was sent: the drop waits again, as it did."""
    return change_attempt(session, drop, now, state=State.SCHEDULED, claimed_by=None, claimed_until=None)


def record_doubt(session: Session, drop: DropView, detail: str, now: datetime, timezone: str) -> bool:
    """Nobody knows whether it was sent: look for signs, ask, never post it again unasked; its series does not wait."""
    values = {"state": State.UNCERTAIN, "claimed_by": None, "claimed_until": None, "asked_at": None}
    if not change_attempt(session, drop, now, failure="doubt", failure_detail=detail[:300], **values):
        return False
    mark_lost(session, drop.community_id, chat_of(session, drop), drop.nonce, drop.claimed_at or now)
    go_on(session, drop, timezone, now)
    return True


def record_orphan(session: Session, drop: DropView, now: datetime, claim: Claim, default_timezone: str) -> bool:
    """A drop's sender ended before it recorded anything; False where somebody else took care of it."""
    taken = take_over(session, drop, now, claim)
    zone = default_timezone if taken is None else as_job(session, taken, default_timezone).timezone
    return taken is not None and record_doubt(session, taken, "", now, zone)


def record_sign(
    session: Session, drop: DropView, found: Sequence[SentMessage], now: datetime, claim: Claim
) -> DropView | None:
    """An uncertain drop was found: what it became is recorded, and it is claimed for the steps that are missing."""
    taken = take_over(session, drop, now, claim)
    if taken is None:
        return None
    buttons = bool(drop.steps & Step.BUTTONS_BEGUN) and bool(drop.steps & Step.POSTED)
    step = Step.BUTTONS if buttons else Step.POSTED
    values: dict[str, Any] = {"steps": int(drop.steps | step), "failure": None, "failure_detail": None}
    if step is Step.POSTED:
        values["sent_at"] = drop.claimed_at
        if drop.delete_after is not None and drop.claimed_at is not None:
            values["remove_at"] = drop.claimed_at + timedelta(seconds=drop.delete_after)
    unmark_lost(session, drop.community_id, found[0].chat_id, drop.nonce)
    note_messages(session, drop.community_id, drop.number, found, now)
    change_attempt(session, drop, now, **values)
    return find_drop(session, drop.community_id, drop.number)


def spoil_probe(session: Session, drop: DropView, now: datetime) -> None:
    """Buttons were set on a message that was another one: nothing that is tried for this attempt proves it any more."""
    change_attempt(session, drop, now, after_id=None)


def finish(session: Session, drop: DropView, timezone: str, now: datetime) -> bool:
    """Nothing is missing: the drop is sent, its series goes on."""
    values = {"state": State.SENT, "claimed_by": None, "claimed_until": None}
    if not change_attempt(session, drop, now, **values):
        return False
    go_on(session, drop, timezone, now)
    return True


def settle(
    session: Session,
    community_id: int,
    number: int,
    attempt: int,
    by: int,
    now: datetime,
    timezone: str,
    *,
    there: bool,
) -> DropView | None:
    """A person says whether an uncertain drop is there; if not, it is due again. None: it was settled before."""
    drop = find_drop(session, community_id, number)
    if drop is None or drop.state != State.UNCERTAIN or drop.attempt != attempt:
        return None
    act = Act.SETTLED_THERE if there else Act.SETTLED_AGAIN
    note_act(session, community_id, act, by=by, now=now, number=number)
    values: dict[str, Any] = {"failure": None, "failure_detail": None}
    if drop.steps & Step.POSTED:  # only the buttons below an album were in doubt: whoever sends does the rest
        steps = drop.steps | Step.BUTTONS if there else drop.steps & ~Step.BUTTONS_BEGUN
        change_attempt(session, drop, now, state=State.SENDING, steps=int(steps), claimed_until=now, **values)
    elif there:
        values |= {"steps": int(drop.steps | Step.POSTED | Step.BUTTONS), "sent_at": drop.claimed_at}
        change_attempt(session, drop, now, **values)
        finish(session, drop, timezone, now)
    else:
        change_attempt(session, drop, now, state=State.SCHEDULED, **Due(now)._asdict(), **values)
    return find_drop(session, community_id, number)


def retry(session: Session, community_id: int, number: int, by: Actor, now: datetime) -> bool:
    """Try a failed drop again at once, or of a posted one what failed after it: a manager may, and whoever made it."""
    drop = find_drop(session, community_id, number)
    if drop is None or not (by.is_manager or drop.author_id == by.person_id):
        return False
    values: dict[str, Any] = {"failure": None, "failure_detail": None}
    failed = next((step for step, word in FOLLOW_UPS.items() if word == drop.failure), None)
    if drop.state == State.SENT and failed is not None:  # whoever sends takes it over
        undone = failed | Step.BUTTONS_BEGUN if failed is Step.BUTTONS else failed
        values |= {"state": State.SENDING, "steps": int(drop.steps & ~undone), "claimed_until": now}
    elif drop.state == State.FAILED:
        values |= {"state": State.SCHEDULED} | Due(now)._asdict()
    else:
        return False
    if not change_drop(session, community_id, number, {drop.state}, now=now, **values):
        return False
    note_act(session, community_id, Act.RETRIED, by=by.person_id, now=now, number=number)
    return True


def to_replace(session: Session, drop: DropView) -> tuple[DropView, list[SentMessage]] | None:
    """The previous drop of a series and its messages, where they are still there."""
    previous = previous_of(session, drop)
    if previous is None:
        return None
    found = messages_of(session, previous.community_id, previous.number)
    return (previous, found) if found else None


def record_removed(session: Session, drop: DropView, now: datetime, failure: str | None = None) -> None:
    """A drop has left its group (`failure`: it could not)."""
    if failure is None:
        note_removed(session, drop.community_id, drop.number, now)
    values: dict[str, Any] = {"remove_at": None}
    if failure is not None:
        values |= {"failure": failure, "asked_at": None}
    change_drop(session, drop.community_id, drop.number, {State.SENT, State.SENDING}, now=now, **values)
