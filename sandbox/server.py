"""The sandbox as a web server: Bot API, page, and /sandbox/… in one application."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from weakref import WeakSet

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox import admin, botapi, page
from sandbox.delivery import deliver_forever
from sandbox.guard import Guard
from sandbox.pacing import pace
from sandbox.world import World

LARGEST_BODY = 512 * 1024 * 1024  # streams of 100,000 injected updates come in one request


class SandboxApp(Starlette):
    """An application whose faults can reach the connection itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._connections: WeakSet[asyncio.Transport] = WeakSet()
        self._down_until = 0.0

    def restart(self, seconds: float, keep: asyncio.Transport | None = None) -> None:
        """As if the server were started anew: all connections end, and for a while calls find nobody. State stays."""
        self._down_until = time.monotonic() + seconds
        for connection in list(self._connections):
            if connection is not keep:
                connection.abort()
        self.state.world.updates.wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn hands out a bound method of its request cycle, which owns the connection.
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        scope["sandbox.transport"] = transport
        if transport is not None:
            self._connections.add(transport)
            if time.monotonic() < self._down_until and scope["path"].startswith(("/bot", "/file/bot")):
                transport.abort()
                await Response(status_code=502)(scope, receive, send)
                return
        with self.state.world.attention.serving(scope.get("path", "")):
            await super().__call__(scope, receive, send)


def create_app(world: World) -> Starlette:
    """The application over one world. Its lifespan runs the webhook deliveries and the pacer."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        world.reopen()
        tasks = [asyncio.create_task(deliver_forever(world)), asyncio.create_task(pace(world))]
        try:
            yield
        finally:
            world.close()
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    app = SandboxApp(routes=routes(), middleware=[Middleware(Guard)], lifespan=lifespan, max_body_size=LARGEST_BODY)
    app.state.world = world
    return app


def routes() -> list[Route]:
    return [
        Route("/bot{token}/{method}", botapi.handle, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", botapi.download),
        Route("/", page.index),
        Route("/static/{name}", page.static),
        Route("/sandbox/events", page.events),
        Route("/sandbox/state", admin.get_state),
        Route("/sandbox/chats/{chat_id}", admin.get_chat),
        Route("/sandbox/act", admin.post_act, methods=["POST"]),
        Route("/sandbox/upload", admin.post_upload, methods=["POST"]),
        Route("/sandbox/updates", admin.get_updates),
        Route("/sandbox/updates", admin.post_updates, methods=["POST"]),
        Route("/sandbox/calls", admin.get_calls),
        Route("/sandbox/calls", admin.delete_calls, methods=["DELETE"]),
        Route("/sandbox/time", admin.get_time),
        Route("/sandbox/time", admin.post_time, methods=["POST"]),
        Route("/sandbox/limits", admin.get_limits),
        Route("/sandbox/limits", admin.post_limits, methods=["POST"]),
        Route("/sandbox/faults", admin.get_faults),
        Route("/sandbox/faults", admin.post_fault, methods=["POST"]),
        Route("/sandbox/faults", admin.delete_faults, methods=["DELETE"]),
        Route("/sandbox/restart", admin.post_restart, methods=["POST"]),
        Route("/sandbox/commands", admin.get_commands),
        Route("/sandbox/people", admin.get_people),
        Route("/sandbox/guide", admin.post_guide, methods=["POST"]),
        Route("/sandbox/sample", page.get_sample),
        Route("/sandbox/files/{unique_id}", admin.get_file),
    ]


class _Server(uvicorn.Server):
    """uvicorn without signal handlers: whoever runs the event loop has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises:
        OSError: the address cannot be had; the message says which and why.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; else each answer would wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise OSError(error.errno, f"the sandbox cannot listen on {host} port {port}: {reason}") from error
    listening.setblocking(False)
    return listening


async def serve(world: World, host: str, port: int, *, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve until cancelled; `on_ready` gets the address (http://host:port) once requests are answered.

    Raises:
        OSError: the port is in use.
    """
    listening = bind(host, port)
    config = uvicorn.Config(
        create_app(world),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
        ws="none",
        lifespan="on",
        proxy_headers=False,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not running.done():
            await asyncio.sleep(0.01)
        if on_ready and server.started:
            shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else host  # noqa: S104
            on_ready(f"http://{shown}:{listening.getsockname()[1]}")
        await asyncio.shield(running)
    finally:
        server.should_exit = True
        world.close()
        await asyncio.wait([running], timeout=5)
        listening.close()
