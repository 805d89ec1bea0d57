"""How sending stands in a community, in a few figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from storage.drops import COLUMNS, DROP, DropView, State, as_view
from storage.posting_rules import get_rules


@dataclass(frozen=True, slots=True)
class SendingHealth:
    """`overdue` counts drops whose time is past, `oldest` is the longest due of them; `failed` is the latest failure.

    `halted` says why nothing can be posted at all.
    """

    queued: int
    overdue: int
    oldest: DropView | None
    next_at: datetime | None
    last_post: DropView | None
    uncertain: tuple[DropView, ...]
    failed: DropView | None
    failures: int
    halted: str | None
    halted_at: datetime | None


def sending_health(session: Session, community_id: int, now: datetime) -> SendingHealth:
    """The state of a community's sending. A drop just due counts as overdue once a minute has gone by."""
    rules = get_rules(session, community_id)
    scheduled = _in_state(community_id, State.SCHEDULED)
    oldest = _first(session, scheduled, DROP.c.due_at)
    is_overdue = oldest is not None and oldest.due_at is not None and (now - oldest.due_at).total_seconds() > 60
    uncertain = session.connection().execute(select(*COLUMNS).where(*_in_state(community_id, State.UNCERTAIN)))
    coming = _first(session, (*scheduled, DROP.c.due_at > now), DROP.c.due_at)
    return SendingHealth(
        queued=_count(session, scheduled),
        overdue=_count(session, (*scheduled, DROP.c.due_at < now)) if is_overdue else 0,
        oldest=oldest if is_overdue else None,
        next_at=coming.due_at if coming else None,
        last_post=_first(session, _in_state(community_id, State.SENT), DROP.c.due_at.desc()),
        uncertain=tuple(as_view(row) for row in uncertain),
        failed=_first(session, _in_state(community_id, State.FAILED), DROP.c.due_at.desc()),
        failures=_count(session, _in_state(community_id, State.FAILED)),
        halted=rules.halted,
        halted_at=rules.halted_at,
    )


def _in_state(community_id: int, state: State) -> tuple[Any, ...]:
    return DROP.c.community_id == community_id, DROP.c.state == state


def _first(session: Session, where: tuple[Any, ...], order: Any) -> DropView | None:
    row = session.connection().execute(select(*COLUMNS).where(*where).order_by(order).limit(1)).first()
    return None if row is None else as_view(row)


def _count(session: Session, where: tuple[Any, ...]) -> int:
    return int(session.connection().execute(select(func.count()).where(*where)).scalar_one())
