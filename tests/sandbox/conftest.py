"""A small world over HTTP: in-process for most tests, a real server where the connection matters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.community import build_world
from sandbox.server import create_app, serve
from sandbox.world import World
from tests.sandbox.telegram import NOW, Telegram


@pytest.fixture
def world() -> World:
    """The empty world: a forum with its creator, the bot as administrator, and two members."""
    return build_world(7, True, NOW)


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[Telegram]:
    transport = httpx.ASGITransport(app=create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Telegram(world, client)


@contextlib.asynccontextmanager
async def served(world: World) -> AsyncIterator[str]:
    """The world behind a real port; gives its address."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(serve(world, "127.0.0.1", 0, on_ready=ready.set_result))
        try:
            yield await ready
        finally:
            task.cancel()


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    async with served(world) as url:
        yield url
