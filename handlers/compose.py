"""Making a drop in private: whatever is sent becomes a draft, and one screen of buttons makes it a drop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers import compose_ends as ends
from handlers import compose_options as options
from handlers import compose_repeat as repeats
from handlers import compose_times as times
from handlers.compose_command import drop_command, private_opened
from handlers.compose_intake import begin, take_message
from handlers.compose_preview import preview
from handlers.context import App, Context
from handlers.delivery import acknowledge, pressed_message
from handlers.making import Making, Shown, find_making, main_screen, put, put_below
from handlers.metrics import TABLE
from handlers.places import catalog_of
from peakdrop.composing import Awaits, suggestion_awaited
from rendering.compose_ends import render_preview_pressed
from storage.composing import get_composing, stop_awaiting

Screen = Callable[[Making, list[str]], Awaitable[Shown]]


async def open_(making: Making, _args: list[str]) -> Shown:
    """The screen of the drop."""
    return await main_screen(making)


# What the buttons of a drop's screen say ("drop:WORD:COMMUNITY:NUMBER:…"), and what answers.
SCREENS: dict[str, Screen] = {
    "open": open_,
    "when": times.when,
    "why": times.why,
    "month": times.month,
    "day": times.day,
    "hour": times.hour,
    "type": times.type_,
    "at": times.at,
    "sure": times.sure,
    "peak": times.peak,
    "repeat": repeats.repeat,
    "rep": repeats.kind,
    "wd": repeats.weekday,
    "every": repeats.every,
    "until": repeats.until,
    "weeks": repeats.weeks,
    "where": options.where,
    "topic": options.topic,
    "channel": options.channel,
    "groups": options.groups,
    "group": options.group,
    "options": options.options,
    "turn": options.turn,
    "delete": options.delete,
    "keep": options.keep,
    "late": options.late,
    "lateness": options.lateness,
    "buttons": options.buttons,
    "button": options.button,
    "link": options.link,
    "unlink": options.unlink,
    "tags": options.tags,
    "tag": options.tag,
    "untag": options.untag,
    "campaign": options.campaign,
    "content": options.content,
    "preview": preview,
    "confirm": ends.confirm,
    "now": ends.now,
    "cancel": ends.cancel,
    "done": ends.done,
}


async def pressed(update: Update, context: Context) -> None:
    """A button of a drop's screen."""
    data = update.callback_query.data if update.callback_query else None
    _, word, community_id, number, *args = (data or "").split(":")
    await show_screen(update, context, int(community_id), int(number), word, args)


async def show_screen(
    update: Update, context: Context, community_id: int, number: int, word: str = "open", args: list[str] | None = None
) -> None:
    """Show the screen of a drop (or one behind it) where its button was pressed, to those who may change it."""
    making = await find_making(update, context, community_id, number)
    if making is not None:
        await put(update, making, await SCREENS[word](making, args or []))


async def show_below(update: Update, context: Context, community_id: int, number: int) -> None:
    """Show the screen of a drop below the message whose button was pressed."""
    message = pressed_message(update)
    making = await find_making(update, context, community_id, number)
    if making is not None and message is not None:
        await put_below(message, making, await main_screen(making))
        await acknowledge(update)


async def aside_pressed(update: Update, context: Context) -> None:
    """What was typed, or a table without figures, becomes a drop of its own; the button's message answers it."""
    message = pressed_message(update)
    asked = message.reply_to_message if message is not None else None
    if asked is not None:
        await begin(update, context, asked)
    await acknowledge(update)


async def nothing_pressed(update: Update, context: Context) -> None:
    """A button that only fills its place, or one of a preview."""
    is_preview = update.callback_query is not None and update.callback_query.data == "drop:preview"
    await acknowledge(update, render_preview_pressed(await catalog_of(update, context)) if is_preview else None)


async def turned_away(update: Update, context: Context) -> None:
    """A command, or a button of another screen: what is typed next is no answer to the screen of a drop any more."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != Chat.PRIVATE:
        return
    at = await context.store.read(lambda session: get_composing(session, user.id))
    if at is not None and (at.awaits in set(Awaits) or suggestion_awaited(at.awaits) is not None):
        await context.store.write(lambda session: stop_awaiting(session, user.id, {at.awaits or ""}))


def setup(app: App) -> None:
    """Make drops. What turns away from a screen is seen before it is answered."""
    app.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE, turned_away), group=-1)
    app.add_handler(CallbackQueryHandler(turned_away, pattern=r"^(?!drop:)"), group=-1)
    told = filters.ChatType.PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL & ~TABLE
    app.add_handler(CommandHandler("start", private_opened, filters.Regex(r"^/start drop$")))
    # With a number it asks for figures, see handlers/drop_figures.py.
    app.add_handler(CommandHandler("drop", drop_command, ~filters.Regex(r"^/drop(@\w+)?\s+#?\d")))
    app.add_handler(MessageHandler(told, take_message))
    words = "|".join(SCREENS)
    app.add_handler(CallbackQueryHandler(pressed, pattern=rf"^drop:({words}):\d+:\d+"))
    app.add_handler(CallbackQueryHandler(ends.undo, pattern=r"^drop:undo:\d+:\d+$"))
    app.add_handler(CallbackQueryHandler(aside_pressed, pattern=r"^drop:aside$"))
    app.add_handler(CallbackQueryHandler(nothing_pressed, pattern=r"^drop:(nothing|preview)$"))
