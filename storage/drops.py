"""Drops as rows: numbered, found, changed where they still stand as expected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag
from typing import Any

import msgspec
from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlmodel import Session

from storage.drop_content import Content, DropButton, Repeat
from storage.drop_models import Drop
from storage.outlooks import topic_week
from storage.store import QUEUE_CHANGED
from storage.suggestions import free_suggestions

DROP: Any = Drop.__table__  # type: ignore[attr-defined]


class State(IntEnum):
    """Where a drop stands. Numbers are stored (and named in indexes): never renumber."""

    DRAFT = 1
    PROPOSED = 2  # an editor's, waiting for a manager's approval
    SCHEDULED = 3
    PAUSED = 4
    SENDING = 5
    SENT = 6
    UNCERTAIN = 7
    FAILED = 8
    CANCELLED = 9


OPEN = frozenset({State.DRAFT, State.PROPOSED, State.SCHEDULED, State.PAUSED, State.SENDING, State.UNCERTAIN})
COMING = (State.SCHEDULED, State.PAUSED, State.PROPOSED)


class Timing(IntEnum):
    """What decides when: nothing yet, the peak, or a time that was named."""

    NONE = 0
    PEAK = 1
    TIME = 2


class Step(IntFlag):
    """What of a sending is done; a retry does the rest."""

    POSTED = 1
    BUTTONS = 2  # an album carries none: they stand in a message of their own
    PINNED = 4
    REPLACED = 8  # the previous one of its series is taken away
    BUTTONS_BEGUN = 16  # perhaps posted: only a sign or a person can tell


@dataclass(frozen=True, slots=True)
class DropView:
    """A drop as services see it; see storage.drop_models.Drop."""

    community_id: int
    number: int
    state: State
    author_id: int
    created_at: datetime
    changed_at: datetime
    content: Content
    content_key: str
    target_chat_id: int | None
    thread_id: int
    timing: Timing
    due_at: datetime | None
    explores: bool
    local_time: str | None
    late_seconds: int
    repeat: Repeat | None
    series: int | None
    occurrence: str | None
    pin: bool
    silent: bool
    delete_after: int | None
    replaces: bool
    is_ad: bool
    is_hidden: bool
    tags: tuple[str, ...]
    campaign: str | None
    buttons: tuple[DropButton, ...]
    attempt: int
    nonce: int
    claimed_by: str | None
    claimed_until: datetime | None
    claimed_at: datetime | None
    after_id: int | None
    sent_at: datetime | None
    steps: Step
    failure: str | None
    failure_detail: str | None
    asked_at: datetime | None
    remove_at: datetime | None
    approved_by: int | None

    @property
    def topic_id(self) -> int:
        """The topic whose week it is placed by; WHOLE_GROUP where it goes to none (or to General, or to a channel)."""
        return topic_week(self.thread_id if self.target_chat_id is None else 0)


_LATEST = timedelta(days=7)  # that a drop may be sent after it was due
_READ: dict[str, Any] = {
    "state": State,
    "timing": Timing,
    "steps": Step,
    "content": msgspec.json.Decoder(Content).decode,
    "tags": msgspec.json.Decoder(tuple[str, ...]).decode,
    "buttons": msgspec.json.Decoder(tuple[DropButton, ...]).decode,
    "repeat": lambda raw: None if raw is None else msgspec.json.decode(raw, type=Repeat),
}
_JSON = ("content", "tags", "buttons", "repeat")
COLUMNS = [DROP.c[one.name] for one in fields(DropView)]
_NAMES = [one.name for one in fields(DropView)]


def as_view(row: Iterable[Any]) -> DropView:
    """A row of COLUMNS as a view."""
    return DropView(*(_READ[n](v) if n in _READ else v for n, v in zip(_NAMES, row, strict=True)))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Values as columns take them; new content brings its key."""
    if "content" in values:
        values = values | {"content_key": values["content"].key}
    return {
        name: msgspec.json.encode(value).decode() if name in _JSON and value is not None else value
        for name, value in values.items()
    }


def add_drop(session: Session, community_id: int, *, now: datetime, **values: Any) -> int:
    """A new drop; returns its number in the community. `values` as in DropView; a draft unless they say otherwise."""
    connection = session.connection()
    last = connection.execute(select(func.max(DROP.c.number)).where(DROP.c.community_id == community_id)).scalar()
    number = (last or 0) + 1
    row: dict[str, Any] = {"state": State.DRAFT, "timing": Timing.NONE, "late_seconds": 2 * 3600}
    row |= {name: False for name in ("explores", "pin", "silent", "replaces", "is_ad", "is_hidden")}
    row |= {"thread_id": 0, "attempt": 0, "nonce": 0, "steps": 0, "tags": (), "buttons": ()}
    row |= {"created_at": now, "changed_at": now} | values
    connection.execute(insert(DROP).values(community_id=community_id, number=number, **_stored(row)))
    session.info[QUEUE_CHANGED] = True
    return number


def find_drop(session: Session, community_id: int, number: int) -> DropView | None:
    """A drop by its number."""
    query = select(*COLUMNS).where(DROP.c.community_id == community_id, DROP.c.number == number)
    row = session.connection().execute(query).first()
    return None if row is None else as_view(row)


def change_drop(
    session: Session, community_id: int, number: int, expected: Collection[State], *, now: datetime, **values: Any
) -> bool:
    """Change a drop that still stands as expected; False where it no longer does."""
    here = and_(DROP.c.community_id == community_id, DROP.c.number == number, DROP.c.state.in_([*expected]))
    result = session.connection().execute(update(DROP).where(here).values(changed_at=now, **_stored(values)))
    session.info[QUEUE_CHANGED] = True
    return result.rowcount == 1


def discard_draft(session: Session, community_id: int, number: int) -> bool:
    """Take away a draft that was never more than that; a suggestion that it came of is open again."""
    here = and_(DROP.c.community_id == community_id, DROP.c.number == number, DROP.c.state == State.DRAFT)
    if session.connection().execute(delete(DROP).where(here)).rowcount != 1:
        return False
    free_suggestions(session, community_id, number)
    return True


def list_drops(
    session: Session,
    community_id: int,
    states: Collection[State],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 1000,
    offset: int = 0,
) -> list[DropView]:
    """Drops in these states by time (those without one last), due in [since, until) where given."""
    query = select(*COLUMNS).where(DROP.c.community_id == community_id, DROP.c.state.in_([*states]))
    if since is not None:
        query = query.where(DROP.c.due_at >= since)
    if until is not None:
        query = query.where(DROP.c.due_at < until)
    query = query.order_by(DROP.c.due_at.is_(None), DROP.c.due_at, DROP.c.number).limit(limit).offset(offset)
    return [as_view(row) for row in session.connection().execute(query)]


def count_drops(session: Session, community_id: int, states: Collection[State]) -> int:
    """How many drops stand so."""
    query = select(func.count()).where(DROP.c.community_id == community_id, DROP.c.state.in_([*states]))
    return int(session.connection().execute(query).scalar_one())


def recent_drops(session: Session, community_id: int, since: datetime) -> list[DropView]:
    """Drops sent since, and those still coming: what a new one is compared with."""
    sent = and_(DROP.c.state == State.SENT, DROP.c.due_at >= since)
    query = select(*COLUMNS).where(DROP.c.community_id == community_id, or_(sent, DROP.c.state.in_([*COMING])))
    return [as_view(row) for row in session.connection().execute(query.order_by(DROP.c.number))]


def sent_drops(
    session: Session, community_id: int, since: datetime, until: datetime, limit: int = 100_000
) -> list[DropView]:
    """Drops sent in [since, until), the latest first."""
    # What is sent was due about then: the index knows that time.
    near = and_(DROP.c.due_at >= since - _LATEST, DROP.c.due_at < until + _LATEST)
    query = select(*COLUMNS).where(DROP.c.community_id == community_id, DROP.c.state == State.SENT, near)
    query = query.where(DROP.c.sent_at >= since, DROP.c.sent_at < until).order_by(DROP.c.due_at.desc()).limit(limit)
    return [as_view(row) for row in session.connection().execute(query)]


def drop_topics(session: Session, community_id: int, since: datetime) -> list[int]:
    """The topics that drops go to: those of coming drops and of those sent since."""
    columns = DROP.c
    sent = and_(columns.state == State.SENT, columns.due_at >= since)
    query = select(columns.thread_id).distinct().where(columns.community_id == community_id, columns.thread_id != 0)
    query = query.where(columns.target_chat_id.is_(None), or_(sent, columns.state.in_([*COMING])))
    return sorted(session.connection().execute(query).scalars())


def previous_of(session: Session, drop: DropView) -> DropView | None:
    """The latest of a drop's series that was sent and comes before it; a drop found late has sent ones after it."""
    if drop.series is None:
        return None
    here = and_(DROP.c.community_id == drop.community_id, DROP.c.series == drop.series, DROP.c.number < drop.number)
    query = select(*COLUMNS).where(here, DROP.c.state == State.SENT).order_by(DROP.c.number.desc()).limit(1)
    row = session.connection().execute(query).first()
    return None if row is None else as_view(row)


def has_successor(session: Session, drop: DropView) -> bool:
    """Whether a drop's series went on after it, whatever became of that."""
    here = and_(DROP.c.community_id == drop.community_id, DROP.c.series == drop.series, DROP.c.number > drop.number)
    return bool(session.connection().execute(select(exists().where(here))).scalar())
