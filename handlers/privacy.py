"""/privacy, /mydata, /forgetme, /optout: what is stored about someone, all of it, none of it."""

from __future__ import annotations

import io
from functools import partial

import msgspec
from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver, persist
from handlers.places import catalog_of
from peakdrop.privacy import forget_member, member_data, opt_in, opt_out
from rendering import privacy as words
from storage.privacy import is_opted_out


async def privacy(update: Update, context: Context) -> None:
    """In plain words: what is stored, what is not, and how to change it."""
    await deliver(update, Answer(words.render_privacy(await catalog_of(update, context))))


async def mydata(update: Update, context: Context) -> None:
    """In private: everything stored about whoever asks, as a file."""
    catalog = await catalog_of(update, context)
    user, message = update.effective_user, update.effective_message
    if user is None or message is None or not _is_private(update):
        await _send_to_private(update, context)
        return
    data = await context.store.read(partial(member_data, member_id=user.id, now=context.clock.now()))
    file = msgspec.json.format(msgspec.json.encode(data), indent=2)
    caption = words.render_mydata(catalog)
    await persist(lambda: message.reply_document(io.BytesIO(file), filename="peakdrop-my-data.json", caption=caption))


async def forgetme(update: Update, context: Context) -> None:
    """In private: ask once whether to erase everything."""
    catalog = await catalog_of(update, context)
    if not _is_private(update):
        await _send_to_private(update, context)
        return
    await deliver(update, Answer(words.render_forget_question(catalog), buttons=words.forget_buttons(catalog)))


async def forget_pressed(update: Update, context: Context) -> None:
    """It was confirmed, or thought better of."""
    catalog = await catalog_of(update, context)
    user = update.effective_user
    if user is None or update.callback_query is None:
        return
    if update.callback_query.data == "forget:no":
        await deliver(update, Answer(words.render_forget_kept(catalog)))
        return
    await forget_member(context.store, user.id, context.clock.now())
    await deliver(update, Answer(words.render_forgotten(catalog)))


async def optout(update: Update, context: Context) -> None:
    """In private: stop recording whoever asks, or take it up again."""
    user = update.effective_user
    if user is None or not _is_private(update):
        await _send_to_private(update, context)
        return
    out = await context.store.read(partial(is_opted_out, member_id=user.id))
    catalog = await catalog_of(update, context)
    await deliver(update, Answer(words.render_optout(catalog, out=out), buttons=words.optout_buttons(catalog, out=out)))


async def optout_pressed(update: Update, context: Context) -> None:
    """Recording was stopped, or taken up again."""
    user = update.effective_user
    if user is None or update.callback_query is None:
        return
    out = update.callback_query.data == "optout:yes"
    await context.store.write(partial(opt_out if out else opt_in, member_id=user.id))
    catalog = await catalog_of(update, context)
    await deliver(update, Answer(words.render_optout(catalog, out=out), buttons=words.optout_buttons(catalog, out=out)))


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == Chat.PRIVATE


async def _send_to_private(update: Update, context: Context) -> None:
    """What concerns one person alone is done in private: say how to get there."""
    catalog = await catalog_of(update, context)
    link = f"https://t.me/{context.bot.username}?start=privacy"
    await deliver(update, Answer(words.render_in_private(catalog), buttons=[[(words.private_button(catalog), link)]]))


def setup(app: App) -> None:
    """Answer what concerns a person's own data."""
    app.add_handler(CommandHandler("privacy", privacy))
    app.add_handler(CommandHandler("mydata", mydata))
    app.add_handler(CommandHandler("forgetme", forgetme))
    app.add_handler(CallbackQueryHandler(forget_pressed, pattern=r"^forget:"))
    app.add_handler(CommandHandler("optout", optout))
    app.add_handler(CallbackQueryHandler(optout_pressed, pattern=r"^optout:"))
