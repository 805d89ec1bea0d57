"""HTML as the Bot API reads it: text and entities with offsets in UTF-16 units, and its complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.errors import ApiError, bad_request
from sandbox.model import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
UNPAIRED = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)
SPACE = " \t\r\n\v\f"
ORDER = ("blockquote", "expandable_blockquote", "text_link", "text_mention", "pre", "code")


def utf16_length(text: str) -> int:
    """Length as Telegram counts: UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@dataclass(slots=True)
class _Open:
    tag: str
    at: int  # UTF-16 offset in the text
    start: int  # index in the text so far, in characters
    attributes: dict[str, str] = field(default_factory=dict)


def parse_error(text: str) -> ApiError:
    """A complaint about markup."""
    return bad_request(f"can't parse entities: {text}")


class _Reader:
    """Walks over the source once; positions in complaints are bytes of UTF-8, as Telegram's."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.i = 0
        self.text: list[str] = []
        self.length = 0  # of the text so far, UTF-16
        self.characters = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []

    def byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def char(self) -> str:
        return self.source[self.i] if self.i < len(self.source) else ""

    def add(self, char: str) -> None:
        self.text.append(char)
        self.characters += 1
        self.length += 2 if char > "\uffff" else 1

    def run(self) -> tuple[str, list[Json]]:
        while self.i < len(self.source):
            char = self.source[self.i]
            if char == "&":
                self.reference()
            elif char != "<":
                self.add(char)
                self.i += 1
            elif self.source.startswith("</", self.i):
                self.end_tag()
            else:
                self.start_tag()
        if self.stack:
            raise parse_error(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return "".join(self.text), self.entities

    def reference(self) -> None:
        found = REFERENCE.match(self.source, self.i)
        if found:
            decimal, hexadecimal, name = found.groups()
            code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
            if 0xD800 <= code < 0xE000:
                raise parse_error(UNPAIRED)
            char = NAMED.get(name or "") or (chr(code) if 0 < code <= 0x10FFFF else "")
            if char:  # the semicolon may be missing
                self.add(char)
                self.i = found.end()
                return
        self.add("&")
        self.i += 1

    def start_tag(self) -> None:
        begin = self.i
        self.i += 1
        start = self.i
        while self.char() and self.char() not in SPACE + ">":
            self.i += 1
        if not self.char():
            raise parse_error(f"Unclosed start tag at byte offset {self.byte(begin)}")
        tag = self.source[start : self.i].lower()
        if tag not in TAGS:
            raise parse_error(f'Unsupported start tag "{tag}" at byte offset {self.byte(begin)}')
        attributes: dict[str, str] = {}
        while self.char() != ">":
            self.skip_space()
            if not self.char():
                raise parse_error(f'Unclosed start tag "{tag}" at byte offset {self.byte(begin)}')
            if self.char() == ">":
                break
            name, value = self.attribute(tag, begin)
            attributes[name] = value
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise parse_error(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}')
        self.i += 1
        self.stack.append(_Open(tag, self.length, self.characters, attributes))

    def skip_space(self) -> None:
        while self.char() and self.char() in SPACE:
            self.i += 1

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        start = self.i
        while self.char() and self.char() not in SPACE + "=>/\"'":
            self.i += 1
        name = self.source[start : self.i].lower()
        if not name:
            raise parse_error(f'Empty attribute name in the tag "{tag}" at byte offset {self.byte(begin)}')
        self.skip_space()
        if self.char() != "=":
            return name, ""
        self.i += 1
        self.skip_space()
        if not self.char():
            raise parse_error(f'Unclosed start tag "{tag}" at byte offset {self.byte(begin)}')
        if self.char() not in "\"'":
            return name, self.bare_value()
        quote = self.char()
        end = self.source.find(quote, self.i + 1)
        if end < 0:
            raise parse_error(f"Unclosed start tag at byte offset {self.byte(begin)}")
        value = self.source[self.i + 1 : end]
        self.i = end + 1
        return name, _plain(value)

    def bare_value(self) -> str:
        start = self.i
        while self.char() and self.char().isascii() and (self.char().isalnum() or self.char() in ".-"):
            self.i += 1
        if not self.char() or self.char() not in SPACE + ">":
            raise parse_error(f"Unexpected end of name token at byte offset {self.byte(start)}")
        return self.source[start : self.i].lower()

    def end_tag(self) -> None:
        begin = self.i
        if not self.stack:
            raise parse_error(f"Unexpected end tag at byte offset {self.byte(begin)}")
        self.i += 2
        start = self.i
        while self.char() and self.char() not in SPACE + ">":
            self.i += 1
        name = self.source[start : self.i].lower()
        self.skip_space()
        if self.char() != ">":
            raise parse_error(f"Unclosed end tag at byte offset {self.byte(begin)}")
        opened = self.stack.pop()
        if name and name != opened.tag:
            raise parse_error(
                f'Unmatched end tag at byte offset {self.byte(begin)}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self.i += 1
        self.close(opened)

    def close(self, opened: _Open) -> None:
        length = self.length - opened.at
        if not length:
            return
        kind = TAGS[opened.tag]
        entity: Json = {"type": kind, "offset": opened.at, "length": length}
        if kind == "text_link":
            covered = "".join(self.text[opened.start :])
            link = checked_link(opened.attributes.get("href") or covered)
            if link is None:
                return
            entity |= link
        elif kind == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        elif kind == "code" and opened.attributes.get("class", "").startswith("language-"):
            entity["language"] = opened.attributes["class"].removeprefix("language-")
        self.entities.append(entity)


def _plain(value: str) -> str:
    reader = _Reader(value.replace("<", "&lt;"))
    return reader.run()[0]


def checked_link(url: str) -> Json | None:
    """The entity fields for a link, None where Telegram drops it."""
    mention = re.fullmatch(r"tg:(?://)?user\?id=(\d+)", url, re.I)
    if mention:
        return {"type": "text_mention", "user": {"id": int(mention[1])}}
    if url.startswith("tg://"):
        return {"url": url}
    found = re.fullmatch(r"(?:(https?)://)?([^\s/?#]+\.[^\s/?#]+|localhost(?::\d+)?)([/?#]\S*)?", url, re.I)
    if not found:
        return None
    scheme, host, path = found.groups()
    path = path or "/"
    return {"url": f"{(scheme or 'http').lower()}://{host}{path if path.startswith('/') else '/' + path}"}


def _programs(entities: list[Json]) -> list[Json]:
    """A pre and a code with a language over the same text are one pre in that language."""
    spoken = {
        (e["offset"], e["length"]): e.pop("language") for e in entities if e["type"] == "code" and "language" in e
    }
    for entity in entities:
        language = spoken.get((entity["offset"], entity["length"]))
        if entity["type"] == "pre" and language:
            entity["language"] = language
    return entities


def settle(entities: list[Json]) -> list[Json]:
    """Order, and drop what Telegram does not nest: anything in code, quotes in quotes, a kind in itself."""
    ranked = sorted(
        entities,
        key=lambda e: (e["offset"], -e["length"], ORDER.index(e["type"]) if e["type"] in ORDER else len(ORDER)),
    )
    kept: list[Json] = []
    for entity in ranked:
        around = [k for k in kept if k["offset"] + k["length"] > entity["offset"]]
        if any(k["type"] in ("code", "pre") or _family(k) == _family(entity) for k in around):
            continue
        kept.append(entity)
    return kept


def _family(entity: Json) -> str:
    kind = str(entity["type"])
    return "blockquote" if kind == "expandable_blockquote" else kind


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space at both ends, as Telegram does, and move the entities with it."""
    inner = text.lstrip()
    cut = utf16_length(text) - utf16_length(inner)
    inner = inner.rstrip()
    size = utf16_length(inner)
    moved: list[Json] = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, size)
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return inner, moved


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of `parse_mode=HTML`.

    Raises:
        ApiError: 400 "can't parse entities: …" in Telegram's words.
    """
    text, entities = _Reader(source).run()
    return trim(text, settle(_programs(entities)))
