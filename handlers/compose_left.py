"""Albums that were left half taken: the bot ended between an album's last part and its screen, which comes now."""

from __future__ import annotations

import logging
from datetime import timedelta

from telegram.error import TelegramError

from handlers.actors import find_actor
from handlers.compose_intake import first_screen
from handlers.compose_preview import show_content
from handlers.context import App, Context
from handlers.delivery import persist
from handlers.jobs import run_once
from handlers.making import Making, put_below
from peakdrop.composing import discard
from peakdrop.contents import check_content
from peakdrop.drops import EDITABLE
from rendering.catalog import plain
from rendering.compose_options import render_refusal
from storage.communities import get_community
from storage.composing import ComposingView, albums_awaited
from storage.drops import find_drop
from storage.people import get_person

log = logging.getLogger(__name__)
SOON = timedelta(seconds=3)  # after the start; parts that were not answered yet come first, and show their screen


async def show_left(context: Context) -> None:
    """Show the screens of albums that wait for a part since before the start."""
    before = context.clock.now() - SOON
    for at in await context.store.read(lambda session: albums_awaited(session, before)):
        try:
            making = await _taken_up(context, at)
            if making is not None:
                await _show(making, at)
        except TelegramError as error:
            log.warning("an album's screen waits for the next start: %s", error)


async def _taken_up(context: Context, at: ComposingView) -> Making | None:
    """The drop someone was at, where it still can be changed and is theirs to make."""
    community, drop, person = await context.store.read(
        lambda session: (
            get_community(session, at.community_id),
            find_drop(session, at.community_id, at.number),
            get_person(session, at.person_id),
        )
    )
    if community is None or drop is None or drop.state not in EDITABLE:
        return None
    by = await find_actor(context, community, at.person_id)
    if by is None:
        return None
    timezone = community.timezone or context.house.default_timezone
    catalog = context.catalog(person.speaks or community.language)
    return Making(context, community, drop, by, catalog, timezone, context.clock.now())


async def _show(making: Making, at: ComposingView) -> None:
    """The album with its screen below; or why it cannot be posted."""
    context, refusal = making.context, check_content(making.drop.content)
    if refusal is None:
        await put_below(await show_content(making), making, await first_screen(making), at.screen_id)
        return
    await context.store.write(lambda session: discard(session, making.drop, at.person_id))
    text = plain(render_refusal(refusal, making.catalog))
    await persist(lambda: context.bot.send_message(at.person_id, text))


def setup(app: App) -> None:
    """Look once after the start."""
    run_once(app, show_left, SOON)
