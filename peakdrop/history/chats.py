"""A chat of an export: its Telegram id, and what hangs together in it (names, topics, forwarded posts)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from peakdrop.history.export import ChatHeader, ExportMessage
from peakdrop.history.identity import CHANNELS, KINDS, chat_id_of, peer_id

_PAGE = 4096
_MOST_PAGES = 5_000  # 20 million messages, 80 MB
_HIGHEST = (1 << 31) - 1


class Threads:
    """Which topic each message is in: pages of four bytes a message, made only where there are topics.

    A supergroup numbers its messages without gaps, so that pages fill; ids beyond all sense are left out.
    """

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def put(self, message_id: int, root: int) -> None:
        """Note that a message is in the topic that `root` opened."""
        if root > _HIGHEST or not 0 < message_id <= _HIGHEST:
            return
        page = self._pages.get(message_id // _PAGE)
        if page is None:
            if len(self._pages) == _MOST_PAGES:
                return
            page = self._pages[message_id // _PAGE] = array("i", bytes(4 * _PAGE))
        page[message_id % _PAGE] = root

    def get(self, message_id: int) -> int:
        """The topic's first message, 0 outside of topics."""
        page = self._pages.get(message_id // _PAGE)
        return page[message_id % _PAGE] if page is not None else 0

    def __bool__(self) -> bool:
        return bool(self._pages)


@dataclass(slots=True)
class ExportChat:
    """A group or channel as its messages tell it so far.

    `names` maps a name to the one id that bears it, to 0 where several do; `forwards` are the channel's posts that
    Telegram put into its discussion group.
    """

    header: ChatHeader
    chat_id: int
    kind: str
    old_chat_id: int | None = None
    names: dict[str, int] = field(default_factory=dict)
    threads: Threads = field(default_factory=Threads)
    forwards: set[int] = field(default_factory=set)

    def look_through(self, messages: Sequence[ExportMessage]) -> None:
        """Take in which messages are in which topic, or forwarded; replies only ever point back."""
        for entry in [one for one in messages if one.action == "topic_created"]:
            self.threads.put(entry.id, entry.id)
        forwarded = [one for one in messages if one.forwarded_from is not msgspec.UNSET]
        self.forwards.update(one.id for one in forwarded if is_automatic_forward(one, self.chat_id))
        if self.threads:
            for entry in messages:
                root = self.threads.get(entry.reply_to_message_id or 0)
                if root and entry.id > 0:
                    self.threads.put(entry.id, root)

    def note_name(self, member_id: int, name: str) -> None:
        """Take in who bears a name."""
        if member_id > 0:
            self.names[name] = member_id if self.names.get(name, member_id) == member_id else 0


def open_chat(header: ChatHeader, messages: Sequence[ExportMessage]) -> ExportChat | None:
    """The chat of a header and its first messages; None for a private chat, which is nobody's community.

    Some exports call a supergroup a group still: the channel that speaks in `migrate_from_group` is what it became.
    """
    chat_id = chat_id_of(header)
    if chat_id is None:
        return None
    chat = ExportChat(header, chat_id, KINDS[header.type])
    if chat.kind == "group":
        for entry in messages:
            new_id = _channel_of(entry) if entry.action == "migrate_from_group" else 0
            if new_id <= -CHANNELS:
                chat.old_chat_id = chat_id if header.id != -new_id - CHANNELS else None
                chat.chat_id, chat.kind = new_id, "supergroup"
                break
    return chat


def _channel_of(entry: ExportMessage) -> int:
    try:
        return peer_id(entry.actor_id)
    except ValueError:
        return 0


def is_automatic_forward(entry: ExportMessage, chat_id: int) -> bool:
    """Whether a channel's post was put into its discussion group by Telegram itself."""
    return (
        isinstance(entry.from_id, str)
        and entry.from_id.startswith("channel")
        and entry.forwarded_from == entry.sender
        and entry.from_id != f"channel{-chat_id - CHANNELS}"
    )
