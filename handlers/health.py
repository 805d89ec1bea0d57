"""/health: how sending stands, for managers."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.desks import Desk, find_desk, numbers_in
from handlers.rights import ADMIN_RIGHTS, check_rights
from rendering import health as words
from storage.sending_health import sending_health


async def health(update: Update, context: Context) -> None:
    """`/health`: queue, oldest due, last post, last error, missing rights."""
    desk = await find_desk(update, context)
    if desk is not None:
        await deliver(update, await answer_health(context, desk))


async def health_pressed(update: Update, context: Context) -> None:
    """Look again."""
    (community_id,) = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is not None:
        await deliver(update, await answer_health(context, desk))


async def answer_health(context: Context, desk: Desk) -> Answer:
    """The figures with what mends them."""
    community, catalog = desk.community, desk.catalog
    found = await context.store.read(lambda session: sending_health(session, community.id, desk.now))
    rights = await check_rights(context, community.chat_id)
    link = f"https://t.me/{context.bot.username}?startgroup=start&admin={ADMIN_RIGHTS}"
    text = words.render_health(found, rights, community.title, desk.timezone, desk.now, catalog)
    return Answer(text, buttons=words.health_buttons(found, rights, community.id, link, catalog))


def setup(app: App) -> None:
    """Answer /health."""
    app.add_handler(CommandHandler("health", health))
    app.add_handler(CallbackQueryHandler(health_pressed, pattern=r"^health:\d+$"))
