"""Entities that Telegram finds by itself: commands, mentions, hashtags, cashtags, links, addresses."""

from __future__ import annotations

import re

from sandbox.entities import utf16_length
from sandbox.model import Json

URL = (
    r"(?<![\w@.])(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}。，！？、]"
    r"|(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|cn|dev|app|tv)\b(?:/[^\s<>\"，。！？]*[^\s<>\".,;:!?)，。！？])?)"
)
PATTERNS = (
    ("url", re.compile(URL, re.I)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)  # fmt: skip
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "url"})


def scan(text: str, given: list[Json]) -> list[Json]:
    """`given` and the entities found outside code and links, by offset."""
    found = list(given)
    if not any(mark in text for mark in "/@#.$"):
        return found
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            offset, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if not any(
                (e["type"] in OPAQUE or e not in given)
                and e["offset"] < offset + length
                and offset < e["offset"] + e["length"]
                for e in found
            ):
                found.append({"type": kind, "offset": offset, "length": length})
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))


def commands_in(text: str, entities: list[Json]) -> list[str]:
    """The commands of a text, e.g. `/stats@SomeBot`."""
    raw = text.encode("utf-16-le")
    return [
        raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in entities
        if e["type"] == "bot_command"
    ]
