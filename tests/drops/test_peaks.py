"""The hour at which most members are there, in the group's own time."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlmodel import Session

from peakdrop.drops import Actor, confirm_drop, move_drop, post_now, start_draft
from peakdrop.local_times import local_of
from peakdrop.peaks import BestTime, best_times
from peakdrop.posting import Taken
from peakdrop.prospects import plan_time
from storage.drop_content import Content
from storage.drops import DropView, find_drop
from storage.facts import Facts, Interaction
from storage.interactions import record
from storage.kinds import Actor as Doer
from storage.kinds import Kind, Slot
from storage.posting_rules import Rules, set_rules
from storage.store import Store
from tests.drops.conftest import CHAT, NOW, ZONE


def write(store: Store, per_day: dict[int, range], days: int = 28) -> None:
    """These members write at each local hour (twice within it) of each of the last days."""
    facts = Facts()
    midnight = NOW.replace(hour=16) - timedelta(days=1)  # of Shanghai
    message = 0
    for day in range(1, days):
        for hour, members in per_day.items():
            for member in members:
                for minute in (5, 50):
                    message += 1
                    at = int((midnight - timedelta(days=day) + timedelta(hours=hour, minutes=minute)).timestamp())
                    who = (at, Kind.TEXT, Doer.MEMBER, member)
                    facts.interactions.append(Interaction(CHAT, message, Slot.MESSAGE, 0, *who))
    store.write_now(lambda session: record(session, facts))


def best(store: Store, community: int, rules: Rules, *taken: Taken, rng: Random | None = None) -> list[BestTime]:
    """The best times there are."""
    return store.read_now(
        lambda session: best_times(session, community, ZONE, rules=rules, taken=taken, now=NOW, count=99, rng=rng)
    )


def test_the_best_time_is_the_next_such_hour(any_store: Store, community: int) -> None:
    write(any_store, {9: range(1, 5), 13: range(1, 3), 21: range(1, 20)})
    found = best(any_store, community, Rules())
    for one in found[:5]:
        assert 19 <= one.local.hour <= 21  # the two hours after it hold the evening
        assert one.members is not None
        assert one.low is not None
        assert one.high is not None
        assert 10 < one.members < 22
        assert one.low <= one.members <= one.high
    assert {one.local.day for one in found[:7]} == {24, 25, 26, 27, 28, 29, 30}
    assert all(abs(one.local - other.local) >= timedelta(hours=2) for one in found for other in found if one != other)


def test_rules_leave_only_what_they_allow(any_store: Store, community: int) -> None:
    write(any_store, {9: range(1, 5), 21: range(1, 20)})
    rules = Rules(quiet_from=18 * 60, quiet_to=24 * 60 - 1, blocked_days=frozenset({3}))
    found = best(any_store, community, rules)
    assert all(one.local.hour < 18 and one.local.weekday() != 3 for one in found)
    slots = best(any_store, community, Rules(slots=("08:10", "20:50", "21:10")))
    assert {f"{one.local:%H:%M}" for one in slots[:7]} <= {"20:50", "21:10"}
    assert {f"{one.local:%H:%M}" for one in slots} == {"08:10", "20:50", "21:10"}


def test_a_second_drop_of_a_day_looks_for_other_people(any_store: Store, community: int) -> None:
    # In the evening 19, at noon 15 of the same and in the morning 12 others: after an evening drop the morning is best.
    write(any_store, {8: range(100, 112), 13: range(1, 16), 21: range(1, 20)})
    day = NOW.date() + timedelta(days=1)
    alone = [one for one in best(any_store, community, Rules()) if one.local.date() == day]
    assert [one.local.hour // 12 for one in alone[:2]] == [1, 1]
    evening = alone[0].local
    beside = [one for one in best(any_store, community, Rules(), Taken(evening, 1)) if one.local.date() == day]
    assert 6 <= beside[0].local.hour <= 8
    assert beside[0].new_share > 0.8


def test_now_and_then_an_uncertain_hour_is_tried_and_says_so(any_store: Store, community: int) -> None:
    write(any_store, {12: range(1, 17), 21: range(1, 20)})
    usual = best(any_store, community, Rules())[0]
    found = [best(any_store, community, Rules(), rng=Random(seed))[0] for seed in range(60)]
    tried = [one for one in found if one.explores]
    assert 1 <= len(tried) <= 12
    assert all(abs(one.local - usual.local) >= timedelta(hours=2) for one in tried)
    assert all((one.members or 0) > 0.5 * (usual.members or 0) for one in tried)  # promising ones only
    assert [one for one in found if not one.explores] == [usual] * (60 - len(tried))
    never = [best(any_store, community, Rules(explored_percent=0), rng=Random(seed))[0] for seed in range(20)]
    assert never == [usual] * 20


def test_a_drop_keeps_whether_its_time_was_chosen_to_learn(any_store: Store, community: int) -> None:
    write(any_store, {12: range(1, 17), 21: range(1, 20)})
    any_store.write_now(lambda session: set_rules(session, community, explored_percent=60))
    by = Actor(1, is_manager=True)

    def queue(session: Session) -> tuple[DropView, bool]:
        draft = start_draft(session, community, by, Content("New"), now=NOW)
        shown = plan_time(session, draft, ZONE, NOW)
        drop = confirm_drop(session, community, draft.number, by, ZONE, now=NOW).drop
        assert drop is not None
        return drop, shown.explores

    queued = [any_store.write_now(queue) for _ in range(12)]
    assert [drop.explores for drop, _ in queued] == [shown for _, shown in queued]  # as its screen said
    tried = [drop for drop, _ in queued if drop.explores]
    assert 2 <= len(tried) <= 11
    any_store.write_now(lambda session: set_rules(session, community, explored_percent=0))
    first, second, third = tried[0].number, tried[1].number, queued[0][0].number
    later = local_of(NOW, ZONE) + timedelta(days=1)

    def stands(number: int) -> bool:
        drop = any_store.read_now(lambda session: find_drop(session, community, number))
        assert drop is not None
        return drop.explores

    assert stands(first)  # whatever the rules say since
    assert stands(second)
    any_store.write_now(lambda session: move_drop(session, community, first, by, later, ZONE, now=NOW))
    any_store.write_now(lambda session: post_now(session, community, second, by, now=NOW))
    any_store.write_now(lambda session: move_drop(session, community, third, by, None, ZONE, now=NOW))
    assert [stands(number) for number in (first, second, third)] == [False] * 3


def test_where_nothing_was_seen_it_is_the_usual_day(any_store: Store, community: int) -> None:
    first = best(any_store, community, Rules())[0]
    assert first.members is None
    assert 18 <= first.local.hour <= 22
