"""Members live on: by their own curves, the same for the same seed, and they answer what is posted when they are up."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from statistics import mean
from typing import Any

import httpx
import pytest

from sandbox.community import build_world, make_plot
from sandbox.life import Life
from sandbox.seeding import cast, habits
from sandbox.seeding.history import DAY, SHANGHAI
from sandbox.world import World
from tests.sandbox.conftest import served
from tests.sandbox.telegram import NOW, Telegram

END = int(NOW.timestamp())
EVERYTHING = {"react", "reply", "vote", "press"}
FAST = 1_000_000


@pytest.fixture
def town() -> World:
    """The seeded community on the evening of its last day; life is off."""
    return open_town(1)


def open_town(seed: int) -> World:
    world = build_world(seed, False, NOW)
    world.timeline.start_at(float(END))
    return world


def life_of(world: World) -> Life:
    assert world.life is not None
    return world.life


async def live(world: World, seconds: float) -> None:
    """Let so much sandbox time pass, with nobody but the members there."""
    until = world.clock() + seconds
    world.updates.set_allowed(["poll"])  # no bot is there to take them
    async with served(world), asyncio.timeout(100):
        world.timeline.speed = FAST
        while world.clock() < until:
            await asyncio.sleep(0.005)
        world.timeline.speed = 0


def lived(world: World) -> list[tuple[Any, ...]]:
    chat = world.chat(world.group_id)
    first = life_of(world).first_message_id
    return [
        (m.date, world.user(m.sender_id).full_name, str(m.content.get("text")), m.reply_to, sorted(m.reactions))
        for m in chat.messages.values()
        if m.id >= first
    ]


async def test_a_day_of_life_is_lively_and_by_the_hours_of_the_past(town: World) -> None:
    life_of(town).on = True
    await live(town, 2 * DAY)
    found = lived(town)
    done = life_of(town).done
    assert 200 < len(found) < 800
    hours = Counter((date + SHANGHAI) % DAY // 3600 for date, *_ in found)
    assert sum(hours[h] for h in (19, 20, 21, 22)) > 4 * sum(hours[h] for h in (2, 3, 4, 5))
    assert done["react"] > 40
    assert len({name for _, name, *_ in found}) > 25
    threads = {m.thread_id for m in town.chat(town.group_id).messages.values() if m.date > END}
    assert len(threads) == 3, "General and both topics"
    replies = [m for m in town.chat(town.group_id).messages.values() if m.date > END and m.reply_to != m.thread_id]
    assert len(replies) > 30
    assert town.user(town.manager_id).full_name not in {name for _, name, *_ in found}


async def test_the_same_seed_lives_the_same_life() -> None:
    lives = []
    for seed in (3, 3, 4):
        world = open_town(seed)
        life_of(world).on = True
        await live(world, DAY / 2)
        until = END + DAY / 2 - 3600  # how far exactly time went is not the same
        lives.append([one[:4] for one in lived(world) if one[0] < until])
    assert lives[0] == lives[1]
    assert lives[0] != lives[2]
    assert len(lives[0]) > 30


async def test_newcomers_come_and_say_hello_and_members_leave(town: World) -> None:
    life = life_of(town)
    before = set(town.chat(town.group_id).members)
    life.on = True
    await live(town, 10 * DAY)
    chat = town.chat(town.group_id)
    came = set(chat.members) - before
    assert came == set(life.residents) - before
    assert 2 <= life.joined <= 12
    assert life.done["leave"] == len(before - set(chat.members)) + life.joined - len(came)
    assert life.done["refused"] == 0
    names = {town.user(user_id).first_name for user_id in came}
    assert names <= {person.first_name for person in cast.later()}


def test_more_answer_in_the_evening_than_at_night() -> None:
    """Twelve seeds, posts of the same quality: 20:30 against 04:30 in the group's zone."""
    gained: list[tuple[int, int]] = []
    for seed in range(1, 13):
        people = habits.residents_of(make_plot(seed, NOW))
        midnight = (END + SHANGHAI) // DAY * DAY - SHANGHAI + DAY
        evening, night = (
            len(habits.answers(seed, (-1, n, midnight + int(hour * 3600)), 1.0, EVERYTHING, people))
            for n, hour in ((1, 20.5), (2, 4.5))
        )
        gained.append((evening, night))
    assert sum(evening > night for evening, night in gained) == 12
    assert mean(evening for evening, _ in gained) > 1.6 * mean(night for _, night in gained)


def test_good_posts_get_more_and_sleepers_answer_after_waking() -> None:
    people = habits.residents_of(make_plot(1, NOW))
    midnight = (END + SHANGHAI) // DAY * DAY - SHANGHAI + DAY
    counts = [
        mean(len(habits.answers(1, (-1, n, midnight + 20 * 3600), good, EVERYTHING, people)) for n in range(20))
        for good in (0.4, 1.0, 2.0)
    ]
    assert counts == sorted(counts)
    assert counts[2] > 2 * counts[0]
    late = habits.answers(1, (-1, 7, midnight + 3 * 3600), 2.0, EVERYTHING, people)
    hours = sorted((act.at - midnight) / 3600 for act in late)
    assert hours[len(hours) // 2] > 6, "most see it in the morning"


async def test_a_drop_of_the_bot_is_answered_in_every_way(town: World) -> None:
    life_of(town).on = True
    async with served(town) as url, httpx.AsyncClient(base_url=url) as client:
        telegram = Telegram(town, client)
        keyboard = {"inline_keyboard": [[{"text": "I want it", "callback_data": "want"}]]}
        drop = await telegram.call("sendMessage", chat_id=town.group_id, text="New clip tonight", reply_markup=keyboard)
        poll = await telegram.call(
            "sendPoll", chat_id=town.group_id, question="Which cover?", options=[{"text": "A"}, {"text": "B"}]
        )
        answer = await telegram.call(
            "sendMessage", chat_id=town.group_id, text="12", reply_parameters={"message_id": drop["message_id"]}
        )
        town.timeline.speed = FAST
        until = town.clock() + DAY
        async with asyncio.timeout(60):
            while town.clock() < until:
                await asyncio.sleep(0.005)
        town.timeline.speed = 0
    chat = town.chat(town.group_id)
    done = life_of(town).done
    assert len(chat.messages[drop["message_id"]].reactions) >= 3
    assert done["press"] >= 1
    assert done["vote"] == len(town.polls[poll["poll"]["id"]].votes) >= 2
    assert any(m.reply_to == drop["message_id"] for m in chat.messages.values() if m.sender_id != town.bot_id)
    assert not chat.messages[answer["message_id"]].reactions


async def test_life_can_be_switched_off_and_on_and_the_empty_group_has_none(town: World, world: World) -> None:
    telegram = Telegram(town, httpx.AsyncClient())
    async with served(town) as url, httpx.AsyncClient(base_url=url) as client:
        for on in (True, False):
            told = (await client.post("/sandbox/time", json={"life": on})).json()
            assert told["life"] is on
        assert (await client.post("/sandbox/time", json={"life": 1})).status_code == 400
    await live(town, DAY / 2)
    assert lived(town) == []
    life_of(town).on = True
    await live(town, DAY / 2)
    assert lived(town)
    assert telegram.group.id == town.group_id
    async with served(world) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.post("/sandbox/time", json={"life": True})).json()["life"] is False


def test_buyers_buy_and_their_purchases_are_in_the_figures() -> None:
    plot = make_plot(1, NOW)
    buyers = {n for n, member in enumerate(plot.members) if member.person.part == "buyer"}
    said = [e for e in plot.entries if e.author in buyers and e.topic == 2]
    ordered = [e for e in said if "下单" in e.text or "order" in e.text]
    assert len(buyers) == 7
    assert len(ordered) > 20
    assert any("谢" in e.text or "thank" in e.text for e in said)
    assert datetime.fromtimestamp(plot.entries[-1].at, UTC) <= NOW
