"""The pacer: makes things happen when they are due, and while stepping waits for the bot before it goes on."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Protocol

from sandbox.errors import ActionError
from sandbox.model import Json
from sandbox.world import World

log = logging.getLogger(__name__)
TICK = 0.1  # real seconds between looks while time flows
STEP_TICK = 0.05  # the same while stepping, where nothing is due
GLANCE = 0.002  # real seconds between looks at a bot that works
NOBODY = 2.0  # so long after the last poll nobody is waited for
PATIENCE = 120.0  # the longest that one step waits for the bot
SETTLED = 0.02  # a bot that is not ours is idle when it was quiet for so long
EVENTS = 0.25  # seconds between `time` events


class Companion(Protocol):
    """A bot in the same process, whose clock follows the timeline and whose jobs the pacer runs."""

    def next_due_at(self) -> float | None:
        """Sandbox time of the next thing it would do by itself."""

    async def run_due(self, now: float) -> None:
        """Begin whatever is due."""

    def is_idle(self) -> bool:
        """Whether nothing is under way."""


def as_json(world: World) -> Json:
    """The time as /sandbox/time tells it."""
    line = world.timeline
    life = world.life is not None and world.life.on
    return {"now": line.now(), "speed": line.speed, "life": life, "skew": line.skew}


def change(world: World, given: Json) -> Json:
    """Change speed, life or skew.

    Raises:
        ActionError: not a number, or out of range.
    """
    unknown = given.keys() - {"speed", "life", "skew"}
    if unknown:
        raise ActionError(f"unknown: {', '.join(sorted(unknown))}")
    if not isinstance(given.get("life", True), bool):
        raise ActionError("life is true or false")
    for name in given.keys() - {"life"}:
        if isinstance(given[name], bool) or not isinstance(given[name], int | float) or not math.isfinite(given[name]):
            raise ActionError(f"{name} is a number")
    if "speed" in given:
        world.timeline.speed = float(given["speed"])
    if "skew" in given:
        world.timeline.skew = float(given["skew"])
    if "life" in given and world.life is not None:
        world.life.on = given["life"]
    publish(world)
    return as_json(world)


def publish(world: World) -> None:
    """Tell the pages the time."""
    world.broadcast.publish({"type": "time"} | as_json(world))


async def pace(world: World) -> None:
    """Let time pass in the sandbox, until cancelled."""
    told = 0.0
    while True:
        moved = await (_step(world) if world.timeline.stepping else _flow(world))
        if moved and time.monotonic() - told >= EVENTS:
            told = time.monotonic()
            publish(world)


async def _flow(world: World) -> bool:
    """Do what is due by the flowing clock, and rest."""
    now = world.timeline.now()
    _perform(world.timeline.take_due(now))
    if world.companion is not None and _companion_due(world) <= now:
        await world.companion.run_due(now)
    await asyncio.sleep(TICK)
    return False


async def _step(world: World) -> bool:
    """Move the clock as far as the speed allows, at most to the next event; after one, wait for the bot."""
    line = world.timeline
    await idle(world)  # also at first: a bot that is yet to start would miss what happens
    if not line.stepping:  # changed meanwhile
        return False
    before, ceiling = line.now(), line.ceiling()
    due = min(line.next_at() or math.inf, _companion_due(world))
    now = max(before, min(due, ceiling))
    line.move(now)
    if due > now:
        await asyncio.sleep(min(STEP_TICK, (due - now) / line.speed))
        return now > before
    _perform(line.take_due(now))
    if world.companion is not None and _companion_due(world) <= now:
        await world.companion.run_due(now)
    await idle(world)
    return True


def _companion_due(world: World) -> float:
    due = world.companion.next_due_at() if world.companion is not None else None
    return math.inf if due is None else due


def _perform(events: list[Callable[[], object]]) -> None:
    for event in events:
        try:
            event()
        except Exception:
            log.exception("an event of the sandbox failed")


async def idle(world: World) -> None:
    """Return when the bot has done all it can do now; after two minutes in any case."""
    await asyncio.sleep(0)  # whoever else runs in this loop has a turn at each step
    began = quiet_since = time.monotonic()
    foreign = world.companion is None and (world.webhook.url or world.attention.someone_polls(NOBODY))
    settled = SETTLED if foreign else 0.0
    while (now := time.monotonic()) - began < PATIENCE:
        if not _quiet(world):
            quiet_since = now
        elif now - quiet_since >= settled:
            return
        await asyncio.sleep(GLANCE)
    log.warning("the bot was not idle within %.0f s; time goes on", PATIENCE)


def _quiet(world: World) -> bool:
    """Whether nothing is under way and nothing waits that somebody would take."""
    attention = world.attention
    if attention.calls or (world.companion is not None and not world.companion.is_idle()):
        return False
    if world.webhook.url:
        return not len(world.updates) or bool(world.webhook.last_error_message)
    if not attention.someone_polls(NOBODY):
        return True
    return not len(world.updates) and (attention.polls > 0 or not world.updates.long_polls)
