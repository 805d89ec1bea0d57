"""Live events for the pages that look on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import msgspec

from sandbox.model import Json

BACKLOG = 5_000  # events; a page that lags further behind is told to reload
PACE = 0.05  # seconds between two batches: a busy sandbox sends many events at once


class Viewer:
    """One page: batches of events that wait for its connection."""

    def __init__(self) -> None:
        self.batches: deque[tuple[int, bytes]] = deque()  # how many events, and their bytes
        self.waiting = 0
        self.ready = asyncio.Event()

    def add(self, count: int, batch: bytes) -> None:
        if self.waiting + count > BACKLOG:
            self.batches.clear()
            count, batch, self.waiting = 1, frame(b'{"type":"reload"}'), 0
        self.waiting += count
        self.batches.append((count, batch))
        self.ready.set()

    def take(self) -> bytes:
        """Everything that waits, as one piece."""
        taken = b"".join(batch for _, batch in self.batches)
        self.batches.clear()
        self.waiting = 0
        self.ready.clear()
        return taken


def frame(raw: bytes) -> bytes:
    """A server-sent event."""
    return b"data: " + raw + b"\n\n"


class Broadcast:
    """Hands each published event to every page that listens: encoded once, sent in batches."""

    def __init__(self) -> None:
        self._viewers: set[Viewer] = set()
        self._fresh: list[bytes] = []
        self._next_at = 0.0
        self.closed = False

    def __len__(self) -> int:
        return len(self._viewers)

    def publish(self, event: Json) -> None:
        """Queue `event` for all pages; costs nothing when nobody looks."""
        if not self._viewers:
            return
        self._fresh.append(frame(msgspec.json.encode(event)))
        if len(self._fresh) == 1:
            loop = asyncio.get_running_loop()
            # The first event after a quiet moment goes out at once.
            loop.call_at(max(loop.time(), self._next_at), self._flush)

    def _flush(self) -> None:
        fresh, self._fresh = self._fresh, []
        self._next_at = asyncio.get_running_loop().time() + PACE
        batch = b"".join(fresh)
        for viewer in self._viewers:
            viewer.add(len(fresh), batch)

    def reopen(self) -> None:
        """Serve again after `close`, on another event loop perhaps."""
        self.closed = False
        self._fresh.clear()
        self._next_at = 0.0

    def close(self) -> None:
        self.closed = True
        for viewer in self._viewers:
            viewer.ready.set()

    async def listen(self, heartbeat: float = 15.0) -> AsyncIterator[bytes]:
        """Server-sent events for one page until the sandbox closes; comments keep the line open."""
        viewer = Viewer()
        self._viewers.add(viewer)
        try:
            # Only now is nothing missed any more: the page loads the state when it hears this.
            yield b'retry: 1000\ndata: {"type":"hello"}\n\n'
            while not self.closed:
                try:
                    await asyncio.wait_for(viewer.ready.wait(), heartbeat)
                except TimeoutError:
                    yield b": here\n\n"
                    continue
                if batch := viewer.take():
                    yield batch
        finally:
            self._viewers.discard(viewer)
