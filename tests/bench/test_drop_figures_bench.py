"""/drop and /stats drops stay quick however large the store is: queries and words, no picture."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from peakdrop.drop_figures import report_drop, report_drops
from peakdrop.windows import parse_window
from rendering.catalog import get_catalog
from rendering.drop_figures import render_drop, render_drops
from storage.communities import find_community
from storage.facts import Facts
from storage.kinds import Flag
from storage.store import Store
from storage.times import to_epoch
from tests import facts
from tests.bench.stores import GROUP, NOW, busy_store
from tests.bench.test_stats_bench import median_ms
from tests.drops.posting import post

SMALL, LARGE = 100_000, 10_000_000
ZONE = "Asia/Shanghai"
# A fifth of all interactions answers one of the messages shortly before it.
REPLIES = "UPDATE interaction SET ref = message_id - 1 - message_id % 50 WHERE slot = 0 AND (flags & 1) = 1"
DROPS, ANSWERS = 90, 60


def add_drops(store: Store, community_id: int) -> list[int]:
    """A drop a day for the last quarter, each with reactions and a thread; returns their numbers."""
    rng, numbers = random.Random(3), []
    for day in range(DROPS, 0, -1):
        at, root = NOW - timedelta(days=day, hours=3), 900_000_000 + (DROPS - day) * 1000
        numbers.append(post(store, community_id, at, root, chat_id=GROUP))
        batch = Facts()
        for n in range(1, ANSWERS + 1):
            moment, who = to_epoch(at) + rng.randrange(100_000), 5_000_000_000 + rng.randrange(3_000)
            if n % 2:
                batch.extend(facts.reaction(root, chat_id=GROUP, member_id=who, at=moment, nonce=n))
            else:
                told = facts.message(root + n, chat_id=GROUP, member_id=who, at=moment, flags=int(Flag.REPLY))
                parent = root if n < 8 else root + rng.randrange(2, n, 2)
                told.interactions[0] = told.interactions[0]._replace(ref=parent)
                batch.extend(told)
        facts.put(store, batch)
    return numbers


def measure(store: Store) -> tuple[float, float]:
    """Milliseconds of /drop for one drop, and of /stats drops for a quarter."""
    community = store.read_now(lambda session: find_community(session, GROUP))
    assert community is not None
    store.write_now(lambda session: session.connection().execute(text(REPLIES)))
    numbers = add_drops(store, community.id)
    window = parse_window("90d", ZONE, NOW)
    assert window is not None
    catalog = get_catalog("en")

    def drop() -> None:
        read = store.read_now(lambda session: report_drop(session, community, numbers[-5], ZONE, now=NOW))
        assert read is not None
        assert read.sent is not None
        assert read.sent.figures.answers == ANSWERS
        assert render_drop(read, "", catalog)

    def drops() -> None:
        read = store.read_now(lambda session: report_drops(session, community.id, window))
        assert len(read.drops) == DROPS - 1  # the first is older than the window
        assert render_drops(read, catalog)

    return median_ms(drop, 9), median_ms(drops, 9)


@pytest.mark.bench
def test_figures_of_drops_at_ten_million(tmp_path: Path) -> None:
    found = {}
    for size in (SMALL, LARGE):
        store = busy_store(tmp_path / f"{size}.db", size)
        found[size] = measure(store)
        store.close()
    for index, name in enumerate(("/drop", "/stats drops 90d")):
        small, large = found[SMALL][index], found[LARGE][index]
        print(f"\n{name}: {small:.1f} ms at 100 thousand, {large:.1f} ms at 10 million: ratio {large / small:.2f}")
        assert large <= 2 * small + 20
