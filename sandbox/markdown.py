"""MarkdownV2 and the older Markdown as the Bot API reads them, with its complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.entities import checked_link, parse_error, settle, trim
from sandbox.model import Json

RESERVED = "_*[]()~`>#+-=|{}.!\n"
NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "pre_code": "PreCode",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
# What ends each kind, beside code and links; a single underscore must stand alone.
ENDS = {"bold": "*", "underline": "__", "strikethrough": "~", "spoiler": "||", "code": "`", "pre": "```"}
SPACE = " \t\r\n\v\f\0"
EMOJI_URL = re.compile(r"(?:(\w+):)?(?://)?([^/?#]*)/?(?:\?([^#]*))?", re.I)


@dataclass(slots=True)
class _Open:
    kind: str
    at: int  # UTF-16 offset in the text
    source: int  # index in the source, for complaints
    begin: int  # index in the text so far, in characters
    language: str = ""

    @property
    def name(self) -> str:
        return NAMES["pre_code" if self.kind == "pre" and self.language else self.kind]


class _Text:
    """The source with a cursor, and the text made of it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.i = 0
        self.text: list[str] = []
        self.length = 0  # UTF-16
        self.entities: list[Json] = []

    def byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def peek(self, ahead: int = 0) -> str:
        index = self.i + ahead
        return self.source[index] if index < len(self.source) else ""

    def add(self, char: str) -> None:
        self.text.append(char)
        self.length += 2 if char > "\uffff" else 1

    def language(self) -> str:
        """The language after three backticks, and one line feed that does not count."""
        end = self.i
        while end < len(self.source) and self.source[end] not in SPACE + "`":
            end += 1
        found = ""
        if end < len(self.source) and self.source[end] != "`":
            found, self.i = self.source[self.i : end], end
        if self.peek() and self.peek() in "\n\r":
            self.i += 2 if self.peek(1) and self.peek(1) in "\n\r" and self.peek(1) != self.peek() else 1
        return found

    def close(self, opened: _Open, **more: object) -> None:
        if self.length > opened.at:
            entity: Json = {"type": opened.kind, "offset": opened.at, "length": self.length - opened.at}
            if opened.language:
                entity["language"] = opened.language
            self.entities.append(entity | more)

    def close_link(self, opened: _Open, url: str) -> None:
        link = checked_link(url)
        if link is not None:
            self.close(opened, **link)


class _V2(_Text):
    """Entities nest; everything reserved must be escaped."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.stack: list[_Open] = []
        self.quoting = False

    def run(self) -> tuple[str, list[Json]]:
        while self.i < len(self.source):
            char, following = self.peek(), self.peek(1)
            if char == "\\" and following and following < "\x7f":
                self.add(following)
                self.i += 2
            elif char not in ("`" if self.stack and self.stack[-1].kind in ("code", "pre") else RESERVED):
                self.add(char)
                self.i += 1
            elif self.ends(char):
                self.end()
            else:
                self.begin(char)
        self.end_quote_at_last()
        if self.stack:
            raise self.unclosed()
        return "".join(self.text), self.entities

    def unclosed(self) -> Exception:
        opened = self.stack[-1]
        return parse_error(f"Can't find end of {opened.name} entity at byte offset {self.byte(opened.source)}")

    def at_line_start(self) -> bool:
        return not self.text or self.text[-1] in "\n\r"

    def ends(self, char: str) -> bool:
        """Whether the innermost entity ends here."""
        if not self.stack:
            return False
        if self.quoting and char == "\n" and self.peek(1) != ">":
            return True
        kind = self.stack[-1].kind
        if kind == "italic":
            return char == "_" and self.peek(1) != "_"
        if kind in ("text_link", "custom_emoji"):
            return char == "]"
        return kind in ENDS and self.source.startswith(ENDS[kind], self.i)

    def begin(self, char: str) -> None:
        start = self.i
        if char == "\n":
            self.add(char)
            self.i += 2 if self.quoting else 1  # the next line's > goes with it
            return
        language = ""
        if self.source.startswith("```", start):
            kind, self.i = "pre", start + 3
            language = self.language()
        elif char == ">" and self.at_line_start() and not self.quoting:
            kind, self.i, self.quoting = "blockquote", start + 1, True
        else:
            marks = {"__": "underline", "||": "spoiler", "![": "custom_emoji"}
            marks |= {"_": "italic", "*": "bold", "~": "strikethrough", "`": "code", "[": "text_link"}
            mark = next((m for m in marks if self.source.startswith(m, start)), "")
            if not mark:
                raise parse_error(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
            kind, self.i = marks[mark], start + len(mark)
        self.stack.append(_Open(kind, self.length, start, len(self.text), language))

    def end(self) -> None:
        opened = self.stack[-1]
        if self.peek() == "\n":
            self.end_quote()
            return
        self.stack.pop()
        if opened.kind == "text_link":
            self.i += 1
            covered = "".join(self.text[opened.begin :])
            self.close_link(opened, self.address("a URL") if self.peek() == "(" else covered)
        elif opened.kind == "custom_emoji":
            self.i += 1
            if self.peek() != "(":
                raise parse_error("Custom emoji entity must contain a tg://emoji URL")
            self.close(opened, custom_emoji_id=_emoji_id(self.address("a custom emoji URL")))
        else:
            self.i += len(ENDS.get(opened.kind, "_"))
            self.close(opened)

    def address(self, named: str) -> str:
        """What stands in the parentheses at the cursor."""
        self.i += 1
        begin, found = self.i, ""
        while self.peek() and self.peek() != ")":
            if self.peek() == "\\" and self.peek(1) and self.peek(1) < "\x7f":
                self.i += 1
            found += self.peek()
            self.i += 1
        if not self.peek():
            raise parse_error(f"Can't find end of {named} at byte offset {self.byte(begin)}")
        self.i += 1
        return found

    def fold(self) -> bool:
        """A spoiler mark at the very end of a quote makes it expandable."""
        opened = self.stack[-1]
        rest = "".join(self.text[opened.begin :])
        inside = len(self.stack) > 1 and self.stack[-2].kind == "blockquote"
        if inside and opened.kind == "spoiler" and not rest.strip("\r"):
            self.stack.pop()
            return True
        return False

    def end_quote(self) -> None:
        folded = self.fold()
        if self.stack[-1].kind != "blockquote":
            raise self.unclosed()
        opened = self.stack.pop()
        self.add("\n")
        self.i += 1
        self.quoting = False
        self.close(opened, **({"type": "expandable_blockquote"} if folded else {}))

    def end_quote_at_last(self) -> None:
        if self.quoting and self.stack:
            folded = self.fold()
            if self.stack[-1].kind == "blockquote":
                self.close(self.stack.pop(), **({"type": "expandable_blockquote"} if folded else {}))


def _emoji_id(url: str) -> str:
    scheme, host, query = (EMOJI_URL.match(url) or EMOJI_URL.match("")).groups()  # type: ignore[union-attr]
    if (scheme or "").lower() != "tg":
        raise parse_error("Custom emoji URL must have scheme tg")
    if host.lower() != "emoji":
        raise parse_error('Custom emoji URL must have host "emoji"')
    found = re.search(r"(?:^|&)id=([^&]*)", query or "")
    if not found:
        raise parse_error("Custom emoji URL must have an emoji identifier")
    if not re.fullmatch(r"[1-9]\d{0,18}", found[1]):
        raise parse_error("Invalid custom emoji identifier specified")
    return found[1]


class _V1(_Text):
    """The older one: nothing nests, and what is no mark needs no escape."""

    def run(self) -> tuple[str, list[Json]]:
        while self.i < len(self.source):
            char = self.peek()
            if char == "\\" and self.peek(1) and self.peek(1) in "_*`[":
                self.add(self.peek(1))
                self.i += 2
            elif char not in "_*`[":
                self.add(char)
                self.i += 1
            else:
                self.entity(char)
        return "".join(self.text), self.entities

    def entity(self, char: str) -> None:
        kind = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}[char]
        opened = _Open(kind, self.length, self.i, len(self.text))
        end = "]" if char == "[" else char
        self.i += 1
        if self.source.startswith("```", opened.source):
            self.i += 2
            opened.kind, end = "pre", "```"
            opened.language = self.language()
        while self.peek() and not self.source.startswith(end, self.i):
            self.add(self.peek())
            self.i += 1
        if not self.peek():
            offset = self.byte(opened.source)
            raise parse_error(f"Can't find end of the entity starting at byte offset {offset}")
        self.i += len(end)
        if opened.kind != "text_link":
            self.close(opened)
            return
        url = "".join(self.text[opened.begin :])
        if self.peek() == "(":
            closing = self.source.find(")", self.i)
            closing = len(self.source) if closing < 0 else closing
            url = self.source[self.i + 1 : closing]
            self.i = closing + 1
        self.close_link(opened, url)


def parse_markdown(source: str, version: int) -> tuple[str, list[Json]]:
    """Text and entities of `parse_mode=MarkdownV2` (2) or `Markdown` (1).

    Raises:
        ApiError: 400 "can't parse entities: …" in Telegram's words.
    """
    text, entities = _V2(source).run() if version == 2 else _V1(source).run()
    return trim(text, settle(entities))
