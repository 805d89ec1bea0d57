"""The sandbox under load: how late pages and a poller are, and what a million updates cost in memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.community import build_world
from tests.sandbox.load import frames_under_load, measure

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
MILLION = 1_000_000
LARGEST = 300  # MB


@pytest.mark.bench
@pytest.mark.parametrize("rate", [500, 2_000])
async def test_pages_and_a_poller_stay_live(rate: int) -> None:
    world, used = build_world(7, True, NOW), time.process_time()
    poller, pages = await measure(world, rate, pages=20, seconds=20)
    share = (time.process_time() - used) / 20
    print(f"\n{rate} updates/s to 20 pages and a poller, {share:.0%} of a core\n  poller: {poller}\n  pages:  {pages}")
    assert poller.fewest == pages.fewest == poller.written
    assert poller.p99 < 1
    assert pages.p99 < 1


@pytest.mark.bench
@pytest.mark.parametrize("how", ["polled", "alone"])
def test_a_million_updates_fit_into_memory(how: str) -> None:
    command = [sys.executable, "-m", "tests.bench.million", how, str(MILLION)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(f"\na million updates, {said}")
    found = re.search(r"(\d+) MB", said)
    assert found is not None
    assert int(found[1]) < LARGEST


@pytest.mark.bench
async def test_a_real_page_stays_responsive_at_500_messages_a_second() -> None:
    frames = await frames_under_load(build_world(7, True, NOW), 500, 15)
    median, p95 = frames[len(frames) // 2], frames[int(len(frames) * 0.95)]
    print(f"\na page at 500 messages/s: a frame after {median * 1000:.0f} ms (median), {p95 * 1000:.0f} ms (p95)")
    assert p95 < 1
