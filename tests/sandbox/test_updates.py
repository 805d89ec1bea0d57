"""How updates reach a bot: order, offset, kinds, what it may see, long polls, webhooks."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.server import bind
from sandbox.world import World
from tests.sandbox.telegram import ALL, Telegram


async def test_updates_come_again_until_acknowledged(telegram: Telegram) -> None:
    for text in ("one", "two", "three"):
        telegram.say(text)
    first = await telegram.call("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["one", "two"]
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert await telegram.call("getUpdates", limit=2) == first
    rest = await telegram.call("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["three"]
    assert await telegram.call("getUpdates", offset=rest[-1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_last(telegram: Telegram) -> None:
    for text in ("one", "two", "three"):
        telegram.say(text)
    assert [u["message"]["text"] for u in await telegram.call("getUpdates", offset=-1)] == ["three"]
    assert len(await telegram.call("getUpdates")) == 1


async def test_three_kinds_come_only_when_asked_for(telegram: Telegram) -> None:
    message_id = telegram.say("hello")
    telegram.act("react", chat_id=telegram.group.id, user_id=telegram.second, message_id=message_id, emoji="👍")
    assert [list(u)[1] for u in await telegram.updates()] == ["message"]
    await telegram.updates(allowed_updates=ALL)
    telegram.act("react", chat_id=telegram.group.id, user_id=telegram.second, message_id=message_id, emoji="🔥")
    telegram.act("leave", chat_id=telegram.group.id, user_id=telegram.second)
    # The setting stays until another one is given.
    kinds = [list(u)[1] for u in await telegram.updates()]
    assert kinds == ["message_reaction", "message", "chat_member"]


async def test_a_reaction_is_a_change_with_a_name(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=ALL)
    message_id = telegram.say("hello")
    await telegram.updates()
    place = {"chat_id": telegram.group.id, "user_id": telegram.second, "message_id": message_id}
    telegram.act("react", **place, emoji="👍")
    telegram.act("react", **place, emoji="🔥")
    telegram.act("unreact", **place)
    changes = [u["message_reaction"] for u in await telegram.updates()]
    assert [c["user"]["id"] for c in changes] == [telegram.second] * 3
    seen = [([r["emoji"] for r in c["old_reaction"]], [r["emoji"] for r in c["new_reaction"]]) for c in changes]
    assert seen == [([], ["👍"]), (["👍"], ["🔥"]), (["🔥"], [])]


async def test_a_bot_that_is_no_administrator_sees_commands_and_replies_only(telegram: Telegram) -> None:
    await telegram.updates(allowed_updates=ALL)
    ours = (await telegram.call("sendMessage", chat_id=telegram.group.id, text="ask me"))["message_id"]
    telegram.demote_bot()
    telegram.say("just chatting")
    telegram.say("/stats 7d")
    telegram.say("/stats@SomebodyElseBot")
    telegram.say("thanks", reply_to=ours)
    telegram.act("react", chat_id=telegram.group.id, user_id=telegram.second, message_id=ours, emoji="👍")
    telegram.act("leave", chat_id=telegram.group.id, user_id=telegram.second)
    seen = await telegram.updates()
    texts = [u["message"].get("text", "left_chat_member" in u["message"]) for u in seen]
    assert texts == ["/stats 7d", "thanks", True]


async def test_with_privacy_mode_off_a_plain_bot_reads_all(telegram: Telegram) -> None:
    telegram.demote_bot()
    telegram.world.reads_all_messages = True
    telegram.say("just chatting")
    assert [u["message"]["text"] for u in await telegram.updates()] == ["just chatting"]
    assert (await telegram.call("getMe"))["can_read_all_group_messages"] is True


async def test_anonymous_reactions_come_as_totals(telegram: Telegram) -> None:
    telegram.world.reaction_count_delay = 0  # what they say; when they come is a test of its own
    await telegram.updates(allowed_updates=ALL)
    message_id = telegram.say("from the channel")
    telegram.group.messages[message_id].anonymous_reactions = True
    await telegram.updates()
    for user_id in (telegram.lin, telegram.second):
        telegram.act("react", chat_id=telegram.group.id, user_id=user_id, message_id=message_id, emoji="👍")
    counts = [u["message_reaction_count"]["reactions"] for u in await telegram.updates()]
    assert counts[-1] == [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 2}]


async def test_totals_of_many_reactions_come_once_and_later(address: str, world: World) -> None:
    world.timeline.speed = 30.0
    world.reaction_count_delay = 15.0
    async with httpx.AsyncClient(base_url=address) as client:
        telegram = Telegram(world, client)
        await telegram.updates(allowed_updates=ALL)
        message_id = telegram.say("from the channel")
        telegram.group.messages[message_id].anonymous_reactions = True
        await telegram.updates()
        began = world.clock()
        for user_id, emoji in (
            (telegram.lin, "👍"),
            (telegram.first, "👍"),
            (telegram.second, "🔥"),
            (telegram.lin, "🔥"),
        ):
            place = {"chat_id": telegram.group.id, "user_id": user_id, "message_id": message_id}
            telegram.act("react", **place, emoji=emoji)
        [update] = await telegram.call("getUpdates", timeout=20)
        assert world.clock() - began >= 15
        assert [r["total_count"] for r in update["message_reaction_count"]["reactions"]] == [2, 1]
        await telegram.updates()
        telegram.act("unreact", **place)
        [update] = await telegram.call("getUpdates", timeout=20)
    assert [r["total_count"] for r in update["message_reaction_count"]["reactions"]] == [1, 1]


async def test_a_long_poll_returns_when_something_happens(telegram: Telegram) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(telegram.call("getUpdates", timeout=20))
        await asyncio.sleep(0.05)
        assert not poll.done()
        started = time.monotonic()
        telegram.say("hello")
        found = await poll
    assert time.monotonic() - started < 1
    assert found[0]["message"]["text"] == "hello"


async def test_a_second_poller_ends_the_first_with_409(telegram: Telegram) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(telegram.refusal("getUpdates", timeout=20))
        await asyncio.sleep(0.05)
        second = group.create_task(telegram.call("getUpdates", timeout=20))
        refusal = await first
        telegram.say("for the second")
        found = await second
    assert refusal == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert len(found) == 1


async def test_injected_updates_are_served_as_they_are(telegram: Telegram) -> None:
    base = 950_000_000
    odd = b'{"update_id":950000003,"message":{"odd": 1.50}}'
    raw = b"[" + odd + b',{"update_id":950000001},{"no":"id"},{"update_id":950000003}]'
    response = await telegram.client.post("/sandbox/updates", content=raw, headers={"content-type": "application/json"})
    assert response.json() == {"queued": 4, "pending": 4}
    url = f"/bot{telegram.world.bot_token}/getUpdates"
    first = (await telegram.client.post(url, json={"limit": 3})).content
    assert odd in first
    # What was not handed out yet is not lost by an offset above it.
    again = (await telegram.client.post(url, json={"offset": base + 4})).json()["result"]
    assert again == [{"update_id": base + 3}]
    telegram.say("ours comes after")
    last = (await telegram.client.post(url, json={"offset": base + 4})).json()["result"]
    assert last[0]["update_id"] == base + 4


async def test_bytes_that_are_no_json_reach_the_bot_too(telegram: Telegram) -> None:
    telegram.world.updates.inject(b'{"update_id": 1, "mess')
    response = await telegram.response("getUpdates")
    assert b'{"update_id": 1, "mess' in response.content
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(response.content)


async def test_a_hundred_thousand_updates_are_served_quickly_and_let_go(address: str, world: World) -> None:
    batch = [{"update_id": 10**9 + n, "message": {"message_id": n, "text": "x" * 300}} for n in range(100_000)]
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await client.post("/sandbox/updates", json=batch)
        started, offset, seen = time.monotonic(), 0, 0
        while found := (
            await client.get(f"/bot{world.bot_token}/getUpdates", params={"offset": offset, "limit": 100})
        ).json()["result"]:
            seen += len(found)
            offset = found[-1]["update_id"] + 1
    assert seen == 100_000
    assert seen / (time.monotonic() - started) > 500
    assert len(world.updates) == 0


async def test_a_webhook_gets_each_update_with_the_secret_and_again_after_an_error(address: str, world: World) -> None:
    got: list[tuple[str, Any]] = []

    async def receive(request: Request) -> Response:
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return Response(status_code=500 if len(got) == 1 else 200)

    hook_app = Starlette(routes=[Route("/hook", receive, methods=["POST"])])
    async with _hook(hook_app) as hook, httpx.AsyncClient(base_url=address) as client:
        telegram = Telegram(world, client)
        assert await telegram.call("setWebhook", url=f"{hook}/hook", secret_token="s3cret") is True
        assert "webhook is active" in await telegram.refusal("getUpdates")
        telegram.say("one")
        telegram.say("two")
        for _ in range(200):
            if len(got) == 3:
                break
            await asyncio.sleep(0.02)
        info = await telegram.call("getWebhookInfo")
        await telegram.call("deleteWebhook")
        assert await telegram.call("getUpdates") == []
    assert [secret for secret, _ in got] == ["s3cret"] * 3
    assert [update["message"]["text"] for _, update in got] == ["one", "one", "two"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["pending_update_count"] == 0


async def test_a_webhook_elsewhere_must_be_https(telegram: Telegram) -> None:
    refusal = await telegram.refusal("setWebhook", url="http://example.org/hook")
    assert refusal == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"


class _hook:
    """Another web server on a free port."""

    def __init__(self, app: Starlette) -> None:
        self.socket = bind("127.0.0.1", 0)
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
        self.server = uvicorn.Server(config)

    async def __aenter__(self) -> str:
        self.task = asyncio.ensure_future(self.server._serve([self.socket]))
        while not self.server.started:
            await asyncio.sleep(0.01)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await self.task
