"""The real bot as processes that begin quickly, live by a clock which tests move, and can be killed at any moment.

They are forked from a server that has imported everything: of a start only the bot's own part remains.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.clock import Clock

PRELOADED = ["tests.lives", "bot.cli", "bot.running", "peakdrop.outlook_making"]
BEAT = 0.03  # seconds between two looks of a bot's job queue at the clock that the test moves
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(PRELOADED)


class SharedClock(Clock):
    """The wall clock set off by so many seconds, in all processes that were given it."""

    def __init__(self, at: datetime) -> None:
        self._offset: Any = FORK.RawValue("d", 0.0)
        self.set(at)

    def now(self) -> datetime:
        """The time now, as the test has set it."""
        return super().now() + timedelta(seconds=self._offset.value)

    def set(self, at: datetime) -> None:
        """Move on to a time (aware)."""
        self._offset.value = at.timestamp() - super().now().timestamp()


class Life:
    """A process of the bot's, alive from here on; all that it says goes to `log`."""

    def __init__(self, settings: Mapping[str, str], clock: SharedClock, log: Path) -> None:
        self.log = log
        self._process: ForkServerProcess = FORK.Process(target=_live, args=(dict(settings), clock, log), daemon=True)
        self._process.start()

    def assert_alive(self) -> None:
        """Fail with what it said last, where it has ended by itself."""
        assert self._process.exitcode is None, f"the bot ended by itself: {self.log.read_text()[-3000:]}"

    def kill(self) -> None:
        """`kill -9`; does nothing where it has ended."""
        self._process.kill()
        self._process.join()

    async def stop(self) -> int | None:
        """An orderly end (SIGTERM); returns its exit code."""
        self._process.terminate()
        await asyncio.to_thread(self._process.join, 15)
        return self._process.exitcode


def _live(settings: dict[str, str], clock: SharedClock, log: Path) -> None:
    """`peakdrop run`, in a process of its own."""
    from bot import cli, running

    os.environ.update(settings)
    os.chdir(log.parent)
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    running.Clock = lambda: clock  # type: ignore[attr-defined,assignment]
    _run_jobs_by(clock)
    sys.argv = ["peakdrop", "run"]
    cli.main()


def _run_jobs_by(clock: Clock) -> None:
    """Let the job queue, too, tell the time by this clock, and look at it often enough to see it moved."""
    from apscheduler.executors import base as executors
    from apscheduler.schedulers import base as schedulers
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers import interval
    from telegram.ext import JobQueue

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now().astimezone(tz or UTC)

    for module in (executors, schedulers, interval):
        module.datetime = Shifted
    JobQueue._tz_now = lambda self: clock.now()  # type: ignore[method-assign]
    start_timer = AsyncIOScheduler._start_timer
    AsyncIOScheduler._start_timer = lambda self, seconds: start_timer(self, None if seconds is None else BEAT)
