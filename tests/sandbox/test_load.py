"""Many updates, many pages: all stay live, and what nobody fetches or looks at is let go."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from sandbox import media, posting, updates
from sandbox.actions import act
from sandbox.broadcast import BACKLOG, Broadcast
from sandbox.community import build_world
from sandbox.updates import KEPT_SECONDS, UpdateQueue
from sandbox.world import World
from tests.sandbox.load import frames_under_load, measure
from tests.sandbox.telegram import Telegram

RATE, PAGES, SECONDS = 500, 20, 3


async def test_500_updates_a_second_reach_a_poller_and_20_pages() -> None:
    world = build_world(7, True, datetime.fromtimestamp(0, UTC))
    poller, pages = await measure(world, RATE, PAGES, SECONDS)
    print(f"\npoller: {poller}\npages: {pages}")
    assert poller.written >= RATE * SECONDS * 0.9
    assert poller.fewest == pages.fewest == poller.written
    assert poller.p99 < 1
    assert pages.p99 < 1


@pytest.mark.browser
async def test_a_real_page_stays_responsive_and_shows_the_last_of_many(world: World) -> None:
    frames = await frames_under_load(world, RATE, SECONDS)
    assert len(frames) > 3
    assert frames[len(frames) // 2] < 1


def ids(queue: UpdateQueue) -> list[int]:
    return [msgspec.json.decode(raw)["update_id"] for raw in queue.take(10**6)]


def test_the_oldest_updates_are_let_go_when_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "KEPT_UPDATES", 10)
    queue = UpdateQueue(1)
    for number in range(1, 26):
        queue.inject(b'{"update_id":%d}' % number)
    assert ids(queue) == list(range(16, 26))
    assert queue.let_go == 15


def test_the_oldest_updates_are_let_go_when_they_are_too_large_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "KEPT_BYTES", 10_000)
    queue = UpdateQueue(1)
    for number in range(1, 26):
        queue.inject(b'{"update_id":%d,"text":"%s"}' % (number, b"x" * 1_900))
    assert ids(queue) == [21, 22, 23, 24, 25]


def test_updates_are_kept_for_a_day() -> None:
    now = [0.0]
    queue = UpdateQueue(1, clock=lambda: now[0])
    queue.inject(b'{"update_id":1}')
    now[0] = KEPT_SECONDS - 1.0
    queue.inject(b'{"update_id":2}')
    assert queue.first() is not None
    assert len(queue) == 2
    now[0] += 2
    queue.first()
    assert ids(queue) == [2]


async def test_the_size_is_counted_rightly_through_polls_and_clearings(telegram: Telegram) -> None:
    queue = telegram.world.updates
    for n in range(30):
        telegram.say(f"message {n}")
        await telegram.call("getUpdates", limit=7, offset=-20 if n == 25 else 0)
    found = await telegram.call("getUpdates", limit=5)
    await telegram.call("getUpdates", offset=found[3]["update_id"], limit=3)
    assert queue._bytes == sum(len(raw) for raw in queue.take(1000))
    await telegram.updates()
    assert (len(queue), queue._bytes) == (0, 0)


def test_old_large_files_are_let_go_and_small_ones_of_the_start_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "KEPT_BYTES", 1_000_000)
    small = media.store_file(world, b"small", "small.txt").unique_id
    large = [media.store_file(world, bytes([n]) * 300_000, f"{n}.bin").unique_id for n in range(5)]
    assert [unique for unique in large if unique in world.files] == large[2:]
    assert small in world.files


async def test_a_page_that_lags_is_told_to_reload_and_others_miss_nothing() -> None:
    broadcast = Broadcast()
    streams: list[Any] = [broadcast.listen(), broadcast.listen()]
    for stream in streams:
        assert b"hello" in await anext(stream)
    waiting = asyncio.ensure_future(anext(streams[0]))
    seen = b""
    for start in range(0, BACKLOG + 1000, 500):
        await asyncio.sleep(0)
        for n in range(start, start + 500):
            broadcast.publish({"type": "n", "n": n})
        seen += await waiting
        waiting = asyncio.ensure_future(anext(streams[0]))
    assert seen.count(b"data: ") == BACKLOG + 1000
    assert (await anext(streams[1])).startswith(b'data: {"type":"reload"}')
    broadcast.close()
    await asyncio.gather(waiting, return_exceptions=True)
    for stream in streams:
        await stream.aclose()


async def test_events_of_one_moment_come_as_one_piece() -> None:
    broadcast = Broadcast()
    stream: Any = broadcast.listen()
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    for n in range(3):
        broadcast.publish({"n": n})
    assert await waiting == b'data: {"n":0}\n\ndata: {"n":1}\n\ndata: {"n":2}\n\n'
    await stream.aclose()


def test_a_chat_forgets_its_oldest_messages_but_not_what_opened_its_topics(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "KEPT_MESSAGES", 20)
    group = world.chat(world.group_id)
    topic = act(world, "open_topic", {"chat_id": group.id, "user_id": world.manager_id, "name": "News"})["thread_id"]
    for n in range(50):
        act(world, "send", {"chat_id": group.id, "user_id": world.manager_id, "text": f"message {n}"})
    assert len(group.messages) == 20
    assert topic in group.messages
    assert max(group.messages) - min(set(group.messages) - {topic}) == 18
