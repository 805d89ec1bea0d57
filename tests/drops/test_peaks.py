"""The hour at which most members are there, in the group's own time."""

from __future__ import annotations

from datetime import timedelta

from peakdrop.peaks import best_times, members_by_hour
from storage.facts import Facts, Interaction
from storage.interactions import record
from storage.kinds import Actor, Kind, Slot
from storage.posting_rules import Rules
from storage.store import Store
from tests.drops.conftest import CHAT, NOW, ZONE


def write(store: Store, per_day: dict[int, int], days: int = 28) -> None:
    """So many members write at each local hour (twice within it) of each of the last days."""
    facts = Facts()
    midnight = NOW.replace(hour=16) - timedelta(days=1)  # of Shanghai
    message = 0
    for day in range(1, days):
        for hour, members in per_day.items():
            for member in range(1, members + 1):
                for minute in (5, 50):
                    message += 1
                    at = int((midnight - timedelta(days=day) + timedelta(hours=hour, minutes=minute)).timestamp())
                    who = (at, Kind.TEXT, Actor.MEMBER, member)
                    facts.interactions.append(Interaction(CHAT, message, Slot.MESSAGE, 0, *who))
    store.write_now(lambda session: record(session, facts))


def test_members_count_once_an_hour_on_the_mean_of_the_days(any_store: Store, community: int) -> None:
    write(any_store, {9: 4, 13: 2, 21: 7})
    usual = any_store.read_now(lambda session: members_by_hour(session, community, ZONE, NOW))
    assert {hour: round(n, 6) for hour, n in usual.items()} == {9: 4.0, 13: 2.0, 21: 7.0}
    in_delhi = any_store.read_now(lambda session: members_by_hour(session, community, "Asia/Kolkata", NOW))
    assert sorted(in_delhi) == [7, 11, 19]  # two and a half hours earlier, by the hour that holds the middle


def test_the_best_time_is_the_next_such_hour(any_store: Store, community: int) -> None:
    write(any_store, {9: 4, 13: 2, 21: 7})
    best = any_store.read_now(
        lambda session: best_times(session, community, ZONE, rules=Rules(), taken=[], now=NOW, count=9)
    )
    assert [(one.local.day, one.local.hour, one.members) for one in best[:2]] == [(24, 21, 7.0), (25, 21, 7.0)]
    assert (best[7].local.hour, best[7].members) == (9, 4.0)
