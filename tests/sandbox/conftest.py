"""A small world over HTTP: in-process for most tests, a real server where the connection matters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from sandbox.community import build_world
from sandbox.server import create_app, serve
from sandbox.world import World
from tests.sandbox.browser import shared_chromium
from tests.sandbox.telegram import NOW, Telegram


@pytest.fixture
def world() -> World:
    """The empty world: a forum with its creator, the bot as administrator, and two members."""
    return build_world(7, True, NOW)


@pytest.fixture
def telegram(world: World) -> Telegram:
    transport = httpx.ASGITransport(app=create_app(world))  # it opens no connection that had to be closed
    return Telegram(world, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))


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
def address(request: pytest.FixtureRequest) -> str:
    """The world behind a real port, served by the event loop that the test runs in."""
    loop = "shared" if "browser" in request.fixturenames else "own"
    found: str = request.getfixturevalue(f"address_in_{loop}_loop")
    return found


@pytest.fixture
async def address_in_own_loop(world: World) -> AsyncIterator[str]:
    async with served(world) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def address_in_shared_loop(world: World) -> AsyncIterator[str]:
    async with served(world) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of this process that are marked IN_BROWSER; each has a context of its own."""
    async with shared_chromium() as running:
        yield running
