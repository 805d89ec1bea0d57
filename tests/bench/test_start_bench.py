"""From the start of the process to the first answer, and its memory when idle."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.actions import act
from sandbox.community import build_world
from sandbox.server import serve
from tests.sandbox.telegram import NOW

RUNS = 5
ROOT = Path(__file__).parents[2]


async def start_once(folder: Path, run: int) -> tuple[float, float]:
    """Seconds from the start to the first answer, and resident megabytes some seconds later."""
    world = build_world(3, True, NOW)
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(world, "127.0.0.1", 0, on_ready=ready.set_result))
        settings = {"BOT_TOKEN": world.bot_token, "TELEGRAM_API_URL": await ready}
        settings["DATABASE_URL"] = f"sqlite:///{folder}/{run}.db"
        act(world, "send", {"chat_id": world.group_id, "user_id": world.manager_id, "text": "/help"})
        began = time.perf_counter()
        command = [sys.executable, "-m", "bot.cli", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
        try:
            async with asyncio.timeout(30):
                while not world.calls.since(0, "sendMessage"):
                    await asyncio.sleep(0.005)
            taken = time.perf_counter() - began
            await asyncio.sleep(4)
            status = Path(f"/proc/{process.pid}/status").read_text()
        finally:
            process.terminate()
            process.wait(15)
        server.cancel()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return taken, resident / 1024


@pytest.mark.bench
async def test_first_answer_and_idle_memory(tmp_path: Path) -> None:
    found = [await start_once(tmp_path, run) for run in range(RUNS)]
    first, memory = statistics.median(one[0] for one in found), max(one[1] for one in found)
    print(f"\nstart to first answer: {first:.2f} s (median of {RUNS}, new database); idle memory {memory:.0f} MB")
    assert first < 2
    assert memory < 150
