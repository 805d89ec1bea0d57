"""A drop's stored content as calls to the Bot API: the sender and previews post it in the same way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import PollType
from telegram.ext import ExtBot

from storage.drop_content import Content, Piece, PollContent

# A large file on a slow line; the claim is renewed meanwhile.
UPLOAD_SECONDS = 120.0
SAID_SECONDS = 30.0  # how long Telegram may take to answer (it fetches addresses itself)
_ALBUM: dict[str, Any] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "document": InputMediaDocument,
    "audio": InputMediaAudio,
}
_VISUAL = frozenset({"photo", "video", "animation"})
_MUTE = frozenset({"video_note", "sticker"})  # they carry no caption
_FILE_ID = re.compile(r"[\w-]+", re.ASCII)


class MissingFile(Exception):
    """A medium is named by a path where there is no file."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how to post: a chat, a topic in it (0: none), with or without a sound, in reply to a message."""

    chat_id: int
    thread_id: int = 0
    silent: bool = False
    reply_to: int | None = None


Call = Callable[[], Awaitable[Sequence[Message]]]


def cost_of(content: Content) -> int:
    """How many messages Telegram counts for it."""
    return max(1, len(content.pieces))


async def post_content(
    bot: ExtBot[Any],
    target: Target,
    content: Content,
    markup: InlineKeyboardMarkup | None = None,
    *,
    folder: Path,
    held: Any = None,
) -> list[Message]:
    """Post content; an album's markup is left out (`carries_markup`). Arguments as of `prepare_call`.

    Raises:
        MissingFile: a path leads nowhere; nothing was sent.
    """
    call = await prepare_call(bot, target, content, markup, folder=folder, held=held)
    return list(await call())


def carries_markup(content: Content) -> bool:
    """Whether buttons can stand under it; an album's need a message of their own."""
    return len(content.pieces) < 2


async def prepare_call(
    bot: ExtBot[Any],
    target: Target,
    content: Content,
    markup: InlineKeyboardMarkup | None = None,
    *,
    folder: Path,
    held: Any = None,
) -> Call:
    """The call that posts content: everything that can go wrong before Telegram hears of it goes wrong here.

    `folder` is the store's, beside which imported media lie; `held` is the limiter's pass, where one is held already.
    """
    where: dict[str, Any] = {
        "chat_id": target.chat_id,
        "message_thread_id": target.thread_id or None,
        "disable_notification": target.silent or None,
        "reply_parameters": None if target.reply_to is None else _reply(target.reply_to),
        "read_timeout": SAID_SECONDS,
        "rate_limit_args": held,
    }
    if content.poll is not None:
        return _one(bot.send_poll, where | _poll(content.poll) | {"reply_markup": markup})
    if not content.pieces:
        preview = None if content.preview is None else LinkPreviewOptions.de_json(dict(content.preview), bot)
        words = {"text": content.text, "entities": _entities(bot, content), "link_preview_options": preview}
        return _one(bot.send_message, where | words | {"reply_markup": markup})
    where |= {"write_timeout": UPLOAD_SECONDS}
    if len(content.pieces) > 1:
        media = [await _album_part(piece, folder, content) for piece in content.pieces]
        album = where | {"media": media} | _caption(bot, content)
        return lambda: bot.send_media_group(**album)
    return await _medium(bot, where, content, markup, folder)


async def _medium(
    bot: ExtBot[Any], where: dict[str, Any], content: Content, markup: InlineKeyboardMarkup | None, folder: Path
) -> Call:
    piece = content.pieces[0]
    file, name = await _file(piece, folder)
    sent = where | {piece.kind: file, "reply_markup": markup}
    if piece.kind != "sticker" and name is not None:
        sent["filename"] = name
    if piece.kind not in _MUTE:
        sent |= _caption(bot, content)
    sent |= _looks(piece, content)
    return _one(getattr(bot, f"send_{piece.kind}"), sent)


def _reply(message_id: int | None) -> ReplyParameters | None:
    return None if message_id is None else ReplyParameters(message_id, allow_sending_without_reply=True)


def _caption(bot: ExtBot[Any], content: Content) -> dict[str, Any]:
    return {"caption": content.text or None, "caption_entities": _entities(bot, content) or None}


def _entities(bot: ExtBot[Any], content: Content) -> list[MessageEntity]:
    return [MessageEntity.de_json(dict(one), bot) for one in content.entities]


def _one(method: Callable[..., Awaitable[Message]], values: dict[str, Any]) -> Call:
    async def call() -> Sequence[Message]:
        return [await method(**values)]

    return call


def _poll(poll: PollContent) -> dict[str, Any]:
    values: dict[str, Any] = {
        "question": poll.question,
        "options": list(poll.options),
        "is_anonymous": poll.is_anonymous,
        "allows_multiple_answers": poll.many_answers or None,
    }
    if poll.correct is not None:
        quiz = {"type": PollType.QUIZ, "correct_option_ids": [poll.correct], "explanation": poll.explanation or None}
        values |= quiz
    return values


async def _album_part(piece: Piece, folder: Path, content: Content) -> Any:
    file, name = await _file(piece, folder)
    return _ALBUM[piece.kind](file, filename=name, **_looks(piece, content))


def _looks(piece: Piece, content: Content) -> dict[str, Any]:
    """How a medium that is looked at is shown: veiled, under its caption."""
    if piece.kind not in _VISUAL:
        return {}
    return {"has_spoiler": piece.spoiler or None, "show_caption_above_media": content.caption_above or None}


async def _file(piece: Piece, folder: Path) -> tuple[str | bytes, str | None]:
    """A file id or an address as it is; of a path the bytes and the file's name."""
    if not is_path(piece.file):
        return piece.file, None
    path = folder / piece.file
    try:
        return await asyncio.to_thread(path.read_bytes), path.name
    except OSError as error:
        raise MissingFile(path.name) from error


def is_path(file: str) -> bool:
    """Whether a medium is named by a path: a file id has no dots or slashes, an address has "://"."""
    return "://" not in file and _FILE_ID.fullmatch(file) is None
