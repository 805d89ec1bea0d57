"""A digest stays quick however large the store is: figures, newcomers, suggestion and words, no picture."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from peakdrop.days import close_days_now
from peakdrop.digest_plans import digest_window
from peakdrop.digests import report_digest
from peakdrop.local_times import local_of
from peakdrop.suggestion_deeds import find_aftermath
from peakdrop.suggestions import find_proposal
from peakdrop.windows import window_before
from rendering.catalog import get_catalog
from rendering.digests import Advice, render_whole
from storage.communities import find_community
from storage.digests import Every
from storage.drop_content import Content
from storage.kinds import Kind
from storage.store import Store
from tests import facts
from tests.bench.stores import GROUP, NOW, busy_store
from tests.bench.test_stats_bench import median_ms
from tests.drops.posting import post

SMALL, LARGE = 100_000, 10_000_000
ZONE = "Asia/Shanghai"
DAY = date(2026, 11, 22)


def prepare(store: Store) -> int:
    """Drops with tags over the quarter, and newcomers who write; returns the community."""
    community = store.read_now(lambda session: find_community(session, GROUP))
    assert community is not None
    rng = random.Random(1)
    for number in range(60):
        at = NOW - timedelta(days=1 + number, hours=rng.randrange(12))
        tags = ("behind",) if number in (20, 40) else ("deal",)
        post(
            store,
            community.id,
            at,
            100 + number,
            chat_id=GROUP,
            content=Content(f"drop {number} {number**3}"),
            tags=tags,
        )
    end = int(NOW.timestamp())
    for number in range(40):
        who, joined_at = 7_000_000_000 + number, end - rng.randrange(2, 7) * 86_400
        facts.put(store, facts.move(Kind.JOIN, member_id=who, chat_id=GROUP, at=joined_at))
        facts.put(store, facts.message(90_000_000 + number, member_id=who, chat_id=GROUP, at=joined_at + 600))
    return community.id


def digest(store: Store, every: Every) -> str:
    """All that a manager's digest does but for the picture and the sending."""
    community = store.read_now(lambda session: find_community(session, GROUP))
    assert community is not None
    report = store.read_now(lambda session: report_digest(session, community, every, DAY, ZONE, now=NOW))
    store.read_now(lambda session: find_aftermath(session, community, None, ZONE, now=NOW))
    found = store.read_now(lambda session: find_proposal(session, community, report, ZONE, NOW))
    assert found is not None
    return render_whole(report, Advice(), 0, local_of(NOW, ZONE), get_catalog("en"))


@pytest.mark.bench
@pytest.mark.timeout(1500)
def test_a_digest_at_ten_million(tmp_path: Path) -> None:
    taken: dict[tuple[int, Every], float] = {}
    for size in (SMALL, LARGE):
        store = busy_store(tmp_path / f"{size}.db", size)
        community_id = prepare(store)
        for every in Every:
            window = digest_window(every, DAY, ZONE, NOW)
            for one in (window, window_before(window)):
                if one is not None:
                    close_days_now(store, community_id, one, NOW)
            assert "unanswered" in digest(store, every) or every is Every.DAY
            taken[size, every] = median_ms(lambda store=store, every=every: digest(store, every), 7)  # type: ignore[misc]
        store.close()
    for (size, every), ms in taken.items():
        print(f"\na digest ({every.name.lower()}) at {size:,} interactions: {ms:.0f} ms")
    assert max(taken.values()) < 1000
