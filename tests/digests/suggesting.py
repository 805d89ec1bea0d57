"""A manager at the suggestions of made-up weeks: what is suggested, taken up, undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from peakdrop.digests import DigestReport, report_digest
from peakdrop.drops import Actor
from peakdrop.suggestion_deeds import take_suggestion, undo_suggestion
from peakdrop.suggestions import Proposal, find_proposal, keep_proposal
from storage.communities import CommunityView, get_community
from storage.digests import Every
from storage.drop_content import Content
from storage.drops import State, Timing, add_drop, list_drops
from storage.store import Store
from storage.suggestions import SuggestionView
from tests.digests.weeks import Weeks
from tests.drops.conftest import ZONE

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)  # Tuesday noon in Shanghai
BOSS = Actor(5_000_000_001, is_manager=True)


def local(day: int, hour: int = 0) -> datetime:
    """A wall time in November; 0 and below are October's last days."""
    return datetime(2026, 11, 1, hour) + timedelta(days=day - 1)  # noqa: DTZ001 - a wall time


def view(store: Store, community: int) -> CommunityView:
    found = store.read_now(lambda session: get_community(session, community))
    assert found is not None
    return found


def report(weeks: Weeks) -> DigestReport:
    group = view(weeks.store, weeks.community)
    return weeks.store.read_now(lambda session: report_digest(session, group, Every.WEEK, NOW.date(), ZONE, now=NOW))


def propose(weeks: Weeks, now: datetime = NOW) -> Proposal | None:
    group, found = view(weeks.store, weeks.community), report(weeks)
    return weeks.store.read_now(lambda session: find_proposal(session, group, found, ZONE, now))


def suggest(weeks: Weeks) -> SuggestionView:
    """What is suggested, kept."""
    found = propose(weeks)
    assert found is not None
    return weeks.store.write_now(lambda session: keep_proposal(session, weeks.community, found, None, now=NOW))


def undo(weeks: Weeks, number: int, now: datetime = NOW) -> Any:
    return weeks.store.write_now(lambda s: undo_suggestion(s, weeks.community, number, BOSS, ZONE, now=now))


def take(weeks: Weeks, number: int, now: datetime = NOW) -> Any:
    group = view(weeks.store, weeks.community)
    return weeks.store.write_now(lambda s: take_suggestion(s, number, group, BOSS, ZONE, "What next?", now=now))


def drops(weeks: Weeks, *states: State) -> list[Any]:
    return weeks.store.read_now(lambda session: list_drops(session, weeks.community, states))


def usual(weeks: Weeks, count: int = 9) -> None:
    """Drops of the last weeks, three answers each, all at noon."""
    for number in range(count):
        weeks.drop(local(22 - 2 * number, 12), f"{number} plain words about {number**5}", 3)


def draft(weeks: Weeks, hours_old: float, state: State = State.DRAFT, **values: Any) -> int:
    at = NOW - timedelta(hours=hours_old)
    given = {"author_id": 7, "content": Content("A thought for a quiet evening"), "timing": Timing.PEAK, "state": state}
    return weeks.store.write_now(lambda session: add_drop(session, weeks.community, now=at, **given | values))
