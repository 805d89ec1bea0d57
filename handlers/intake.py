"""Intake: updates are stored first and acknowledged after; polling and webhook share it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from handlers.context import Clock
from handlers.incoming import read_batch, read_update
from handlers.outage import Outage
from storage.facts import Facts
from storage.inbox import Incoming, Taken, Waiting, take
from storage.store import Store, StoreUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
LARGEST_BATCH = 100


class Answering(Protocol):
    """Whoever answers updates once they are stored."""

    def put(self, waiting: Sequence[Waiting]) -> None:
        """Answer these, in order within each lane; those it holds already are left out."""

    async def room(self) -> None:
        """Return when more may be put."""

    async def reload(self, now: datetime) -> None:
        """Take up what waits in the store and is not held."""


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` to its end even when cancelled meanwhile; the cancellation goes on afterwards."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            log.warning("Broken off by a stop, and it failed: %s", error)
        raise


class Intake:
    """Stores what comes, each update once, and hands on what must be answered.

    When a method returns, its updates are in the database; only then may they be acknowledged.
    """

    def __init__(self, store: Store, clock: Clock, answering: Answering, outage: Outage, bot_username: str) -> None:
        self._store = store
        self._clock = clock
        self._answering = answering
        self._outage = outage
        self._bot_username = bot_username
        self._turn = asyncio.Lock()
        self._queue: list[tuple[Incoming, asyncio.Future[StoreUnavailable | None]]] = []

    def read(self, raw: bytes) -> list[Incoming]:
        """A JSON array of updates. Raises msgspec.DecodeError where it is no whole array."""
        return read_batch(raw, now=self._clock.now(), bot_username=self._bot_username)

    def read_one(self, raw: bytes) -> Incoming:
        """One update's JSON; what cannot be read comes back as broken."""
        return read_update(raw, now=self._clock.now(), bot_username=self._bot_username)

    async def room(self) -> None:
        """Return when what waits for an answer leaves room for more."""
        await self._answering.room()

    async def resume(self) -> None:
        """After a start: answer what was left unanswered; waits until the store can be used."""
        await self._through_outages(lambda: self._answering.reload(self._clock.now()))

    async def take(self, batch: Sequence[Incoming]) -> None:
        """Store a batch; waits as long as the store cannot be used, and says so once.

        A batch being stored is finished even when this is cancelled.
        """
        await self._through_outages(lambda: unbroken(self._keep(batch)))

    async def submit(self, one: Incoming) -> None:
        """Store one update together with whatever else arrives at the same time (one transaction for all).

        Raises:
            StoreUnavailable: nothing was stored.
        """
        await self.room()
        stored: asyncio.Future[StoreUnavailable | None] = asyncio.get_running_loop().create_future()
        self._queue.append((one, stored))
        async with self._turn:  # whoever's turn it is stores for all that wait
            if not stored.done():
                await unbroken(self._keep_queue())
        if error := await stored:
            raise error

    async def _keep_queue(self) -> None:
        taken, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
        outcome: StoreUnavailable | None = StoreUnavailable("the batch broke off")
        try:
            await self._keep([one for one, _ in taken])
            if self._outage.over():
                await self._answering.reload(self._clock.now())
            outcome = None
        except StoreUnavailable as error:
            self._outage.failed(str(error))
            outcome = error
        finally:
            for _, stored in taken:
                if not stored.done():
                    stored.set_result(outcome)

    async def _through_outages(self, act: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await act()
                if self._outage.over():
                    # A commit whose outcome was lost may have stored commands that nobody holds.
                    await self._answering.reload(self._clock.now())
                return
            except StoreUnavailable as error:
                await asyncio.sleep(self._outage.failed(str(error)))

    async def _keep(self, batch: Sequence[Incoming]) -> None:
        """One transaction for the batch; where it fails by what it holds, one for each update."""
        if not batch:
            return
        try:
            self._answering.put((await self._write(batch)).waiting)
        except StoreUnavailable:
            raise
        except Exception as error:  # odd data or a bug: find the culprits, store the rest
            if len(batch) == 1:
                await self._quarantine(batch[0], error)
                return
            for one in batch:
                await self._keep([one])

    async def _quarantine(self, one: Incoming, error: Exception) -> None:
        """Keep of an update that cannot be stored its id, its kind and the error's name; still answer it if we can."""
        reason = type(getattr(error, "orig", None) or error).__name__
        log.error("Update %d (%s) cannot be stored and is quarantined: %s", one.update_id, one.kind, reason)
        culprit = replace(one, facts=Facts(), unknown=False, broken=reason)
        for attempt in (culprit, replace(culprit, payload=None, kind="unreadable")):
            try:
                self._answering.put((await self._write([attempt])).waiting)
            except StoreUnavailable:
                raise
            except Exception as again:
                error = again
            else:
                return
        raise StoreUnavailable(f"not even a quarantine can be written ({type(error).__name__})") from error

    async def _write(self, batch: Sequence[Incoming]) -> Taken:
        return await self._store.write(partial(take, batch=batch, now=self._clock.now()))
