"""A drop as it will look, in the private chat of whoever makes it."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from handlers.content_calls import MissingFile, Target, carries_markup, post_content
from handlers.delivery import persist
from handlers.drop_buttons import drop_markup
from handlers.making import Making, Shown, main_screen
from rendering import compose as words
from rendering import compose_ends as ends
from rendering.delivery import render_buttons_line
from storage.drops import COMING


async def preview(making: Making, _args: list[str]) -> Shown:
    """Post it here with its buttons; below it the question whether it is right."""
    try:
        posted = await show_content(making, with_buttons=True)
    except (BadRequest, MissingFile) as error:
        return await main_screen(making, ends.render_no_preview(str(error), making.catalog))
    prospect = await making.prospect()
    if making.drop.state in COMING:
        shown = await main_screen(making)
        return Shown(shown.text, shown.buttons, below=posted)
    text = words.render_confirm(prospect, making.maker, making.catalog)
    return Shown(text, words.confirm_buttons(prospect, making.maker, making.catalog), below=posted)


async def show_content(making: Making, *, with_buttons: bool = False) -> Message:
    """What a drop holds, as it will look; buttons only look like the real ones. Returns the last message.

    Raises:
        BadRequest: Telegram does not take it.
        MissingFile: an imported file is gone.
    """
    context, content = making.context, making.drop.content
    group = context.catalog(making.community.language)
    markup = _lifeless(drop_markup(making.drop, {}, group)) if with_buttons else None
    target = Target(making.by.person_id, silent=True)
    sent = await post_content(
        context.bot, target, content, markup if carries_markup(content) else None, folder=context.store.folder
    )
    if markup is not None and not carries_markup(content):
        text, first = render_buttons_line(group), sent[0].message_id
        return await persist(
            lambda: context.bot.send_message(target.chat_id, text, reply_to_message_id=first, reply_markup=markup)
        )
    return sent[-1]


def _lifeless(markup: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """Buttons that look like the real ones; links open, the others do nothing."""
    if markup is None:
        return None
    return InlineKeyboardMarkup(
        [
            [one if one.url else InlineKeyboardButton(one.text, callback_data="drop:preview") for one in row]
            for row in markup.inline_keyboard
        ]
    )
