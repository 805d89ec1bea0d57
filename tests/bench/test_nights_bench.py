"""The nightly run of 1,000 groups with a topic each, how long /stats takes meanwhile; the best times of a screen."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert
from sqlmodel import Session

from peakdrop.outlook_nights import make_outlooks
from peakdrop.peaks import best_times
from peakdrop.posting import Taken
from peakdrop.stats import report_overview
from peakdrop.windows import parse_window
from rendering.catalog import get_catalog
from rendering.stats import render_overview
from storage.communities import create, list_communities
from storage.coverage import keep_listening, start_listening
from storage.drop_content import Content
from storage.drops import State, Timing, add_drop
from storage.facts import ChatSeen
from storage.kinds import Actor, Flag, Kind
from storage.models import Interaction, MemberDay
from storage.outlooks import find_outlook
from storage.posting_rules import Rules
from storage.store import Store
from storage.times import from_epoch
from tests.bench.stores import NOW

GROUPS, DAYS = 1_000, 730
DAY_TABLE: Any = MemberDay.__table__  # type: ignore[attr-defined]
RAW: Any = Interaction.__table__  # type: ignore[attr-defined]
TOPIC, TOPIC_DAYS = 7, 84
SINCE = NOW - timedelta(days=DAYS)


def member_days(community_id: int, rng: np.random.Generator) -> list[dict[str, int]]:
    """Two years of a group: most have a few active members a day, some have dozens; all in the evening."""
    daily = min(150.0, float(rng.lognormal(1.3, 1.1)))
    today = int(NOW.timestamp()) // 86_400
    rows: dict[tuple[int, int], int] = {}
    for day in range(today - DAYS, today):
        people = np.unique(rng.geometric(1 / (3 * daily + 1), rng.poisson(daily)))
        for member in people.tolist():
            quarters = np.clip(rng.normal(50, 12, rng.geometric(0.4)).astype(int), 0, 95)
            rows[day, member] = sum(1 << quarter for quarter in set(quarters.tolist()))
    blank = dict.fromkeys((column.name for column in DAY_TABLE.c), 0)
    return [
        blank
        | {"community_id": community_id, "day": day, "member_id": member, "messages": 1}
        | {"early_mask": mask & (1 << 48) - 1, "late_mask": mask >> 48}
        for (day, member), mask in rows.items()
    ]


def topic_messages(community_id: int, days: list[dict[str, int]]) -> list[dict[str, Any]]:
    """All messages of the last weeks, one for each member day, every other one in the topic; a drop is queued there."""
    since = NOW.replace(hour=0) - timedelta(days=TOPIC_DAYS)
    blank = {"community_id": community_id, "chat_id": -1_000_000, "slot": 0, "nonce": 0, "size": 9, "ref": 0}
    blank |= {"kind": int(Kind.TEXT), "actor": int(Actor.MEMBER), "flags": int(Flag.TOPIC)}
    late = [one for one in days if one["day"] >= int(since.timestamp()) // 86_400]
    return [
        blank
        | {"message_id": number, "member_id": one["member_id"], "thread_id": TOPIC * (number % 2)}
        | {"at": from_epoch(one["day"] * 86_400 + (number * 997) % 43_200 + 28_800)}
        for number, one in enumerate(late)
    ]


def queue(session: Session, community_id: int) -> None:
    """A drop at the peak for the topic."""
    values = {"author_id": 1, "content": Content("New"), "timing": Timing.PEAK, "thread_id": TOPIC}
    add_drop(session, community_id, now=NOW, state=State.SCHEDULED, due_at=NOW + timedelta(days=1), **values)


def fill(store: Store) -> int:
    """A store of so many groups; returns its member days."""
    rng, total = np.random.default_rng(7), 0
    span = store.write_now(lambda session: start_listening(session, SINCE))
    store.write_now(lambda session: keep_listening(session, span, NOW))
    for number in range(GROUPS):
        seen = ChatSeen(-1_000_000 - number, "supergroup", f"Group {number}", False, int(SINCE.timestamp()))
        community = store.write_now(lambda session, seen=seen: create(session, seen, seen.at, "Asia/Shanghai"))  # type: ignore[misc]
        rows = member_days(community, rng)
        total += len(rows)
        if rows:
            store.write_now(lambda session, rows=rows: session.connection().execute(insert(DAY_TABLE), rows))  # type: ignore[misc]
        said = topic_messages(community, rows)
        if said:
            store.write_now(lambda session, said=said: session.connection().execute(insert(RAW), said))  # type: ignore[misc]
        store.write_now(lambda session, one=community: queue(session, one))  # type: ignore[misc]
    return total


async def stats_meanwhile(store: Store, ended: asyncio.Event) -> list[float]:
    """Milliseconds that /stats takes, asked by twenty chats a second or as fast as answers come."""
    community = store.read_now(list_communities)[3]
    window = parse_window("7d", "Asia/Shanghai", NOW, SINCE)
    assert window is not None
    taken = []
    while not ended.is_set():
        began = time.perf_counter()
        report = await store.read(lambda session: report_overview(session, community, window, compared=False))
        assert render_overview(report, get_catalog("en"), manager=True)
        taken.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.05)
    return taken


@pytest.mark.bench
async def test_a_night_of_a_thousand_groups(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/peakdrop.db")
    store.prepare()
    rows = fill(store)
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(stats_meanwhile(store, ended))
        began = time.perf_counter()
        made = await make_outlooks(store, "UTC", now=NOW)
        seconds = time.perf_counter() - began
        ended.set()
    waits = sorted(asking.result())
    p99 = waits[int(len(waits) * 0.99)]
    print(f"\n{made} groups, {rows:,} member days: {seconds:.0f} s; /stats meanwhile ({len(waits)} times):")
    print(f"median {statistics.median(waits):.0f} ms, p99 {p99:.0f} ms, longest {waits[-1]:.0f} ms")
    taken = [Taken((NOW + timedelta(hours=hour)).replace(tzinfo=None), hour) for hour in range(0, 150, 3)]
    found = []
    for community in store.read_now(list_communities)[:50]:
        began = time.perf_counter()
        store.read_now(
            lambda session, one=community.id: best_times(  # type: ignore[misc]
                session, one, "Asia/Shanghai", rules=Rules(gap_minutes=60), taken=taken, now=NOW, count=4
            )
        )
        found.append((time.perf_counter() - began) * 1000)
    print(f"best times of a screen: median {statistics.median(found):.1f} ms, longest {max(found):.1f} ms")
    topics = [
        store.read_now(lambda session, one=one.id: find_outlook(session, one, TOPIC))  # type: ignore[misc]
        for one in store.read_now(list_communities)
    ]
    store.close()
    assert None not in topics
    assert made == GROUPS
    assert seconds < 120
    assert p99 < 300
    assert statistics.median(found) < 50
