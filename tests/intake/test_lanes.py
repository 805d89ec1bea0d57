"""Lanes: one chat's updates in order, different chats' side by side, and nothing lost at a stop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from handlers.context import App, Context
from handlers.lanes import Lanes
from storage.inbox import Waiting
from storage.store import Store, StoreUnavailable
from tests.clock import FakeClock
from tests.intake.application import make_app
from tests.intake.storing import deliver, query
from tests.intake.updates import GROUP, command, message, press, update

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


def ask(number: int, chat_id: int = GROUP) -> Waiting:
    one = update(number, "message", message(number, chat_id=chat_id, **command("/stats")))
    return Waiting(number, chat_id, json.dumps(one))


def left(store: Store) -> list[int]:
    return [row[0] for row in query(store, "SELECT update_id FROM pending_update ORDER BY update_id")]


async def app_with(store: Store, clock: FakeClock, handler: Handler) -> App:
    app = await make_app(store, clock)
    app.add_handler(TypeHandler(Update, handler))
    return app


@asynccontextmanager
async def running(lanes: Lanes) -> AsyncIterator[asyncio.Event]:
    """Lanes at work; stopped at the end, or by the event."""
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(lanes.run(stop))
        await asyncio.sleep(0)
        yield stop
        stop.set()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_one_chat_in_order_and_chats_side_by_side(store: Store, clock: FakeClock) -> None:
    answers: list[int] = []
    gate = asyncio.Event()

    async def slow_in_the_group(given: Update, _context: Context) -> None:
        if given.effective_chat and given.effective_chat.id == GROUP:
            await gate.wait()
        answers.append(given.update_id)

    lanes = Lanes(await app_with(store, clock, slow_in_the_group), store)
    async with running(lanes):
        lanes.put([ask(1), ask(2), ask(3, chat_id=5_000_001), ask(4), ask(5, chat_id=5_000_002)])
        await until(lambda: sorted(answers) == [3, 5])
        gate.set()
        await until(lambda: len(answers) == 5)
    assert answers[2:] == [1, 2, 4]


async def test_what_is_answered_is_forgotten(store: Store, clock: FakeClock) -> None:
    async def answer(_given: Update, _context: Context) -> None:
        await asyncio.sleep(0)

    lanes = Lanes(await app_with(store, clock, answer), store)
    updates = [update(n, "message", message(n, **command("/stats"))) for n in range(1, 6)]
    async with running(lanes):
        lanes.put(deliver(store, *updates, update(9, "callback_query", press(9, 1, 5))).waiting)
        await until(lambda: left(store) == [])
    assert len(query(store, "SELECT * FROM interaction")) == 6


async def test_nothing_is_answered_twice(store: Store, clock: FakeClock) -> None:
    answers: list[int] = []

    async def answer(given: Update, _context: Context) -> None:
        answers.append(given.update_id)
        await asyncio.sleep(0.01)

    lanes = Lanes(await app_with(store, clock, answer), store)
    taken = deliver(store, update(1, "message", message(1, **command("/stats"))), now=clock.now())
    lanes.put(taken.waiting)
    lanes.put(taken.waiting)
    async with running(lanes):
        for _ in range(5):
            await lanes.reload(clock.now())
            await asyncio.sleep(0.004)
        await until(lambda: left(store) == [])
        await lanes.reload(clock.now())
    assert answers == [1]


async def test_a_failing_handler_and_an_unreadable_update_do_not_block_their_lane(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[int] = []

    async def answer(given: Update, _context: Context) -> None:
        if given.update_id == 1:
            raise RuntimeError("a bug")
        answers.append(given.update_id)

    lanes = Lanes(await app_with(store, clock, answer), store)
    odd = Waiting(2, GROUP, json.dumps(update(2, "message", {"chat": "private words"})))
    async with running(lanes):
        lanes.put([ask(1), odd, Waiting(3, GROUP, "no JSON"), ask(4)])
        await until(lambda: answers == [4])
    assert "update 2" in caplog.text
    assert "private words" not in caplog.text


async def test_a_stop_finishes_what_is_under_way_and_leaves_the_rest_for_the_next_start(
    store: Store, clock: FakeClock
) -> None:
    answers: list[int] = []

    async def answer(given: Update, _context: Context) -> None:
        await asyncio.sleep(0.1)
        answers.append(given.update_id)

    app = await app_with(store, clock, answer)
    updates = [update(n, "message", message(n, **command("/stats"))) for n in range(1, 5)]
    lanes = Lanes(app, store)
    async with running(lanes) as stop:
        lanes.put(deliver(store, *updates, now=clock.now()).waiting)
        await asyncio.sleep(0.05)
        stop.set()
    assert answers == [1]
    assert left(store) == [2, 3, 4]
    again = Lanes(app, store)
    async with running(again):
        await again.reload(clock.now())
        await until(lambda: left(store) == [])
    assert answers == [1, 2, 3, 4]


async def test_an_answer_that_takes_too_long_is_cut_short_and_given_again(store: Store, clock: FakeClock) -> None:
    async def hang(_given: Update, _context: Context) -> None:
        await asyncio.sleep(60)

    lanes = Lanes(await app_with(store, clock, hang), store, grace=0.1)
    async with running(lanes):
        lanes.put(deliver(store, update(1, "message", message(1, **command("/stats"))), now=clock.now()).waiting)
        await asyncio.sleep(0.05)
    assert left(store) == [1]


async def test_what_waited_over_ten_minutes_is_dropped_and_said(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[int] = []

    async def answer(given: Update, _context: Context) -> None:
        answers.append(given.update_id)

    for number in (1, 2, 3):
        deliver(store, update(number, "message", message(number, **command("/stats"))), now=clock.now())
        clock.advance(timedelta(minutes=5))
    lanes = Lanes(await app_with(store, clock, answer), store)
    async with running(lanes):
        await lanes.reload(clock.now())
        await until(lambda: left(store) == [])
    assert answers == [2, 3]
    assert "1 updates waited over ten minutes" in caplog.text


async def test_intake_pauses_while_too_many_wait(store: Store, clock: FakeClock) -> None:
    gate = asyncio.Event()

    async def answer(_given: Update, _context: Context) -> None:
        await gate.wait()

    lanes = Lanes(await app_with(store, clock, answer), store, room=3)
    async with running(lanes):
        await lanes.room()
        lanes.put([ask(number) for number in (1, 2, 3)])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await lanes.room()
        gate.set()
        async with asyncio.timeout(2):
            await lanes.room()


async def test_answers_given_in_an_outage_are_recorded_after_it(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []

    async def answer(given: Update, _context: Context) -> None:
        answers.append(given.update_id)

    taken = deliver(store, *(update(n, "message", message(n, **command("/stats"))) for n in (1, 2)), now=clock.now())
    lanes = Lanes(await app_with(store, clock, answer), store)
    write = store.write

    async def full(_fn: object) -> None:
        raise StoreUnavailable("database or disk is full")

    async with running(lanes):
        monkeypatch.setattr(store, "write", full)
        lanes.put(taken.waiting[:1])
        await until(lambda: answers == [1])
        await asyncio.sleep(0.02)
        monkeypatch.setattr(store, "write", write)
        await lanes.reload(clock.now())
        await until(lambda: left(store) == [])
    assert answers == [1, 2]
