"""Uncertain drops: their signs are looked for, and where none is found, a manager is asked."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from handlers.context import House
from handlers.posting import Poster
from handlers.telling import Teller
from peakdrop import sending
from peakdrop.sending import Job
from peakdrop.signs import candidates, find_sign
from storage.drops import DropView
from storage.sending import Claim

log = logging.getLogger(__name__)
ASK_AFTER = timedelta(seconds=60)
# When buttons are set again on what may be the post: at once, and once more shortly before somebody is asked.
PROBES_AT = (timedelta(seconds=2), timedelta(seconds=45))


class Doubts:
    """What is to be done about drops of which nobody knows whether they were posted."""

    def __init__(self, bot: ExtBot[Any], house: House, poster: Poster, teller: Teller) -> None:
        self._bot = bot
        self._house = house
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

    async def look(self, drop: DropView, claim: Claim) -> Job | None:
        """A sign makes a drop sent, and claims it for what is missing. Without one somebody is asked, once."""
        store, zone = self._house.store, self._house.default_timezone
        job = await store.read(lambda session: sending.as_job(session, drop, zone))
        found = await store.read(lambda session: find_sign(session, drop, job.chat_id))
        if found is None:
            found = await self._probe(job)
        if found is not None:
            return await self._record(job, found, claim)
        if drop.asked_at is None and self._house.clock.now() - drop.changed_at >= ASK_AFTER:
            await self._teller.ask(job)
        return None

    async def _record(self, job: Job, message_id: int, claim: Claim) -> Job | None:
        drop, zone = job.drop, self._house.default_timezone
        taken = await self._poster.record(
            lambda session, now: sending.record_sign(session, drop, job.chat_id, message_id, now, claim)
        )
        if taken is None:
            return None
        log.warning("Drop %d was posted: message %d is it", drop.number, message_id)
        self._probes.pop(_key(drop), None)
        return await self._house.store.read(lambda session: sending.as_job(session, taken, zone))

    async def _probe(self, job: Job) -> int | None:
        """Set the drop's very buttons again on messages that may be it: "not modified" proves the right one.

        A message of somebody else's is refused, one that is not there too. What a bot's own other messages would
        suffer is why only unclaimed ids are tried (peakdrop.signs.candidates).
        """
        done = self._probes.get(_key(job.drop), 0)
        age = self._house.clock.now() - job.drop.changed_at
        if job.drop.asked_at is not None or done >= len(PROBES_AT) or age < PROBES_AT[done]:
            return None
        self._probes[_key(job.drop)] = done + 1
        wanted = await self._house.store.read(lambda session: candidates(session, job.drop, job.chat_id))
        markup = self._poster.markup(job)
        for message_id in wanted:
            try:
                await self._bot.edit_message_reply_markup(job.chat_id, message_id, reply_markup=markup)
            except BadRequest as error:
                if "message is not modified" in str(error).lower():
                    return message_id
            except TelegramError as error:
                log.info("looking for drop %d was cut short: %s", job.drop.number, error)
                return None
            else:
                log.error("message %d in a group of drop %d was unknown and our own", message_id, job.drop.number)
                return None
        return None


def _key(drop: DropView) -> tuple[int, int, int]:
    return (drop.community_id, drop.number, drop.attempt)
