"""Each night, group by group, what the coming week looks like."""

from __future__ import annotations

from datetime import timedelta

from handlers.context import App, Context
from handlers.jobs import run_once, wake_at
from peakdrop.outlook_nights import MOST, make_outlooks, next_night

SOON = timedelta(minutes=1)  # after the start


async def make_due(context: Context) -> None:
    """Make the outlooks of the groups whose turn has come, and look again when the next one's comes."""
    store, zone, clock = context.store, context.house.default_timezone, context.clock
    again_at = clock.now() + MOST
    try:
        await make_outlooks(store, zone, now=clock.now())
        again_at = await store.read(lambda session: next_night(session, zone, now=clock.now()))
    finally:
        # Not a repeating job: a long night is no missed turn, and sandbox time stops at each job.
        wake_at(context.job_queue, make_due, again_at, "outlooks")


def setup(app: App) -> None:
    """Begin soon after the start."""
    run_once(app, make_due, SOON)
