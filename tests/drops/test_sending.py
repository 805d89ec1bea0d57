"""The running bot posts drops in the sandbox: at their time, once, with all that belongs to them."""

from __future__ import annotations

import pytest

from bot.clock import Clock
from sandbox.community import build_world
from sandbox.world import World
from storage.drops import State
from storage.store import Store
from tests.drops.sending_desk import sending


@pytest.fixture
def world() -> World:
    return build_world(1, True, Clock().now())


async def test_what_is_due_is_posted_once_and_recorded(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        number = desk.queue("新片来了")
        later = desk.queue("tomorrow", due_in=86400)
        drop = await desk.until(number, State.SENT)
        assert desk.texts() == ["新片来了"]
        assert [one.message_id for one in desk.messages(number)] == [desk.posts()[0].id]
        assert drop.sent_at is not None
        assert desk.find(later).state == State.SCHEDULED
