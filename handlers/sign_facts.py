"""The bot's own messages inside other people's updates: what proves that a drop was posted.

Read beside the counts, and leniently: an update that is odd here still counts, it just proves nothing.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from handlers.drop_buttons import DATA, read_pressed
from handlers.updates import Chat, Id, Seconds, User
from peakdrop.signs import likeness
from storage.facts import Facts, PollCount, PollSeen, SignSeen
from storage.kinds import Flag

_DATA = re.compile(DATA)


class File(Struct):
    file_unique_id: str = ""


class Button(Struct):
    callback_data: str = ""


class Markup(Struct):
    inline_keyboard: list[list[Button]] = msgspec.field(default_factory=list)


class Question(Struct):
    id: str = ""
    question: str = ""
    type: str = "regular"
    total_voter_count: int | None = None


class Origin(Struct):
    """Where a forward comes from; `chat` and `message_id` are told of channels alone."""

    chat: Chat | None = None
    message_id: Id = 0
    date: Seconds = 0


class Shown(Struct):
    """A message, as far as it may be the bot's own or a forward of it."""

    message_id: Id
    date: Seconds = 0
    from_: User | None = msgspec.field(default=None, name="from")
    text: str | None = None
    caption: str | None = None
    photo: list[File] | None = None
    animation: File | None = None
    video: File | None = None
    document: File | None = None
    audio: File | None = None
    voice: File | None = None
    video_note: File | None = None
    sticker: File | None = None
    poll: Question | None = None
    reply_markup: Markup | None = None
    forward_origin: Origin | None = None
    is_automatic_forward: bool = False
    message_thread_id: Id = 0
    is_topic_message: bool = False


class Message(Shown, kw_only=True):
    chat: Chat
    reply_to_message: Shown | None = None


class Pressed(Struct):
    data: str = ""
    message: Message | None = None


class Signs(Struct):
    message: Message | None = None
    callback_query: Pressed | None = None


_SIGNS = msgspec.json.Decoder(Signs)


def see_signs(facts: Facts, raw: bytes, bot_username: str, now: int) -> None:
    """Note the bot's own messages that a message answers or forwards, or under which a button was pressed.

    A poll among them has its place from then on (`now`, epoch seconds, dates its count).
    """
    try:
        update = _SIGNS.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return
    if update.callback_query is not None:
        _see_press(facts, update.callback_query, now)
    elif update.message is not None and update.message.chat.type != "private":
        for shown in (update.message, update.message.reply_to_message):
            sign = _read_shown(shown, update.message.chat.id, bot_username) if shown is not None else None
            if shown is not None and sign is not None:
                facts.signs.append(sign)
                _see_poll(facts, shown, sign, now)


def _see_press(facts: Facts, press: Pressed, now: int) -> None:
    if press.message is None or _DATA.match(press.data) is None:
        return
    chat_id, pressed = press.message.chat.id, read_pressed(press.data)
    where = (chat_id, chat_id, press.message.message_id, press.message.date)
    sign = SignSeen(*where, pressed.nonce, None, pressed.community_id)
    facts.signs.append(sign)
    _see_poll(facts, press.message, sign, now)


def _see_poll(facts: Facts, shown: Shown, sign: SignSeen, now: int) -> None:
    """Votes name the poll only; of one that was lost its sender never heard that name."""
    poll = shown.poll
    if poll is None or not poll.id.isdigit():
        return
    poll_id = int(poll.id) % 2**63
    is_here = sign.chat_id == sign.group_id  # of a channel's post its forward is seen, whose thread is the group's
    place = (shown.message_thread_id, int(Flag.TOPIC) if shown.is_topic_message else 0) if is_here else (0, 0)
    facts.polls.append(PollSeen(poll_id, sign.chat_id, sign.message_id, *place))
    if poll.total_voter_count is not None:
        facts.poll_counts.append(PollCount(poll_id, poll.total_voter_count, now))


def _read_shown(shown: Shown, group_id: int, bot_username: str) -> SignSeen | None:
    """A channel's automatic forward stands for the channel's post; else it must be the bot's own message."""
    origin = shown.forward_origin
    if shown.is_automatic_forward and origin is not None and origin.chat is not None:
        return SignSeen(group_id, origin.chat.id, origin.message_id, origin.date, None, _likeness(shown))
    sender = shown.from_
    if sender is None or not sender.is_bot or (sender.username or "").lower() != bot_username.lower():
        return None
    return SignSeen(group_id, group_id, shown.message_id, shown.date, _nonce(shown.reply_markup), _likeness(shown))


def _nonce(markup: Markup | None) -> int | None:
    rows = markup.inline_keyboard if markup is not None else []
    data = (button.callback_data for row in rows for button in row)
    return next((read_pressed(one).nonce for one in data if _DATA.match(one)), None)


def _likeness(shown: Shown) -> str | None:
    if shown.poll is not None:
        return likeness("quiz" if shown.poll.type == "quiz" else "poll", shown.poll.question)
    words = shown.caption or ""
    if shown.photo:
        return likeness("photo", words, shown.photo[-1].file_unique_id)
    for kind in ("animation", "video", "document", "audio", "voice", "video_note", "sticker"):
        file: File | None = getattr(shown, kind)
        if file is not None:
            return likeness(kind, words, file.file_unique_id)
    return None if shown.text is None else likeness("text", shown.text)
