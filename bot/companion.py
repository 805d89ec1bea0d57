"""The bot beside the sandbox in one process: its clock follows the sandbox's, which also runs its jobs."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Clock
from handlers.context import App
from handlers.lanes import Lanes
from handlers.listening import Listening
from sandbox.world import World

BEAT = 240.0  # sandbox seconds; in fast time a long poll lasts longer than the silence that counts as absence


class SandboxClock(Clock):
    """The sandbox's time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        """The sandbox's time now."""
        return datetime.fromtimestamp(self._world.clock(), UTC)


class Companion:
    """What the sandbox's pacer asks of the running bot. Jobs with absolute times run by the sandbox's clock.

    A job due "in so many seconds" is counted by the library from the wall clock; where the sandbox's is
    ahead, it runs at once.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._app: App | None = None
        self._lanes: Lanes | None = None
        self._listening: Listening | None = None
        self._running: set[str] = set()
        self._noted_at = world.clock()

    def start(self, app: App, lanes: Lanes, listening: Listening) -> None:
        """Take the bot's parts over; from here on its own scheduler rests."""
        self._app, self._lanes, self._listening = app, lanes, listening
        if app.job_queue is not None:
            app.job_queue.scheduler.pause()

    def _jobs(self) -> list[Any]:
        """Jobs of APScheduler that are planned and not running."""
        if self._app is None or self._app.job_queue is None:
            return []
        jobs = self._app.job_queue.scheduler.get_jobs()
        return [job for job in jobs if job.next_run_time is not None and job.id not in self._running]

    def next_due_at(self) -> float | None:
        """When the next job or heartbeat is due, in epoch seconds of the sandbox."""
        if self._app is None or not self._app.running:
            return None
        due: list[float] = [job.next_run_time.timestamp() for job in self._jobs()]
        return min([*due, self._noted_at + BEAT])

    async def run_due(self, now: float) -> None:
        """Begin each job that is due, once however often it was missed, and plan its next time."""
        if self._app is None or not self._app.running:
            return
        for job in self._jobs():
            if job.next_run_time.timestamp() <= now:
                self._plan(job, datetime.fromtimestamp(now, UTC))
                self._begin(self._app, job.id, job.func(*job.args, **job.kwargs))
        if now >= self._noted_at + BEAT:
            self._noted_at = now
            if self._listening is not None and self._world.attention.polls:
                self._begin(self._app, "heartbeat", self._listening.note())

    def _plan(self, job: Any, now: datetime) -> None:
        following = job.trigger.get_next_fire_time(job.next_run_time, now)
        while following is not None and following <= now:
            following = job.trigger.get_next_fire_time(following, now + timedelta(microseconds=1))
        if following is None:
            job.remove()
        else:
            job.modify(next_run_time=following)

    def _begin(self, app: App, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._running.add(name)
        app.create_task(work, name=name).add_done_callback(lambda _: self._running.discard(name))

    def is_idle(self) -> bool:
        """Whether the bot listens, no update is being answered, and no job runs (or the bot has stopped)."""
        if self._app is not None and not self._app.running:
            return True
        attention = self._world.attention
        listens = self._lanes is not None and (attention.polls or self._world.webhook.url)
        return bool(listens and self._lanes and self._lanes.idle and not self._running)
