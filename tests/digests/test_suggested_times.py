"""Where nothing can be posted again, a time is suggested: a better one for a queued drop, or one that is free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from peakdrop.composing import content_for
from peakdrop.drops import cancel_drop, confirm_drop
from peakdrop.suggestion_deeds import Press, Taken, fill_free_peak, find_aftermath
from peakdrop.suggestions import keep_proposal, standing_suggestion
from rendering.catalog import get_catalog
from rendering.suggestions import render_suggestion
from storage.audit import Act, list_acts
from storage.communities import aliases, create
from storage.composing import NO_DROP, get_composing, set_composing
from storage.drop_content import Content, Repeat
from storage.drops import OPEN, State, Timing, add_drop, change_drop, find_drop
from storage.facts import ChatSeen
from storage.models import PollSpan
from storage.posting_rules import set_rules
from storage.store import Store
from storage.suggestions import Kind, SuggestionView, drop_old_suggestions, find_suggestion
from tests import facts
from tests.digests.suggesting import BOSS, NOW, draft, drops, local, propose, suggest, take, undo, view
from tests.digests.weeks import Weeks
from tests.drops.conftest import CHAT, ZONE

NOON = local(26, 13)  # Thursday, when few are there


@pytest.fixture
def weeks(any_store: Store) -> Weeks:
    """A busy group in either database, with a drop last week; most are there at eight in the evening."""
    seen = ChatSeen(CHAT, "supergroup", "Fawn Daily", True, 0)
    group = any_store.write_now(lambda session: create(session, seen, seen.at, ZONE))
    span = PollSpan(start_at=datetime(2026, 9, 1, tzinfo=UTC), end_at=NOW)
    any_store.write_now(lambda session: session.add(span))
    made = Weeks(any_store, CHAT, group)
    made.open(local(-60))
    made.live(local(1), 23, 200, people=80)
    made.drop(local(20, 20), "What we saw last week", 3)
    return made


def queued(weeks: Weeks, at: datetime = NOON, now: datetime = NOW, **values: Any) -> int:
    """A drop that the manager has put into the queue for a wall time."""
    given = {"author_id": BOSS.person_id, "content": Content("A walk in the woods"), "timing": Timing.TIME}
    given |= {"local_time": at.isoformat(timespec="minutes"), "late_seconds": 3600} | values

    def put(session: Any) -> int:
        number = add_drop(session, weeks.community, now=now, **given)
        confirm_drop(session, weeks.community, number, BOSS, ZONE, now=now)
        return number

    return weeks.store.write_now(put)


def at_of(weeks: Weeks, number: int) -> str | None:
    """The wall time that a drop has."""
    found = weeks.store.read_now(lambda session: find_drop(session, weeks.community, number))
    return None if found is None else found.local_time


def fill(weeks: Weeks, one: SuggestionView, text: str = "A song of the sea", now: datetime = NOW) -> Press:
    """What the manager sends after the press."""
    group, content = view(weeks.store, weeks.community), Content(text)
    return weeks.store.write_now(lambda s: fill_free_peak(s, one.number, group, BOSS, content, ZONE, now))


def again(weeks: Weeks, number: int) -> SuggestionView:
    """A suggestion as it stands."""
    found = weeks.store.read_now(lambda session: find_suggestion(session, weeks.community, number))
    assert found is not None
    return found


def busy(weeks: Weeks, *days: int) -> None:
    """Drops of these days of November, at eight in the evening."""
    for day in days:
        queued(weeks, local(day, 20), content=Content(f"Something else, number {day}"))


def test_a_drop_at_noon_is_moved_to_its_days_evening_once_and_back(weeks: Weeks) -> None:
    number = queued(weeks)
    one = suggest(weeks)
    assert (one.kind, one.source, one.trait) == (Kind.MOVE, number, "2026-11-26T13:00")
    assert one.local.date() == NOON.date()
    assert 19 <= one.local.hour <= 20
    assert one.figure is not None
    assert one.members is not None
    assert one.figure <= 0.6 * one.members
    drop = weeks.store.read_now(lambda session: find_drop(session, weeks.community, number))
    for language, words in (
        ("en", f"drop {number} “A walk in the woods” in Deals stands for"),
        ("zh", "“Deals”中的投放"),
    ):
        assert words in render_suggestion(one, drop, "Deals", local(24, 12), get_catalog(language))
    first, second = take(weeks, one.number), take(weeks, one.number)
    assert (first.taken, second.taken) == (Taken.DONE, Taken.ALREADY)
    assert at_of(weeks, number) == one.local_time
    assert first.drop.due_at == NOW + (one.local - local(24, 12))
    assert len(drops(weeks, State.SCHEDULED)) == 1
    assert undo(weeks, one.number).taken is Taken.DONE
    assert at_of(weeks, number) == "2026-11-26T13:00"
    assert undo(weeks, one.number).taken is Taken.GONE
    acts = weeks.store.read_now(lambda session: list_acts(session, weeks.community, limit=10, offset=0))
    assert [act.act for act in acts].count(Act.MOVED) == 2
    # Nobody is told of the same drop twice.
    found = propose(weeks)
    assert found is not None
    assert found.idea.kind is Kind.FREE


@pytest.mark.parametrize(
    "values",
    [
        {"is_ad": True},
        {"pin": True},
        {"campaign": "Advent"},
        {"series": 1, "repeat": Repeat(first=NOON.date(), at="13:00"), "occurrence": "2026-11-26T13:00"},
        {"target_chat_id": CHAT - 9},
        {"author_id": 7},
        {"timing": Timing.PEAK, "local_time": None},
        {"content": Content("Live on Thursday")},
        {"content": Content("今晚直播")},
        {"content": Content("Half price until 28 Nov")},
    ],
    ids=lambda values: next(iter(values)),
)
def test_what_is_bound_to_its_time_is_left_there(weeks: Weeks, values: dict[str, Any]) -> None:
    queued(weeks, **values)
    found = propose(weeks)
    assert found is not None
    assert found.idea.kind is Kind.FREE


@pytest.mark.parametrize("at", [local(26, 19), local(25, 21)])
def test_a_drop_that_stands_well_stays(weeks: Weeks, at: datetime) -> None:
    queued(weeks, at)
    found = propose(weeks)
    assert found is not None
    assert found.idea.kind is Kind.FREE


def test_a_drop_that_was_moved_or_cancelled_meanwhile_is_left_alone(weeks: Weeks) -> None:
    number = queued(weeks)
    one = suggest(weeks)
    weeks.store.write_now(lambda session: cancel_drop(session, weeks.community, number, BOSS, now=NOW))
    assert take(weeks, one.number).taken is Taken.GONE
    group = view(weeks.store, weeks.community)
    held = weeks.store.read_now(lambda session: standing_suggestion(session, group, None, ZONE, NOW))
    assert held is None


def test_where_the_better_time_was_taken_the_next_is_offered(weeks: Weeks) -> None:
    number = queued(weeks)
    one = suggest(weeks)
    queued(weeks, one.local, content=Content("Something else"))
    press = take(weeks, one.number)
    assert press.taken is Taken.MOVED
    assert press.suggestion.local != one.local
    assert at_of(weeks, number) == one.trait
    assert take(weeks, one.number).taken is Taken.DONE
    assert at_of(weeks, number) == press.suggestion.local_time


def test_once_its_old_time_is_past_nothing_is_moved_back(weeks: Weeks) -> None:
    number = queued(weeks, local(24, 14))
    one = suggest(weeks)
    assert one.kind is Kind.MOVE
    take(weeks, one.number)
    assert undo(weeks, one.number, NOW + timedelta(hours=3)).taken is Taken.GONE
    assert at_of(weeks, number) == one.local_time


def test_the_best_time_on_a_day_without_a_drop_is_offered(weeks: Weeks) -> None:
    busy(weeks, 24, 25, 26, 28, 29, 30)
    one = suggest(weeks)
    assert (one.kind, one.figure) == (Kind.FREE, 0)
    assert one.local.date() == date(2026, 11, 27)
    assert 19 <= one.local.hour <= 20


def test_where_each_day_has_a_drop_a_second_one_is_offered(weeks: Weeks) -> None:
    busy(weeks, *range(24, 31))
    one = suggest(weeks)
    assert (one.kind, one.figure) == (Kind.FREE, 1)
    assert all(abs(one.local - local(day, 20)) >= timedelta(minutes=45) for day in range(24, 31))


def test_the_days_of_a_series_are_not_free(weeks: Weeks) -> None:
    repeat = Repeat(first=date(2026, 11, 24), days=(0, 1, 2, 3, 4, 5), at="20:00")
    queued(weeks, local(24, 20), repeat=repeat)
    assert len(drops(weeks, State.SCHEDULED)) == 1
    one = suggest(weeks)
    assert one.local.date() == date(2026, 11, 29)  # the only Sunday


def test_a_day_that_has_a_drop_by_now_is_not_offered_again(weeks: Weeks) -> None:
    one, group = suggest(weeks), view(weeks.store, weeks.community)

    def standing(session: Any) -> SuggestionView | None:
        return standing_suggestion(session, group, None, ZONE, NOW)

    assert weeks.store.read_now(standing) == one
    queued(weeks, one.local.replace(hour=9), content=Content("Something else"))
    assert weeks.store.read_now(standing) is None


@pytest.mark.parametrize("hour", [13, 20])
def test_with_a_drop_a_day_each_weekly_digest_ends_in_something_to_do(weeks: Weeks, hour: int) -> None:
    for week in range(4):
        now = NOW + timedelta(days=7 * week)
        for day in range(7):
            at = local(25 + 7 * week + day, hour)
            queued(weeks, at, now=now, content=Content(f"Something else, number {7 * week + day}"))
        found = propose(weeks, now)
        assert found is not None
        assert found.idea.kind is (Kind.MOVE if hour == 13 else Kind.FREE)
        weeks.store.write_now(lambda s, p=found, at=now: keep_proposal(s, weeks.community, p, None, now=at))  # type: ignore[misc]


def test_no_day_is_offered_twice(weeks: Weeks) -> None:
    days = [suggest(weeks).local.date() for _ in range(7)]
    assert sorted(days) == [date(2026, 11, 24) + timedelta(days=n) for n in range(7)]
    assert propose(weeks) is None


def test_what_is_sent_gets_the_time_and_the_next_digest_reports_on_it(weeks: Weeks) -> None:
    one = suggest(weeks)
    assert one.kind is Kind.FREE
    for _ in range(2):
        press = take(weeks, one.number)
        assert (press.taken, press.drop) == (Taken.ASKS, None)
    assert drops(weeks, *OPEN) == []
    made = fill(weeks, one).drop
    assert made is not None
    assert (made.state, made.timing, made.local_time) == (State.DRAFT, Timing.TIME, one.local_time)
    assert take(weeks, one.number).taken is Taken.ALREADY
    other = fill(weeks, one, "Another one")
    assert other.taken is Taken.ALREADY
    assert other.drop is not None
    assert other.drop.timing is Timing.PEAK
    weeks.store.write_now(lambda s: confirm_drop(s, weeks.community, made.number, BOSS, ZONE, now=NOW))
    group = view(weeks.store, weeks.community)

    def told(now: datetime) -> Any:
        return weeks.store.read_now(lambda s: find_aftermath(s, group, None, ZONE, now=now))

    assert told(NOW) is None  # it is still to come
    at = NOW + (one.local - local(24, 12))
    sent = {"state": State.SENT, "sent_at": at}
    weeks.store.write_now(lambda s: change_drop(s, weeks.community, made.number, {State.SCHEDULED}, now=at, **sent))
    assert told(at + timedelta(hours=1)) is None  # people are still answering
    after = told(at + timedelta(hours=2))
    assert after is not None
    assert after.drop is not None
    assert (after.drop.number, after.local) == (made.number, one.local)


def test_a_time_that_is_past_or_taken_gives_way_to_the_next(weeks: Weeks) -> None:
    one = suggest(weeks)
    queued(weeks, one.local, content=Content("Something else"))
    moved = take(weeks, one.number)
    assert moved.taken is Taken.MOVED
    assert moved.suggestion.local.date() != one.local.date()
    # Past, by the time that the manager writes.
    late = NOW + (moved.suggestion.local - local(24, 12)) + timedelta(hours=1)
    press = fill(weeks, moved.suggestion, now=late)
    assert press.taken is Taken.MOVED
    assert press.drop is not None
    assert press.drop.local_time == again(weeks, one.number).local_time
    assert press.drop.local_time > moved.suggestion.local_time


def test_without_a_free_time_the_draft_has_none(weeks: Weeks) -> None:
    one = suggest(weeks)
    weeks.store.write_now(lambda s: set_rules(s, weeks.community, blocked_days=frozenset(range(7))))
    assert take(weeks, one.number).taken is Taken.NO_TIME
    press = fill(weeks, one)
    assert press.taken is Taken.NO_TIME
    assert press.drop is not None
    assert press.drop.timing is Timing.PEAK


def test_a_draft_thrown_away_opens_the_suggestion_again(weeks: Weeks) -> None:
    one = suggest(weeks)
    made = fill(weeks, one).drop
    assert made is not None
    weeks.store.write_now(lambda session: cancel_drop(session, weeks.community, made.number, BOSS, now=NOW))
    assert drops(weeks, *OPEN) == []
    assert again(weeks, one.number).drop_number is None
    # The number of the next drop is that of the one thrown away: the suggestion does not speak of it.
    assert draft(weeks, 1) == made.number
    assert again(weeks, one.number).drop_number is None
    assert take(weeks, one.number).taken is Taken.ASKS


def test_undone_what_was_written_is_a_draft(weeks: Weeks) -> None:
    one = suggest(weeks)
    made = fill(weeks, one).drop
    assert made is not None
    weeks.store.write_now(lambda s: confirm_drop(s, weeks.community, made.number, BOSS, ZONE, now=NOW))
    assert undo(weeks, one.number).taken is Taken.DONE
    (left,) = drops(weeks, *OPEN)
    assert (left.state, left.content.text) == (State.DRAFT, "A song of the sea")
    assert again(weeks, one.number).drop_number is None


def test_what_nobody_reads_any_more_goes_and_numbers_go_on(weeks: Weeks) -> None:
    first, second, third = (suggest(weeks) for _ in range(3))
    fill(weeks, second)
    fill(weeks, first, now=NOW + timedelta(days=50))
    later = NOW + timedelta(days=91)

    def numbers() -> list[int]:
        found = (weeks.store.read_now(lambda s, n=n: find_suggestion(s, weeks.community, n)) for n in range(1, 5))  # type: ignore[misc]
        return [one.number for one in found if one is not None]

    assert weeks.store.write_now(lambda session: drop_old_suggestions(session, NOW + timedelta(days=89))) == 0
    assert weeks.store.write_now(lambda session: drop_old_suggestions(session, later)) == 1
    assert numbers() == [first.number, third.number]
    assert weeks.store.write_now(lambda session: drop_old_suggestions(session, later + timedelta(days=60))) == 1
    assert numbers() == [third.number]
    assert suggest(weeks).number == third.number + 1


def test_who_was_asked_for_a_drop_is_at_nothing_once_two_groups_are_one(weeks: Weeks) -> None:
    newer = CHAT - 1
    facts.put(weeks.store, facts.message(1, chat_id=newer, at=weeks.epoch(local(1))))
    source = weeks.store.read_now(lambda session: aliases(session, [newer])[newer])
    asked = content_for(1)
    weeks.store.write_now(lambda s: set_composing(s, BOSS.person_id, source, NO_DROP, now=NOW, awaits=asked))
    facts.put(weeks.store, facts.migration(CHAT, newer, at=weeks.epoch(local(2))))
    assert weeks.store.read_now(lambda session: get_composing(session, BOSS.person_id)) is None
