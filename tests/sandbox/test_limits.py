"""Rate limits: what is refused, for how long, what counts, and where a bot came near."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.calls import Call
from sandbox.limits import highest_rates
from tests.sandbox.examples import PICTURE
from tests.sandbox.telegram import Telegram


@pytest.fixture
def clock(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The limits' clock, which stands until a test moves it."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(telegram.world.limits, "_clock", lambda: now[0])
    return now


async def test_twenty_messages_a_minute_in_a_group(telegram: Telegram, clock: list[float]) -> None:
    for _ in range(20):
        await telegram.call("sendMessage", chat_id=telegram.group.id, text="x")
        clock[0] += 1.5
    response = await telegram.response("sendMessage", chat_id=telegram.group.id, text="one too many")
    body = response.json()
    assert response.status_code == 429
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 30",
        "parameters": {"retry_after": 30},
    }
    assert len(telegram.group.messages) == 20
    clock[0] += 29.9
    assert (await telegram.response("sendMessage", chat_id=telegram.group.id, text="still")).status_code == 429
    clock[0] += 0.1
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="now")


async def test_edits_count_like_posts_and_reads_do_not(telegram: Telegram, clock: list[float]) -> None:
    place: dict[str, Any] = {"chat_id": telegram.group.id}
    sent = await telegram.call("sendMessage", **place, text="0")
    for number in range(1, 20):
        await telegram.call("editMessageText", **place, message_id=sent["message_id"], text=str(number))
    for _ in range(40):
        await telegram.call("getChat", **place)
        await telegram.call("sendChatAction", **place, action="typing")
    refusal = await telegram.refusal("editMessageText", **place, message_id=sent["message_id"], text="20")
    assert refusal == "Too Many Requests: retry after 60"
    assert await telegram.call("deleteMessage", **place, message_id=sent["message_id"]) is True


async def test_an_album_counts_each_of_its_messages(telegram: Telegram, clock: list[float]) -> None:
    media = [{"type": "photo", "media": "attach://one"}] * 10
    for _ in range(2):
        await telegram.upload("sendMediaGroup", chat_id=telegram.group.id, media=media, one=PICTURE)
    assert (await telegram.refusal("sendMessage", chat_id=telegram.group.id, text="x")).startswith("Too Many Requests")


async def test_a_burst_in_a_private_chat_then_one_a_second(telegram: Telegram, clock: list[float]) -> None:
    chat = telegram.start_private()
    for _ in range(20):
        await telegram.call("sendMessage", chat_id=chat, text="x")
    assert await telegram.refusal("sendMessage", chat_id=chat, text="x") == "Too Many Requests: retry after 20"
    await telegram.call("sendMessage", chat_id=telegram.group.id, text="elsewhere goes")


async def test_thirty_a_second_in_all(telegram: Telegram, clock: list[float]) -> None:
    people = [telegram.act("add_user", first_name=f"P{n}")["user_id"] for n in range(31)]
    for person in people:
        telegram.start_private(person)
    for person in people[:30]:
        await telegram.call("sendMessage", chat_id=person, text="x")
    assert await telegram.refusal("sendMessage", chat_id=people[30], text="x") == "Too Many Requests: retry after 1"
    clock[0] += 1
    await telegram.call("sendMessage", chat_id=people[30], text="x")


async def test_refused_calls_do_not_lengthen_the_wait(telegram: Telegram, clock: list[float]) -> None:
    chat = telegram.start_private()
    for _ in range(20):
        await telegram.call("sendMessage", chat_id=chat, text="x")
    for _ in range(10):
        assert await telegram.refusal("sendMessage", chat_id=chat, text="x") == "Too Many Requests: retry after 20"
    clock[0] += 20
    await telegram.call("sendMessage", chat_id=chat, text="x")


async def test_limits_are_shown_and_can_be_switched_off(telegram: Telegram, clock: list[float]) -> None:
    off = await telegram.client.post("/sandbox/limits", json={"enforced": False})
    assert off.json()["enforced"] is False
    for _ in range(22):
        await telegram.call("sendMessage", chat_id=telegram.group.id, text="x")
    shown = (await telegram.client.get("/sandbox/limits")).json()
    [everywhere, group] = shown["buckets"]
    assert (everywhere["peak"], everywhere["nearly"], everywhere["most"]) == (22, False, 30)
    assert (group["chat_id"], group["peak"], group["nearly"]) == (telegram.group.id, 22, True)
    assert [(p["limit"], p["chat_id"], p["refused"]) for p in shown["passed"]] == [
        ("group", telegram.group.id, False)
    ] * 2
    assert (await telegram.client.post("/sandbox/limits", json={"enforced": "maybe"})).status_code == 400


async def test_close_is_refused_for_ten_minutes_and_log_out_silences_as_long(telegram: Telegram) -> None:
    world, now = telegram.world, telegram.world.clock()
    world.started_at = now
    world.clock = lambda: now + 60
    assert await telegram.refusal("close") == "Too Many Requests: retry after 540"
    world.clock = lambda: now + 600
    assert await telegram.call("close") is True
    assert await telegram.call("logOut") is True
    assert await telegram.refusal("getMe") == "Logged out"
    world.clock = lambda: now + 1200
    await telegram.call("getMe")


def test_the_highest_rates_follow_from_the_record_of_calls() -> None:
    def call(at: float, chat_id: int, method: str = "sendMessage", status: int = 200, **params: Any) -> Call:
        return Call(0, at, 0.0, method, {"chat_id": str(chat_id), **params}, status, None)

    album = [{"type": "photo"}] * 4
    calls = [call(0.0, -5), call(0.5, -5), call(0.9, 7), call(1.2, -5, status=429), call(1.4, -5)]
    calls += [call(9.0, 7, "sendMediaGroup", media=album), call(9.1, 7, "getChat")]
    assert highest_rates(calls, 1.0) == {0: 4, -5: 2, 7: 4}
    assert highest_rates(calls, 60.0) == {0: 8, -5: 3, 7: 5}
