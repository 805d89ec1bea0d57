"""Sharing a drop: by inline mode into any chat, or, where that is off, taken along from the private chat."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedAudio,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedMpeg4Gif,
    InlineQueryResultCachedPhoto,
    InlineQueryResultCachedSticker,
    InlineQueryResultCachedVideo,
    InlineQueryResultCachedVoice,
    InputTextMessageContent,
    MessageEntity,
    Update,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import ChosenInlineResultHandler, CommandHandler, InlineQueryHandler, filters

from handlers.content_calls import cost_of
from handlers.context import App, Context
from handlers.delivery import Answer, persist, post
from handlers.drop_buttons import SHARED, read_shared, share_key
from handlers.places import catalog_of
from peakdrop.drop_deeds import find_posted, share_drop
from rendering import drop_deeds as words
from rendering.catalog import Catalog
from rendering.delivery import place_link
from storage.drop_content import Content
from storage.drop_messages import SentMessage, messages_of
from storage.drops import DropView

log = logging.getLogger(__name__)
LONGEST_TITLE = 50


async def find_shared(context: Context, text: str) -> tuple[DropView, list[SentMessage]] | None:
    """The posted drop that a share key names, and the messages it became."""
    key = read_shared(text)
    if key is None:
        return None

    def reading(session: Any) -> tuple[DropView, list[SentMessage]] | None:
        drop = find_posted(session, key.community_id, key.number, key.nonce, None)
        return None if drop is None else (drop, messages_of(session, drop.community_id, drop.number))

    return await context.store.read(reading)


async def offer(update: Update, context: Context) -> None:
    """Inline: somebody chose a chat by a share button: the post is offered there, to be sent with one tap."""
    query = update.inline_query
    if query is None:
        return
    found = await find_shared(context, query.query)
    catalog = await catalog_of(update, context)
    results = [] if found is None else [result_of(*found, catalog)]
    try:
        await persist(lambda: query.answer(results, cache_time=0, is_personal=True))
    except BadRequest as error:
        log.info("a post could not be offered: %s", error)


async def chosen(update: Update, context: Context) -> None:
    """Inline: the post was sent to the chat. Telegram tells it where inline feedback is on."""
    result = update.chosen_inline_result
    found = await find_shared(context, result.result_id) if result is not None else None
    if result is not None and found is not None:
        now = context.clock.now()
        await context.store.write(partial(share_drop, drop=found[0], member_id=result.from_user.id, now=now))


async def take_along(update: Update, context: Context) -> None:
    """In private, by the share button's link: a copy of the post, to be forwarded."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None or not context.args:
        return
    catalog = await catalog_of(update, context)
    found = await find_shared(context, context.args[0].removeprefix("share_"))
    # What comes after the content is the line that carries an album's buttons.
    posted = [] if found is None else found[1][: cost_of(found[0].content)]
    if found is None or not posted or not await _copied(context, message.chat_id, posted):
        await post(message, Answer(words.render_not_to_share(catalog)))
        return
    now = context.clock.now()
    await context.store.write(partial(share_drop, drop=found[0], member_id=user.id, now=now))
    await post(message, Answer(words.render_take_along(found[0].content, catalog)))


async def _copied(context: Context, chat_id: int, messages: list[SentMessage]) -> bool:
    """Copy a post as it stands in the group, an album whole; without the buttons."""
    ids = [one.message_id for one in messages]
    try:
        await persist(lambda: context.bot.copy_messages(chat_id, messages[0].chat_id, ids))
    except TelegramError as error:
        log.info("a post could not be copied: %s", error)
        return False
    return True


def result_of(drop: DropView, messages: list[SentMessage], catalog: Catalog) -> InlineQueryResult:
    """A drop as an inline result: its first medium with its text, else its text."""
    content, key = drop.content, share_key(drop)
    link = place_link(messages[0].chat_id, messages[0].message_id, messages[0].thread_id) if messages else None
    markup = None
    if link is not None:
        markup = InlineKeyboardMarkup([[InlineKeyboardButton(words.open_button(catalog), url=link)]])
    entities = MessageEntity.de_list(list(content.entities), None)
    title = words.shared_title(content, catalog)
    made = _medium(content, key, title)
    if made is None:
        text = InputTextMessageContent(words.shared_text(content) or title, entities=entities or None)
        return InlineQueryResultArticle(key, title, text, reply_markup=markup)
    kind, given = made
    if content.pieces[0].kind != "sticker":
        given |= {"caption": content.text or None, "caption_entities": entities or None}
    result: InlineQueryResult = kind(key, reply_markup=markup, **given)
    return result


def _medium(content: Content, key: str, title: str) -> tuple[Any, dict[str, Any]] | None:
    """The kind of result for a drop's first medium, and what it takes; None where it goes as text."""
    if not content.pieces:
        return None
    piece = content.pieces[0]
    kinds: dict[str, tuple[Any, dict[str, Any]]] = {
        "photo": (InlineQueryResultCachedPhoto, {"photo_file_id": piece.file}),
        "video": (InlineQueryResultCachedVideo, {"video_file_id": piece.file, "title": title}),
        "animation": (InlineQueryResultCachedMpeg4Gif, {"mpeg4_file_id": piece.file}),
        "document": (InlineQueryResultCachedDocument, {"document_file_id": piece.file, "title": title}),
        "audio": (InlineQueryResultCachedAudio, {"audio_file_id": piece.file}),
        "voice": (InlineQueryResultCachedVoice, {"voice_file_id": piece.file, "title": title}),
        "sticker": (InlineQueryResultCachedSticker, {"sticker_file_id": piece.file}),
    }
    # A path or an address of an import is no file id; Telegram keeps those in letters, digits, - and _.
    is_id = all(char.isascii() and (char.isalnum() or char in "-_") for char in piece.file)
    return kinds.get(piece.kind) if is_id else None


def setup(app: App) -> None:
    """Answer what is shared."""
    app.add_handler(InlineQueryHandler(offer, pattern=SHARED))
    app.add_handler(ChosenInlineResultHandler(chosen, pattern=SHARED))
    app.add_handler(CommandHandler("start", take_along, filters.Regex(r"^/start share_") & filters.ChatType.PRIVATE))
