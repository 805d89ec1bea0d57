"""The sandbox's clock: at the wall's pace, faster, and stepping from event to event without skipping any."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sandbox.errors import ActionError
from sandbox.timeline import Timeline
from sandbox.world import World
from tests.sandbox.telegram import Telegram


class Real:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def real() -> Real:
    return Real()


def test_speed_one_is_the_wall_clock(real: Real) -> None:
    line = Timeline(real)
    real.at += 12.5
    assert line.now() == real.at
    assert abs(World().clock() - datetime.now(UTC).timestamp()) < 1  # noqa: TID251


def test_a_change_of_speed_keeps_the_time(real: Real) -> None:
    line = Timeline(real)
    for speed, passed in ((10, 10), (3600, 0), (1, 1), (0, 0), (2.5, 2.5)):
        before = line.now()
        line.speed = speed
        assert line.now() == before
        real.at += 1
        assert line.now() == pytest.approx(before + passed)


def test_the_clock_never_goes_back(real: Real) -> None:
    line = Timeline(real)
    before = line.now()
    real.at -= 3600  # the computer's clock was set
    assert line.now() == before
    line.speed = 100
    line.move(before + 50)
    line.move(before + 20)
    assert line.now() == before + 50


def test_stepping_is_never_faster_than_the_speed_and_forgives_a_slow_bot(real: Real) -> None:
    line = Timeline(real)
    line.speed = 100
    began = line.now()
    real.at += 0.5
    assert line.ceiling() == pytest.approx(began + 50)
    real.at += 60  # the bot took a minute for one step
    assert line.ceiling() == pytest.approx(began + 100)


def test_limits_see_real_waiting_and_sandbox_time(real: Real) -> None:
    line = Timeline(real)
    line.speed = 100
    began = line.limit_now()
    seen = [began]
    for step in range(1, 40):
        real.at += 1.5
        line.ceiling()
        line.move(began + 10 * step)
        seen.append(line.limit_now())
    line.speed = 1
    real.at += 5
    seen.append(line.limit_now())
    assert seen == sorted(seen)
    assert seen[1] - began == pytest.approx(11.5)
    assert seen[-1] - began == pytest.approx(390 + 39 * 1.5 + 5)


async def told(telegram: Telegram, **change: Any) -> dict[str, Any]:
    response = await telegram.client.post("/sandbox/time", json=change)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_the_time_can_be_asked_and_changed(telegram: Telegram) -> None:
    body = await told(telegram, speed=30)
    assert body["speed"] == 30
    assert (await telegram.client.get("/sandbox/time")).json()["now"] >= body["now"]
    for wrong in ({"speed": -1}, {"speed": "fast"}, {"speed": True}, {"hour": 3}, {"skew": 1e400}):
        response = await telegram.client.post(
            "/sandbox/time", content=str(wrong).replace("'", '"'), headers={"content-type": "application/json"}
        )
        assert response.status_code == 400
        assert response.json()["error"]
    with pytest.raises(ActionError, match="speed"):
        telegram.world.timeline.speed = 1e9


async def test_a_skew_sets_messages_off_from_the_clock(telegram: Telegram) -> None:
    await told(telegram, skew=-7200)
    message_id = telegram.say("from the past")
    assert telegram.group.messages[message_id].date == pytest.approx(telegram.world.clock() - 7200, abs=2)


async def poll(client: httpx.AsyncClient, base: str, seen: list[float], world: World) -> None:
    """A bot that takes its time with every update."""
    offset = 0
    while True:
        answer = await client.get(f"{base}/getUpdates", params={"offset": offset, "timeout": 20})
        for update in answer.json()["result"]:
            offset = update["update_id"] + 1
            await asyncio.sleep(0.05)
            seen.append(world.clock() - update["message"]["date"])


async def test_stepping_waits_for_the_bot_at_each_event(world: World, address: str) -> None:
    people = Telegram(world, httpx.AsyncClient())
    lags: list[float] = []
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        bot = group.create_task(poll(client, f"{address}/bot{world.bot_token}", lags, world))
        await asyncio.sleep(0.1)
        began, real = world.clock(), time.monotonic()
        world.timeline.speed = 1_000_000
        for n in range(1, 21):
            world.timeline.at(began + 3600 * n, lambda: people.say("the hour has come"))
        async with asyncio.timeout(20):
            while len(lags) < 20:
                await asyncio.sleep(0.01)
        bot.cancel()
    assert max(lags) <= 1.0, "the clock stood while the bot was at work"
    assert time.monotonic() - real >= 20 * 0.05


async def test_nobody_is_waited_for_who_does_not_poll(world: World, address: str) -> None:
    people = Telegram(world, httpx.AsyncClient())
    world.timeline.speed = 100_000
    heard: list[float] = []

    def ask() -> None:
        people.say("hello?")
        heard.append(world.clock())

    for n in range(1, 11):
        world.timeline.at(world.clock() + 600 * n, ask)
    world.timeline.at(world.clock() + 300, lambda: 1 / 0)
    async with asyncio.timeout(10):
        while len(heard) < 10:
            await asyncio.sleep(0.01)
    assert heard == sorted(heard)


async def test_events_come_due_at_the_wall_clock_too(world: World, address: str) -> None:
    heard: list[float] = []
    due = world.clock() + 0.3
    world.timeline.at(due, lambda: heard.append(world.clock()))
    async with asyncio.timeout(5):
        while not heard:
            await asyncio.sleep(0.01)
    assert 0 <= heard[0] - due < 0.5
