"""Jobs of the bot's own: by its clock, which in a sandbox is not the machine's, and however late they come."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from handlers.context import App, Context

# A job whose time went by while the bot was down or busy runs late, and once.
LATE: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True}
Work = Callable[[Context], Coroutine[Any, Any, None]]


def run_once(app: App, work: Work, after: timedelta) -> None:
    """Run something some time from now."""
    if app.job_queue is not None:
        app.job_queue.run_once(work, _from_now(app, after), job_kwargs=LATE)


def run_every(app: App, work: Work, interval: timedelta, *, first: timedelta) -> None:
    """Run something again and again, the first time some time from now."""
    if app.job_queue is not None:
        begins_at = _from_now(app, first)
        # The scheduler counts turns from the machine's clock, too, unless it is told the first.
        app.job_queue.run_repeating(work, interval, first=begins_at, job_kwargs=LATE | {"next_run_time": begins_at})


def wake_at(queue: Any, work: Work, at: datetime | None, name: str) -> None:
    """Run something at a moment (None: no more), instead of when it was to run before."""
    if queue is None:
        return
    for job in queue.get_jobs_by_name(name):
        job.schedule_removal()
    if at is not None:
        queue.run_once(work, at, name=name, job_kwargs=LATE)


def _from_now(app: App, after: timedelta) -> Any:
    # The library counts delays from the machine's clock.
    return app.context_types.context.house.clock.now() + after
