"""/start, /help, /group: the first steps, the list of commands, the choice of a group."""

from __future__ import annotations

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver, post, pressed_message
from handlers.metrics import read_file
from handlers.places import catalog_of, choice, find_place, managed_communities
from handlers.rights import ADMIN_RIGHTS, check_rights
from handlers.roles import is_manager
from handlers.stats import answer_stats
from peakdrop.stats_request import parse_stats
from rendering import places as place_words
from rendering import start as words
from storage.communities import get_community
from storage.people import set_person


async def start(update: Update, context: Context) -> None:
    """In private: what this is, the button that adds the bot to a group, and a tick for each right it has there."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != Chat.PRIVATE:
        if not context.args:  # the button that adds the bot says /start too: its greeting is enough
            await deliver(update, Answer(words.render_help(await catalog_of(update, context), manager=False)))
        return
    await context.store.write(lambda session: set_person(session, user.id))
    catalog = await catalog_of(update, context)
    managed = await managed_communities(context, user.id)
    rights = [(one.title, await check_rights(context, one.chat_id)) for one in managed[:5]]
    link = f"https://t.me/{context.bot.username}?startgroup=peakdrop&admin={ADMIN_RIGHTS}"
    buttons = [[(words.add_button(catalog), link)]]
    if len(managed) > 1:
        buttons.append([(words.choose_button(catalog), "group:choose")])
    await deliver(update, Answer(words.render_start(rights, catalog), buttons=buttons))


async def help_(update: Update, context: Context) -> None:
    """The commands, with the managers' for managers."""
    catalog = await catalog_of(update, context)
    user, private = update.effective_user, update.effective_chat and update.effective_chat.type == Chat.PRIVATE
    if private and user is not None:
        manager = bool(await managed_communities(context, user.id))
    else:
        manager = await is_manager(update, context)
    await deliver(update, Answer(words.render_help(catalog, manager=manager)))


async def group(update: Update, context: Context) -> None:
    """In private: choose the group that this chat is about."""
    catalog = await catalog_of(update, context)
    user = update.effective_user
    managed = await managed_communities(context, user.id) if user else []
    await deliver(update, choice(managed, catalog) if managed else Answer(place_words.render_no_group(catalog)))


async def use_pressed(update: Update, context: Context) -> None:
    """A group was chosen."""
    query, user = update.callback_query, update.effective_user
    if query is None or query.data is None or user is None:
        return
    community_id = int(query.data.split(":")[1])
    community = await context.store.read(lambda session: get_community(session, community_id))
    catalog = await catalog_of(update, context)
    if community is None:
        await deliver(update, Answer(place_words.render_no_group(catalog)))
        return
    await context.store.write(lambda session: set_person(session, user.id, community_id=community_id))
    await deliver(update, Answer(place_words.render_chosen(community.title, catalog)))
    await _take_up(update, context)


async def _take_up(update: Update, context: Context) -> None:
    """Do now what was asked before a group had to be chosen: a file sent, or /stats."""
    message = pressed_message(update)
    asked = message.reply_to_message if message is not None else None
    place = await find_place(update, context) if asked is not None else None
    if asked is None or place is None:
        return
    if asked.document is not None:
        await post(asked, await read_file(context, place, asked.document, skip_bad=False))
    elif (asked.text or "").startswith("/stats"):
        await post(asked, await answer_stats(context, place, parse_stats((asked.text or "").split()[1:])))


def setup(app: App) -> None:
    """Answer the first steps."""
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CommandHandler("help", help_))
    app.add_handler(CommandHandler("group", group))
    app.add_handler(CallbackQueryHandler(group, pattern=r"^group:choose$"))
    app.add_handler(CallbackQueryHandler(use_pressed, pattern=r"^use:\d+$"))
