"""The rules of a group's schedule, as its managers set them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.dialects import upsert
from storage.drop_models import PostingRules
from storage.store import QUEUE_CHANGED

RULES: Any = PostingRules.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Rules:
    """When a group may be posted to. Minutes count from local midnight, weekdays from Monday (0); 0 is no limit.

    `slots` (HH:MM) are the only times at which peaks are looked for, where there are any. `next_shown` is how many
    coming drops members see by /next, `next_words` whether with their first words. `explored_percent` of the drops at a
    peak go to hours that are promising but uncertain. `halted` says why nothing can be
    posted (see peakdrop.sending).
    """

    quiet_from: int | None = None
    quiet_to: int | None = None
    gap_minutes: int = 0
    most_a_day: int = 0
    blocked_days: frozenset[int] = frozenset()
    slots: tuple[str, ...] = ()
    same_within_days: int = 14
    needs_approval: bool = False
    next_shown: int = 1
    halted: str | None = None
    halted_at: datetime | None = None
    next_words: bool = True
    halt_told_at: datetime | None = None
    explored_percent: int = 10


def get_rules(session: Session, community_id: int) -> Rules:
    """A group's rules; the usual ones where none were set."""
    row = session.connection().execute(select(RULES).where(RULES.c.community_id == community_id)).mappings().first()
    if row is None:
        return Rules()
    values = {name: value for name, value in row.items() if name != "community_id"}
    values["blocked_days"] = frozenset(day for day in range(7) if row["blocked_days"] >> day & 1)
    return Rules(**values | {"slots": tuple(json.loads(row["slots"]))})


def set_rules(session: Session, community_id: int, **values: Any) -> None:
    """Set these of a group's rules, named and given as in Rules; the others stay as they are now."""
    usual = {one.name: one.default for one in fields(Rules)}
    row = _stored(usual | values) | {"community_id": community_id}
    upsert(session, RULES, [row], {name: row[name] for name in values})
    session.info[QUEUE_CHANGED] = True


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    days = sum(1 << day for day in values["blocked_days"])
    return values | {"blocked_days": days, "slots": json.dumps(values["slots"])}
