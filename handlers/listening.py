"""Listening: the store learns once a minute that Telegram is heard, and lets go of what is old once a day."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from handlers.context import Clock
from storage import coverage, inbox
from storage.store import Store, StoreUnavailable

log = logging.getLogger(__name__)
BEAT = timedelta(minutes=1)
# After a longer silence a new stretch begins: updates may have been lost.
SILENCE = timedelta(minutes=5)
PRUNED_EVERY = timedelta(days=1)


class Listening:
    """Stretches in which the bot heard Telegram: what coverage rests on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._span: int | None = None
        self._heard_at: datetime | None = None
        self._pruned_at: datetime | None = None

    async def note(self) -> None:
        """Telegram was heard just now. An outage of the store is left to intake to report."""
        now = self._clock.now()
        silent = self._heard_at is None or not timedelta(0) <= now - self._heard_at <= SILENCE
        if not silent and self._heard_at is not None and now - self._heard_at < BEAT:
            return
        try:
            if self._span is None or silent:
                self._span = await self._store.write(partial(coverage.start_listening, now=now))
            else:
                await self._store.write(partial(coverage.keep_listening, span_id=self._span, now=now))
            self._heard_at = now
            if self._pruned_at is None or now - self._pruned_at >= PRUNED_EVERY:
                await self._store.write(partial(inbox.prune, now=now))
                self._pruned_at = now
        except StoreUnavailable as error:
            log.debug("The heartbeat was not stored: %s", error)

    async def run(self, stop: asyncio.Event) -> None:
        """For a webhook, which is silent when nothing happens: note each minute that we listen, until `stop`."""
        while not stop.is_set():
            await self.note()
            try:
                async with asyncio.timeout(BEAT.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue
