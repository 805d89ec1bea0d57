"""/stats stays quick however large the store is: query and words, no picture."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from peakdrop.days import close_days_now
from peakdrop.stats import report_overview
from peakdrop.windows import parse_window, window_before
from rendering.catalog import get_catalog
from rendering.stats import render_overview
from storage.communities import find_community
from storage.counts import first_at
from storage.store import Store
from storage.times import from_epoch
from tests.bench.stores import GROUP, NOW, busy_store

SMALL, LARGE = 100_000, 10_000_000
RUNS = 15
PLAIN = """SELECT sum(kind <= 13), sum(kind = 30) - sum(kind = 31),
 count(DISTINCT CASE WHEN actor = 0 AND (kind <= 20 OR kind IN (30, 50, 51)) THEN member_id END)
 FROM interaction WHERE community_id = 1 AND at >= :start AND at < :end"""


def answer(store: Store, word: str) -> tuple[int, int, int]:
    """What `/stats` does but for the picture; the figures that plain SQL can check."""
    community = store.read_now(lambda session: find_community(session, GROUP))
    assert community is not None
    began = store.read_now(lambda session: first_at(session, community.id))
    assert began is not None
    window = parse_window(word, "Asia/Shanghai", NOW, from_epoch(began))
    assert window is not None
    for one in (window, window_before(window)):
        if one is not None:
            close_days_now(store, community.id, one, NOW)
    report = store.read_now(lambda session: report_overview(session, community, window, compared=False))
    assert render_overview(report, get_catalog("en"), manager=True)
    return report.figures.messages, report.figures.reactions, report.figures.active_members


def plain_sql(store: Store, word: str) -> tuple[int, int, int]:
    """The same figures over the raw rows."""
    window = parse_window(word, "Asia/Shanghai", NOW, from_epoch(0))
    assert window is not None
    span = {"start": int(window.start.timestamp()), "end": int(window.end.timestamp())}
    row = store.read_now(lambda session: session.connection().execute(text(PLAIN), span).one())
    return int(row[0]), int(row[1]), int(row[2])


def median_ms(act: Callable[[], object], runs: int) -> float:
    """Median milliseconds of a call."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


@pytest.mark.bench
def test_stats_at_ten_million(tmp_path: Path) -> None:
    stores = {size: busy_store(tmp_path / f"{size}.db", size) for size in (SMALL, LARGE)}
    large, small = stores[LARGE], stores[SMALL]
    for word in ("7d", "all"):
        assert answer(large, word) == plain_sql(large, word)
    week = {size: median_ms(lambda store=store: answer(store, "7d"), RUNS) for size, store in stores.items()}  # type: ignore[misc]
    everything = median_ms(lambda: answer(large, "all"), RUNS)
    ratio = week[LARGE] / week[SMALL]
    print(f"\n/stats 7d: {week[SMALL]:.1f} ms at 100 thousand, {week[LARGE]:.1f} ms at 10 million: ratio {ratio:.2f}")
    plain = {word: median_ms(lambda word=word: plain_sql(large, word), 3) for word in ("7d", "all")}  # type: ignore[misc]
    print(
        f"/stats all at 10 million: {everything:.1f} ms; plain SQL: 7d {plain['7d']:.0f} ms, all {plain['all']:.0f} ms"
    )
    other = median_ms(lambda: answer(large, "1y"), 3)
    print(f"/stats 1y at 10 million: {other:.1f} ms")
    small.close()
    large.close()
    assert ratio <= 1.5
    assert week[LARGE] <= 30
    assert everything < 100
