"""Rows of a content calendar taken into the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from peakdrop.drop_files import BadRow, FileRow
from peakdrop.drops import Actor, Outcome, confirm_drop
from storage.audit import NOBODY
from storage.drops import COMING, Timing, add_drop, discard_draft, list_drops

COMMAND_LINE = Actor(NOBODY, is_manager=True)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that is in the queue now: its drop's number and when it is due (UTC)."""

    line: int
    number: int
    due_at: datetime


def take_row(session: Session, community_id: int, row: FileRow, timezone: str, *, now: datetime) -> TakenRow | BadRow:
    """Queue a row. One that is in the queue already, with the same content and time, is left as it is (`there`)."""
    local_time = None if row.local is None else row.local.isoformat(timespec="minutes")
    for one in list_drops(session, community_id, COMING):
        if one.content_key == row.content.key and one.local_time == local_time:
            return BadRow(row.line, "there", str(one.number))
    timing = Timing.PEAK if row.local is None else Timing.TIME
    values = row.values | {"timing": timing, "local_time": local_time, "content": row.content}
    number = add_drop(session, community_id, now=now, author_id=NOBODY, **values)
    done = confirm_drop(session, community_id, number, COMMAND_LINE, timezone, now=now)
    if done.outcome is Outcome.DONE and done.drop is not None and done.drop.due_at is not None:
        return TakenRow(row.line, number, done.drop.due_at)
    discard_draft(session, community_id, number)
    return BadRow(row.line, done.outcome.value)
