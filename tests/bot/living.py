"""The real bot beside the living community in fast time: what members did, and what the bot stored of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, select

from sandbox.community import build_world
from storage.kinds import MESSAGE_KINDS, Flag, Kind
from storage.models import Interaction
from storage.store import Store
from tests.bot.conversation import bot_in

HOUR = 3600.0
SEED = 1


@dataclass
class Lived:
    """Counts by kind of act, on either side; real seconds; sandbox seconds."""

    done: Counter[str]
    stored: Counter[str]
    real: float
    passed: float


async def live(store: Store, hours: float, speed: float) -> Lived:
    """So many sandbox hours with the bot; life stops before the bot does."""
    world = build_world(SEED, False, datetime.fromtimestamp(time.time(), UTC))  # noqa: TID251
    assert world.life is not None
    async with bot_in(world, store):
        world.life.on = True
        began, real = world.clock(), time.monotonic()
        world.timeline.speed = speed
        while world.clock() < began + hours * HOUR:
            await asyncio.sleep(0.02)
        world.life.on = False
        passed, real = world.clock() - began, time.monotonic() - real
        while len(world.updates) or world.companion is None or not world.companion.is_idle():
            await asyncio.sleep(0.02)
    return Lived(world.life.done, store.read_now(_stored), real, passed)


def _stored(session: Session) -> Counter[str]:
    """Interactions by the names of life's acts; an answer to a post is a message like any other."""
    names = {Kind.REACTION_ADDED: "react", Kind.JOIN: "join", Kind.LEAVE: "leave", Kind.PRESS: "press"}
    names |= dict.fromkeys(MESSAGE_KINDS, "write")
    rows = session.exec(select(Interaction)).all()
    kinds = [Kind(row.kind) for row in rows if not row.flags & Flag.DOUBLED]  # told twice, counted once
    return Counter(names.get(kind, kind.name) for kind in kinds)
