"""Two processes on one PostgreSQL: no drop is sent twice and none is lost, though one of them dies midway."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.server import serve
from storage.store import Store
from tests.drops.killing import Run, Tally
from tests.postgres import PostgresServer


async def share(folder: Path, database: str, drops: int, groups: int) -> Tally:
    """Two senders of one queue; the first is killed when a third of it is out."""
    run = Run(folder, database, seed=9, groups=groups)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(serve(run.world, "127.0.0.1", 0, on_ready=listening.set_result))
        run.url = await listening
        try:
            run.fill(drops, start=8.0)
            first = await run.start()
            second = await run.start()
            async with asyncio.timeout(60 + drops / 5):
                while run.calls() < drops // 3:
                    await asyncio.sleep(0.02)
                await run.kill(first, "midway")
                while run.waiting():
                    assert second.returncode is None, run.log_tail()
                    run.answer_questions()
                    await asyncio.sleep(0.1)
            tally = run.verify()
        finally:
            await run.end()
            serving.cancel()
    print(f"\ntwo processes: {tally}")
    return tally


@pytest.mark.timeout(200)
async def test_two_processes_share_a_queue_and_one_is_killed(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str, postgres_store: Store
) -> None:
    name = postgres.create(postgres_template)
    tally = await share(tmp_path, postgres.url(name), drops=60, groups=10)
    assert tally.sent == 60
