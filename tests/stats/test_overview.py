"""The overview: every figure equal to a plain recount of what happened, in any zone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakdrop.days import close_days_now
from peakdrop.metrics.imports import import_metrics
from peakdrop.metrics.reading import read_metrics
from peakdrop.stats import Figures, OverviewReport, overview_json, report_overview
from peakdrop.windows import Window, parse_window, window_before
from storage.communities import find_community, set_settings
from storage.facts import Facts
from storage.inbox import Incoming, take
from storage.interactions import record
from storage.kinds import Actor, Flag, Kind
from storage.member_counts import note_count
from storage.store import Store
from tests import facts

NOW = datetime(2025, 11, 20, 13, 7, 33, tzinfo=UTC)
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


def put(store: Store, *many: Facts) -> None:
    """Store facts."""

    def write(session: object) -> None:
        for one in many:
            record(session, one)  # type: ignore[arg-type]

    store.write_now(write)


def overview(store: Store, text: str, zone: str = "UTC", now: datetime = NOW, *, close: bool = False) -> OverviewReport:
    """The overview of the test group."""
    community = store.read_now(lambda session: find_community(session, facts.GROUP))
    assert community is not None
    window = parse_window(text, zone, now, datetime.fromtimestamp(facts.NOON, UTC) - timedelta(days=40))
    assert window is not None
    if close:
        for one in (window, window_before(window)):
            if one is not None:
                close_days_now(store, community.id, one, now)
    return store.read_now(lambda session: report_overview(session, community, window, compared=False))


def stream(seed: int, size: int) -> list[Facts]:
    """Messages, reactions and commands of a few people over two months."""
    rng = random.Random(seed)
    made = []
    for number in range(1, size + 1):
        at = int(NOW.timestamp()) - rng.randrange(60 * 86_400)
        kind = rng.choice((Kind.TEXT, Kind.PHOTO, Kind.COMMAND))
        actor = rng.choice((Actor.MEMBER,) * 5 + (Actor.BOT,))
        flags = rng.choice((0, Flag.REPLY, Flag.TOPIC))
        who = facts.ANN + rng.randrange(12)
        made.append(facts.message(number, member_id=who, at=at, kind=kind, actor=actor, flags=int(flags), thread_id=4))
        if rng.random() < 0.5:
            made.append(facts.reaction(number, member_id=facts.ANN + rng.randrange(12), at=at + 30, nonce=number))
    return made


def recount(stream: list[Facts], window: Window) -> dict[str, int]:
    """The figures of a window, counted from the facts alone."""
    start, end = window.start.timestamp(), min(window.end.timestamp(), window.as_of.timestamp() + 1)
    rows = [row for one in stream for row in one.interactions if start <= row.at < end]
    people = [row for row in rows if row.actor == Actor.MEMBER]
    messages = [row for row in people if row.kind <= Kind.OTHER]
    return {
        "messages": len(messages),
        "replies": sum(bool(row.flags & Flag.REPLY) for row in messages),
        "reactions": sum(row.kind == Kind.REACTION_ADDED for row in rows),
        "active_members": len({row.member_id for row in people}),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), zone=st.sampled_from(ZONES), text=st.sampled_from(("today", "24h", "7d", "30d")))
def test_figures_equal_a_recount(store: Store, seed: int, zone: str, text: str) -> None:
    wipe(store)
    made = stream(seed, 120)
    put(store, *made)
    for close in (False, True):
        report = overview(store, text, zone, close=close)
        for figures in (report.figures, report.before):
            assert figures is not None
            expected = recount(made, figures.window)
            assert {name: getattr(figures, name) for name in expected} == expected
            assert_people(made, figures, zone)


def assert_people(made: list[Facts], figures: Figures, zone: str) -> None:
    """WAU, MAU and mean DAU, from sets of people by local day."""
    tz, window = ZoneInfo(zone), figures.window
    last = min(window.seen_end, window.end) - timedelta(seconds=1)
    by_day: dict[int, set[int]] = {}
    for one in made:
        for row in one.interactions:
            if row.actor == Actor.MEMBER and row.at <= NOW.timestamp():
                day = datetime.fromtimestamp(row.at, tz).toordinal()
                by_day.setdefault(day, set()).add(row.member_id)
    end = last.astimezone(tz).toordinal()
    for length, found in ((7, figures.wau), (30, figures.mau)):
        assert found == len(set().union(*(by_day.get(day, set()) for day in range(end - length + 1, end + 1))))


def wipe(store: Store) -> None:
    """Empty all tables."""
    from sqlalchemy import text
    from sqlmodel import SQLModel

    def empty(session: object) -> None:
        for table in SQLModel.metadata.sorted_tables:
            session.connection().execute(text(f"DELETE FROM {table.name}"))  # type: ignore[attr-defined]

    store.write_now(empty)


def test_a_quiet_group_has_zeros_and_dashes_not_errors(store: Store) -> None:
    put(store, facts.message(at=facts.NOON))
    figures = overview(store, "7d").figures
    assert (figures.messages, figures.active_members, figures.members) == (0, 0, None)
    assert figures.engagement.value is None
    assert figures.conversion.value is None


def test_members_are_the_count_and_what_came_and_went_since(any_store: Store) -> None:
    put(any_store, facts.message(at=int(NOW.timestamp()) - 4 * 86_400))
    community = any_store.read_now(lambda session: find_community(session, facts.GROUP))
    assert community is not None
    counted_at = NOW - timedelta(days=2)
    any_store.write_now(lambda session: note_count(session, community.id, counted_at, 100))
    for number, kind in enumerate((Kind.JOIN, Kind.JOIN, Kind.JOIN, Kind.LEAVE)):
        put(any_store, facts.move(kind, member_id=facts.ANN + 50 + number, at=int(NOW.timestamp()) - 3600))
    figures = overview(any_store, "7d").figures
    assert (figures.members, figures.joins, figures.leaves) == (102, 3, 1)


def test_a_late_update_changes_a_day_that_was_closed(store: Store) -> None:
    at = int(NOW.timestamp()) - 3 * 86_400
    put(store, facts.message(1, at=at))
    assert overview(store, "7d", close=True).figures.messages == 1
    put(store, facts.message(2, at=at + 60, member_id=facts.ANN + 1))
    figures = overview(store, "7d").figures
    assert (figures.messages, figures.wau) == (2, 2)


def test_a_new_zone_moves_messages_to_their_own_days(store: Store) -> None:
    late = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)  # the 19th in Shanghai
    put(store, facts.message(1, at=int(late.timestamp())))
    community = store.read_now(lambda session: find_community(session, facts.GROUP))
    assert community is not None
    assert [bar.day.day for bar in overview(store, "7d", "UTC", close=True).days if bar.activity] == [18]
    store.write_now(lambda session: set_settings(session, community.id, timezone="Asia/Shanghai"))
    bars = overview(store, "7d", "Asia/Shanghai").days
    assert [bar.day.day for bar in bars if bar.activity] == [19]


def test_the_json_keeps_its_contract(store: Store) -> None:
    put(store, facts.message(1, at=int(NOW.timestamp()) - 60))
    document = overview_json(overview(store, "2025-11-01..2025-11-30", "Asia/Shanghai"), NOW)
    assert {
        "view", "chat", "window", "as_of", "coverage", "members", "active_members", "messages", "reactions", "replies",
        "joins", "leaves", "engagement", "conversion",
    } <= set(document)  # fmt: skip
    assert document["chat"] == facts.GROUP
    assert document["window"] == {
        "start": "2025-11-01T00:00:00+08:00", "end": "2025-12-01T00:00:00+08:00", "timezone": "Asia/Shanghai",
    }  # fmt: skip
    assert document["engagement"] == {"value": None, "numerator": None, "denominator": None}


@pytest.mark.parametrize(("listened", "share"), [(6.5, 1.0), (3.0, None)])
def test_downtime_over_a_day_is_a_gap(store: Store, listened: float, share: float | None) -> None:
    from storage.coverage import keep_listening, note_bot_standings, start_listening
    from storage.facts import BotStandingSeen
    from storage.kinds import Standing

    put(store, facts.message(1, at=int(NOW.timestamp()) - 9 * 86_400))
    community = store.read_now(lambda session: find_community(session, facts.GROUP))
    assert community is not None

    def listen(session: object) -> None:
        began = BotStandingSeen(facts.GROUP, int(NOW.timestamp()) - 9 * 86_400, Standing.ADMIN)
        note_bot_standings(session, community.id, [began])  # type: ignore[arg-type]
        first = start_listening(session, NOW - timedelta(days=9))  # type: ignore[arg-type]
        keep_listening(session, first, NOW - timedelta(days=6.9) if share else NOW - timedelta(days=5))  # type: ignore[arg-type]
        second = start_listening(session, NOW - timedelta(days=listened))  # type: ignore[arg-type]
        keep_listening(session, second, NOW)  # type: ignore[arg-type]

    store.write_now(listen)
    coverage = overview(store, "7d").figures.coverage
    assert coverage.reactions_seen
    if share:
        assert (coverage.share, coverage.gaps) == (1.0, ())
    else:
        ((low, high),) = coverage.gaps
        assert (high - low) == timedelta(days=1)  # two days away, of which Telegram kept one


def test_taking_in_twice_counts_once(store: Store) -> None:
    batch = [Incoming(7, "message", facts.message(1, at=int(NOW.timestamp()) - 60))]
    for _ in range(2):
        store.write_now(lambda session: take(session, batch, NOW))
    assert overview(store, "24h").figures.messages == 1


def test_figures_imported_today_stay_in_view_after_a_change_of_zone(store: Store) -> None:
    put(store, facts.message(1, at=int(NOW.timestamp()) - 60))
    community = store.read_now(lambda session: find_community(session, facts.GROUP))
    assert community is not None
    late = datetime(2025, 11, 20, 20, tzinfo=UTC)  # the 21st in Shanghai, still the 20th in New York
    heads = "video,platform,date,watch time,likes,comments,shares,followers,buyers"
    table = f"{heads}\nA,TikTok,2025-11-21,300,100,50,20,1000,50\n"
    file = read_metrics(table.encode(), "table.csv", timezone="Asia/Shanghai", imported_at=late)
    store.write_now(lambda session: import_metrics(session, community.id, file, skip_bad=False, now=late))
    for zone in ("Asia/Shanghai", "America/New_York"):
        for window in ("7d", "all"):
            figures = overview(store, window, zone, now=late).figures
            assert figures.engagement.value == pytest.approx(0.5667, abs=1e-4), zone
            assert figures.conversion.value == 0.05
