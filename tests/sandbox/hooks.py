"""A bot's own web server, which gets what the sandbox delivers and answers as a test wants."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.server import bind


class Hook:
    """Answers each delivery by `reply`, which is given how many came before; remembers what came, and when.

    `tls` is a file with a key and its certificate; without it the server is plain HTTP.
    """

    def __init__(self, reply: Callable[[int], Response] = lambda _: Response(), tls: Path | None = None) -> None:
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self._reply = reply
        self._socket = bind("127.0.0.1", 0)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/hook"
        app = Starlette(routes=[Route("/hook", self._receive, methods=["POST"])])
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", ssl_certfile=tls, ssl_keyfile=tls)
        self._server = uvicorn.Server(config)

    async def _receive(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        self.times.append(time.monotonic())
        self.got.append(await request.json())
        return self._reply(len(self.got) - 1)

    async def until(self, count: int) -> None:
        """Return when so many deliveries have come and the last was answered.

        Raises:
            TimeoutError: not within 15 seconds.
        """
        async with asyncio.timeout(15):
            while len(self.got) < count:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)

    async def __aenter__(self) -> Hook:
        self._task = asyncio.ensure_future(self._server._serve([self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        async with asyncio.timeout(5):  # whoever still holds a TLS connection then would keep it open for 30
            await self._task
