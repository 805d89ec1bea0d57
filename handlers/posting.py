"""One drop's way out: each step done, recorded, and its errors told apart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, TypeVar

from sqlmodel import Session
from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest
from telegram.ext import ExtBot

from handlers.content_calls import Target, carries_markup, post_content, prepare_call
from handlers.context import House
from handlers.drop_buttons import drop_markup
from handlers.intake import unbroken
from handlers.limiter import Limiter, Pass, Rank
from handlers.outage import Outage
from handlers.refusals import Judged, Verdict, judge
from peakdrop import halting, sending
from peakdrop.sending import FOLLOW_UPS, Job
from rendering.catalog import Catalog, get_catalog
from rendering.delivery import render_buttons_line
from storage.communities import settle
from storage.drop_content import Content
from storage.drop_messages import SentMessage, messages_of
from storage.drops import DropView, State, Step
from storage.facts import Facts, Migration, PollSeen
from storage.interactions import record as record_facts
from storage.kinds import Flag
from storage.store import StoreUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
TRIES = 4  # of a step that may be done twice without harm
# What Telegram says of a message that is gone already.
GONE = ("message to delete not found", "message_id_invalid", "message to pin not found")


class Poster:
    """Carries out claimed drops."""

    def __init__(self, bot: ExtBot[Any], house: House, limiter: Limiter, rng: Random) -> None:
        self._bot = bot
        self._limiter = limiter
        self._house = house
        self._database = Outage("Database", rng)
        self._telegram = Outage("Telegram, for drops", rng)

    def catalog(self, job: Job) -> Catalog:
        """The group's language."""
        return get_catalog(job.community.language or self._house.default_language)

    def markup(self, job: Job) -> InlineKeyboardMarkup | None:
        """The drop's buttons, as they stand before anybody has pressed one."""
        return drop_markup(job.drop, {}, self.catalog(job), inline=bool(self._bot.supports_inline_queries))

    async def carry_out(self, job: Job, held: Pass | None = None) -> None:
        """Do all that is missing of a claimed drop; returns once its fate, as far as known, is recorded."""
        drop: DropView | None = job.drop
        for step, act in ((Step.POSTED, self._post), (Step.BUTTONS, self._post_buttons)):
            if drop is not None and sending.missing_steps(drop) & step:
                drop = await act(replace(job, drop=drop), held)
                held = None
        for step in (Step.PINNED, Step.REPLACED):
            if drop is not None and sending.missing_steps(drop) & step:
                drop = await self._follow_up(replace(job, drop=drop), step)
        if drop is not None and drop.state is not State.SENT and not sending.missing_steps(drop):
            await self.record(lambda session, now: sending.finish(session, drop, job.timezone, now))

    async def _post(self, job: Job, held: Pass | None) -> DropView | None:
        drop = job.drop
        markup = self.markup(job) if carries_markup(job.content) else None
        target = Target(job.chat_id, drop.thread_id, drop.silent)
        folder = self._house.store.folder
        try:
            call = await prepare_call(self._bot, target, job.content, markup, folder=folder, held=held)
        except Exception as error:  # nothing left this machine
            reason = judge(error) if judge(error).verdict is Verdict.REFUSED else Judged(Verdict.REFUSED, "broken")
            await self._fail(job, reason)
            return None
        try:
            messages = await call()
        except Exception as error:
            await self._fail(job, judge(error))
            return None
        self._telegram.over()
        await self._place_polls(messages)
        return await self._note(job, Step.POSTED, _sent(messages, drop))

    async def _place_polls(self, messages: Sequence[Message]) -> None:
        """Keep where a poll stands: votes name the poll only, and a bot is not told of its own messages."""
        seen = [_poll_of(message) for message in messages if message.poll is not None and message.poll.id.isdigit()]
        if seen:
            await self.record(lambda session, now: record_facts(session, Facts(polls=seen)))

    async def _post_buttons(self, job: Job, _held: Pass | None) -> DropView | None:
        """An album's buttons, in reply to it; that they may be posted is recorded first."""
        drop = job.drop
        there = await self._house.store.read(lambda session: messages_of(session, drop.community_id, drop.number))
        if not there:
            return await self._note(job, Step.BUTTONS, (), FOLLOW_UPS[Step.BUTTONS])
        return await self._reply_buttons(job, there[0].message_id)

    async def _reply_buttons(self, job: Job, album_id: int) -> DropView | None:
        target = Target(job.chat_id, job.drop.thread_id, silent=True, reply_to=album_id)
        line, folder, is_begun = Content(render_buttons_line(self.catalog(job))), self._house.store.folder, False
        while True:
            # A pass of our own: what a drop posts is no answer of the bot's, and stands in the drops' records.
            held = await self._limiter.acquire(job.chat_id, 1, Rank.DROP)
            try:
                if not is_begun and await self._note(job, Step.BUTTONS_BEGUN, ()) is None:
                    return None
                is_begun = True
                (message,) = await post_content(self._bot, target, line, self.markup(job), folder=folder, held=held)
            except Exception as error:
                judged = judge(error)
                if judged.verdict not in (Verdict.FLOOD, Verdict.UNSENT):
                    return await self._give_up_buttons(job, judged)
                await asyncio.sleep(self._pause(judged))
                continue
            finally:
                self._limiter.give_back(held)
            return await self._note(job, Step.BUTTONS, _sent([message], job.drop, len(job.content.pieces)))

    async def _give_up_buttons(self, job: Job, judged: Judged) -> DropView | None:
        """Perhaps they are posted: then somebody is asked; or they cannot be, and the rest is done without them."""
        if judged.verdict is Verdict.DOUBT:
            await self._fail(job, judged)
            return None
        return await self._note(job, Step.BUTTONS, (), FOLLOW_UPS[Step.BUTTONS])

    async def _follow_up(self, job: Job, step: Step) -> DropView | None:
        """Pin it, or take its predecessor away: doing so twice does no harm, so it is tried again."""
        for attempt in range(1, TRIES + 1):
            try:
                await (self._pin(job) if step == Step.PINNED else self._replace(job))
            except Exception as error:
                judged = judge(error)
                log.warning("Drop %d: %s failed: %s", job.drop.number, FOLLOW_UPS[step], judged.detail)
                passing = judged.verdict in (Verdict.FLOOD, Verdict.UNSENT, Verdict.DOUBT)
                if not passing or attempt == TRIES:
                    return await self._note(job, step, (), FOLLOW_UPS[step])
                await asyncio.sleep(self._pause(judged))
            else:
                break
        return await self._note(job, step, ())

    async def _pin(self, job: Job) -> None:
        drop = job.drop
        there = await self._house.store.read(lambda session: messages_of(session, drop.community_id, drop.number))
        if there:
            await self._bot.pin_chat_message(job.chat_id, there[0].message_id, disable_notification=drop.silent)

    async def _replace(self, job: Job) -> None:
        found = await self._house.store.read(lambda session: sending.to_replace(session, job.drop))
        if found is None:
            return
        previous, messages = found
        await self.delete(messages)
        await self.record(lambda session, now: sending.record_removed(session, previous, now))

    async def delete(self, messages: Sequence[SentMessage]) -> None:
        """Take messages away; what is gone already is no fault."""
        for one in messages:
            try:
                await self._bot.delete_message(one.chat_id, one.message_id)
            except BadRequest as error:
                if not any(words in str(error).lower() for words in GONE):
                    raise

    async def remove(self, drop: DropView) -> None:
        """A drop's time in its group is over."""
        there = await self._house.store.read(lambda session: messages_of(session, drop.community_id, drop.number))
        failure = None
        try:
            await self.delete(there)
        except Exception as error:
            judged = judge(error)
            log.warning("Drop %d could not be taken away: %s", drop.number, judged.detail)
            if judged.verdict in (Verdict.FLOOD, Verdict.UNSENT, Verdict.DOUBT):
                await asyncio.sleep(self._pause(judged))
                return  # it is looked at again
            failure = "remove"
        await self.record(lambda session, now: sending.record_removed(session, drop, now, failure))

    async def _note(
        self, job: Job, step: Step, sent: Sequence[SentMessage], failure: str | None = None
    ) -> DropView | None:
        return await self.record(
            lambda session, now: sending.record_step(
                session, job.drop, step, now, job.timezone, sent=sent, failure=failure
            )
        )

    async def _fail(self, job: Job, judged: Judged) -> None:
        """Record what a failed post means; the lane goes on."""
        drop = job.drop
        if judged.verdict is Verdict.HALTED and drop.target_chat_id is not None:
            judged = Judged(Verdict.REFUSED, "channel", judged.detail)  # the group's own drops go on
        log.warning("Drop %d: %s %s %s", drop.number, judged.verdict.value, judged.reason, judged.detail)
        await self.record(lambda session, now: _record_failed(session, job, judged, now))
        if judged.verdict is Verdict.UNSENT:
            await asyncio.sleep(self._pause(judged))

    def _pause(self, judged: Judged) -> float:
        if judged.verdict is Verdict.FLOOD:
            return judged.seconds
        return self._telegram.failed(judged.detail or judged.reason)

    async def record(self, write: Callable[[Session, datetime], T]) -> T:
        """Write it down, however long the database is away: it has happened."""
        while True:
            try:
                now = self._house.clock.now()
                result = await unbroken(self._house.store.write(partial(_call, write=write, now=now)))
            except StoreUnavailable as error:
                await asyncio.sleep(self._database.failed(str(error)))
            else:
                self._database.over()
                return result


def _call(session: Session, *, write: Callable[[Session, datetime], T], now: datetime) -> T:
    return write(session, now)


def _record_failed(session: Session, job: Job, judged: Judged, now: datetime) -> None:
    drop = job.drop
    if judged.verdict is Verdict.DOUBT:
        sending.record_doubt(session, drop, judged.detail, now, job.timezone)
    elif judged.verdict is Verdict.REFUSED:
        sending.record_failure(session, drop, judged.reason, judged.detail, now, job.timezone)
    else:
        sending.release(session, drop, now)
    if judged.verdict is Verdict.MIGRATED:
        settle(session, (), [Migration(job.chat_id, judged.new_chat_id)])
    if judged.verdict is Verdict.HALTED:
        halting.halt(session, drop.community_id, judged.reason, now)


def _sent(messages: Sequence[Message], drop: DropView, first: int = 0) -> list[SentMessage]:
    return [
        SentMessage(one.chat.id, one.message_id, first + position, drop.thread_id)
        for position, one in enumerate(messages)
    ]


def _poll_of(message: Message) -> PollSeen:
    topic = int(Flag.TOPIC) if message.is_topic_message else 0
    poll_id = int(message.poll.id) % 2**63 if message.poll is not None else 0
    return PollSeen(poll_id, message.chat_id, message.message_id, message.message_thread_id or 0, topic)
