"""The bot killed at random moments around the times at which digests are due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.digests import Delivery, Every
from tests.digests.sending import Group, Run, Tally, served

FAULTS = {
    "in the call": "timeout_before",
    "after the effect": "timeout_after",
    "before the record": "slow",
    "told to wait": "flood",
}
MOMENTS = ("while starting", "any", "before the call", *FAULTS)
START = datetime(2026, 10, 24, 12, tzinfo=UTC)  # in the night that follows Berlin's 02:30 comes twice
FEW = (
    Group("Deer", "Asia/Shanghai", Every.DAY, 0, 540),
    Group("Elk", "Europe/Berlin", Every.DAY, 0, 150, readers=1),
    Group("Fox", "America/New_York", Every.WEEK, 0, 540),
    Group("Goat", "Asia/Shanghai", Every.WEEK, 6, 1080, to_group=False),
)
BUSY = Group("Hare", "UTC", Every.DAY, 0, 75, readers=1, a_day=15)


async def kill_while_sending(run: Run, due_at: datetime) -> None:
    """A life that ends at a random moment of a digest's way: each moment is aimed at in turn."""
    moment = MOMENTS[run.tally.kills % len(MOMENTS)]
    if moment in FAULTS:
        seconds = 0.05 if moment == "before the record" else 4.0
        for method in ("sendMessage", "sendPhoto"):
            run.world.faults.add(kind=FAULTS[moment], method=method, nth=run.rng.randrange(1, 3), seconds=seconds)
    life = run.begin()
    if moment == "while starting":
        await asyncio.sleep(run.rng.uniform(0, 0.8))
        await run.kill(life, moment)
        return
    await run.up(life)
    if run.clock.now() < due_at:  # it waits for the time to come
        await asyncio.sleep(run.rng.uniform(0, 0.3))
        run.jump(due_at + timedelta(seconds=1))
    async with asyncio.timeout(30):
        while moment != "any" and not has_come(run, moment) and not run.is_resting():
            life.assert_alive()
            await asyncio.sleep(0.005)
    run.world.faults.clear()
    await asyncio.sleep(run.rng.uniform(0, {"any": 0.6, "before the record": 0.1}.get(moment, 0.05)))
    await run.kill(life, "at rest" if run.is_resting() else moment)


def has_come(run: Run, moment: str) -> bool:
    """Whether the moment to aim at has come."""
    if moment in FAULTS:
        return any(one.struck for one in run.world.faults.faults)
    return Delivery.WAITING in run.rows().values()


async def survive(folder: Path, seed: int, kills: int, groups: Sequence[Group] = FEW) -> Tally:
    """Kill the bot so many times while it sends digests, let the last ones be sent, and verify every digest."""
    run = Run(folder, f"sqlite:///{folder}/peakdrop.db", seed, groups, START, days=2 * kills)
    async with served(run):
        await kill_again_and_again(run, kills)
        tally = run.verify()
    print(f"\n{tally}")
    return tally


async def kill_again_and_again(run: Run, kills: int) -> None:
    """Each time one is due the bot is up and waits, or comes back hours or days later; it dies, mostly recovers."""
    while run.tally.kills < kills:
        due_at = run.next_due()
        late = timedelta(hours=run.rng.choice((run.rng.uniform(0, 16), run.rng.uniform(16, 60))))
        run.jump(due_at + run.rng.choice((timedelta(minutes=-2), late)))
        await kill_while_sending(run, due_at)
        while not run.is_resting() and run.rng.random() < 0.8:
            if run.rng.random() < 0.5:
                await kill_while_sending(run, due_at)
            else:
                await run.kill(await run.recover(), "at rest")
    assert await (await run.recover()).stop() == 0
