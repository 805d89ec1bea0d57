"""The bot behind a webhook: the same answers, and the same figures."""

from __future__ import annotations

import asyncio
import socket
from random import Random

import pytest
from pydantic import SecretStr
from telegram.error import NetworkError, RetryAfter

from bot.serving import bind, insist
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


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}.*WEB_PORT"):
            bind("127.0.0.1", port)


async def test_a_stop_ends_waiting_for_telegram() -> None:
    stop = asyncio.Event()
    calls = 0

    async def unheard() -> None:
        nonlocal calls
        calls += 1
        asyncio.get_running_loop().call_later(0.05, stop.set)
        raise NetworkError("away")

    async with asyncio.timeout(2):
        await insist(unheard, stop, Random(1))
    assert calls == 1


async def test_telegram_is_asked_until_it_answers() -> None:
    left = [NetworkError("away"), RetryAfter(1)]

    async def heard_at_last() -> None:
        if left:
            raise left.pop()

    outage = Random(1)
    async with asyncio.timeout(15):
        await insist(heard_at_last, asyncio.Event(), outage)
    assert not left
