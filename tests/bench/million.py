"""A million updates in a sandbox of its own process, fetched by a bot or by nobody; prints the peak of its memory.

Run as: python -m tests.bench.million polled|alone NUMBER
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from datetime import UTC, datetime

from sandbox.actions import act
from sandbox.community import build_world
from sandbox.world import World
from tests.sandbox.clients.viewers import poll
from tests.sandbox.conftest import served

BURST = 200
NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


async def write(world: World, number: int, *, polled: bool) -> None:
    """Members write as fast as it goes; the queue is kept short where somebody polls."""
    people = [m.user_id for m in world.chat(world.group_id).members.values() if m.user_id != world.bot_id]
    for start in range(0, number, BURST):
        for n in range(start, start + BURST):
            text = f"t={time.monotonic()}; hello everybody, this is message number {n}"
            act(world, "send", {"chat_id": world.group_id, "user_id": people[n % len(people)], "text": text})
        await asyncio.sleep(0)
        while polled and len(world.updates) > 10 * BURST:
            await asyncio.sleep(0.001)


async def main(how: str, number: int) -> None:
    world = build_world(1, False, NOW)
    async with served(world) as url:
        host, port = url.removeprefix("http://").split(":")
        lags: list[float] = []
        polling = asyncio.ensure_future(
            poll(host, int(port), world.bot_token, 10**6, lags) if how == "polled" else asyncio.sleep(0)
        )
        started = time.monotonic()
        await write(world, number, polled=how == "polled")
        while how == "polled" and len(lags) + world.updates.let_go < number:
            await asyncio.sleep(0.01)
        took = time.monotonic() - started
        polling.cancel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{how}: {peak:.0f} MB, {number / took:,.0f} updates/s, {len(lags):,} fetched, {world.updates.let_go:,} let go"
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
