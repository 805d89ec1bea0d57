"""Load on the sandbox: members write at a rate, while one bot polls and pages look on in another process."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import async_playwright

from sandbox.actions import act
from sandbox.world import World
from tests.sandbox.conftest import served

VIEWERS = Path(__file__).with_name("clients") / "viewers.py"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
STEP = 0.02  # seconds between two bursts of members


@dataclass(frozen=True)
class Lag:
    """How late things came, in seconds; `fewest` is what the worst-served listener got."""

    written: int
    fewest: int
    median: float
    p99: float
    worst: float

    @classmethod
    def of(cls, written: int, listeners: list[list[float]]) -> Lag:
        ordered = sorted(lag for lags in listeners for lag in lags)
        return cls(
            written,
            min(len(lags) for lags in listeners),
            ordered[len(ordered) // 2],
            ordered[int(len(ordered) * 0.99)],
            ordered[-1],
        )

    def __str__(self) -> str:
        milliseconds = f"median {self.median * 1000:.0f}, p99 {self.p99 * 1000:.0f}, worst {self.worst * 1000:.0f} ms"
        return f"{self.fewest:,} of {self.written:,}, {milliseconds}"


async def write(world: World, rate: int, seconds: float) -> int:
    """Members write `rate` messages a second; how many in all."""
    people = [m.user_id for m in world.chat(world.group_id).members.values() if m.user_id != world.bot_id]
    started, written = time.monotonic(), 0
    while (passed := time.monotonic() - started) < seconds:
        while written < passed * rate:
            text = f"t={time.monotonic()}; hello everybody, this is message number {written}"
            act(world, "send", {"chat_id": world.group_id, "user_id": people[written % len(people)], "text": text})
            written += 1
        await asyncio.sleep(STEP)
    return written


async def measure(world: World, rate: int, pages: int, seconds: float) -> tuple[Lag, Lag]:
    """Lags of the poller and of all pages together."""
    async with served(world) as url:
        parts = urlsplit(url)
        command = [str(VIEWERS), str(parts.hostname), str(parts.port), world.bot_token, str(pages), str(seconds + 2)]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        while len(world.broadcast) < pages:
            await asyncio.sleep(0.01)
        written = await write(world, rate, seconds)
        rest, _ = await process.communicate()
    found = json.loads(rest)
    return Lag.of(written, [found["poller"]]), Lag.of(written, found["pages"])


async def frames_under_load(world: World, rate: int, seconds: float) -> list[float]:
    """How long a real page takes for a frame (seconds, sorted) while members write; it must show the last message."""
    async with served(world) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.goto(url)
        await page.wait_for_selector("body[data-ready]")
        frames: list[float] = []
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(write(world, rate, seconds))
            while not writing.done():
                started = time.monotonic()
                await page.evaluate("() => new Promise(requestAnimationFrame)")
                frames.append(time.monotonic() - started)
                await asyncio.sleep(0.05)
        await page.wait_for_selector(f"#log :text('message number {writing.result() - 1}')", timeout=10_000)
        await browser.close()
    return sorted(frames)
