"""Uncertain drops: their signs are looked for, and where none is found, a manager is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from handlers.context import House
from handlers.limiter import Limiter, Pass, Rank
from handlers.posting import Poster
from handlers.telling import Teller
from peakdrop import sending
from peakdrop.sending import Job
from peakdrop.signs import begin_probe, candidates, find_signs, with_buttons
from storage.drop_messages import SentMessage
from storage.drops import DropView, State, list_drops
from storage.sending import Claim, let_go

log = logging.getLogger(__name__)
ASK_AFTER = timedelta(seconds=60)
MOST_ASKED = 3  # questions that stand open in a group at a time; a restored backup may leave hundreds
# When buttons are set again on what may be the post: at once, and once more shortly before somebody is asked.
PROBES_AT = (timedelta(seconds=2), timedelta(seconds=45))


class Doubts:
    """What is to be done about drops of which nobody knows whether they were posted."""

    def __init__(self, bot: ExtBot[Any], house: House, limiter: Limiter, poster: Poster, teller: Teller) -> None:
        self._bot = bot
        self._house = house
        self._limiter = limiter
        self._poster = poster
        self._teller = teller
        self._probes: dict[tuple[int, int, int], int] = {}

    def next_look(self, drop: DropView) -> datetime | None:
        """When a drop must be looked at again, whatever happens."""
        if drop.asked_at is not None:
            return None
        done = self._probes.get(_key(drop), 0)
        waits = [at for at in PROBES_AT[done:]] + [ASK_AFTER]
        return drop.changed_at + waits[0]

    async def look(self, drop: DropView, claim: Callable[[], Claim]) -> Job | None:
        """A sign makes a drop sent, and claims it for what is missing. Without one somebody is asked, once."""
        store, zone = self._house.store, self._house.default_timezone
        job = await store.read(lambda session: sending.as_job(session, drop, zone))
        found = await store.read(lambda session: find_signs(session, drop, job.chat_id))
        if found:
            return await self._record(job, found, claim())
        if drop.asked_at is None and self._may_probe(drop):
            return await self._probe(job, claim)
        if drop.asked_at is None and self._house.clock.now() - drop.changed_at >= ASK_AFTER:
            first = partial(list_drops, community_id=drop.community_id, states={State.UNCERTAIN}, limit=MOST_ASKED)
            if drop.number in {one.number for one in await store.read(first)}:
                await self._teller.ask(job)
        return None

    async def _record(self, job: Job, found: Sequence[SentMessage], claim: Claim) -> Job | None:
        drop, zone = job.drop, self._house.default_timezone
        taken = await self._poster.record(lambda session, now: sending.record_sign(session, drop, found, now, claim))
        if taken is None:
            return None
        log.warning("Drop %d was posted: message %d is it", drop.number, found[0].message_id)
        self._probes.pop(_key(drop), None)
        return await self._house.store.read(lambda session: sending.as_job(session, taken, zone))

    def _may_probe(self, drop: DropView) -> bool:
        done = self._probes.get(_key(drop), 0)
        return done < len(PROBES_AT) and self._house.clock.now() - drop.changed_at >= PROBES_AT[done]

    async def _probe(self, job: Job, claim: Callable[[], Claim]) -> Job | None:
        """Look for the post where it may be, while nothing else is posted there, neither drop nor answer."""
        store = self._house.store
        self._probes[_key(job.drop)] = self._probes.get(_key(job.drop), 0) + 1
        tried = await store.read(lambda session: candidates(session, job.drop, job.chat_id))
        passes = [await self._limiter.acquire(job.chat_id, 1, Rank.DROP) for _ in tried]
        self._limiter.hold(job.chat_id)
        try:
            begun = await store.write(lambda session: begin_probe(session, job.drop, job.chat_id, claim()))
            if begun is None:
                return None
            drop, wanted = begun
            found = await self._try(replace(job, drop=drop), list(zip(wanted, passes, strict=False)))
            if found is not None:
                there = [with_buttons(drop, job.chat_id, found)]
                return await self._record(replace(job, drop=drop), there, claim())
            await store.write(lambda session: let_go(session, drop))
        finally:
            self._limiter.let_go(job.chat_id)
            for one in passes:
                self._limiter.give_back(one)
        return None

    async def _try(self, job: Job, wanted: Sequence[tuple[int, Pass]]) -> int | None:
        """Set the drop's very buttons again: "not modified" proves its message, anybody else's is refused."""
        markup = self._poster.markup(job)
        for message_id, held in wanted:
            try:
                await self._bot.edit_message_reply_markup(
                    job.chat_id, message_id, reply_markup=markup, rate_limit_args=held
                )
            except BadRequest as error:
                if "message is not modified" in str(error).lower():
                    return message_id
            except TelegramError as error:
                log.info("looking for drop %d was cut short: %s", job.drop.number, error)
                return None
            else:
                log.error("message %d in a group of drop %d was unknown and our own", message_id, job.drop.number)
                await self._poster.record(lambda session, now: sending.spoil_probe(session, job.drop, now))
                return None
        return None


def _key(drop: DropView) -> tuple[int, int, int]:
    return (drop.community_id, drop.number, drop.attempt)
