"""The whole world in one file, so that a sandbox goes on after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from sandbox import notices, payments, polls
from sandbox.guide import Progress
from sandbox.life import Life
from sandbox.model import CallbackQuery, Chat, InlineQuery, Payment, Poll, StoredFile, User
from sandbox.seeding.history import Member as Resident
from sandbox.seeding.plot import make_plot
from sandbox.updates import QueueState
from sandbox.world import BotProfile, Webhook, World

MAGIC = b"PeakDrop sandbox, form 1\n"
EVERY = 5.0  # seconds between savings while something changes
SPARE_MESSAGES, SPARE_UPDATES = 10_000, 100_000  # ids left out after a kill: the bot may have seen some of them

# Attributes of a world that are kept as they are. Fields added to the dataclasses are kept by themselves.
KEPT: dict[str, Any] = {
    "seed": int,
    "bot_token": str,
    "reads_all_messages": bool,
    "users": dict[int, User],
    "chats": dict[int, Chat],
    "files": dict[str, StoredFile],
    "polls": dict[str, Poll],
    "payloads": dict[tuple[int, int], str],
    "payments": dict[str, Payment],
    "reaction_count_delay": float,
    "reaction_counts_due": dict[tuple[int, int], float],
    "inline_queries": dict[str, InlineQuery],
    "queries": dict[str, CallbackQuery],
    "webhook": Webhook,
    "profile": BotProfile,
    "guide": Progress,
    "group_id": int,
    "manager_id": int,
    "_last_private_message_id": int,
    "_last_user_id": int,
}
BY_PARTS = frozenset({"rng", "updates", "life", "past", "timeline"})
# What is made anew: records, faults, rates, whoever listens.
LET_GO = frozenset(
    {
        "attention",
        "bot_id",
        "broadcast",
        "calls",
        "clock",
        "companion",
        "faults",
        "limits",
        "listeners",
        "logged_out_until",
        "started_at",
    }
)


class StateError(Exception):
    """The file is none of ours, or damaged; the text says which."""


@dataclass(slots=True)
class _Living:
    residents: list[Resident]
    joined: int
    first_message_id: int
    on: bool


@dataclass(slots=True)
class _Parts:
    """What is no plain attribute. `now` is the sandbox's time, `wall` the computer's, when this was saved."""

    now: float
    wall: float
    speed: float
    skew: float
    clean: bool
    rng: tuple[int, tuple[int, ...], float | None]
    queue: QueueState
    living: _Living | None = None
    past_until: float | None = None
    attributes: dict[str, msgspec.Raw] = field(default_factory=dict)


def pack(world: World, *, clean: bool) -> bytes:
    """The world as bytes; `clean` says that nothing happens after this."""
    life = world.life
    living = life and _Living(list(life.residents.values()), life.joined, life.first_message_id, life.on)
    parts = _Parts(
        now=world.timeline.now(),
        wall=time.time(),
        speed=world.timeline.speed,
        skew=world.timeline.skew,
        clean=clean,
        rng=world.rng.getstate(),
        queue=world.updates.state(),
        living=living or None,
        past_until=world.past.now.timestamp() if world.past else None,
        attributes={name: msgspec.Raw(msgspec.msgpack.encode(getattr(world, name))) for name in KEPT},
    )
    body = zlib.compress(msgspec.msgpack.encode(parts), 1)
    return MAGIC + hashlib.sha256(body).digest() + body


def unpack(raw: bytes) -> World:
    """The world from bytes. Its time goes on from when it was saved, never backward.

    Raises:
        StateError: not what `pack` made.
    """
    if not raw.startswith(MAGIC):
        raise StateError("is no state of a sandbox")
    digest, body = raw[len(MAGIC) : len(MAGIC) + 32], raw[len(MAGIC) + 32 :]
    if hashlib.sha256(body).digest() != digest:
        raise StateError("is damaged")
    try:
        parts = msgspec.msgpack.decode(zlib.decompress(body), type=_Parts)
        found = {
            name: msgspec.msgpack.decode(parts.attributes[name], type=kind)
            for name, kind in KEPT.items()
            if name in parts.attributes
        }
    except (msgspec.MsgspecError, zlib.error) as error:
        raise StateError(f"comes from another version ({error})") from error
    world = World(seed=found["seed"], bot_token=found["bot_token"])
    for name, value in found.items():
        setattr(world, name, value)
    _assemble(world, parts)
    return world


def _assemble(world: World, parts: _Parts) -> None:
    passed = max(0.0, time.time() - parts.wall)
    lost = 0.0 if parts.clean else 2 * EVERY * max(0.0, parts.speed - 1)  # the bot's clock was further
    world.timeline.start_at(parts.now + passed + lost)
    world.timeline.skew = parts.skew
    world.rng.setstate(parts.rng)
    world.updates.restore(parts.queue, skip=0 if parts.clean else SPARE_UPDATES)
    if not parts.clean:
        world._last_private_message_id += SPARE_MESSAGES
        for chat in world.chats.values():
            chat.last_message_id += SPARE_MESSAGES
    for poll in world.polls.values():
        polls.watch(world, poll)
    for payment in world.payments.values():
        payments.watch(world, payment)
    for place in world.reaction_counts_due:
        notices.watch_counts(world, place)
    if parts.past_until is not None:
        world.past = make_plot(world.seed, datetime.fromtimestamp(parts.past_until, UTC))
    if parts.living is not None:
        world.life = Life(world, parts.living.residents)
        world.life.joined = parts.living.joined
        world.life.first_message_id = parts.living.first_message_id
        world.life.on = parts.living.on


def write(path: Path, raw: bytes) -> None:
    """Put bytes into a file whole or not at all, whatever happens meanwhile."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path) -> World:
    """The world kept in a file.

    Raises:
        StateError: the file is foreign or damaged.
        OSError: it cannot be read.
    """
    return unpack(path.read_bytes())


async def keep(world: World, path: Path) -> None:
    """Save the world every few seconds, until cancelled; the caller saves once more at the end."""
    while True:
        raw = pack(world, clean=False)
        with contextlib.suppress(OSError):  # a full disk: the last state stays, and the next time may do
            await asyncio.to_thread(write, path, raw)
        await asyncio.sleep(EVERY)
