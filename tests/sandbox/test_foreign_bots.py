"""Bots that are not ours run against the sandbox unchanged: processes of their own, polling and with a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.model import Message
from sandbox.server import bind
from sandbox.world import World
from tests.sandbox.telegram import Telegram
from tests.shapes import client_python

CLIENTS = Path(__file__).with_name("clients")
PICTURE = (CLIENTS / "sea.png").read_bytes()


@contextlib.asynccontextmanager
async def running(script: str, address: str, token: str, how: str) -> AsyncIterator[None]:
    """A bot's process; what it complains about is shown when the test fails."""
    command = [client_python(), str(CLIENTS / script), address, token, how]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield
        assert process.returncode is None, "the bot ended by itself"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def until(condition: Callable[[], Any], seconds: float = 40) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := condition()):
            await asyncio.sleep(0.03)
    return found


def said(telegram: Telegram, chat_id: int) -> list[Message]:
    """What the bot wrote in a chat."""
    messages = telegram.world.chat(chat_id).messages.values()
    return [m for m in messages if m.sender_id == telegram.world.bot_id]


def free_port() -> str:
    with bind("127.0.0.1", 0) as probe:
        return str(probe.getsockname()[1])


@pytest.mark.parametrize("how", ["polling", "webhook"])
@pytest.mark.parametrize("script", ["aiogram_bot.py", "raw_bot.py"])
async def test_an_echo_bot_works_unchanged(world: World, address: str, script: str, how: str) -> None:
    place = "polling" if how == "polling" else free_port()
    async with httpx.AsyncClient(base_url=address) as client, running(script, address, world.bot_token, place):
        telegram = Telegram(world, client)
        chat, person = telegram.group.id, telegram.first
        await until(lambda: world.webhook.url if how == "webhook" else world.calls.since(0, "setMyCommands"))
        await echoes_and_buttons(telegram, chat)
        await files_both_ways(telegram, chat)
        await album_and_poll(telegram, person)
        assert bool(world.webhook.url) == (how == "webhook")
        assert {c.status for c in world.calls.since()} == {200}


async def echoes_and_buttons(telegram: Telegram, chat: int) -> None:
    asked = telegram.say("hello")
    echo = (await until(lambda: said(telegram, chat)))[0]
    assert (echo.content["text"], echo.reply_to) == ("hello", asked)
    assert echo.content["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    telegram.act("press", chat_id=chat, user_id=telegram.second, message_id=echo.id, data="pressed")
    name = telegram.world.user(telegram.second).full_name
    await until(lambda: echo.content["text"] == f"pressed by {name}")
    await until(lambda: telegram.world.calls.since(0, "answerCallbackQuery"))


async def files_both_ways(telegram: Telegram, chat: int) -> None:
    telegram.say("/photo")
    photo = await until(lambda: next((m for m in said(telegram, chat) if "photo" in m.content), None))
    assert photo.content["caption_entities"][0]["type"] == "italic"
    largest = telegram.world.files[photo.content["photo"][-1]["file_unique_id"][:16]]
    assert largest.data == PICTURE
    data = bytes(range(256)) * 300
    file = {"name": "data 数据.bin", "data": data, "as_document": True}
    telegram.act("send_file", chat_id=chat, user_id=telegram.first, **file)
    digest = f"data 数据.bin: {hashlib.sha256(data).hexdigest()}"
    await until(lambda: any(m.content.get("text") == digest for m in said(telegram, chat)))


async def album_and_poll(telegram: Telegram, person: int) -> None:
    telegram.start_private(person)
    telegram.act("send", chat_id=person, user_id=person, text="/album")
    await until(lambda: len([m for m in said(telegram, person) if "photo" in m.content]) == 3)
    album = [m for m in said(telegram, person) if "photo" in m.content]
    assert len({m.extra["media_group_id"] for m in album}) == 1
    assert [m.content["caption"] for m in album] == ["no. 1", "no. 2", "no. 3"]
    telegram.act("send", chat_id=person, user_id=person, text="/poll")
    poll = await until(lambda: next((m for m in said(telegram, person) if "poll" in m.content), None))
    telegram.act("vote", chat_id=person, user_id=person, message_id=poll.id, option_ids=[1])
    await until(lambda: any(m.content.get("text") == "You chose [1]" for m in said(telegram, person)))
