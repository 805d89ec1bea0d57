"""The buttons under a drop: like, comment, share. What stands on them follows every few seconds, not every press."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import cast

from telegram import Chat, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackQueryHandler, JobQueue

from handlers.context import App, Context
from handlers.delivery import acknowledge, acknowledge_by_link, persist
from handlers.drop_buttons import DATA, Pressed, drop_markup, read_pressed, share_key
from peakdrop.drop_deeds import button_counts, find_posted, like_drop
from rendering import drop_deeds as words
from rendering.catalog import Catalog
from storage.communities import get_community
from storage.drops import DropView, find_drop

log = logging.getLogger(__name__)
SOON, BETWEEN = timedelta(seconds=1), timedelta(seconds=5)


async def deed_pressed(update: Update, context: Context) -> None:
    """A button under a drop was pressed."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    pressed = read_pressed(query.data)
    place = None if query.message is None else (query.message.chat.id, query.message.message_id)
    drop = await context.store.read(
        lambda session: find_posted(session, pressed.community_id, pressed.number, pressed.nonce, place)
    )
    catalog = await _catalog_for(context, pressed.community_id if drop is None else drop.community_id)
    if drop is None:
        private = query.message is not None and query.message.chat.type == Chat.PRIVATE
        await acknowledge(update, words.render_not_posted(catalog) if private else words.render_button_gone(catalog))
        return
    await _ACTS[pressed.kind](update, context, drop, pressed, catalog)


async def _like(update: Update, context: Context, drop: DropView, pressed: Pressed, catalog: Catalog) -> None:
    query = update.callback_query
    if query is None:
        return
    now = context.clock.now()
    liked = await context.store.write(partial(like_drop, drop=drop, member_id=query.from_user.id, now=now))
    await acknowledge(update, words.render_liked(liked.stands, catalog))
    if isinstance(query.message, Message) and liked.stands is not None:
        count_soon(context, drop, query.message)


async def _comment(update: Update, context: Context, drop: DropView, pressed: Pressed, catalog: Catalog) -> None:
    chat = update.effective_chat
    in_channel = chat is not None and chat.type == Chat.CHANNEL
    await acknowledge(update, words.render_how_to_comment(catalog, in_channel=in_channel), alert=True)


async def _share(update: Update, context: Context, drop: DropView, pressed: Pressed, catalog: Catalog) -> None:
    """Where inline mode is off: the post is taken along from the private chat."""
    await acknowledge_by_link(update, f"https://t.me/{context.bot.username}?start=share_{share_key(drop)}")


_ACTS = {"like": _like, "comment": _comment, "share": _share}


async def _catalog_for(context: Context, community_id: int) -> Catalog:
    community = await context.store.read(lambda session: get_community(session, community_id))
    return context.catalog(community.language if community else None)


def count_soon(context: Context, drop: DropView, message: Message) -> None:
    """Have the count on a post's buttons set anew, at most every few seconds for each post."""
    place, now, counting = (message.chat.id, message.message_id), context.clock.now(), context.house.counting
    last = counting.get(place)
    if context.job_queue is None or (last is not None and last > now):
        return  # it is about to be set, with this press
    if len(counting) > 10_000:
        counting.clear()
    counting[place] = now + SOON if last is None else max(now + SOON, last + BETWEEN)
    queue = cast("JobQueue[Context]", context.job_queue)
    queue.run_once(set_counts, counting[place], data=(drop.community_id, drop.number, *place))


async def set_counts(context: Context) -> None:
    """Write on a post's buttons how many like it."""
    if context.job is None:
        return
    community_id, number, chat_id, message_id = cast("tuple[int, int, int, int]", context.job.data)
    drop = await context.store.read(lambda session: find_drop(session, community_id, number))
    if drop is None:
        return
    counts = await context.store.read(partial(button_counts, drop=drop))
    markup = drop_markup(
        drop, counts, await _catalog_for(context, community_id), inline=bool(context.bot.supports_inline_queries)
    )
    try:
        await persist(lambda: context.bot.edit_message_reply_markup(chat_id, message_id, reply_markup=markup))
    except BadRequest as error:
        if "not modified" not in str(error):
            log.info("the buttons of drop %d cannot be set: %s", number, error)
    except TelegramError as error:
        log.info("the buttons of drop %d are set with the next press: %s", number, error)


def setup(app: App) -> None:
    """Answer the buttons under drops."""
    app.add_handler(CallbackQueryHandler(deed_pressed, pattern=DATA))
