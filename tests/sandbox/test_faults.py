"""Misbehaviour on command, over real connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.world import World
from tests.sandbox.conftest import served
from tests.sandbox.telegram import Telegram


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[Telegram]:
    async with served(world) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield Telegram(world, client)


async def order(telegram: Telegram, **params: Any) -> list[str]:
    """Texts in the order in which a careful bot gets them: each batch acknowledged by its highest id."""
    texts, offset = [], 0
    while found := await telegram.call("getUpdates", offset=offset, limit=2, **params):
        texts += [u["message"]["text"] for u in found]
        offset = max(offset, max(u["update_id"] for u in found) + 1)
    return texts


def say(telegram: Telegram, *texts: str) -> None:
    for text in texts:
        telegram.say(text)


async def test_a_duplicate_comes_twice_with_one_id_though_it_was_acknowledged(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="duplicate", nth=2)
    say(telegram, "one", "two", "three")
    assert await order(telegram) == ["one", "two", "two", "three"]


async def test_a_duplicate_may_come_many_updates_later(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="duplicate", nth=1, updates=2)
    say(telegram, "one", "two", "three", "four")
    assert await order(telegram) == ["one", "two", "three", "one", "four"]


async def test_neighbours_change_places(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="reorder", nth=2)
    say(telegram, "one", "two", "three", "four")
    assert await order(telegram) == ["one", "three", "two", "four"]


async def test_an_update_is_late_by_others(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="late", nth=1, updates=3)
    say(telegram, "one", "two", "three")
    assert await order(telegram) == ["two", "three"]
    say(telegram, "four", "five")
    assert await order(telegram) == ["four", "one", "five"]


async def test_an_update_is_late_by_seconds_and_ends_a_long_poll(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="late", nth=1, seconds=0.3)
    say(telegram, "one", "two")
    assert await order(telegram) == ["two"]
    found = await telegram.call("getUpdates", timeout=10)
    assert [u["message"]["text"] for u in found] == ["one"]


async def test_only_the_named_kind_of_update_is_hit(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="duplicate", method="message_reaction")
    message_id = telegram.say("one")
    await telegram.call("getUpdates", allowed_updates=["message", "message_reaction"])
    telegram.act("react", chat_id=telegram.group.id, user_id=telegram.second, message_id=message_id, emoji="👍")
    kinds = [list(u)[1] for u in await telegram.updates()]
    assert kinds == ["message", "message_reaction", "message_reaction"]


async def test_the_same_seed_spoils_the_same_updates(telegram: Telegram) -> None:
    async def run() -> list[str]:
        telegram.world.faults.clear()
        telegram.world.faults.add(kind="duplicate", probability=0.4, seed=11)
        say(telegram, *(str(n) for n in range(20)))
        return await order(telegram)

    first = await run()
    assert 20 < len(first) < 40
    assert await run() == first


async def test_a_slow_body_dribbles(telegram: Telegram) -> None:
    await telegram.client.post("/sandbox/faults", json={"kind": "slow_body", "method": "getMe", "seconds": 0.5})
    started = time.monotonic()
    async with telegram.client.stream("GET", f"/bot{telegram.world.bot_token}/getMe") as response:
        headers = time.monotonic() - started
        pieces = [piece async for piece in response.aiter_raw()]
    assert headers < 0.2
    assert time.monotonic() - started > 0.4
    assert len(pieces) > 5
    assert b'"ok":true' in b"".join(pieces)


async def test_a_client_that_gives_up_in_time(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="timeout_after", method="sendMessage", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        await telegram.client.post(
            f"/bot{telegram.world.bot_token}/sendMessage", json={"chat_id": telegram.group.id, "text": "x"}, timeout=0.3
        )
    assert len(telegram.group.messages) == 1


async def test_a_download_breaks_off(telegram: Telegram) -> None:
    sent = await telegram.upload("sendDocument", chat_id=telegram.group.id, document=("a", b"x" * 99_000, "text/plain"))
    path = (await telegram.call("getFile", file_id=sent["document"]["file_id"]))["file_path"]
    address = f"/file/bot{telegram.world.bot_token}/{path}"
    telegram.world.faults.add(kind="drop_after", method="file", nth=1)
    with pytest.raises(httpx.TransportError):
        await telegram.client.get(address)
    assert len((await telegram.client.get(address)).content) == 99_000


async def test_a_restart_ends_connections_and_keeps_everything(telegram: Telegram) -> None:
    client, token = telegram.client, telegram.world.bot_token
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(_outcome(client.get(f"/bot{token}/getUpdates", params={"timeout": 20})))
        page = group.create_task(_outcome(client.get("/sandbox/events")))
        await asyncio.sleep(0.2)
        assert (await client.post("/sandbox/restart", json={"seconds": 0.5})).json() == {"result": True}
    assert isinstance(poll.result(), httpx.TransportError)
    assert isinstance(page.result(), httpx.TransportError)
    telegram.say("while it was away")
    with pytest.raises(httpx.TransportError):
        await telegram.call("getMe")
    await asyncio.sleep(0.5)
    assert [u["message"]["text"] for u in await telegram.updates()] == ["while it was away"]


async def test_a_restart_at_the_nth_call(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="restart", method="sendMessage", nth=2, seconds=0.2)
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="one")
    with pytest.raises(httpx.TransportError):
        await telegram.call("sendMessage", chat_id=telegram.group.id, text="two")
    await asyncio.sleep(0.3)
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="three")
    assert [m.content["text"] for m in telegram.group.messages.values()] == ["one", "three"]


async def test_calls_tell_which_fault_hit_them_and_when(telegram: Telegram) -> None:
    telegram.world.faults.add(kind="error", method="getMe", nth=1, status=500)
    await telegram.response("getMe")
    await telegram.call("getMe")
    calls = (await telegram.client.get("/sandbox/calls")).json()["calls"]
    assert [(c["method"], c["status"], c["fault"]) for c in calls] == [("getMe", 500, "error"), ("getMe", 200, "")]
    assert calls[0]["at"] <= calls[1]["at"]


async def _outcome(request: Any) -> Any:
    try:
        return await request
    except httpx.HTTPError as error:
        return error


async def test_a_bot_that_ends_in_mid_sentence_leaves_no_traceback(
    world: World, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = httpx.URL(address)
    _, writer = await asyncio.open_connection(url.host, url.port)
    kind = "content-type: multipart/form-data; boundary=x\r\ncontent-length: 500"
    writer.write(f"POST /bot{world.bot_token}/sendMessage HTTP/1.1\r\nhost: x\r\n{kind}\r\n\r\n--x\r\n".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await asyncio.sleep(0.2)
    assert not caplog.records
    assert not world.calls.since(0, "sendMessage")
