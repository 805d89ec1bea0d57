"""Polling and webhooks in their details, as tdlib/telegram-bot-api (Client.cpp, WebhookActor.cpp) has them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from sandbox.delivery import GONE_AFTER
from sandbox.world import World
from tests.sandbox.hooks import Hook
from tests.sandbox.telegram import ALL, Telegram

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


@pytest.fixture
async def live(address: str, world: World) -> AsyncIterator[Telegram]:
    async with httpx.AsyncClient(base_url=address) as client:
        yield Telegram(world, client)


async def said(telegram: Telegram, method: str, **params: Any) -> str:
    """The description beside a result."""
    body = (await telegram.response(method, **params)).json()
    assert body["result"] is True
    return str(body["description"])


async def test_an_offset_far_ahead_confirms_nothing_one_a_little_ahead_all(telegram: Telegram) -> None:
    telegram.say("one")
    [update] = await telegram.call("getUpdates")
    assert await telegram.call("getUpdates", offset=update["update_id"] + 1_000) == [update]
    assert await telegram.call("getUpdates", offset=update["update_id"] - 1_000) == [update]
    assert await telegram.call("getUpdates", offset=update["update_id"] + 10) == []
    assert await telegram.call("getUpdates") == []


async def test_limits_and_offsets_out_of_range_are_put_right(telegram: Telegram) -> None:
    for number in range(3):
        telegram.say(f"{number}")
    for params, texts in (
        ({"limit": 0}, ["0"]),
        ({"limit": -5}, ["0"]),
        ({"limit": 1_000}, ["0", "1", "2"]),
        ({"limit": "two"}, ["0", "1", "2"]),
        ({"offset": -2}, ["1", "2"]),
        ({"offset": -50}, ["1", "2"]),
    ):
        found = await telegram.call("getUpdates", **params)
        assert [u["message"]["text"] for u in found] == texts, params


async def test_only_a_poll_that_waits_ends_another(live: Telegram) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(live.refusal("getUpdates", timeout=20))
        await asyncio.sleep(0.1)
        assert await live.call("getUpdates") == []
        await asyncio.sleep(0.1)
        assert not first.done()
        second = group.create_task(live.refusal("getUpdates", timeout=20))
        assert await first == OTHER
        assert await said(live, "setWebhook", url="http://127.0.0.1:1/") == "Webhook was set"
        assert await second == "Conflict: terminated by setWebhook request"
    assert await live.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


async def test_allowed_updates_are_read_leniently_and_remembered(telegram: Telegram) -> None:
    async def asked(given: Any) -> list[str] | None:
        await telegram.call("getUpdates", **({} if given is None else {"allowed_updates": given}))
        found: list[str] | None = (await telegram.call("getWebhookInfo")).get("allowed_updates")
        return found

    assert await asked(None) is None
    for given in (["MESSAGE", "Poll", "no such kind"], None, "[broken", [1, 2], {"a": "b"}, "5"):
        assert await asked(given) == ["message", "poll"], given
    for given in ([], ["no such kind"]):
        await asked(["poll"])
        assert await asked(given) is None


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:8444/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "ftp://example.org/"}, "invalid webhook URL specified"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://127.0.0.1/\x01"}, "invalid webhook URL specified"),
        ({"url": "https://example.org:port/"}, "invalid webhook URL specified"),
        (
            {"url": "https://no-such-host.invalid/"},
            "bad webhook: Failed to resolve host: Name or service not known",
        ),
        ({"url": "https://127.0.0.1/", "ip_address": "::nonsense"}, "bad webhook: Invalid IP address specified"),
        ({"url": "https://127.0.0.1/", "secret_token": "no spaces"}, "secret token contains unallowed characters"),
        ({"url": "https://127.0.0.1/", "secret_token": "ü"}, "secret token contains unallowed characters"),
        ({"url": "https://127.0.0.1/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_a_webhook_that_is_refused_leaves_none(telegram: Telegram, params: Any, refusal: str) -> None:
    await telegram.call("setWebhook", url="https://127.0.0.1:1/", secret_token="Ab_-9" + "x" * 251)
    telegram.say("waits")
    assert await telegram.refusal("setWebhook", **params) == f"Bad Request: {refusal}"
    assert (await telegram.call("getWebhookInfo")) == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
    }


async def test_what_set_and_delete_say_and_drop(telegram: Telegram) -> None:
    url = "127.0.0.1:1/hook"  # https, where nothing else is said
    telegram.say("one")
    assert await said(telegram, "setWebhook", url=url, max_connections=500) == "Webhook was set"
    assert await said(telegram, "setWebhook", url=url, max_connections=100) == "Webhook is already set"
    assert await telegram.call("getWebhookInfo") == {
        "url": url,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "ip_address": "127.0.0.1",
        "max_connections": 100,
    }
    assert await said(telegram, "setWebhook", url=url, allowed_updates=ALL) == "Webhook was set"
    assert (await telegram.call("getWebhookInfo"))["max_connections"] == 40
    assert await said(telegram, "deleteWebhook") == "Webhook was deleted"
    assert (await telegram.call("getWebhookInfo"))["pending_update_count"] == 1
    assert await said(telegram, "setWebhook", url="") == "Webhook is already deleted"
    assert await said(telegram, "deleteWebhook", drop_pending_updates=True) == "Webhook is already deleted"
    assert (await telegram.call("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_certificate_is_trusted_and_one_that_is_too_big_refused(live: Telegram) -> None:
    async with Hook(tls=SELF_SIGNED) as hook:
        await live.call("setWebhook", url=hook.url)
        live.say("one")
        async with asyncio.timeout(10):
            while "last_error_message" not in (info := await live.call("getWebhookInfo")):
                await asyncio.sleep(0.05)
        assert info["last_error_message"] == "SSL error {error:0A000086:SSL routines::certificate verify failed}"
        assert info["last_error_date"] == pytest.approx(live.world.now(), abs=10)
        certificate = (
            "cert.pem",
            SELF_SIGNED.read_bytes().partition(b"END PRIVATE KEY-----\n")[2],
            "application/x-pem-file",
        )
        await live.upload("setWebhook", url=hook.url, certificate=certificate)
        await hook.until(1)
        info = await live.call("getWebhookInfo")
        await live.call("deleteWebhook")
    assert info["has_custom_certificate"] is True
    assert "last_error_message" not in info
    assert info["pending_update_count"] == 0
    form = {"url": hook.url}
    big = {"certificate": ("cert.pem", bytes(3 * 1024 * 1024 + 1), "application/x-pem-file")}
    answer = await live.client.post(f"/bot{live.world.bot_token}/setWebhook", data=form, files=big)
    assert answer.json()["description"] == "Bad Request: certificate size is too big (3145729 bytes)"


async def test_failures_are_repeated_at_once_then_after_longer_and_as_long_as_asked(live: Telegram) -> None:
    def reply(number: int) -> Response:
        if number == 2:
            return Response(status_code=429, headers={"Retry-After": "1"})
        return Response(status_code=503 if number < 2 else 200)

    async with Hook(reply) as hook:
        await live.call("setWebhook", url=hook.url)
        live.say("one")
        await hook.until(4)
        info = await live.call("getWebhookInfo")
        await live.call("deleteWebhook")
    pauses = [later - earlier for earlier, later in zip(hook.times, hook.times[1:], strict=False)]
    assert pauses[0] < 1
    assert 2 <= pauses[1] < 4
    assert 1 <= pauses[2] < 2
    assert len({update["update_id"] for update in hook.got}) == 1
    assert info["last_error_message"] == "Wrong response from the webhook: 429 Too Many Requests"
    assert info["pending_update_count"] == 0


async def test_a_new_webhook_does_not_wait_for_the_old_ones_pause(live: Telegram) -> None:
    async with Hook(lambda _: Response(status_code=500, headers={"Retry-After": "3600"})) as old, Hook() as new:
        await live.call("setWebhook", url=old.url)
        live.say("one")
        await old.until(1)
        await live.call("setWebhook", url=new.url)
        await new.until(1)
        info = await live.call("getWebhookInfo")
        await live.call("deleteWebhook")
    assert len(old.got) == 1
    assert "last_error_date" not in info


async def test_gone_for_most_of_a_day_ends_the_webhook(live: Telegram) -> None:
    status = [410]
    async with Hook(lambda _: Response(status_code=status[0])) as hook:
        await live.call("setWebhook", url=hook.url)
        live.say("one")
        await hook.until(2)
        assert (await live.call("getWebhookInfo"))["url"] == hook.url
        live.world.webhook.gone_since -= GONE_AFTER
        async with asyncio.timeout(10):
            while (info := await live.call("getWebhookInfo"))["url"]:
                await asyncio.sleep(0.05)
    assert info["pending_update_count"] == 1
    [update] = await live.call("getUpdates")
    assert update["message"]["text"] == "one"


async def test_nobody_listens(live: Telegram) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        await live.call("setWebhook", url=f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        live.say("one")
        async with asyncio.timeout(10):
            while "last_error_message" not in (info := await live.call("getWebhookInfo")):
                await asyncio.sleep(0.05)
        await live.call("deleteWebhook")
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1


async def test_a_given_address_is_connected_to_in_the_hosts_name(live: Telegram) -> None:
    async with Hook() as hook:
        await live.call("setWebhook", url=f"http://shop:{hook.port}/hook", ip_address="127.0.0.1")
        live.say("one")
        await hook.until(1)
        info = await live.call("getWebhookInfo")
        await live.call("deleteWebhook")
    assert info["ip_address"] == "127.0.0.1"
    assert hook.headers[0]["host"] == f"shop:{hook.port}"
    assert "x-telegram-bot-api-secret-token" not in hook.headers[0]


async def test_an_answer_may_call_a_method_but_none_that_gets_or_changes_the_webhook(live: Telegram) -> None:
    group = live.group.id
    answers: list[Response] = [
        JSONResponse({"method": "sendMessage", "chat_id": group, "text": "by JSON"}),
        Response(f"method=SENDMESSAGE&chat_id={group}&text=by+form", media_type="application/x-www-form-urlencoded"),
        JSONResponse({"method": "deleteWebhook"}),
        JSONResponse({"method": "getMe"}),
        JSONResponse({"method": "sendMessage", "chat_id": 1, "text": "to nobody"}),
        Response("OK"),
        JSONResponse([1]),
    ]
    async with Hook(lambda number: answers[number]) as hook:
        await live.call("setWebhook", url=hook.url)
        for number in range(len(answers)):
            live.say(f"{number}")
        await hook.until(len(answers))
        assert (await live.call("getWebhookInfo"))["url"] == hook.url
        await live.call("deleteWebhook")
    ours = [m.content["text"] for m in live.group.messages.values() if m.sender_id == live.world.bot_id]
    assert [text for text in ours if text.startswith("by")] == ["by JSON", "by form"]
    assert live.world.calls.since(0, "getme") == []
    assert "Bad Request: chat not found" in [call.outcome for call in live.world.calls.since(0, "sendmessage")]
