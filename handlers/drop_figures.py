"""`/drop 12`: what a drop did, with its picture; and the buttons under it and under /stats drops."""

from __future__ import annotations

import asyncio
from functools import partial

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.context import App, Context
from handlers.delivery import Answer, Button, acknowledge, deliver
from handlers.desks import find_desk, numbers_in
from handlers.places import Place, find_place
from peakdrop.drop_figures import DropReport, DropsReport, report_drop, report_drops
from peakdrop.windows import Window
from rendering import drop_figures as words
from rendering.charts.drops import drop_chart, drops_chart
from rendering.delivery import place_link
from rendering.drop_deeds import open_button
from rendering.drop_words import place_words
from storage.communities import find_community
from storage.topics import topic_names

NUMBERED = filters.Regex(r"^/drop(@\w+)?\s+#?\d{1,9}\s*$")


async def drop(update: Update, context: Context) -> None:
    """`/drop 12`: the figures of drop 12, for managers."""
    number = int((context.args or ["0"])[0].lstrip("#"))
    place = await _find_place(update, context)
    if place is not None:
        await deliver(update, await answer_drop(context, place, number))


async def figures_pressed(update: Update, context: Context) -> None:
    """A drop's button under /stats drops, or "refresh" under its figures."""
    community_id, number = numbers_in(update)
    place = await _find_place(update, context, community_id)
    if place is not None and not place.manager:
        await acknowledge(update, words.render_drops_private(place.catalog), alert=True)
    elif place is not None:
        await deliver(update, await answer_drop(context, place, number))


async def _find_place(update: Update, context: Context, community_id: int | None = None) -> Place | None:
    """The group itself; in private the desk of whoever works on drops there."""
    if update.effective_chat is None or update.effective_chat.type != Chat.PRIVATE:
        return await find_place(update, context)
    desk = await find_desk(update, context, community_id)
    return None if desk is None else Place(desk.community, desk.catalog, True, True, desk.timezone)


async def answer_drop(context: Context, place: Place, number: int) -> Answer:
    """What a drop did: words, picture, buttons."""
    catalog, now = place.catalog, context.clock.now()
    if not place.manager:
        return Answer(words.render_drops_private(catalog))
    read = partial(report_drop, community=place.community, number=number, timezone=place.timezone, now=now)
    report = await context.store.read(read)
    if report is None:
        return Answer(words.render_no_drop(number, catalog))
    where = await _where(context, place, report)
    picture = await asyncio.to_thread(drop_chart, report, catalog) if report.sent is not None else None
    return Answer(words.render_drop(report, where, catalog), picture, _buttons(place, report))


async def _where(context: Context, place: Place, report: DropReport) -> str:
    """The group or channel, and the topic, in which a drop stands."""
    drop, community = report.drop, place.community
    if drop.target_chat_id is not None:
        chat_id = drop.target_chat_id
        channel = await context.store.read(lambda session: find_community(session, chat_id))
        return place_words(channel.title if channel else community.title, None, place.catalog)
    names = await context.store.read(partial(topic_names, community_id=community.id)) if drop.thread_id else {}
    return place_words(community.title, names.get(drop.thread_id), place.catalog)


def _buttons(place: Place, report: DropReport) -> list[list[Button]]:
    drop, catalog, sent = report.drop, place.catalog, report.sent
    message = sent.message if sent is not None else None
    link = place_link(message.chat_id, message.message_id, message.thread_id) if message is not None else None
    first = [(open_button(catalog), link)] if link is not None else []
    key = f"{drop.community_id}:{drop.number}"
    if sent is not None:
        first.append((words.refresh_button(catalog), f"did:{key}"))
    made = [(words.details_button(catalog), f"queue:show:{key}"), (words.again_button(catalog), f"queue:copy:{key}")]
    return [row for row in (first, made if place.private else []) if row]


async def answer_drops(context: Context, place: Place, window: Window) -> Answer:
    """/stats drops: the drops of a window, ranked, with a picture and a button for each of the first."""
    if not place.manager:
        return Answer(words.render_drops_private(place.catalog))
    read = partial(report_drops, community_id=place.community.id, window=window)
    report: DropsReport = await context.store.read(read)
    picture = await asyncio.to_thread(drops_chart, report, place.catalog) if report.drops else None
    numbers = [one.drop.number for one in report.drops[:3]]
    row = words.drop_buttons(place.community.id, numbers, place.catalog)
    return Answer(words.render_drops(report, place.catalog), picture, [row] if row else [])


def setup(app: App) -> None:
    """Answer /drop with a number; without one it belongs to the making of drops."""
    app.add_handler(CommandHandler("drop", drop, NUMBERED))
    app.add_handler(CallbackQueryHandler(figures_pressed, pattern=r"^did:\d+:\d+$"))
