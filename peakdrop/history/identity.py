"""Ids and times as exports write them, turned into Telegram's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from peakdrop.history.export import ChatHeader, ExportMessage
from storage.kinds import Actor

CHANNELS = 10**12  # a channel's or supergroup's chat id is -100 before its bare id
ANONYMOUS_ADMIN_BOT = 1087968824
SERVICE_SENDERS = {777000: Actor.CHANNEL, 136817688: Actor.CHANNEL, ANONYMOUS_ADMIN_BOT: Actor.ANONYMOUS_ADMIN}
KINDS = {
    "private_group": "group",
    "private_supergroup": "supergroup",
    "public_supergroup": "supergroup",
    "private_channel": "channel",
    "public_channel": "channel",
}
# Before 2021-05 peers were bare numbers whose high bits told their sort; user ids still had 32 bits.
_OLD_GROUP, _OLD_CHANNEL = 1 << 32, 1 << 33
LATEST = 1 << 33
_PEER = re.compile(r"(user|channel|chat|)([0-9]{1,15})")


def chat_id_of(header: ChatHeader) -> int | None:
    """The Telegram chat id of an exported chat; None for private chats, which are nobody's community."""
    kind = KINDS.get(header.type)
    if kind is None:
        return None
    if header.id < 0:
        return header.id
    return -header.id if kind == "group" else -(CHANNELS + header.id)


def peer_id(value: str | int | None) -> int:
    """A sender's id: `user123` is 123, `chat123` is -123, `channel123` is -100…123; 0 where there is none.

    Raises ValueError on anything else.
    """
    if isinstance(value, int):
        if value >= _OLD_CHANNEL:
            return -(CHANNELS + value - _OLD_CHANNEL)
        return -(value - _OLD_GROUP) if value >= _OLD_GROUP else value
    if not value:
        return 0
    found = _PEER.fullmatch(value)
    if found is None:
        raise ValueError(f"{value[:40]} is no sender")
    number = int(found[2])
    match found[1]:
        case "user":
            return number
        case "channel":
            return -(CHANNELS + number)
        case "chat":
            return -number
    return peer_id(number)


def clean(name: str) -> str:
    """A name that any database takes (PostgreSQL takes no NUL)."""
    return name.replace("\0", "")


def actor_of(member_id: int, chat_id: int, is_channel: bool) -> tuple[Actor, int]:
    """Who a sender is, and the id it goes by, as live updates would tell it."""
    if member_id == 0:
        return (Actor.CHANNEL, chat_id) if is_channel else (Actor.NOBODY, 0)
    if member_id in SERVICE_SENDERS:
        return SERVICE_SENDERS[member_id], chat_id
    if member_id > 0:
        return Actor.MEMBER, member_id
    is_own = member_id == chat_id and not is_channel
    return (Actor.ANONYMOUS_ADMIN if is_own else Actor.CHANNEL), member_id


def epoch_of(entry: ExportMessage, zone: ZoneInfo) -> int:
    """When an entry was written, epoch seconds; a date without `date_unixtime` is taken in `zone`.

    Raises ValueError where it has no time, or one that cannot be.
    """
    if entry.date_unixtime:
        at = int(entry.date_unixtime)
    else:
        at = int(datetime.fromisoformat(entry.date).replace(tzinfo=zone).timestamp())
    if not 0 < at < LATEST:
        raise ValueError("its time is out of range")
    return at


def wall_seconds(text: str) -> int:
    """A local time without a zone as if it were UTC, epoch seconds. Raises ValueError."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def timed_key(at: int, *parts: object, taken: set[int]) -> int:
    """A message id, negative, for what has none that every account agrees on; unique among `taken`.

    Two things alike in the same second get two ids, the same at each reading in the same order.
    """
    digest = blake2b("|".join(map(str, parts)).encode("utf-8", "replace"), digest_size=4).digest()
    low = int.from_bytes(digest, "big") & 0xFFFFF
    while low in taken:
        low = (low + 1) & 0xFFFFF
    taken.add(low)
    return -((at << 20) | low)
