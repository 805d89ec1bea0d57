"""The short form of tests/soak/test_digest_soak.py: killed while sending, each digest comes once at the most."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from storage.digests import Delivery, Every
from tests.digests.killing import START, survive
from tests.digests.sending import Group, Run, served


@pytest.mark.timeout(120)
async def test_killed_a_few_times_around_their_time_no_digest_comes_twice_and_none_is_missed(tmp_path: Path) -> None:
    tally = await survive(tmp_path, seed=5, kills=7)
    assert tally.kills >= 7
    assert tally.late > 0


async def test_one_whose_time_comes_while_another_is_being_sent_follows_at_once(tmp_path: Path) -> None:
    pair = [
        Group(title, "Asia/Shanghai", Every.DAY, 0, minute, readers=0)
        for title, minute in (("Deer", 540), ("Elk", 541))
    ]
    run = Run(tmp_path, f"sqlite:///{tmp_path}/peakdrop.db", 1, pair, START, days=2)
    async with served(run):
        due_at = run.next_due()
        run.jump(due_at - timedelta(minutes=1))
        life = run.begin()
        await run.up(life)
        await asyncio.sleep(0.3)
        slow = run.world.faults.add(kind="slow", method="sendMessage", nth=1, seconds=0.5)
        run.jump(due_at)
        while not slow.struck:
            await asyncio.sleep(0.01)
        run.jump(due_at + timedelta(seconds=61))
        await run.rest(life)
        assert run.verify().sent == 2


async def test_a_stop_while_digests_are_sent_is_quick_and_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    groups = [Group(f"Herd {number}", "Asia/Shanghai", Every.DAY, 0, 540) for number in range(6)]
    run = Run(tmp_path, f"sqlite:///{tmp_path}/peakdrop.db", 1, groups, START, days=2)
    async with served(run):
        run.jump(run.next_due())
        slow = run.world.faults.add(kind="slow", method="sendMessage", seconds=0.5)
        life = run.begin()
        await run.up(life)
        while not slow.struck:
            await asyncio.sleep(0.01)
        began = asyncio.get_running_loop().time()
        assert await life.stop() == 0
        assert asyncio.get_running_loop().time() - began < 5
        run.world.faults.clear()
        assert Delivery.SENDING not in run.rows().values()
        await run.recover()
        assert run.verify().sent == 18
