"""Each night, group by group, what the coming week looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from telegram.ext import JobQueue

from handlers.context import App, Context
from handlers.daily import LATE
from peakdrop.outlook_nights import make_outlooks

EACH = timedelta(minutes=10)  # a fast sandbox stops at each


async def make_due(context: Context) -> None:
    """Make the outlooks of the groups whose turn has come, and look again in ten minutes."""
    try:
        await make_outlooks(context.store, context.house.default_timezone, now=context.clock.now())
    finally:
        # Not a repeating job: a long night is no missed turn. By our clock: a delay would count from the computer's.
        queue = cast("JobQueue[Context]", context.job_queue)
        queue.run_once(make_due, context.clock.now() + EACH, job_kwargs=LATE)


def setup(app: App) -> None:
    """Look every ten minutes whose turn it is."""
    if app.job_queue is not None:
        app.job_queue.run_once(make_due, EACH, job_kwargs=LATE)
