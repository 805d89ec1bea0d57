"""Live events for the pages that look on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from sandbox.model import Json

BACKLOG = 1000  # a page that lags further behind is told to reload


class Broadcast:
    """Hands each published event to every page that listens."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes | None]] = set()
        self.closed = False

    def __len__(self) -> int:
        return len(self._queues)

    def publish(self, event: Json) -> None:
        """Queue `event` for all pages; costs nothing when nobody looks."""
        if not self._queues:
            return
        raw = msgspec.json.encode(event)
        for queue in self._queues:
            if queue.qsize() < BACKLOG:
                queue.put_nowait(raw)
            elif queue.qsize() == BACKLOG:
                queue.put_nowait(b'{"type":"reload"}')

    def close(self) -> None:
        self.closed = True
        for queue in self._queues:
            queue.put_nowait(None)

    async def listen(self, heartbeat: float = 15.0) -> AsyncIterator[bytes]:
        """Server-sent events for one page until the sandbox closes; comments keep the line open."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            # Only now is nothing missed any more: the page loads the state when it hears this.
            yield b'retry: 1000\ndata: {"type":"hello"}\n\n'
            while not self.closed:
                try:
                    raw = await asyncio.wait_for(queue.get(), heartbeat)
                except TimeoutError:
                    yield b": here\n\n"
                    continue
                if raw is None:
                    return
                yield b"data: " + raw + b"\n\n"
        finally:
            self._queues.discard(queue)
