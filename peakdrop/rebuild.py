"""Rollups compared with, or recomputed from, the log: a day at a time, so that the bot goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from storage.communities import list_communities
from storage.recounting import Drift, compare_day, drop_false_first_actives, touched_days
from storage.store import Store
from storage.times import DAY, from_epoch

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DayDifference:
    """A UTC day of a community whose figures were not what the log says; `day` None: members never active."""

    community_id: int
    title: str
    day: date | None
    drift: Drift


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How many communities and UTC days were compared, and the days that differ."""

    communities: int
    days: int
    differences: tuple[DayDifference, ...]


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many communities and UTC days were recomputed, and the days that were put right."""

    communities: int
    days: int
    mended: tuple[DayDifference, ...]


def rebuild(store: Store, *, progress: Progress) -> RebuildReport:
    """Recompute rollups, first activities and unexplained reactions from the log, each day in a transaction of its own.

    `progress` is told (days done, days in all). Days that agree are left as they are. Raises StoreUnavailable.
    """
    return RebuildReport(*_walk(store, progress, mend=True))


def check(store: Store, *, progress: Progress) -> CheckReport:
    """Compare the same with the log and change nothing. Raises StoreUnavailable."""
    return CheckReport(*_walk(store, progress, mend=False))


def _walk(store: Store, progress: Progress, *, mend: bool) -> tuple[int, int, tuple[DayDifference, ...]]:
    run = store.write_now if mend else store.read_now
    communities = store.read_now(list_communities)
    spans = store.read_now(lambda session: [touched_days(session, one.id) for one in communities])
    total, done = sum(map(len, spans)), 0
    differences: list[DayDifference] = []
    progress(0, total)
    for community, span in zip(communities, spans, strict=True):
        known: set[int] = set()
        for day in span:
            drift = run(partial(compare_day, community_id=community.id, day=day, known=known, mend=mend))
            if drift:
                when = from_epoch(day * DAY).date()
                differences.append(DayDifference(community.id, community.title, when, drift))
            done += 1
            progress(done, total)
        false = run(partial(drop_false_first_actives, community_id=community.id, mend=mend))
        if false:
            differences.append(DayDifference(community.id, community.title, None, Drift(first_actives=false)))
    return len(communities), done, tuple(differences)
