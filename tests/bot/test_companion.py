"""The bot in fast time: its clock is the sandbox's, and its jobs run when they are due there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial, update_wrapper
from typing import Any

import pytest

from bot.companion import Companion
from handlers import daily
from handlers.context import App, Context
from handlers.jobs import Work, run_every, run_once
from sandbox.community import build_world
from sandbox.world import World
from storage.communities import find_community
from storage.drop_content import Content
from storage.drops import State, add_drop
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import bot_in, text_of
from tests.bot.living import live

HOUR = 3600.0


@pytest.fixture
def world() -> World:
    return build_world(5, True, datetime(2026, 11, 22, 13, 5, tzinfo=UTC))


async def pass_time(world: World, seconds: float) -> float:
    """Let so much sandbox time go by; returns the time then."""
    until = world.clock() + seconds
    async with asyncio.timeout(60):
        while world.clock() < until:
            await asyncio.sleep(0.01)
    return until


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[datetime]]:
    """Jobs of three kinds beside the bot's own, and the bot's time at which each ran."""
    seen: dict[str, list[datetime]] = {"hourly": [], "once": [], "late": []}

    async def note(name: str, context: Context) -> None:
        seen[name].append(context.clock.now())
        if name == "once" and context.job_queue is not None:
            context.job_queue.run_once(partial(note, "late"), context.clock.now() + timedelta(hours=5), name="late")

    def named(work: partial[Coroutine[Any, Any, None]]) -> Work:
        return update_wrapper(work, note)  # the library names a job by its function

    original = daily.setup

    def setup(app: App) -> None:
        original(app)
        run_every(app, named(partial(note, "hourly")), timedelta(hours=1), first=timedelta(seconds=1))
        run_once(app, named(partial(note, "once")), timedelta(hours=2))

    monkeypatch.setattr(daily, "setup", setup)
    return seen


@pytest.mark.parametrize("days", [-30, 0, 30])
async def test_jobs_run_by_the_sandbox_clock(
    world: World, store: Store, ran: dict[str, list[datetime]], days: int
) -> None:
    world.timeline.start_at(world.clock() + 24 * HOUR * days)  # of the machine's clock
    began = world.clock()
    async with bot_in(world, store):
        world.timeline.speed = 100_000
        await pass_time(world, 23.5 * HOUR)
    assert len(ran["hourly"]) == 24
    assert [round((at.timestamp() - began) / HOUR, 1) for at in ran["hourly"]] == [float(n) for n in range(24)]
    assert [round((at.timestamp() - began) / HOUR, 1) for at in ran["once"] + ran["late"]] == [2.0, 7.0]


async def test_an_answer_carries_the_sandbox_date_and_nothing_counts_as_absence(world: World, store: Store) -> None:
    async with bot_in(world, store) as chat:
        await chat.ask(chat.manager, "/stats")
        world.timeline.speed = 100_000
        await pass_time(world, 30 * HOUR)
        world.timeline.speed = 1
        answer = text_of(await chat.ask(chat.manager, "/stats 24h"))
    today = datetime.fromtimestamp(world.clock(), UTC)
    assert today.strftime("%-d %b") in answer
    assert "missing" not in answer
    assert store.read_now(lambda session: find_community(session, world.group_id)) is not None


async def test_a_reminder_comes_with_its_drop_and_nothing_stops_time_between(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[float] = []
    run_due = Companion.run_due

    async def count(self: Companion, now: float) -> None:
        stops.append(now)
        await run_due(self, now)

    monkeypatch.setattr(Companion, "run_due", count)
    async with bot_in(world, store) as chat:
        await chat.ask(chat.manager, "/stats")
        await chat.ask(chat.manager, "/start", chat.manager)
        began = from_epoch(world.now())
        group = store.read_now(lambda session: find_community(session, world.group_id))
        assert group is not None
        due_at = began + timedelta(hours=4)
        values = {"state": State.SCHEDULED, "due_at": due_at, "content": Content("The lighthouse film")}
        await store.write(lambda session: add_drop(session, group.id, now=began, author_id=chat.manager, **values))
        await chat.pop_up(chat.manager, await chat.ask(chat.manager, "/next"), "Remind me")
        stops.clear()
        world.timeline.speed = 20_000
        await pass_time(world, 9 * HOUR)
        said = [one for one in world.chat(chat.manager).messages.values() if "Just out" in text_of(one)]
        (posted,) = [one for one in chat.group.messages.values() if text_of(one) == "The lighthouse film"]
    assert [one.date - posted.date for one in said] == [pytest.approx(0, abs=60)]
    assert len(stops) < 9 * 30, "time stops less often than every two minutes"


async def test_every_act_of_a_day_is_stored_once(store: Store) -> None:
    lived = await live(store, 24, 40_000)
    done = lived.done.copy()
    done["write"] += done.pop("reply", 0)
    assert lived.stored == done
    assert done["write"] > 100
    assert done["react"] > 20
    assert lived.real >= lived.passed / 40_000
