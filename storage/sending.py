"""Sending as rows: what is due, who has claimed it, which messages it became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, literal_column, or_, select, update
from sqlmodel import Session

from storage.communities import get_community
from storage.drop_messages import MESSAGE
from storage.drop_models import OwnMessage
from storage.drops import COLUMNS, DROP, DropView, State, as_view, find_drop
from storage.models import Interaction
from storage.posting_rules import RULES
from storage.reminders import any_due
from storage.store import QUEUE_CHANGED
from storage.times import epoch, from_epoch

OWN: Any = OwnMessage.__table__  # type: ignore[attr-defined]
INTERACTION: Any = Interaction.__table__  # type: ignore[attr-defined]

# The states are written out, so that the database sees that the small indexes of what is open answer this.
_IS_DUE: Any = literal_column(f"queued_drop.state = {int(State.SCHEDULED)}")
IS_OPEN: Any = literal_column(f"queued_drop.state IN ({int(State.SENDING)}, {int(State.UNCERTAIN)})")
_OTHER: Any = DROP.alias("other")
_OTHER_IS_OPEN: Any = literal_column(f"other.state IN ({int(State.SENDING)}, {int(State.UNCERTAIN)})")
# Order is kept: while one is under way in a place, no other begins there. A halted group posts nothing.
_BUSY = exists().where(
    _OTHER_IS_OPEN,
    _OTHER.c.state == State.SENDING,
    _OTHER.c.community_id == DROP.c.community_id,
    _OTHER.c.target_chat_id.is_not_distinct_from(DROP.c.target_chat_id),
)
_HALTED = exists().where(RULES.c.community_id == DROP.c.community_id, RULES.c.halted.is_not(None))


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """Where drops keep their order: a community's group, or (with `target_chat_id`) a channel of its."""

    community_id: int
    target_chat_id: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who sends, until when the claim holds unless renewed, and the number that this attempt's buttons carry."""

    by: str
    until: datetime
    nonce: int


def next_due_at(session: Session, after: datetime) -> datetime | None:
    """When the next drop of any community becomes due, or must leave its group again, after a moment."""
    connection = session.connection()
    due = select(func.min(epoch(DROP.c.due_at))).where(_IS_DUE, DROP.c.due_at > after)
    leaving = select(func.min(epoch(DROP.c.remove_at))).where(DROP.c.remove_at.is_not(None), DROP.c.remove_at > after)
    found = [seconds for query in (due, leaving) if (seconds := connection.execute(query).scalar()) is not None]
    return from_epoch(min(found)) if found else None


def due_places(session: Session, now: datetime) -> list[PlaceKey]:
    """Where something is due and can be begun, the longest overdue first."""
    place = (DROP.c.community_id, DROP.c.target_chat_id)
    query = select(*place).where(_IS_DUE, DROP.c.due_at <= now, ~_BUSY, ~_HALTED).group_by(*place)
    found = session.connection().execute(query.order_by(func.min(DROP.c.due_at), DROP.c.community_id))
    return [PlaceKey(row[0], row[1]) for row in found]


def first_due(session: Session, place: PlaceKey, now: datetime) -> DropView | None:
    """The first drop due in a place; None where none is, one is under way there, or the group is halted."""
    here = and_(
        DROP.c.community_id == place.community_id, DROP.c.target_chat_id.is_not_distinct_from(place.target_chat_id)
    )
    query = select(*COLUMNS).where(here, _IS_DUE, DROP.c.due_at <= now, ~_BUSY, ~_HALTED)
    row = session.connection().execute(query.order_by(DROP.c.due_at, DROP.c.number).limit(1)).first()
    return None if row is None else as_view(row)


def claim_due(session: Session, place: PlaceKey, now: datetime, claim: Claim) -> DropView | None:
    """Take the first drop due in a place for sending; None where `first_due` finds none."""
    first = first_due(session, place, now)
    return None if first is None else claim_drop(session, first, now, claim)


def claim_drop(session: Session, drop: DropView, now: datetime, claim: Claim) -> DropView | None:
    """Take a drop for (another attempt at) sending; None where it no longer stands as it was seen."""
    values = {
        "state": State.SENDING,
        "attempt": DROP.c.attempt + 1,
        "nonce": claim.nonce,
        "claimed_by": claim.by,
        "claimed_until": claim.until,
        "claimed_at": now,
        "after_id": newest_message(session, drop.community_id, chat_of(session, drop)),
        "changed_at": now,
        "failure": None,
        "failure_detail": None,
        "asked_at": None,
    }
    return _take(session, drop, values)


def take_over(session: Session, drop: DropView, now: datetime, claim: Claim) -> DropView | None:
    """Take a drop whose post is recorded, to do what is missing: the attempt stays the same one."""
    values = {"state": State.SENDING, "claimed_by": claim.by, "claimed_until": claim.until, "changed_at": now}
    return _take(session, drop, values)


def hold_place(session: Session, drop: DropView, claim: Claim) -> DropView | None:
    """Keep an uncertain drop's place free of other posts while its message is looked for; None: it is busy."""
    others = exists().where(
        _OTHER_IS_OPEN,
        _OTHER.c.state == State.SENDING,
        _OTHER.c.community_id == drop.community_id,
        _OTHER.c.target_chat_id.is_not_distinct_from(drop.target_chat_id),
    )
    if drop.state != State.UNCERTAIN or session.connection().execute(select(others)).scalar():
        return None
    return _take(session, drop, {"state": State.SENDING, "claimed_by": claim.by, "claimed_until": claim.until})


def let_go(session: Session, drop: DropView) -> None:
    """Its message was not found: it is uncertain as before."""
    free = {"state": State.UNCERTAIN, "claimed_by": None, "claimed_until": None}
    _take(session, drop, free)


def _take(session: Session, drop: DropView, values: dict[str, Any]) -> DropView | None:
    # A claim of one's own may have been renewed meanwhile; anybody else's must stand as it was seen.
    own = drop.claimed_by is not None and drop.claimed_by == (values["claimed_by"] or drop.claimed_by)
    as_seen = () if own else (DROP.c.claimed_until.is_not_distinct_from(drop.claimed_until),)
    here = and_(
        DROP.c.community_id == drop.community_id,
        DROP.c.number == drop.number,
        DROP.c.state == drop.state,
        DROP.c.nonce == drop.nonce,
        DROP.c.claimed_by.is_not_distinct_from(drop.claimed_by),
        *as_seen,
    )
    if session.connection().execute(update(DROP).where(here).values(values)).rowcount != 1:
        return None
    return find_drop(session, drop.community_id, drop.number)


def change_attempt(session: Session, drop: DropView, now: datetime, **values: Any) -> bool:
    """Record something about an attempt, as long as it is the latest and not settled; False where it is not."""
    here = and_(
        DROP.c.community_id == drop.community_id,
        DROP.c.number == drop.number,
        DROP.c.nonce == drop.nonce,
        DROP.c.state.in_([State.SENDING, State.UNCERTAIN]),
    )
    if "state" in values:
        session.info[QUEUE_CHANGED] = True
    return session.connection().execute(update(DROP).where(here).values(changed_at=now, **values)).rowcount == 1


def chat_of(session: Session, drop: DropView) -> int:
    """The chat a drop goes to, as it is called now. Raises LookupError."""
    if drop.target_chat_id is not None:
        return drop.target_chat_id
    community = get_community(session, drop.community_id)
    if community is None:
        raise LookupError(f"community {drop.community_id} is gone")
    return community.chat_id


def newest_message(session: Session, community_id: int, chat_id: int) -> int:
    """The highest message id known in a chat: seen, posted by a drop, or by the bot beside drops. 0: none."""
    found = [0]
    for table in (INTERACTION, MESSAGE, OWN):
        columns = table.c
        query = select(columns.message_id).where(columns.community_id == community_id, columns.chat_id == chat_id)
        found.append(session.connection().execute(query.order_by(columns.message_id.desc()).limit(1)).scalar() or 0)
    return max(found)


def renew_claims(session: Session, by: str, held: Iterable[tuple[int, int]], until: datetime) -> int:
    """Keep this process's claims on these drops (community, number) alive; returns how many there are."""
    keys = [and_(DROP.c.community_id == community_id, DROP.c.number == number) for community_id, number in held]
    here = and_(or_(*keys), DROP.c.state == State.SENDING, DROP.c.claimed_by == by)
    return session.connection().execute(update(DROP).where(here).values(claimed_until=until)).rowcount if keys else 0


@dataclass(frozen=True, slots=True)
class Survey:
    """All that a sender must know: what is open, where something is due, what leaves its group, whom to tell what.

    `reminds`: somebody is to be reminded of a drop that is out.
    """

    opened: list[DropView]
    places: list[PlaceKey]
    leaving: list[DropView]
    untold: list[DropView]
    halted: list[int]
    reminds: bool
    next_at: datetime | None


def survey(session: Session, now: datetime) -> Survey:
    """The state of all sending. `untold`: drops about whose failure nobody was told; `halted`: such communities."""
    over = and_(DROP.c.remove_at.is_not(None), DROP.c.remove_at <= now)
    untold = and_(DROP.c.failure.is_not(None), DROP.c.asked_at.is_(None))
    opened, leaving, telling = (
        [as_view(row) for row in session.connection().execute(select(*COLUMNS).where(where))]
        for where in (IS_OPEN, over, untold)
    )
    halted = select(RULES.c.community_id).where(RULES.c.halted.is_not(None), RULES.c.halt_told_at.is_(None))
    return Survey(
        opened,
        due_places(session, now),
        leaving,
        telling,
        list(session.connection().execute(halted).scalars()),
        any_due(session),
        next_due_at(session, now),
    )


def hold_telling(session: Session, drop: DropView, by: str, now: datetime, until: datetime) -> bool:
    """One process at a time tells a person about a drop; False where another is at it, or somebody was told."""
    free = or_(DROP.c.claimed_until.is_(None), DROP.c.claimed_until < now, DROP.c.claimed_by == by)
    here = and_(_same(drop), DROP.c.asked_at.is_(None), DROP.c.failure.is_not(None), free)
    values = {"claimed_by": by, "claimed_until": until}
    return session.connection().execute(update(DROP).where(here).values(values)).rowcount == 1


def end_telling(session: Session, drop: DropView, by: str, asked_at: datetime | None) -> None:
    """Somebody was told; None: nobody could be reached."""
    here = and_(_same(drop), DROP.c.claimed_by == by)
    values = {"claimed_by": None, "claimed_until": None, "asked_at": asked_at}
    session.connection().execute(update(DROP).where(here).values(values))


def _same(drop: DropView) -> Any:
    """The same drop in the same state and attempt."""
    return and_(
        DROP.c.community_id == drop.community_id,
        DROP.c.number == drop.number,
        DROP.c.state == drop.state,
        DROP.c.attempt == drop.attempt,
    )
