"""Turns a stretch of an export's bytes into messages: a whole run at once, or one by one where that fails."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import msgspec

from peakdrop.history.export import BrokenMessage, ExportMessage

LONGEST_MESSAGE = 4 << 20  # an object without an end past this is broken, not unfinished

_BETWEEN = re.compile(rb'\}(?=,\s*\{\s*"id":\s*-?\d+,\s*"type":)')
_START = re.compile(rb'\{\s*"id":\s*-?\d+,\s*"type":\s*"(?:message|service|unsupported)"')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|["{}\[\]]', re.DOTALL)
_SEPARATOR = re.compile(rb"[\s,]*")
_BAD_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_ID = re.compile(rb'"id"\s*:\s*(-?\d+)')
_TAIL_BYTES = 1 << 16
_decode_run = msgspec.json.Decoder(list[ExportMessage]).decode
_decode_one = msgspec.json.Decoder(ExportMessage).decode
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)


@dataclass(slots=True)
class Walked:
    """What a walk over single messages found, the place it reached, and whether the array ended there."""

    place: int
    messages: list[ExportMessage] = field(default_factory=list)
    broken: list[BrokenMessage] = field(default_factory=list)
    closed: bool = False


def skip_separators(buffer: bytes, place: int) -> int:
    """The first place at or after `place` that is neither white space nor a comma."""
    found = _SEPARATOR.match(buffer, place)
    return found.end() if found else place


def last_boundary(buffer: bytes, start: int, limit: int) -> int | None:
    """Just after the last message in the stretch that another one follows, or None."""
    for begin in (max(start, limit - _TAIL_BYTES), start):
        ends = [found.end() for found in _BETWEEN.finditer(buffer, begin, limit)]
        if ends:
            return ends[-1]
    return None


def decode_run(raw: bytes | memoryview) -> list[ExportMessage] | None:
    """The messages of a comma-separated stretch, or None where any of them is not as expected."""
    try:
        return _decode_run(b"".join((b"[", raw, b"]")))
    except _UNREADABLE:
        return None


def decode_message(raw: bytes) -> ExportMessage:
    """Decode one message, mending what is known to be written wrongly.

    Telegram Desktop writes control characters as `\\x0B`, which is not JSON; other programs leave invalid UTF-8
    or half of a surrogate pair. Raises `ValueError` with the reason where nothing helps.
    """
    try:
        return _decode_one(raw)
    except _UNREADABLE:
        mended = _BAD_ESCAPE.sub(rb"\1\\u00\2", raw).decode("utf-8", "replace")
        try:
            whole = json.dumps(json.loads(mended, strict=False), ensure_ascii=False)
            return _decode_one(whole.encode("utf-8", "replace"))
        except (ValueError, RecursionError) as fault:
            raise ValueError(str(fault)) from fault


def walk_messages(buffer: bytes, place: int, limit: int, *, complete: bool, base: int) -> Walked:
    """Read message by message from `place`; one that cannot be read is reported and passed over.

    `limit` is how far this chat may reach in the buffer, `base` the buffer's offset in the file; with
    `complete` no more of the chat will come, so that a message without an end is a broken one.
    """
    walked: Walked = Walked(place)
    while True:
        start = skip_separators(buffer, walked.place)
        if start >= limit:
            return walked
        if buffer[start : start + 1] != b"{":
            walked.place, walked.closed = start, True
            return walked
        end, fault = _read_next(buffer, start, limit, walked.messages)
        if end is None:
            following = _START.search(buffer, start + 1, limit)
            if following is None or not (complete or limit - start > LONGEST_MESSAGE):
                return walked
            end = following.start()
        if fault:
            named = _ID.search(buffer, start, end)
            number = int(named[1]) if named else None
            walked.broken.append(BrokenMessage(base + start, number, fault))
        walked.place = end


def _read_next(buffer: bytes, start: int, limit: int, messages: list[ExportMessage]) -> tuple[int | None, str | None]:
    """Append the message at `start`; its end (None: it has none by `limit`) and what is wrong with it."""
    between = _BETWEEN.search(buffer, start, limit)
    if between:
        try:
            messages.append(decode_message(buffer[start : between.end()]))
        except ValueError:
            pass  # a broken message, or one that holds what looks like a boundary: its brackets tell
        else:
            return between.end(), None
    end = _object_end(buffer, start, limit)
    if end is None:
        return None, "it does not end"
    try:
        messages.append(decode_message(buffer[start:end]))
    except ValueError as fault:
        following = _START.search(buffer, start + 1, end)
        return (following.start() if following else end), str(fault)
    return end, None


def _object_end(buffer: bytes, start: int, limit: int) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(buffer, start, limit):
        first = buffer[token.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
            if depth == 0:
                return token.end()
        elif token.end() - token.start() == 1:  # a string that goes on past the limit
            return None
    return None
