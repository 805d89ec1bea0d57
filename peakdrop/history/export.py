"""The shape of a message in Telegram Desktop's JSON export: only the fields that become facts.

What is not named here is skipped by the decoder without ever becoming an object; the text itself is measured
and dropped. Rare fields are `Any`, so that a new shape of theirs costs that one fact and never the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec


class TextPart(msgspec.Struct, gc=False):
    """One formatted piece of a text: a link, a mention, bold words."""

    text: str = ""
    type: str = ""


class NamedReaction(msgspec.Struct, gc=False):
    """Who reacted; `date` is the exporting machine's local time without a zone."""

    from_id: str | int | None = None
    date: str = ""
    name: str | None = msgspec.field(default=None, name="from")


class Reaction(msgspec.Struct, gc=False):
    """The total of one reaction on a message and, in small groups, the latest people behind it."""

    count: int = 0
    type: str = "emoji"
    emoji: str | None = None
    document_id: str | int | None = None
    recent: list[NamedReaction] | None = None


class ExportMessage(msgspec.Struct, gc=False):
    """One entry of `messages`: `type` is message, service or unsupported."""

    id: int
    type: str = "message"
    date: str = ""
    date_unixtime: str | int = ""
    from_id: str | int | None = None
    sender: str | None = msgspec.field(default=None, name="from")
    reply_to_message_id: int | None = None
    reply_to_peer_id: str | int | None = None
    forwarded_from: str | msgspec.UnsetType | None = msgspec.UNSET
    action: str | None = None
    actor_id: str | int | None = None
    actor: str | None = None
    title: Any = None
    text: str | list[str | TextPart] = ""
    media_type: str | None = None
    photo: str | None = None
    file: str | None = None
    edited: str = ""
    edited_unixtime: str | int = ""
    reactions: list[Reaction] | None = None
    members: Any = None
    message_id: int | None = None
    new_title: Any = None
    boosts: Any = None
    poll: Any = None
    location_information: Any = msgspec.UNSET
    place_name: Any = None


@dataclass(frozen=True, slots=True)
class ChatHeader:
    """What stands before a chat's `messages`: the id as exported (bare, without `-100`), type and name."""

    id: int
    type: str
    name: str | None


@dataclass(frozen=True, slots=True)
class BrokenMessage:
    """A message that could not be read: where it begins in the file, its id where legible, and why."""

    offset: int
    message_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive messages of one chat, and the byte offset from which reading may be taken up again."""

    chat: ChatHeader
    messages: list[ExportMessage]
    broken: list[BrokenMessage]
    end_offset: int
