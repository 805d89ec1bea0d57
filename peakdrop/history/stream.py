"""Reads Telegram Desktop's JSON export in blocks, in flat memory and at the speed of a C decoder.

Messages begin `{"id": …, "type": "…"`. Inside a JSON string every quote is escaped, so the place between two
messages can be found with a regular expression, and all that stands before its last occurrence in a block
decodes in one call. Where that fails the block is walked message by message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from peakdrop.history.decoding import decode_run, last_boundary, skip_separators, walk_messages
from peakdrop.history.export import BrokenMessage, ChatHeader, ExportMessage, Run

BLOCK_BYTES = 1 << 20
HEADER_BYTES = 1 << 16  # more than any chat's name, type and id

_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_HEADER = re.compile(rb'\{\s*((?:"\w+"\s*:\s*(?:null|true|false|-?\d+|"(?:[^"\\]|\\.)*")\s*,\s*)+)$', re.DOTALL)


class ExportReader:
    """Iterates over the runs of messages of an export, chat by chat.

    `offset` is the byte after the last message read and `chats` counts the chats met; after the iteration
    `truncated` tells whether the file ends within a chat's messages.
    """

    def __init__(self, path: Path, *, block_bytes: int = BLOCK_BYTES) -> None:
        self.path = path
        self.chats = 0
        self.truncated = False
        self.offset = 0
        self._chat: ChatHeader | None = None
        self._block_bytes = block_bytes
        self._buffer = b""
        self._at_end = False

    def __iter__(self) -> Iterator[Run]:
        with self.path.open("rb") as file:
            while not self.truncated:
                chat = self._chat or self._find_chat(file)
                if chat is None:
                    return
                run = self._read_run(file, chat)
                if run.messages or run.broken:
                    yield run

    def _read(self, file: BinaryIO) -> None:
        block = file.read(self._block_bytes)
        self._buffer += block
        self._at_end = not block

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]
        self.offset += count

    def _find_chat(self, file: BinaryIO) -> ChatHeader | None:
        """Move to the next chat's first message; None at the end of the file."""
        while not self._at_end or self._buffer:
            opening = _find_messages(self._buffer)
            if opening:
                header = _read_header(self._buffer, opening.start())
                self._drop(opening.end())
                if header:
                    self.chats += 1
                    self._chat = header
                    return header
            elif self._at_end:
                self._drop(len(self._buffer))
            else:
                self._drop(max(0, len(self._buffer) - HEADER_BYTES))
                self._read(file)
        return None

    def _read_run(self, file: BinaryIO, chat: ChatHeader) -> Run:
        """Read on to the last message that surely ends in the buffer; close the chat where its array ends."""
        following = _find_messages(self._buffer)
        if following is None:
            self._read(file)
            following = _find_messages(self._buffer)
        limit = following.start() if following else len(self._buffer)
        complete = following is not None or self._at_end
        messages: list[ExportMessage] = []
        broken: list[BrokenMessage] = []
        place = skip_separators(self._buffer, 0)
        cut = last_boundary(self._buffer, place, limit)
        run = decode_run(memoryview(self._buffer)[place:cut]) if cut is not None else None
        if run is not None and cut is not None:
            messages, place = run, cut
        if run is None or complete:
            walked = walk_messages(self._buffer, place, limit, complete=complete, base=self.offset)
            messages += walked.messages
            broken, place = walked.broken, walked.place
            if walked.closed:
                self._chat = None
            elif complete:
                self._chat, self.truncated = None, following is None
        self._drop(place)
        return Run(chat, messages, broken, self.offset)


def _find_messages(buffer: bytes) -> re.Match[bytes] | None:
    """Where the next chat's messages open; the plain search beforehand is many times faster."""
    return _MESSAGES.search(buffer) if b'"messages"' in buffer else None


def _read_header(buffer: bytes, end: int) -> ChatHeader | None:
    """The chat whose name, type and id end where its `messages` begin; None where that is no chat."""
    found = _HEADER.search(buffer, max(0, end - HEADER_BYTES), end)
    if found is None:
        return None
    pairs = found[1].decode("utf-8", "replace").rstrip().removesuffix(",")
    fields = json.loads("{" + pairs + "}", strict=False)
    if not isinstance(fields.get("id"), int) or not isinstance(fields.get("type"), str):
        return None
    return ChatHeader(id=fields["id"], type=fields["type"], name=fields.get("name"))
