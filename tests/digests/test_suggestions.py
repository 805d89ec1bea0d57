"""What is suggested, of which drops, at which time; and that taking it up obeys the group's rules and happens once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from peakdrop.backup import backup, restore
from peakdrop.digest_plans import begin_due
from peakdrop.newcomers import find_newcomers
from peakdrop.privacy import member_data
from peakdrop.suggestion_deeds import Taken
from rendering.catalog import get_catalog
from rendering.suggestions import render_suggestion
from storage.communities import aliases, create
from storage.digests import (
    Every,
    PlanView,
    begin_deliveries,
    claim,
    find_plan,
    list_readers,
    set_plan,
    set_reader,
    waiting,
)
from storage.drops import State, find_drop
from storage.erasure import forget
from storage.facts import ChatSeen
from storage.kinds import Kind as Happening
from storage.models import PollSpan
from storage.posting_rules import set_rules
from storage.store import Store
from storage.suggestions import Kind, find_suggestion
from storage.times import from_epoch
from tests import facts
from tests.digests.suggesting import BOSS, NOW, draft, drops, local, propose, report, suggest, take, undo, usual
from tests.digests.weeks import FIRST, Weeks
from tests.drops.conftest import CHAT, ZONE


@pytest.fixture
def group(store: Store) -> int:
    """A group's id."""
    seen = ChatSeen(CHAT, "supergroup", "Fawn Daily", True, 0)
    return store.write_now(lambda session: create(session, seen, seen.at, ZONE))


@pytest.fixture
def weeks(store: Store, group: int) -> Weeks:
    """A group that was recorded all autumn; most are there at eight in the evening."""
    span = PollSpan(start_at=datetime(2026, 9, 1, tzinfo=UTC), end_at=NOW)
    store.write_now(lambda session: session.add(span))
    made = Weeks(store, CHAT, group, topics={3: "Deals"})
    made.open(local(-60))
    made.live(local(1), 23, 10, people=12)
    return made


def test_a_proposal_goes_before_a_draft_and_what_is_in_the_making_is_left_alone(weeks: Weeks) -> None:
    usual(weeks)
    draft(weeks, 2)
    assert (one := propose(weeks)) is not None
    assert one.idea.kind is Kind.FREE
    old = draft(weeks, 30)
    assert (one := propose(weeks)) is not None
    assert one.idea.source is not None
    assert (one.idea.kind, one.idea.source.number) == (Kind.DRAFT, old)
    waiting_one = draft(weeks, 30, State.PROPOSED, due_at=NOW + timedelta(days=2), local_time="2026-11-26T10:00")
    assert (one := propose(weeks)) is not None
    assert one.idea.source is not None
    assert (one.idea.kind, one.idea.source.number) == (Kind.PROPOSAL, waiting_one)


@pytest.mark.parametrize(
    ("values", "hour", "kind", "trait"),
    [({"tags": ("behind",)}, 12, Kind.TAG, "behind"), ({}, 21, Kind.HOURS, "21")],
)
def test_what_is_answered_most_and_rare_is_suggested_again(
    weeks: Weeks, values: dict[str, Any], hour: int, kind: Kind, trait: str
) -> None:
    usual(weeks)
    best = weeks.drop(local(-8, hour), "The fawn sees the sea", 12, **values)
    weeks.drop(local(-12, hour), "How parcels find their way", 9, **values)
    one = suggest(weeks)
    assert (one.kind, one.trait, one.source) == (kind, trait, best)
    assert one.figure == pytest.approx(10.5 / 3)
    assert kind is not Kind.HOURS or one.local.hour // 3 * 3 == 21
    # The same is not suggested twice within four weeks.
    again = propose(weeks)
    assert again is None or again.idea.key != (kind, best, 0, trait)


def test_what_was_posted_lately_or_lint_objects_to_is_not_repeated(weeks: Weeks) -> None:
    usual(weeks)
    weeks.drop(local(15, 20), "The fawn sees the sea", 30)
    weeks.drop(local(-9, 20), "全网最低价，最好的包", 25)
    one = propose(weeks)
    assert one is None or one.idea.source is None or "plain words" in one.idea.source.content.text


def test_a_fading_topic_is_asked(weeks: Weeks) -> None:
    usual(weeks)
    weeks.live(local(10), 7, 9, people=12, topic=3)
    weeks.live(local(17), 7, 1, people=12, topic=3)
    found = propose(weeks)
    assert found is not None
    assert (found.idea.kind, found.idea.thread_id, found.idea.source) == (Kind.TOPIC, 3, None)
    one = suggest(weeks)
    for language, words in (
        ("en", "about 5 in Deals &amp; Co then. Deals"),
        ("zh", "届时话题“Deals &amp; Co”中约 5 人活跃"),
    ):
        text = render_suggestion(replace(one, members=5.0), None, "Deals & Co", local(24, 12), get_catalog(language))
        assert words in text
    press = take(weeks, one.number)
    assert press.taken is Taken.DONE
    assert press.drop.thread_id == 3
    assert press.drop.content.text == "What next?"


def test_nothing_is_suggested_where_nothing_can_be_posted_or_nothing_is_known(store: Store, weeks: Weeks) -> None:
    assert propose(weeks) is not None
    store.write_now(lambda session: set_rules(session, weeks.community, halted="kicked"))
    assert propose(weeks) is None
    facts.put(store, facts.message(1, chat_id=CHAT - 5, at=0))
    other = store.read_now(lambda session: aliases(session, [CHAT - 5])[CHAT - 5])
    assert propose(Weeks(store, CHAT - 5, other)) is None


def test_the_time_obeys_the_rules_and_one_that_was_taken_moves(weeks: Weeks) -> None:
    rules: dict[str, Any] = {"quiet_from": 18 * 60, "quiet_to": 23 * 60 + 59, "gap_minutes": 120}
    rules |= {"blocked_days": frozenset({1, 2})}
    weeks.store.write_now(lambda session: set_rules(session, weeks.community, **rules))
    one = suggest(weeks)
    assert one.local.weekday() not in (1, 2)
    assert not 18 <= one.local.hour <= 23
    # Meanwhile somebody queued a drop just then.
    draft(weeks, 1, State.SCHEDULED, due_at=NOW + (one.local - datetime(2026, 11, 24, 12)))  # noqa: DTZ001 - a wall time
    moved = take(weeks, one.number)
    assert moved.taken is Taken.MOVED
    assert abs(moved.suggestion.local - one.local) >= timedelta(hours=2)
    assert len(drops(weeks, State.SCHEDULED)) == 1
    assert take(weeks, one.number).taken is Taken.DONE


def test_taken_once_however_often_and_undone(weeks: Weeks) -> None:
    one = suggest(weeks)
    first, second = take(weeks, one.number), take(weeks, one.number)
    assert (first.taken, second.taken) == (Taken.DONE, Taken.ALREADY)
    assert second.drop.number == first.drop.number
    assert [drop.number for drop in drops(weeks, State.SCHEDULED)] == [first.drop.number]
    undone = undo(weeks, one.number)
    assert undone.taken is Taken.DONE
    assert drops(weeks, State.SCHEDULED) == []
    again = undo(weeks, one.number)
    assert again.taken is Taken.GONE
    assert take(weeks, one.number).taken is Taken.DONE


def test_an_undone_draft_is_a_draft_again(weeks: Weeks) -> None:
    usual(weeks)
    number = draft(weeks, 30)
    one = suggest(weeks)
    assert take(weeks, one.number).drop.number == number
    undo(weeks, one.number)
    found = weeks.store.read_now(lambda session: find_drop(session, weeks.community, number))
    assert found is not None
    assert found.state == State.DRAFT
    assert found.content.text == "A thought for a quiet evening"


def test_newcomers_who_wrote_in_vain(weeks: Weeks) -> None:
    weeks.join(local(18, 12), 1, writes=True)
    weeks.join(local(18, 13), 2, writes=True, answered=True)
    silent = weeks.join(local(19, 13), 3)
    left = weeks.join(local(20, 13), 4, writes=True)
    gone = facts.move(Happening.LEAVE, member_id=left, chat_id=CHAT, at=weeks.epoch(local(21)))
    facts.put(weeks.store, gone)
    weeks.join(local(19, 20), 5, writes=True)
    reply = facts.message(900_000, member_id=FIRST, chat_id=CHAT, at=weeks.epoch(local(20)), flags=1)
    reply.interactions = [reply.interactions[0]._replace(ref=weeks.message_id)]
    facts.put(weeks.store, reply)
    window = report(weeks).window
    found = weeks.store.read_now(lambda session: find_newcomers(session, weeks.community, window))
    assert found.joined == ("Ann", "Bob Marley", "周予安", "Eva")
    assert [one.name for one in found.unanswered] == ["Ann"]
    assert silent


def test_two_processes_on_one_postgresql_send_each_digest_once(postgres_store: Store) -> None:
    facts.put(postgres_store, facts.message(1, chat_id=CHAT, at=0))
    community = postgres_store.read_now(lambda session: aliases(session, [CHAT])[CHAT])
    plan = PlanView(community, Every.DAY, 0, 540, True, from_epoch(0))
    postgres_store.write_now(lambda session: set_plan(session, plan))
    stores = [postgres_store, Store(postgres_store.engine.url.render_as_string(hide_password=False))]
    sent: list[str] = []
    together = threading.Barrier(2)

    def work(store: Store) -> None:
        for day in range(8):
            now = NOW + timedelta(days=day)
            together.wait(10)
            store.write_now(lambda s, now=now: begin_due(s, {community: ZONE}, now))  # type: ignore[misc]
            for one in store.read_now(waiting):
                is_mine = store.write_now(lambda s, one=one, now=now: claim(s, one, now))  # type: ignore[misc]
                sent.extend([one.occurrence] * is_mine)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    stores[1].close()
    assert sorted(sent) == [
        f"2026-{11 if day <= 30 else 12}-{day if day <= 30 else day - 30:02}T09:00" for day in range(24, 32)
    ]


def test_somebody_who_is_forgotten_leaves_no_trace_in_digests(any_store: Store, community: int) -> None:
    person = BOSS.person_id

    def involve(session: Any) -> None:
        set_reader(session, community, person, now=NOW)
        begin_deliveries(session, community, "2026-11-24T09:00", NOW, [0, person])

    any_store.write_now(involve)
    (told,) = any_store.read_now(lambda session: member_data(session, person, NOW))["communities"]
    assert told["digests_wanted"] == [{"at": NOW.isoformat()}]
    assert told["digests"] == [{"at": NOW.isoformat(), "state": "waiting"}]
    any_store.write_now(lambda session: forget(session, person, NOW))
    assert any_store.read_now(lambda session: list_readers(session, community)) == []
    assert [one.person_id for one in any_store.read_now(waiting)] == [0]
    assert any_store.read_now(lambda session: member_data(session, person, NOW))["communities"] == []


def test_suggestions_name_nobody_who_is_forgotten(weeks: Weeks) -> None:
    one = suggest(weeks)
    take(weeks, one.number)
    weeks.store.write_now(lambda session: forget(session, BOSS.person_id, NOW))
    found = weeks.store.read_now(lambda session: find_suggestion(session, weeks.community, one.number))
    assert found is not None
    assert found.accepted_by == 0


def test_two_groups_that_are_one_keep_plan_and_suggestion(weeks: Weeks) -> None:
    newer = CHAT - 1
    facts.put(weeks.store, facts.message(1, chat_id=newer, at=weeks.epoch(local(1))))
    source = weeks.store.read_now(lambda session: aliases(session, [newer])[newer])
    weeks.store.write_now(lambda session: set_plan(session, PlanView(source, Every.WEEK, 0, 540, True, NOW)))
    one = suggest(weeks)
    facts.put(weeks.store, facts.migration(CHAT, newer, at=weeks.epoch(local(2))))
    assert weeks.store.read_now(lambda session: find_plan(session, weeks.community)) is not None
    assert weeks.store.read_now(lambda session: find_suggestion(session, weeks.community, one.number)) == one


def test_a_restored_backup_sends_no_digest_that_may_be_out(any_store: Store, community: int, tmp_path: Path) -> None:
    before = NOW - timedelta(days=3)
    any_store.write_now(lambda s: set_plan(s, PlanView(community, Every.WEEK, 0, 540, True, before)))
    backup(any_store, tmp_path / "a.backup", now=before)
    (tmp_path / "second").mkdir()
    target = Store(f"sqlite:///{tmp_path / 'second' / 'peakdrop.db'}")
    restore(target, tmp_path / "a.backup", overwrite=False, now=NOW)
    assert target.write_now(lambda s: begin_due(s, {community: ZONE}, NOW)) == 0
    assert target.write_now(lambda s: begin_due(s, {community: ZONE}, NOW + timedelta(days=7))) == 1
    target.close()
