"""A drop's life before it is sent: made, confirmed, approved, moved, paused, cancelled, coming again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from peakdrop import drops, series
from peakdrop.drops import Actor, Outcome
from peakdrop.halting import halt, note_halt_told
from peakdrop.local_times import local_of, moment_of
from peakdrop.posting import Objection
from peakdrop.rule_changes import change_rules, press_rule
from storage.audit import list_acts
from storage.drop_content import Content, Piece, PollContent, Repeat
from storage.drops import DropView, State, Timing, count_drops, find_drop, list_drops
from storage.posting_rules import Rules, get_rules, set_rules
from storage.store import Store
from tests.drops.conftest import NOW, ZONE

LIN = Actor(1, is_manager=True)
MIA = Actor(2, is_manager=False)
CLIP = Content("新片来了", pieces=(Piece("video", "BAAC", "AQ1"),))


class Desk:
    """One group's drops, as its managers handle them."""

    def __init__(self, store: Store, community: int) -> None:
        self.store = store
        self.community = community

    def do(self, fn: Callable[..., Any], *args: Any, now: datetime = NOW, **more: Any) -> Any:
        return self.store.write_now(lambda session: fn(session, self.community, *args, now=now, **more))

    def draft(self, by: Actor = LIN, content: Content = CLIP, **values: Any) -> DropView:
        made: DropView = self.do(drops.start_draft, by, content)
        return self.do(drops.edit_drop, made.number, by, **values).drop if values else made

    def queue(self, local: str, by: Actor = LIN, **values: Any) -> DropView:
        draft = self.draft(by, **values)
        self.do(drops.move_drop, draft.number, by, datetime.fromisoformat(local), ZONE)
        done = self.do(drops.confirm_drop, draft.number, by, ZONE)
        assert done.outcome in (Outcome.DONE, Outcome.PROPOSED)
        return done.drop  # type: ignore[no-any-return]

    def rules(self, **values: Any) -> None:
        self.store.write_now(lambda session: set_rules(session, self.community, **values))

    def find(self, number: int) -> DropView:
        found = self.store.read_now(lambda session: find_drop(session, self.community, number))
        assert found is not None
        return found

    def count(self, *states: State) -> int:
        return self.store.read_now(lambda session: count_drops(session, self.community, states))

    def acts(self) -> list[str]:
        return [one.act for one in self.store.read_now(lambda session: list_acts(session, self.community))]


@pytest.fixture
def desk(any_store: Store, community: int) -> Desk:
    return Desk(any_store, community)


def test_a_draft_keeps_all_it_holds(desk: Desk) -> None:
    poll = Content(poll=PollContent("哪个封面？", ("A", "B"), correct=1, explanation="光线"))
    first = desk.draft(tags=("新片", "rain"), is_ad=True)
    second = desk.draft(content=poll)
    assert (first.number, second.number) == (1, 2)
    assert desk.find(1).content == CLIP
    assert desk.find(1).tags == ("新片", "rain")
    assert desk.find(2).content == poll
    assert desk.find(2).content.kind == "quiz"
    assert desk.find(1).state == State.DRAFT


def test_without_a_past_the_peak_is_this_evening(desk: Desk) -> None:
    done = desk.do(drops.confirm_drop, desk.draft().number, LIN, ZONE)
    assert done.outcome is Outcome.DONE
    assert local_of(done.drop.due_at, ZONE) == datetime(2026, 11, 24, 20, 0)


def test_the_peak_obeys_the_rules_and_the_queue(desk: Desk) -> None:
    only_wednesday = frozenset({0, 1, 3, 4, 5, 6})
    desk.rules(quiet_from=19 * 60, quiet_to=8 * 60, gap_minutes=120, blocked_days=only_wednesday, most_a_day=2)
    done = [desk.do(drops.confirm_drop, desk.draft().number, LIN, ZONE) for _ in range(3)]
    first, second = (local_of(one.drop.due_at, ZONE) for one in done[:2])
    assert datetime(2026, 11, 25, 18) <= first < datetime(2026, 11, 25, 19)
    assert datetime(2026, 11, 25, 8) <= second <= first - timedelta(minutes=120)
    assert done[2].outcome is Outcome.NO_PEAK


def test_where_the_rules_leave_no_time_it_is_said(desk: Desk) -> None:
    desk.rules(blocked_days=frozenset(range(7)))
    draft = desk.draft()
    assert desk.do(drops.confirm_drop, draft.number, LIN, ZONE).outcome is Outcome.NO_PEAK
    assert desk.find(draft.number).state == State.DRAFT


def test_objections_to_a_named_time(desk: Desk) -> None:
    desk.rules(quiet_from=23 * 60, quiet_to=8 * 60, gap_minutes=60, most_a_day=1)
    held = desk.queue("2026-11-25T20:00")
    draft = desk.draft()
    desk.do(drops.move_drop, draft.number, LIN, datetime(2026, 11, 25, 20, 30), ZONE)
    found = desk.store.read_now(lambda s: drops.find_objections(s, desk.find(draft.number), ZONE, NOW))
    assert found == [Objection("too_near", held.number), Objection("too_many")]
    desk.do(drops.move_drop, draft.number, LIN, datetime(2026, 11, 26, 23, 30), ZONE)
    found = desk.store.read_now(lambda s: drops.find_objections(s, desk.find(draft.number), ZONE, NOW))
    assert found == [Objection("quiet")]


def test_a_time_in_the_past_is_refused_and_nothing_lost(desk: Desk) -> None:
    draft = desk.draft()
    desk.do(drops.move_drop, draft.number, LIN, datetime(2026, 11, 24, 11, 0), ZONE)
    assert desk.do(drops.confirm_drop, draft.number, LIN, ZONE).outcome is Outcome.PAST
    assert desk.find(draft.number).content == CLIP


def test_an_editors_drop_waits_where_managers_want_that(desk: Desk) -> None:
    assert desk.queue("2026-11-25T20:00", MIA).state == State.SCHEDULED
    desk.rules(needs_approval=True)
    proposed = desk.queue("2026-11-25T21:00", MIA)
    assert proposed.state == State.PROPOSED
    returned = desk.do(drops.return_drop, proposed.number, LIN).drop
    assert returned.state == State.DRAFT
    desk.do(drops.confirm_drop, proposed.number, MIA, ZONE)
    approved = desk.do(drops.approve_drop, proposed.number, LIN, ZONE).drop
    assert (approved.state, approved.approved_by) == (State.SCHEDULED, 1)
    assert desk.do(drops.approve_drop, proposed.number, LIN, ZONE).outcome is Outcome.GONE


def test_moving_pausing_posting_now_and_cancelling(desk: Desk) -> None:
    drop = desk.queue("2026-11-25T20:00")
    moved = desk.do(drops.move_drop, drop.number, LIN, datetime(2026, 11, 26, 9, 30), ZONE).drop
    assert moved.due_at == moment_of(datetime(2026, 11, 26, 9, 30), ZONE)
    assert desk.do(drops.move_drop, drop.number, LIN, datetime(2026, 11, 20, 9), ZONE).outcome is Outcome.PAST
    assert desk.find(drop.number) == moved
    assert desk.do(drops.pause_drop, drop.number, LIN).drop.state == State.PAUSED
    late = NOW + timedelta(days=5)
    resumed = desk.do(drops.resume_drop, drop.number, LIN, ZONE, now=late).drop
    assert resumed.due_at > late
    assert desk.do(drops.post_now, drop.number, LIN, now=late).drop.due_at == late
    assert desk.do(drops.cancel_drop, drop.number, LIN).drop.state == State.CANCELLED
    assert desk.do(drops.restore_drop, drop.number, LIN).drop.state == State.DRAFT
    assert desk.do(drops.cancel_drop, drop.number, LIN).drop is None
    assert desk.acts() == ["restored", "cancelled", "posted_now", "resumed", "paused", "moved", "scheduled"]


def test_a_series_goes_on_with_one_drop_at_a_time_and_never_piles_up(desk: Desk) -> None:
    first = desk.queue("2026-11-25T20:00", repeat=Repeat(date(2026, 11, 25), at="20:00"))
    assert (first.series, first.occurrence) == (first.number, "2026-11-25T20:00")
    late = NOW + timedelta(days=10)  # the machine slept
    following = desk.do(lambda s, _, now: series.plan_next(s, first, ZONE, now=now), now=late)
    assert local_of(following.due_at, ZONE) == datetime(2026, 12, 4, 20, 0)
    assert (following.series, following.state, following.content) == (first.number, State.SCHEDULED, CLIP)
    assert desk.count(State.SCHEDULED) == 2
    skipped = desk.do(series.skip_drop, following.number, LIN, ZONE, now=late)
    assert skipped.drop.state == State.CANCELLED
    coming = desk.store.read_now(lambda s: list_drops(s, desk.community, {State.SCHEDULED}, since=late))
    assert [one.local_time for one in coming] == ["2026-12-05T20:00"]


def test_a_series_at_the_peak_finds_each_days_peak_when_it_is_near(desk: Desk) -> None:
    desk.rules(quiet_from=19 * 60, quiet_to=8 * 60)
    draft = desk.draft(repeat=Repeat(date(2026, 11, 24), every=9))
    first = desk.do(drops.confirm_drop, draft.number, LIN, ZONE).drop
    assert first.occurrence == "2026-11-24"
    following = desk.do(lambda s, _, now: series.plan_next(s, first, ZONE, now=now))
    assert (following.timing, following.occurrence) == (Timing.PEAK, "2026-12-03")
    near = NOW + timedelta(days=7)
    assert desk.do(series.choose_peaks, ZONE, now=near) == 1
    due = local_of(desk.find(following.number).due_at, ZONE)  # type: ignore[arg-type]
    assert datetime(2026, 12, 3, 18) <= due < datetime(2026, 12, 3, 19)


def test_a_change_of_zone_keeps_the_wall_time(desk: Desk) -> None:
    drop = desk.queue("2026-11-25T20:00")
    assert desk.do(series.replan_zone, "Europe/Berlin") == 1
    assert desk.find(drop.number).due_at == moment_of(datetime(2026, 11, 25, 20, 0), "Europe/Berlin")
    assert desk.do(series.replan_zone, "Europe/Berlin") == 0


def test_rules_are_kept_as_they_were_set(desk: Desk) -> None:
    rules = Rules(1380, 480, 90, 3, frozenset({5, 6}), ("09:00", "20:30"), 7, True, 0, "kicked", NOW)
    values = {one.name: getattr(rules, one.name) for one in fields(Rules)}
    desk.store.write_now(lambda session: set_rules(session, desk.community, **values))
    assert desk.store.read_now(lambda session: get_rules(session, desk.community)) == rules


def test_a_rule_is_changed_alone_whatever_the_screen_showed(desk: Desk) -> None:
    """Two managers at once, and a group that was halted meanwhile."""
    for name, value in (("gap", 60), ("day", 6), ("day", 5), ("most", 3)):
        if name == "most":
            desk.do(halt, "kicked")
            desk.do(note_halt_told)
        change = partial(press_rule, name=name, value=value)
        desk.do(change_rules, change, LIN, name)
    kept = desk.store.read_now(lambda session: get_rules(session, desk.community))
    assert kept == Rules(
        gap_minutes=60, blocked_days=frozenset({5, 6}), most_a_day=3, halted="kicked", halted_at=NOW, halt_told_at=NOW
    )
