"""Drops in a restored backup: what was due since may have been posted already, and nobody here can know."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import update

from storage.dialects import WRITES, open_engine
from storage.digests import DELIVERY, PLAN, Delivery
from storage.drops import DROP, State

RESTORED = "restored"  # why such a drop is uncertain


def doubt_overdue(path: Path, now: datetime) -> int:
    """In a SQLite file that is no store yet: drops that were due by now become uncertain, so that a manager is asked.

    Returns how many.
    """
    engine = open_engine(f"sqlite:///{path}")
    overdue = update(DROP).where(DROP.c.state.in_([State.SCHEDULED, State.SENDING]), DROP.c.due_at <= now)
    values = {"state": State.UNCERTAIN, "failure": RESTORED, "asked_at": None, "claimed_by": None, "changed_at": now}
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            # Which digests were sent since, the backup does not know: those of times to come are sent, no others.
            connection.execute(update(PLAN).values(since_at=now))
            in_doubt = DELIVERY.c.state.in_([Delivery.WAITING, Delivery.SENDING])
            connection.execute(update(DELIVERY).where(in_doubt).values(state=Delivery.UNCERTAIN))
            return connection.execute(overdue.values(values)).rowcount
    finally:
        engine.dispose()
