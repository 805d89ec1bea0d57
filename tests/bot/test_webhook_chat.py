"""The bot behind a webhook: the same answers, and the same figures."""

from __future__ import annotations

import socket

from pydantic import SecretStr

from sandbox.community import build_world
from storage.store import Store
from tests.bot.conversation import bot_in, text_of
from tests.sandbox.telegram import NOW


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_bot_answers_over_a_webhook(store: Store) -> None:
    port = free_port()
    settings = {
        "webhook_secret": SecretStr("a-secret_1"),
        "public_url": f"http://127.0.0.1:{port}",
        "web_port": port,
    }
    async with bot_in(build_world(3, True, NOW), store, **settings) as talk:
        await talk._until(lambda: talk.world.webhook.url)
        for number in range(5):
            talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text=f"hello {number}")
        assert "Messages 5" in text_of(await talk.ask(talk.manager, "/stats"))
        assert not talk.world.calls.since(0, "getUpdates")
