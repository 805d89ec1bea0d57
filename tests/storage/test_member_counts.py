"""How many members there were when: counts, and what came and went between them."""

from __future__ import annotations

from sqlmodel import Session

from storage.kinds import Kind
from storage.member_counts import latest_count_at, members_at, note_count
from storage.store import Store
from storage.times import from_epoch
from tests import facts

HOUR = 3_600


def at(store: Store, moment: int) -> int | None:
    return store.read_now(lambda session: members_at(session, 1, from_epoch(moment)))


def count(store: Store, moment: int, n: int) -> None:
    def noting(session: Session) -> None:
        note_count(session, 1, from_epoch(moment), n)

    store.write_now(noting)


def test_without_a_count_nobody_knows(any_store: Store) -> None:
    facts.put(any_store, facts.move(Kind.JOIN))
    assert at(any_store, facts.NOON + HOUR) is None
    assert any_store.read_now(lambda session: latest_count_at(session, 1)) is None


def test_joins_leaves_and_removals_move_the_newest_count(any_store: Store) -> None:
    start = facts.NOON
    facts.put(
        any_store,
        facts.move(Kind.JOIN, member_id=1, at=start + 100),
        facts.move(Kind.JOIN, member_id=2, at=start + 2 * HOUR),
        facts.move(Kind.LEAVE, member_id=1, at=start + 3 * HOUR),
        facts.move(Kind.REMOVAL, member_id=2, at=start + 4 * HOUR),
    )
    count(any_store, start, 50)
    hours = [at(any_store, start + hour * HOUR + 101) for hour in range(5)]
    assert hours == [51, 51, 52, 51, 50]
    assert at(any_store, start) == 50
    count(any_store, start + 3 * HOUR + 30, 60)
    assert at(any_store, start + 5 * HOUR) == 59


def test_before_the_first_count_it_goes_backwards(any_store: Store) -> None:
    start = facts.NOON
    facts.put(
        any_store,
        facts.move(Kind.JOIN, member_id=1, at=start + HOUR),
        facts.move(Kind.JOIN, member_id=2, at=start + 2 * HOUR),
        facts.move(Kind.LEAVE, member_id=3, at=start + 3 * HOUR),
    )
    count(any_store, start + 4 * HOUR, 10)
    assert [at(any_store, start + hour * HOUR + 1) for hour in range(4)] == [9, 10, 11, 10]


def test_who_joins_in_the_second_of_a_count_is_in_it(any_store: Store) -> None:
    facts.put(any_store, facts.move(Kind.JOIN, at=facts.NOON))
    count(any_store, facts.NOON, 10)
    assert at(any_store, facts.NOON + 5) == 10
    assert at(any_store, facts.NOON - 5) == 9


def test_a_join_told_twice_counts_once(any_store: Store) -> None:
    count(any_store, facts.NOON, 10)
    facts.put(any_store, facts.notice(7, at=facts.NOON + 60), facts.move(Kind.JOIN, at=facts.NOON + 61))
    assert at(any_store, facts.NOON + HOUR) == 11


def test_never_less_than_none(any_store: Store) -> None:
    count(any_store, facts.NOON, 0)
    facts.put(any_store, facts.move(Kind.LEAVE, at=facts.NOON + 60))
    assert at(any_store, facts.NOON + HOUR) == 0
