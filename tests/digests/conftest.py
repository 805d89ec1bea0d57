"""What tests of digests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.community import build_world
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in
from tests.digests.talking import EARLY
from tests.drops.conftest import community

__all__ = ["community"]


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group on a Monday morning; its creator has opened the private chat."""
    world = build_world(3, True, EARLY)
    world.timeline.start_at(EARLY.timestamp())
    async with bot_in(world, store, default_timezone="Asia/Shanghai") as conversation:
        await conversation.ask(conversation.manager, "/stats")
        await conversation.ask(conversation.manager, "/start", conversation.manager)
        yield conversation
