"""Reminders: whoever asked is told in private, once, when a drop is out."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from handlers.actors import is_inside
from handlers.context import App, Context
from handlers.delivery import Answer, persist
from handlers.jobs import run_every
from peakdrop.coming import Reminding, claim_reminder
from rendering.coming import render_reminder
from rendering.delivery import place_link
from rendering.drop_deeds import open_button
from storage.communities import get_community
from storage.reminders import DueReminder, drop_vain_reminders, due_reminders, note_reminder

log = logging.getLogger(__name__)
REST = 60.0  # seconds without reminders, once Telegram could not be reached


class Reminders:
    """Gives the reminders of drops that are out; the sender looks whether there are any."""

    def __init__(self) -> None:
        self._rests_until = 0.0  # by the event loop's clock

    async def give(self, context: Context) -> None:
        """Give them all. A reminder is taken before it is given: none is given twice."""
        loop = asyncio.get_running_loop()
        while loop.time() >= self._rests_until and (due := await context.store.read(due_reminders)):
            for one in due:
                found = await context.store.write(partial(claim_reminder, one=one))
                if found is not None and not await _remind(context, one, found):
                    self._rests_until = loop.time() + REST
                    break


async def _remind(context: Context, one: DueReminder, found: Reminding) -> bool:
    """Tell one person, if they are still in the group; False where Telegram cannot be reached: they wait."""
    community = await context.store.read(lambda session: get_community(session, one.community_id))
    try:
        if community is None or not await is_inside(context, community.chat_id, one.person_id):
            return True
        await _send(context, one.person_id, answer_reminder(context, found, community.title))
    except (BadRequest, Forbidden, TimedOut) as error:
        # They never opened the private chat, or closed it; after a time-out it may have been said: once is enough.
        log.info("a reminder was not given: %s", error)
    except TelegramError as error:
        log.warning("a reminder waits: %s", error)
        await _put_back(context, one)
        return False
    return True


async def _send(context: Context, person_id: int, answer: Answer) -> None:
    how: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": answer.markup}
    no_preview = LinkPreviewOptions(is_disabled=True)
    await persist(lambda: context.bot.send_message(person_id, answer.text, link_preview_options=no_preview, **how))


async def _put_back(context: Context, one: DueReminder) -> None:
    now = context.clock.now()
    await context.store.write(
        partial(note_reminder, community_id=one.community_id, number=one.number, person_id=one.person_id, now=now)
    )


def answer_reminder(context: Context, found: Reminding, group: str) -> Answer:
    """A reminder, with the way to the post."""
    catalog, message = context.catalog(found.language), found.message
    link = place_link(message.chat_id, message.message_id, message.thread_id) if message is not None else None
    buttons = [[(open_button(catalog), link)]] if link is not None else []
    return Answer(render_reminder(found.drop, group, catalog), buttons=buttons)


async def tidy_reminders(context: Context) -> None:
    """Let go of reminders of what comes no more."""
    await context.store.write(drop_vain_reminders)


def setup(app: App) -> None:
    """Look once a day for reminders in vain."""
    run_every(app, tidy_reminders, timedelta(days=1), first=timedelta(hours=1))
