"""The sandbox's own endpoints: faults, the record of calls, and who is kept out."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from sandbox.server import bind, serve
from sandbox.world import World
from tests.sandbox.telegram import Telegram


async def test_a_flood_wait_at_the_second_call(telegram: Telegram) -> None:
    rule = {"kind": "flood", "method": "sendMessage", "nth": 2, "retry_after": 7}
    assert (await telegram.client.post("/sandbox/faults", json=rule)).status_code == 200
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="one")
    response = await telegram.response("sendMessage", chat_id=telegram.group.id, text="two")
    assert response.status_code == 429
    assert response.json()["description"] == "Too Many Requests: retry after 7"
    assert response.json()["parameters"] == {"retry_after": 7}
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="three")
    assert [m.content["text"] for m in telegram.group.messages.values()] == ["one", "three"]


async def test_chance_is_seeded(telegram: Telegram) -> None:
    async def run() -> list[int]:
        await telegram.client.delete("/sandbox/faults")
        rule = {"kind": "error", "method": "getMe", "probability": 0.5, "seed": 3}
        await telegram.client.post("/sandbox/faults", json=rule)
        return [(await telegram.response("getMe")).status_code for _ in range(20)]

    first = await run()
    assert {200, 502} == set(first)
    assert await run() == first


async def test_a_truncated_answer_after_the_effect(telegram: Telegram) -> None:
    await telegram.client.post("/sandbox/faults", json={"kind": "truncate", "method": "sendMessage", "nth": 1})
    response = await telegram.response("sendMessage", chat_id=telegram.group.id, text="done")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        response.json()
    assert len(telegram.group.messages) == 1


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_before_or_after_the_effect(
    world: World, address: str, kind: str, written: int
) -> None:
    world.faults.add(kind=kind, method="sendMessage", nth=1)
    async with httpx.AsyncClient(base_url=address) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(f"/bot{world.bot_token}/sendMessage", json={"chat_id": world.group_id, "text": "x"})
        assert len(world.chat(world.group_id).messages) == written
        assert (await client.get(f"/bot{world.bot_token}/getMe")).json()["ok"] is True


async def test_an_unknown_fault_is_refused(telegram: Telegram) -> None:
    response = await telegram.client.post("/sandbox/faults", json={"kind": "gremlins"})
    assert response.status_code == 400
    assert "drop_after" in response.json()["error"]


async def test_calls_are_recorded_without_the_token(telegram: Telegram) -> None:
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="hi")
    await telegram.refusal("sendMessage", chat_id=1, text="hi")
    response = await telegram.client.get("/sandbox/calls", params={"method": "sendMessage"})
    calls = response.json()["calls"]
    assert [(c["status"], c["params"]["text"]) for c in calls] == [(200, "hi"), (400, "hi")]
    assert calls[1]["outcome"] == "Bad Request: chat not found"
    assert telegram.world.bot_token not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"content-type": "text/plain"},
    ],
)
async def test_other_web_pages_are_kept_out(telegram: Telegram, headers: dict[str, str]) -> None:
    body = b'{"action":"leave","chat_id":1,"user_id":1}'
    response = await telegram.client.post(
        "/sandbox/act", content=body, headers={"content-type": "application/json"} | headers
    )
    assert response.status_code == 403


async def test_a_mistaken_act_is_explained(telegram: Telegram) -> None:
    response = await telegram.client.post("/sandbox/act", json={"action": "fly"})
    assert response.status_code == 400
    assert "unknown action 'fly'" in response.json()["error"]
    response = await telegram.client.post(
        "/sandbox/act", json={"action": "send", "chat_id": telegram.group.id, "user_id": 777000, "text": "x"}
    )
    assert response.json() == {"error": "Telegram is not in this chat"}


async def test_uploads_other_than_pictures_are_only_downloads(telegram: Telegram) -> None:
    await telegram.client.post(
        "/sandbox/upload",
        params={"chat_id": telegram.group.id, "user_id": telegram.first, "name": "x.html", "mime_type": "text/html"},
        content=b"<script>alert(1)</script>",
        headers={"content-type": "application/octet-stream"},
    )
    [update] = await telegram.updates()
    response = await telegram.client.get(f"/sandbox/files/{update['message']['document']['file_unique_id']}")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == "attachment"


async def test_a_port_in_use_is_said_clearly(world: World) -> None:
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
            await serve(world, "127.0.0.1", port)


async def test_the_server_stops_at_once_though_a_bot_polls_and_a_page_looks_on(world: World) -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.ensure_future(serve(world, "127.0.0.1", 0, on_ready=ready.set_result))
    async with httpx.AsyncClient(base_url=await ready, timeout=30) as client:
        poll = asyncio.ensure_future(client.get(f"/bot{world.bot_token}/getUpdates", params={"timeout": 30}))
        page = asyncio.ensure_future(client.get("/sandbox/events"))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        serving.cancel()
        await asyncio.wait([serving])
        assert time.monotonic() - started < 3
        await asyncio.gather(poll, page, return_exceptions=True)
