"""The whole made-up past in one object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sandbox.seeding.history import DAY, WEEKS, Entry, Member, make_history, make_members
from sandbox.seeding.purchases import make_purchases


@dataclass(slots=True)
class Plot:
    """Members and entries of one seed; `export_id` is the group's id as Desktop writes it."""

    seed: int
    now: datetime
    export_id: int
    members: list[Member]
    entries: list[Entry]
    topic_ids: dict[int, int]  # topic index -> id of its first message

    @property
    def group_id(self) -> int:
        """The Bot API's id of the group."""
        return -1_000_000_000_000 - self.export_id


def make_plot(seed: int, now: datetime) -> Plot:
    """The past of a seed up to `now` (aware); the same arguments give the same past."""
    rng = Random(seed)
    end = int(now.timestamp())
    start = end - WEEKS * 7 * DAY
    export_id = 2_140_000_000 + rng.randrange(1_000_000)
    members = make_members(rng, start, end)
    entries = make_history(rng, members, start, end, make_purchases(seed, end))
    topics = {entry.topic: entry.id for entry in entries if entry.action == "topic_created"}
    return Plot(seed, now, export_id, members, entries, topics)
