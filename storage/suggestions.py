"""Suggestions as rows: what was suggested, who took it up, which drop came of it, and where that was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlmodel import Session

from storage.digest_models import Suggestion
from storage.digests import KEPT

SUGGESTION: Any = Suggestion.__table__  # type: ignore[attr-defined]


class Kind(IntEnum):
    """Why something is suggested. Numbers are stored."""

    PROPOSAL = 1  # an editor's drop waits for approval
    DRAFT = 2  # a draft lies about
    TAG = 3  # drops with this tag are answered most, and rare
    FORM = 4  # the same of a kind of content
    HOURS = 5  # the same of hours of the day
    TOPIC = 6  # a topic fades
    BEST = 7  # a drop that was answered most is worth repeating
    QUESTION = 8  # nothing is coming: ask the members something
    MOVE = 9  # a queued drop stands where few are there
    FREE = 10  # the best free time


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """See storage.digest_models.Suggestion."""

    community_id: int
    number: int
    at: datetime
    occurrence: str | None
    kind: Kind
    source: int | None
    thread_id: int
    trait: str | None
    figure: float | None
    local_time: str
    members: float | None
    drop_number: int | None = None
    accepted_by: int | None = None
    accepted_at: datetime | None = None
    told_in: str | None = None

    @property
    def local(self) -> datetime:
        """The suggested wall time, naive."""
        return datetime.fromisoformat(self.local_time)


_NAMES = tuple(SuggestionView.__dataclass_fields__)
_COLUMNS = [SUGGESTION.c[name] for name in _NAMES]
_OPEN = {"accepted_by": None, "accepted_at": None, "drop_number": None}


def _view(row: Any) -> SuggestionView:
    values = dict(zip(_NAMES, row, strict=True))
    return SuggestionView(**values | {"kind": Kind(values["kind"])})


def add_suggestion(session: Session, community_id: int, **values: Any) -> SuggestionView:
    """Keep a suggestion under a new number; `values` as in SuggestionView."""
    highest = select(func.max(SUGGESTION.c.number)).where(SUGGESTION.c.community_id == community_id)
    number = (session.connection().execute(highest).scalar() or 0) + 1
    session.connection().execute(insert(SUGGESTION).values(community_id=community_id, number=number, **values))
    return SuggestionView(community_id, number, **values)


def find_suggestion(session: Session, community_id: int, number: int) -> SuggestionView | None:
    """A suggestion by its number."""
    here = and_(SUGGESTION.c.community_id == community_id, SUGGESTION.c.number == number)
    row = session.connection().execute(select(*_COLUMNS).where(here)).first()
    return None if row is None else _view(row)


def suggestion_of(session: Session, community_id: int, occurrence: str) -> SuggestionView | None:
    """What the digest of a time suggested."""
    here = and_(SUGGESTION.c.community_id == community_id, SUGGESTION.c.occurrence == occurrence)
    row = session.connection().execute(select(*_COLUMNS).where(here).order_by(SUGGESTION.c.number)).first()
    return None if row is None else _view(row)


def suggestions_since(session: Session, community_id: int, since: datetime) -> list[SuggestionView]:
    """What was suggested since, the newest first."""
    here = and_(SUGGESTION.c.community_id == community_id, SUGGESTION.c.at >= since)
    rows = session.connection().execute(select(*_COLUMNS).where(here).order_by(SUGGESTION.c.number.desc()))
    return [_view(row) for row in rows]


def untold(session: Session, community_id: int, occurrence: str | None) -> list[SuggestionView]:
    """What was taken up and no digest (but that of `occurrence`) has reported on, the newest first."""
    fresh = SUGGESTION.c.told_in.is_(None)
    fresh = fresh if occurrence is None else or_(fresh, SUGGESTION.c.told_in == occurrence)
    here = and_(SUGGESTION.c.community_id == community_id, SUGGESTION.c.drop_number.is_not(None), fresh)
    rows = session.connection().execute(select(*_COLUMNS).where(here).order_by(SUGGESTION.c.number.desc()))
    return [_view(row) for row in rows]


def take_up(session: Session, one: SuggestionView, by: int, drop_number: int, now: datetime) -> bool:
    """Somebody took a suggestion up; False where somebody had."""
    values = {"accepted_by": by, "accepted_at": now, "drop_number": drop_number}
    return _change(session, one, SUGGESTION.c.drop_number.is_(None), values)


def take_back(session: Session, one: SuggestionView) -> bool:
    """Undo that; False where it was not taken up, or somebody had undone it."""
    return _change(session, one, SUGGESTION.c.drop_number == one.drop_number, _OPEN)


def free_suggestions(session: Session, community_id: int, drop_number: int) -> None:
    """A draft that came of a suggestion was thrown away: it is open again, and its number may become another drop's."""
    here = and_(SUGGESTION.c.community_id == community_id, SUGGESTION.c.drop_number == drop_number)
    session.connection().execute(update(SUGGESTION).where(here).values(_OPEN))


def move_suggestion(
    session: Session, one: SuggestionView, local_time: str, members: float | None, figure: float | None
) -> None:
    """Another time, because the one suggested is past or taken."""
    values = {"local_time": local_time, "members": members, "figure": figure}
    _change(session, one, SUGGESTION.c.drop_number.is_(None), values)


def note_told(session: Session, one: SuggestionView, occurrence: str) -> None:
    """A digest reports how it went."""
    _change(session, one, SUGGESTION.c.told_in.is_(None), {"told_in": occurrence})


def drop_old_suggestions(session: Session, now: datetime) -> int:
    """Let go of what was suggested and taken up long ago, but for each group's newest, after which numbers go on.

    Returns how many rows.
    """
    columns, newer = SUGGESTION.c, SUGGESTION.alias()
    newest = select(func.max(newer.c.number)).where(newer.c.community_id == columns.community_id).scalar_subquery()
    old = and_(columns.at < now - KEPT, or_(columns.accepted_at.is_(None), columns.accepted_at < now - KEPT))
    return session.connection().execute(delete(SUGGESTION).where(old, columns.number < newest)).rowcount


def _change(session: Session, one: SuggestionView, where: Any, values: dict[str, Any]) -> bool:
    here = and_(SUGGESTION.c.community_id == one.community_id, SUGGESTION.c.number == one.number, where)
    return session.connection().execute(update(SUGGESTION).where(here).values(values)).rowcount == 1
