"""Lanes: stored updates answered through the library, one chat's in order, different chats' side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec
from telegram import Update

from handlers.context import App
from storage.inbox import Waiting, answered, left_over
from storage.store import Store, StoreUnavailable

log = logging.getLogger(__name__)
ROOM = 1000
GRACE = 10.0


class Lanes:
    """Answers what waits. What is not answered stays in the store and is taken up after the next start."""

    def __init__(self, app: App, store: Store, *, room: int = ROOM, grace: float = GRACE) -> None:
        """`room`: how many may wait in memory before intake pauses; `grace`: seconds to finish at a stop."""
        self._app = app
        self._store = store
        self._limit = room
        self._grace = grace
        self._queues: dict[int, deque[Waiting]] = {}
        self._held: set[int] = set()
        self._done: list[int] = []
        self._recording = asyncio.Lock()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._group: asyncio.TaskGroup | None = None
        self._working: set[asyncio.Task[None]] = set()
        self._stopping = False

    def put(self, waiting: Sequence[Waiting]) -> None:
        """Answer these, in order within each lane; those held already are left out."""
        for one in waiting:
            if one.update_id in self._held or self._stopping:
                continue
            self._held.add(one.update_id)
            is_new = one.lane not in self._queues
            self._queues.setdefault(one.lane, deque()).append(one)
            if is_new and self._group is not None:
                self._start(one.lane)
        self._measure()

    @property
    def idle(self) -> bool:
        """Whether nothing waits or is being answered."""
        return not self._held

    async def room(self) -> None:
        """Return when fewer than the limit wait (or nothing more will be answered before the next start)."""
        await self._roomy.wait()

    async def reload(self, now: datetime) -> None:
        """Take up what waits in the store; what is older than ten minutes is dropped. Raises StoreUnavailable."""
        async with self._recording:  # nothing may be recorded as answered between reading and putting
            waiting, dropped = await self._store.write(partial(left_over, now=now))
            self.put(waiting)
        if dropped:
            log.warning("%d updates waited over ten minutes for an answer and are dropped", dropped)

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop`; then what is under way is finished, within the grace, and nothing new begun."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            for lane in self._queues:
                self._start(lane)
            await stop.wait()
            self._stopping = True
            self._roomy.set()
            await self._finish()
        await self._record()

    async def _finish(self) -> None:
        if not self._working:
            return
        _, late = await asyncio.wait(self._working, timeout=self._grace)
        if late:
            log.warning("%d answers were cut short by the stop; they are given after the next start", len(late))
        for task in late:
            task.cancel()

    def _start(self, lane: int) -> None:
        if self._group is not None:
            task = self._group.create_task(self._work(lane), name=f"lane {lane}")
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    def _measure(self) -> None:
        if self._stopping or len(self._held) < self._limit:
            self._roomy.set()
        else:
            self._roomy.clear()

    async def _work(self, lane: int) -> None:
        queue = self._queues[lane]
        while queue and not self._stopping:
            await self._answer(queue[0])
            self._done.append(queue.popleft().update_id)
            await self._record()
        del self._queues[lane]

    async def _answer(self, one: Waiting) -> None:
        """Let the handlers answer; whatever goes wrong, the lane goes on."""
        try:
            update = Update.de_json(msgspec.json.decode(one.payload), self._app.bot)
        except Exception as error:
            log.error("The library cannot read update %d: %s", one.update_id, type(error).__name__)
            return
        try:
            await self._app.process_update(update)
        except Exception as error:
            log.error("Update %d could not be answered", one.update_id, exc_info=error)

    async def _record(self) -> None:
        """Note what is answered, all lanes' in one transaction; in an outage with the next one."""
        async with self._recording:
            done, self._done = self._done, []
            if not done:
                return
            try:
                await self._store.write(partial(answered, update_ids=done))
            except StoreUnavailable as error:
                self._done = done + self._done
                log.warning("%d answers are not recorded yet: %s", len(self._done), error)
                return
            self._held.difference_update(done)
            self._measure()
