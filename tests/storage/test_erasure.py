"""A person who asks to be forgotten is gone: from the log, the rollups, the names, and the bytes on disk."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import Session

from peakdrop.privacy import clean_disk, forget_member, member_data, opt_in, opt_out
from storage import erasure
from storage.facts import Facts
from storage.inbox import Incoming, take
from storage.kinds import Kind
from storage.privacy import digest_of, note_forgotten
from storage.store import Store
from storage.times import from_epoch
from tests import facts
from tests.storage.recount import assert_rollups_agree, dump, wipe
from tests.storage.streams import MEMBERS, START, deliver, draw_stream, seeds, sizes

several = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
BOB = 5_000_000_002
NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@several
@given(seeds, sizes)
def test_after_forgetting_a_recount_agrees(any_store: Store, seed: int, size: int) -> None:
    wipe(any_store)
    rng = random.Random(seed)
    facts.put(any_store, *deliver(rng, draw_stream(rng, size)))
    any_store.write_now(lambda session: erasure.forget(session, rng.choice(MEMBERS), NOW))
    any_store.read_now(lambda session: assert_rollups_agree(session))


@several
@given(seeds, sizes)
def test_erasing_up_to_a_moment_leaves_what_never_recording_it_would(any_store: Store, seed: int, size: int) -> None:
    rng = random.Random(seed)
    stream, member_id, until = draw_stream(rng, size), rng.choice(MEMBERS), START + rng.randrange(8_000)
    wipe(any_store)
    facts.put(any_store, *stream)
    any_store.write_now(lambda session: erasure.erase_until(session, member_id, until))
    erased = any_store.read_now(dump)
    wipe(any_store)
    any_store.write_now(lambda session: note_forgotten(session, member_id, from_epoch(until)))
    facts.put(any_store, *stream)
    never = any_store.read_now(dump)
    assert never.pop("hidden")
    # A total keeps the topic of the message that is gone; where the message never came, it has none.
    for rows in (erased, never):
        rows["quarter_count"] = [row for row in rows["quarter_count"] if row[3] != Kind.REACTION_UNNAMED]
        rows["reaction_total"] = [(*row[:5], *row[6:]) for row in rows["reaction_total"]]
    for name, rows_left in never.items():
        assert erased[name] == rows_left, name


def busy_store(store: Store, names: dict[int, str]) -> None:
    """Some weeks of four groups' talk, laid down in an order that splits the pages of the database."""
    rng = random.Random(5)
    people = [*names, *range(6_000_000_000, 6_000_000_100)]
    at, batch = facts.NOON, Facts()
    for number in range(1, 12_001):
        at += rng.randrange(1, 200)
        chat_id, member_id = rng.choice((-1001, -1002, -1003, -1004)), rng.choice(people)
        if rng.random() < 0.7:
            one = facts.message(number, member_id=member_id, chat_id=chat_id, at=at)
            one.members[0] = facts.person(member_id, chat_id=chat_id, at=at, name=names.get(member_id))
        elif rng.random() < 0.7:
            one = facts.reaction(rng.randrange(1, number), member_id=member_id, chat_id=chat_id, at=at, nonce=number)
        else:
            one = facts.move(rng.choice((Kind.JOIN, Kind.LEAVE)), member_id=member_id, chat_id=chat_id, at=at)
        batch.extend(one)
        if number % 100 == 0:
            facts.put(store, batch)
            batch = Facts()


def bytes_on_disk(store: Store) -> bytes:
    path = Path(str(store.engine.url.database))
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(path.name + "*")))


async def test_nothing_of_a_forgotten_person_is_left_on_disk(store: Store) -> None:
    names = {5_123_456_789 + number: f"Zoë Quux-{number} 张三" for number in range(8)}
    busy_store(store, names)
    before = bytes_on_disk(store)
    for member_id, name in names.items():
        traces = [
            name.encode(),
            f"user{member_id}".encode(),
            member_id.to_bytes(6),
            (-member_id).to_bytes(6, signed=True),
        ]
        assert all(trace in before for trace in traces)
        report = await forget_member(store, member_id, NOW)
        assert report.off_disk
        assert report.communities == 4
        left = bytes_on_disk(store)
        for trace in (*traces, member_id.to_bytes(8), str(member_id).encode()):
            assert trace not in left
    store.read_now(assert_rollups_agree)
    with sqlite3.connect(str(store.engine.url.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


async def test_a_reader_in_the_way_is_told_and_the_disk_is_cleaned_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.disk.PAUSE", 0.001)
    facts.put(store, facts.message())
    reading, done = threading.Event(), threading.Event()

    def read_slowly(session: Session) -> None:
        dump(session)
        reading.set()
        done.wait(20)

    reader = threading.Thread(target=store.read_now, args=[read_slowly])
    reader.start()
    reading.wait(20)
    report = await forget_member(store, facts.ANN, NOW)
    assert report.interactions == 1
    assert not report.off_disk
    done.set()
    reader.join()
    assert await clean_disk(store)
    assert facts.ANN.to_bytes(6) not in bytes_on_disk(store)


async def test_forgotten_means_everywhere_and_only_a_hash_is_left(any_store: Store) -> None:
    elsewhere = facts.message(2, chat_id=-77)
    facts.put(any_store, facts.message(1), elsewhere, facts.vote(99), facts.message(3, member_id=BOB))
    payloads = [{"update_id": n, "message": {"from": {"id": who}}} for n, who in ((1, facts.ANN), (2, BOB))]
    waiting = [Incoming(one["update_id"], "message", payload=json.dumps(one)) for one in payloads]  # type: ignore[arg-type]
    any_store.write_now(lambda session: take(session, waiting, NOW))
    report = await forget_member(any_store, facts.ANN, NOW)
    assert (report.interactions, report.communities) == (2, 2)
    held = any_store.read_now(dump)
    assert str(facts.ANN) not in repr(held)
    assert len(held["interaction"]) == len(held["pending_update"]) == 1
    assert held["hidden"] == [(digest_of(facts.ANN, any_store.privacy_key), False, int(NOW.timestamp()))]


async def test_what_was_forgotten_does_not_come_back_but_the_person_may(any_store: Store) -> None:
    now = from_epoch(facts.NOON + 60)
    facts.put(any_store, facts.message(1))
    await forget_member(any_store, facts.ANN, now)
    facts.put(any_store, facts.message(1), facts.message(2, at=facts.NOON + 61))
    assert [row[2] for row in any_store.read_now(dump)["interaction"]] == [2]
    any_store.read_now(lambda session: assert_rollups_agree(session))


async def test_a_clock_that_is_slow_forgets_all_the_same(store: Store) -> None:
    facts.put(store, facts.message(1))
    await forget_member(store, facts.ANN, from_epoch(facts.NOON) - timedelta(minutes=5))
    facts.put(store, facts.message(1))
    assert store.read_now(dump)["interaction"] == []


async def test_a_channel_is_no_person(store: Store) -> None:
    for chat_id in (-100_123, -1_001_234_567_890):
        with pytest.raises(ValueError, match="not of a person"):
            await forget_member(store, chat_id, NOW)


def test_opting_out_stops_the_recording_until_opting_in(any_store: Store) -> None:
    any_store.write_now(lambda session: opt_out(session, facts.ANN))
    facts.put(any_store, facts.message(1), facts.vote(5), facts.message(2, member_id=BOB))
    held = any_store.read_now(dump)
    assert str(facts.ANN) not in repr(held)
    assert len(held["interaction"]) == 1
    any_store.write_now(lambda session: opt_in(session, facts.ANN))
    facts.put(any_store, facts.message(3))
    assert len(any_store.read_now(dump)["interaction"]) == 2


def test_a_person_is_shown_all_that_is_stored_of_them(any_store: Store) -> None:
    facts.put(
        any_store,
        facts.message(1, thread_id=4, flags=17),
        facts.reaction(1, at=facts.NOON + 1_000),
        facts.move(Kind.JOIN, at=facts.NOON - 86_400),
        facts.message(2, member_id=BOB),
        facts.vote(99, at=facts.NOON),
    )
    data = json.loads(json.dumps(any_store.read_now(lambda session: member_data(session, facts.ANN, NOW))))
    assert data["recorded"] is True
    (community,) = data["communities"]
    assert (community["title"], community["name"]) == ("Peak Lab", f"Person {facts.ANN}")
    assert community["first_active_at"] == "2025-10-15T12:00:00+00:00"
    assert community["standing"] == "member"
    told = [(one["at"], one["kind"], one["detail"]) for one in community["interactions"]]
    assert told == [
        ("2025-10-14T12:00:00+00:00", "join", None),
        ("2025-10-15T12:00:00+00:00", "text", None),
        ("2025-10-15T12:16:40+00:00", "reaction_added", "👍"),
    ]
    assert community["interactions"][1]["marks"] == ["reply", "topic"]
    assert community["days"][1] == {
        "day": "2025-10-15",
        "active_from": ["12:00", "12:15"],
        "messages": 1,
        "replies": 1,
        "reactions_added": 1,
    }
    assert data["votes_waiting_for_their_poll"] == [{"poll": 99, "at": "2025-10-15T12:00:00+00:00", "options": 1}]
    assert str(BOB) not in json.dumps(data)


def test_a_stranger_has_nothing_stored(any_store: Store) -> None:
    data = any_store.read_now(lambda session: member_data(session, 404, NOW))
    assert (data["communities"], data["private_chat"]) == ([], None)
