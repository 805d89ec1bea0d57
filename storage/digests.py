"""Digests as rows: when they come, who reads them, and which were sent to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import and_, delete, literal_column, select, update
from sqlmodel import Session

from storage.dialects import insert_new, upsert
from storage.digest_models import DigestDelivery, DigestPlan, DigestReader

PLAN: Any = DigestPlan.__table__  # type: ignore[attr-defined]
READER: Any = DigestReader.__table__  # type: ignore[attr-defined]
DELIVERY: Any = DigestDelivery.__table__  # type: ignore[attr-defined]
GROUP = 0  # instead of a person: the group itself
KEPT = timedelta(days=90)
_IS_WAITING: Any = literal_column("digest_delivery.state = 1")


class Every(IntEnum):
    """How often a digest comes. Numbers are stored."""

    DAY = 1
    WEEK = 2


class Delivery(IntEnum):
    """How far a digest is on its way to one chat. Numbers are stored.

    SENDING is what a process that died leaves: nobody knows whether it was sent, and it is not sent again.
    """

    WAITING = 1
    SENDING = 2
    SENT = 3
    REFUSED = 4  # it cannot be sent there
    UNCERTAIN = 5
    LAPSED = 6  # its time went by before it could be sent


@dataclass(frozen=True, slots=True)
class PlanView:
    """When a group's digest comes; see storage.digest_models.DigestPlan."""

    community_id: int
    every: Every
    weekday: int
    minute: int
    to_group: bool
    since_at: datetime
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A digest that waits to be sent to a chat (GROUP or a person)."""

    community_id: int
    occurrence: str
    person_id: int
    due_at: datetime


_PLAN = (
    PLAN.c.community_id,
    PLAN.c.every,
    PLAN.c.weekday,
    PLAN.c.minute,
    PLAN.c.to_group,
    PLAN.c.since_at,
    PLAN.c.is_on,
)


def _plan(row: Any) -> PlanView:
    return PlanView(row[0], Every(row[1]), *row[2:])


def list_plans(session: Session) -> list[PlanView]:
    """All plans that go on."""
    query = select(*_PLAN).where(PLAN.c.is_on).order_by(PLAN.c.community_id)
    return [_plan(row) for row in session.connection().execute(query)]


def find_plan(session: Session, community_id: int) -> PlanView | None:
    """A group's plan; None where no digest comes."""
    return _find_plan(session, and_(PLAN.c.community_id == community_id, PLAN.c.is_on))


def find_ended_plan(session: Session, community_id: int) -> PlanView | None:
    """What was chosen before digests were turned off; None where one comes, or none ever came."""
    return _find_plan(session, and_(PLAN.c.community_id == community_id, ~PLAN.c.is_on))


def _find_plan(session: Session, where: Any) -> PlanView | None:
    row = session.connection().execute(select(*_PLAN).where(where)).first()
    return None if row is None else _plan(row)


def set_plan(session: Session, plan: PlanView) -> None:
    """Keep a group's plan."""
    upsert(session, PLAN, [{name: getattr(plan, name) for name in PlanView.__dataclass_fields__}])


def end_plan(session: Session, community_id: int) -> bool:
    """No digest comes any more; whether one did. What was chosen and who read it is kept, should it come again."""
    here = and_(PLAN.c.community_id == community_id, PLAN.c.is_on)
    return session.connection().execute(update(PLAN).where(here).values(is_on=False)).rowcount == 1


def list_readers(session: Session, community_id: int) -> list[int]:
    """The managers who want it in private, in the order in which they asked."""
    query = select(READER.c.person_id).where(READER.c.community_id == community_id)
    return list(session.connection().execute(query.order_by(READER.c.at, READER.c.person_id)).scalars())


def set_reader(session: Session, community_id: int, person_id: int, *, now: datetime, reads: bool = True) -> None:
    """Somebody wants it in private, or no more."""
    if reads:
        insert_new(session, READER, [{"community_id": community_id, "person_id": person_id, "at": now}])
        return
    here = and_(READER.c.community_id == community_id, READER.c.person_id == person_id)
    session.connection().execute(delete(READER).where(here))


def begin_deliveries(
    session: Session, community_id: int, occurrence: str, due_at: datetime, people: Collection[int]
) -> None:
    """Note that a digest is to go to these chats; what is noted already, whatever became of it, stays."""
    base = {"community_id": community_id, "occurrence": occurrence, "state": Delivery.WAITING, "due_at": due_at}
    insert_new(session, DELIVERY, [base | {"person_id": person_id} for person_id in people])


def has_begun(session: Session, community_id: int, occurrence: str) -> bool:
    """Whether a digest of this time was begun."""
    here = and_(DELIVERY.c.community_id == community_id, DELIVERY.c.occurrence == occurrence)
    return session.connection().execute(select(DELIVERY.c.person_id).where(here).limit(1)).first() is not None


def waiting(session: Session) -> list[DeliveryView]:
    """All that is still to be sent, the oldest first."""
    columns = DELIVERY.c
    query = select(columns.community_id, columns.occurrence, columns.person_id, columns.due_at).where(_IS_WAITING)
    rows = session.connection().execute(query.order_by(columns.due_at, columns.community_id, columns.person_id))
    return [DeliveryView(*row) for row in rows]


def claim(session: Session, one: DeliveryView, now: datetime) -> bool:
    """Take a delivery for sending; False where another process has."""
    values = {"state": Delivery.SENDING, "claimed_at": now}
    return _change(session, one, Delivery.WAITING, values)


def settle(session: Session, one: DeliveryView, state: Delivery, expected: Delivery = Delivery.SENDING) -> bool:
    """Record what became of a delivery; WAITING where nothing was sent and it may be tried again."""
    return _change(session, one, expected, {"state": state})


def _change(session: Session, one: DeliveryView, expected: Delivery, values: dict[str, Any]) -> bool:
    here = and_(
        DELIVERY.c.community_id == one.community_id,
        DELIVERY.c.occurrence == one.occurrence,
        DELIVERY.c.person_id == one.person_id,
        DELIVERY.c.state == expected,
    )
    return session.connection().execute(update(DELIVERY).where(here).values(values)).rowcount == 1


def drop_old_deliveries(session: Session, now: datetime) -> int:
    """Let go of what was sent long ago; returns how many rows."""
    return session.connection().execute(delete(DELIVERY).where(DELIVERY.c.due_at < now - KEPT)).rowcount
