"""Each night, group by group, what the coming week looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from telegram.ext import JobQueue

from handlers.context import App, Context
from handlers.daily import LATE
from peakdrop.outlook_nights import make_outlooks

EACH = timedelta(minutes=1)


async def make_due(context: Context) -> None:
    """Make the outlooks of the groups whose turn has come, and look again in a minute."""
    try:
        await make_outlooks(context.store, context.house.default_timezone, now=context.clock.now())
    finally:
        _wait(cast("JobQueue[Context] | None", context.job_queue))


def _wait(queue: JobQueue[Context] | None) -> None:
    # Not a repeating job: a long night is no missed turn.
    if queue is not None:
        queue.run_once(make_due, EACH, job_kwargs=LATE)


def setup(app: App) -> None:
    """Look each minute whose turn it is."""
    _wait(app.job_queue)
