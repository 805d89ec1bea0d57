"""Links are tried against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from handlers.links import find_dead

PAGES = {"/there": 200, "/gone": 404, "/broken": 500, "/members": 403, "/moved": 302}


@pytest.fixture
async def site() -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode()
        while (await reader.readline()).strip():
            pass
        status = PAGES[path]
        writer.write(
            f"HTTP/1.1 {status} X\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_dead_links_are_told_from_living_ones(site: str) -> None:
    links = [f"{site}{path}" for path in PAGES]
    closed = "http://127.0.0.1:9/"
    nowhere = "https://no-such-host.invalid/x"
    dead = await find_dead([*links, closed, nowhere, "tg://resolve?domain=x"], local=True)
    assert dead == {f"{site}/gone", f"{site}/broken", closed, nowhere}


async def test_nobody_looks_around_in_the_own_network(site: str) -> None:
    assert await find_dead([f"{site}/gone", "http://[::1]/", "http://10.0.0.1/"]) == frozenset()
