"""Raw JSON as updates read one by one, so that a broken one is quarantined alone. No text leaves this module
but the raw JSON of what someone must answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

import msgspec

from handlers.drop_buttons import SHARED
from handlers.facts import read_facts
from handlers.message_facts import COMMAND, is_command
from handlers.sign_facts import see_signs
from handlers.updates import ALLOWED_UPDATES, COUNTED, Message, Update
from storage.inbox import Incoming
from storage.times import to_epoch

# Telegram's update ids have 31 bits; one beyond this would confirm everything if it became an offset.
IDS_END = 2**52
KIND_LENGTH = 64
_UPDATE = msgspec.json.Decoder(Update)
_BATCH = msgspec.json.Decoder(list[msgspec.Raw])
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ID = re.compile(rb'\s*\{\s*"update_id"\s*:\s*(\d{1,16})\s*[,}]')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)


def read_batch(raw: bytes, *, now: datetime, bot_username: str) -> list[Incoming]:
    """A JSON array of updates, each read alone; `now` dates what Telegram does not.

    Raises:
        msgspec.DecodeError: this is no whole JSON array (it was cut off on its way).
    """
    try:
        parts: list[msgspec.Raw] | list[bytes] = _BATCH.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        parts = list(split_array(raw))
    return [read_update(bytes(part), now=now, bot_username=bot_username) for part in parts]


def split_array(raw: bytes) -> Iterator[bytes]:
    """The elements of a JSON array by its brackets alone, whatever else is wrong inside them.

    Raises:
        msgspec.DecodeError: brackets do not match up.
    """
    body = raw.strip()
    depth, start = 0, 1
    for token in _TOKEN.finditer(body):
        sign = token.group()
        if sign in (b"[", b"{"):
            depth += 1
        elif sign in (b"]", b"}"):
            depth -= 1
        if (depth == 1 and sign == b",") or (depth == 0 and token.end() == len(body)):
            if element := body[start : token.start()].strip():
                yield element
            start = token.end()
        elif depth <= 0:
            break
    if depth or start != len(body) or not body.startswith(b"["):
        raise msgspec.DecodeError("no whole JSON array")


def read_update(raw: bytes, *, now: datetime, bot_username: str) -> Incoming:
    """One update: its facts, and its raw JSON where someone must answer it. Never raises for what it holds."""
    # PostgreSQL keeps no NUL in a text, and nobody's name needs one.
    raw = raw.replace(rb"\u0000", rb"\ufffd") if rb"\u0000" in raw else raw
    try:
        update = _UPDATE.decode(raw)
        if not 0 <= update.update_id < IDS_END:
            return _broken(raw, "update_id is out of range")
        kind = next((name for name in COUNTED if getattr(update, name) is not None), None)
        if kind is None:
            return _uncounted(raw, update.update_id)
        lane = _lane(update, bot_username)
        payload = raw.decode() if lane is not None else None
        facts = read_facts(update, to_epoch(now))
        if _may_show_ours(update):
            see_signs(facts, raw, bot_username, to_epoch(now))
        return Incoming(update.update_id, kind, facts, lane or 0, payload)
    except msgspec.MsgspecError as error:  # names the place and the types, no values
        return _broken(raw, str(error)[:200])
    except Exception as error:  # whatever else is odd about it, the rest must go on
        return _broken(raw, type(error).__name__)


def _may_show_ours(update: Update) -> bool:
    """Whether an update holds a message that may be the bot's own."""
    message = update.message
    if message is not None:
        return message.reply_to_message is not None or message.is_automatic_forward
    return update.callback_query is not None


def _uncounted(raw: bytes, update_id: int) -> Incoming:
    """An update that holds nothing we count: passed by if its kind is known, else its kind is noted."""
    kinds = [key for key in _KEYS.decode(raw) if key != "update_id"]
    if not kinds:
        return _broken(raw, "it holds nothing")
    unknown = next((key for key in kinds if key not in ALLOWED_UPDATES), None)
    return Incoming(update_id, (unknown or kinds[0])[:KIND_LENGTH], unknown=unknown is not None)


def _broken(raw: bytes, reason: str) -> Incoming:
    """What is kept of an unreadable update: its id (or one made from its bytes), its kind, what is wrong."""
    try:
        keys: dict[str, msgspec.Raw] = _KEYS.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        keys = {}
    found = bytes(keys["update_id"]) if "update_id" in keys else (match := _ID.match(raw)) and match[1]
    readable = found is not None and re.fullmatch(rb"\d{1,16}", found) and int(found) < IDS_END
    update_id = int(found) if found is not None and readable else -1 - _digest(raw)
    kind = next((key for key in keys if key != "update_id"), "unreadable")
    return Incoming(update_id, kind[:KIND_LENGTH], broken=reason)


def _digest(raw: bytes) -> int:
    return int.from_bytes(blake2b(raw, digest_size=7).digest(), "big")


def _lane(update: Update, bot_username: str) -> int | None:
    """The chat in whose order an update is answered; None where nobody need answer it."""
    if update.message is not None:
        return update.message.chat.id if _asks_us(update.message, bot_username) else None
    if update.callback_query is not None:
        message = update.callback_query.message
        return message.chat.id if message else update.callback_query.from_.id
    if update.inline_query is not None:
        # Whatever else somebody types behind our name is nobody's business.
        return update.inline_query.from_.id if SHARED.fullmatch(update.inline_query.query.strip()) else None
    if update.chosen_inline_result is not None:
        chosen = update.chosen_inline_result
        return chosen.from_.id if SHARED.fullmatch(chosen.result_id) else None
    return update.my_chat_member.chat.id if update.my_chat_member else None


def _asks_us(message: Message, bot_username: str) -> bool:
    """Whether a message is for the bot: anything in private, in groups a command of ours (not of another bot)."""
    if message.chat.type == "private":
        return True
    by_bot = message.sender_chat is None and message.from_ is not None and message.from_.is_bot
    if by_bot or message.is_automatic_forward or not is_command(message):
        return False
    command = COMMAND.match(message.text or "")
    addressee = command[1] if command else None
    return addressee is None or addressee.lower() == bot_username.lower()
