"""Rollups recomputed from the log, while the bot goes on."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session

from peakdrop.rebuild import check, rebuild
from storage.kinds import Flag
from storage.recounting import Drift
from storage.store import Store
from tests import facts
from tests.storage.recount import assert_rollups_agree, dump
from tests.storage.streams import draw_stream

SPOILED = (
    "UPDATE quarter_count SET n = n + 1",
    "DELETE FROM quarter_count",
    "INSERT INTO quarter_count (community_id, quarter, topic_id, kind, n) VALUES (1, 5, 0, 1, 3)",
    "UPDATE member_day SET early_mask = early_mask + 1, messages = 7",
    "DELETE FROM member_day",
    "UPDATE member SET first_active_at = 12",
    "UPDATE member SET first_active_at = NULL",
    "UPDATE reaction_total SET unexplained = unexplained + 5",
)


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def spoil(store: Store, statement: str) -> None:
    def spoiling(session: Session) -> None:
        session.connection().execute(text(statement))

    store.write_now(spoiling)


@pytest.mark.parametrize("spoiling", SPOILED)
def test_a_rebuild_puts_right_whatever_was_spoiled(any_store: Store, spoiling: str) -> None:
    facts.put_at_once(any_store, draw_stream(random.Random(7), 60))
    before = any_store.read_now(dump)
    assert check(any_store, progress=quiet).differences == ()
    spoil(any_store, spoiling)
    found = check(any_store, progress=quiet)
    assert found.differences
    report = rebuild(any_store, progress=quiet)
    assert (report.communities, report.days) == (found.communities, found.days)
    assert report.mended
    any_store.read_now(assert_rollups_agree)
    assert any_store.read_now(dump) == before
    assert check(any_store, progress=quiet).differences == ()
    assert rebuild(any_store, progress=quiet).mended == ()


def test_a_difference_names_the_day_and_how_much_differs(store: Store) -> None:
    facts.put(store, facts.message(1), facts.message(2, at=facts.NOON + 86_400))
    spoil(store, "UPDATE member_day SET messages = 9")
    first, second = check(store, progress=quiet).differences
    assert (first.title, first.day, second.day) == ("Peak Lab", date(2025, 10, 15), date(2025, 10, 16))
    assert first.drift == Drift(member_days=1)


def test_progress_counts_the_days(store: Store) -> None:
    for number in range(5):
        facts.put(store, facts.message(number + 1, at=facts.NOON + number * 86_400))
    seen: list[tuple[int, int]] = []
    report = rebuild(store, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 5) for done in range(6)]
    assert (report.communities, report.days) == (1, 5)


def test_the_bot_goes_on_between_the_days(store: Store) -> None:
    for number in range(4):
        facts.put(store, facts.message(number + 1, at=facts.NOON + number * 86_400))

    def meanwhile(done: int, _total: int) -> None:
        late = facts.message(100 + done, member_id=77 + done, at=facts.NOON + done * 86_400 - 9, flags=int(Flag.REPLY))
        facts.put(store, late)

    rebuild(store, progress=meanwhile)
    store.read_now(assert_rollups_agree)
    assert check(store, progress=quiet).differences == ()


def test_an_empty_store_has_nothing_to_compare(any_store: Store) -> None:
    report = check(any_store, progress=quiet)
    assert (report.communities, report.days, report.differences) == (0, 0, ())
