"""Sending answers: in the thread where it was asked, edited rather than posted, through floods and short outages."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

# The library is moving its waits to timedelta; without this each flood wait logs a deprecation.
os.environ.setdefault("PTB_TIMEDELTA", "1")

T = TypeVar("T")
TRIES = 4
LONGEST_WAIT = 60.0
log = logging.getLogger(__name__)
# A button: its words, and its callback data or (with "https:") its address.
Button = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: Telegram HTML, a picture above it, rows of buttons below.

    In a group an answer quotes what it answers; in private only with `quotes`, where a button needs to know it.
    """

    text: str
    picture: bytes | None = None
    buttons: Sequence[Sequence[Button]] = ()
    quotes: bool = False

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram takes them."""
        if not self.buttons:
            return None
        return InlineKeyboardMarkup([[_button(*button) for button in row] for row in self.buttons])


def _button(text: str, target: str) -> InlineKeyboardButton:
    if target.startswith("https:"):
        return InlineKeyboardButton(text, url=target)
    return InlineKeyboardButton(text, callback_data=target)


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call to Telegram: a flood wait is obeyed, a failed connection tried again.

    A time-out is not tried again: it may have been done, and nobody wants the answer twice.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return await call()
        except RetryAfter as error:
            wait = error.retry_after
            seconds = float(wait) if isinstance(wait, (int, float)) else wait.total_seconds()
            if attempt == TRIES or seconds > LONGEST_WAIT:
                raise
            log.warning("Telegram asks to wait %s s", seconds)
            await asyncio.sleep(seconds)
        except (TimedOut, BadRequest):
            raise
        except NetworkError as error:
            if attempt == TRIES:
                raise
            log.warning("Telegram could not be reached (%s), trying again", type(error).__name__)
            await asyncio.sleep(0.5 * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


async def deliver(update: Update, answer: Answer) -> None:
    """Answer a message where it was asked; answer a pressed button by editing its message."""
    if update.callback_query is not None:
        await _edit(update, answer)
    elif update.effective_message is not None:
        await post(update.effective_message, answer)


def pressed_message(update: Update) -> Message | None:
    """The message whose button was pressed; None where it is too old for Telegram to show it."""
    message = update.callback_query.message if update.callback_query else None
    return message if isinstance(message, Message) else None


async def deliver_instead(update: Update, answer: Answer) -> None:
    """Answer a pressed button in private in its message's place, even where only one of the two has a picture.

    Telegram makes no picture of a text, nor a text of a picture: then a new message comes, and the old one goes.
    """
    message = pressed_message(update)
    if message is None or bool(message.photo) == (answer.picture is not None):
        await deliver(update, answer)
        return
    await post(message, answer)
    await acknowledge(update)
    try:
        await persist(message.delete)
    except BadRequest as error:
        log.info("a screen stays: %s", error)  # it is too old to be deleted


async def post(message: Message, answer: Answer) -> Message:
    """A new message that answers another."""
    quote = None
    if answer.quotes or message.chat.type != Chat.PRIVATE:
        quote = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    where: dict[str, Any] = {"reply_parameters": quote, "parse_mode": ParseMode.HTML, "reply_markup": answer.markup}
    if answer.picture is not None:
        picture = answer.picture
        return await persist(lambda: message.reply_photo(picture, caption=answer.text, **where))
    no_preview = LinkPreviewOptions(is_disabled=True)
    return await persist(lambda: message.reply_text(answer.text, link_preview_options=no_preview, **where))


async def _edit(update: Update, answer: Answer) -> None:
    query = update.callback_query
    if query is None:
        return
    where: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": answer.markup}
    message = query.message
    has_photo = isinstance(message, Message) and bool(message.photo)
    try:
        if answer.picture is not None and has_photo:
            media = InputMediaPhoto(answer.picture, caption=answer.text, parse_mode=ParseMode.HTML)
            await persist(lambda: query.edit_message_media(media, reply_markup=answer.markup))
        elif answer.picture is not None and isinstance(message, Message):
            await post(message, answer)  # a text cannot become a picture
        elif has_photo:
            await persist(lambda: query.edit_message_caption(answer.text, **where))
        else:
            await persist(lambda: query.edit_message_text(answer.text, **where))
    except BadRequest as error:
        if "not modified" not in str(error):
            raise
    await acknowledge(update)


async def acknowledge_by_link(update: Update, link: str) -> None:
    """End a button's waiting mark by opening the private chat with the bot (a `?start=` link)."""
    query = update.callback_query
    if query is None:
        return
    try:
        await persist(lambda: query.answer(url=link))
    except BadRequest as error:
        log.info("button answered too late: %s", error)


async def acknowledge(update: Update, text: str | None = None, *, alert: bool = False) -> None:
    """End a button's waiting mark; `text` is seen by the presser alone. Too late is no fault."""
    query = update.callback_query
    if query is None:
        return
    try:
        await persist(lambda: query.answer(text, show_alert=alert))
    except BadRequest as error:
        log.info("button answered too late: %s", error)
