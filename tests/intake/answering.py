"""Someone to answer who only takes note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from handlers.intake import Intake
from handlers.outage import Outage
from storage.inbox import Waiting
from storage.store import Store
from tests.clock import FakeClock
from tests.intake.updates import BOT


class Noting:
    """Notes which updates it was given."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.reloads = 0

    def put(self, waiting: Sequence[Waiting]) -> None:
        self.given += [one.update_id for one in waiting]

    async def room(self) -> None:
        """There is always room."""

    async def reload(self, now: datetime) -> None:
        self.reloads += 1


def outage(name: str, pause: float = 0.01) -> Outage:
    """An outage that is tried again soon."""
    return Outage(name, Random(1), pause, 3 * pause)


def make_intake(store: Store, clock: FakeClock, answering: Noting | None = None) -> Intake:
    """Intake into a store."""
    return Intake(store, clock, answering or Noting(), outage("Database"), BOT)
