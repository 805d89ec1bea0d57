"""MarkdownV2 and Markdown: what they make of a text, and what they complain of."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.errors import ApiError
from sandbox.markdown import parse_markdown
from tests.sandbox.telegram import Telegram

LINK = {"url": "http://t.me/a"}
V2: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("plain text", "plain text", []),
    ("1\\. a\\_b \\\\", "1. a_b \\", []),
    ("*b* _i_ __u__ ~s~ ||h|| `c`", "b i u s h c", [("bold", 0, 1), ("italic", 2, 1), ("underline", 4, 1),
     ("strikethrough", 6, 1), ("spoiler", 8, 1), ("code", 10, 1)]),
    ("😀 *😀*", "😀 😀", [("bold", 3, 2)]),
    ("*all _both_*", "all both", [("bold", 0, 8), ("italic", 4, 4)]),
    ("_a __b___", "a b", [("italic", 0, 3), ("underline", 2, 1)]),
    ("`a*b_c.d`", "a*b_c.d", [("code", 0, 7)]),
    ("```py\nx = 1```", "x = 1", [("pre", 0, 5, {"language": "py"})]),
    ("```\nx\\`y```", "x`y", [("pre", 0, 3)]),
    ("[here](t.me/a)", "here", [("text_link", 0, 4, LINK)]),
    ("[t\\.me/a]", "t.me/a", [("text_link", 0, 6, LINK)]),
    ("[nowhere](none)", "nowhere", []),
    ("![👍](tg://emoji?id=25)", "👍", [("custom_emoji", 0, 2, {"custom_emoji_id": "25"})]),
    (">one\n>two\nthree", "one\ntwo\nthree", [("blockquote", 0, 8)]),
    ("zero\n>one", "zero\none", [("blockquote", 5, 3)]),
    (">one\n>two||\nthree", "one\ntwo\nthree", [("expandable_blockquote", 0, 8)]),
    (">a ||b||", "a b", [("blockquote", 0, 3), ("spoiler", 2, 1)]),
    (">one\n**>two", "one\ntwo", [("blockquote", 0, 4), ("blockquote", 4, 3)]),
    (">*one\n>two*", "one\ntwo", [("blockquote", 0, 7), ("bold", 0, 7)]),
    ("a ** b", "a  b", []),
]  # fmt: skip
V1: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("*b* _i_ `c` 1.5!", "b i c 1.5!", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
    ("a\\_b \\x", "a_b \\x", []),
    ("*a_b*", "a_b", [("bold", 0, 3)]),
    ("[here](t.me/a)!", "here!", [("text_link", 0, 4, LINK)]),
    ("```py\nx```", "x", [("pre", 0, 1, {"language": "py"})]),
]
COMPLAINTS = [
    (2, "1.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    (2, "a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    (2, "a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
    (2, "é *b", "Can't find end of Bold entity at byte offset 3"),
    (2, "é _b", "Can't find end of Italic entity at byte offset 3"),
    (2, "__a _b___", "Can't find end of Italic entity at byte offset 8"),
    (2, "```a", "Can't find end of Pre entity at byte offset 0"),
    (2, "```py x", "Can't find end of PreCode entity at byte offset 0"),
    (2, ">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
    (2, "[a](b", "Can't find end of a URL at byte offset 4"),
    (2, "![a]", "Custom emoji entity must contain a tg://emoji URL"),
    (2, "![a](tg://emoji?id=1", "Can't find end of a custom emoji URL at byte offset 5"),
    (2, "![a](http://emoji?id=1)", "Custom emoji URL must have scheme tg"),
    (2, "![a](tg://user?id=1)", 'Custom emoji URL must have host "emoji"'),
    (2, "![a](tg://emoji)", "Custom emoji URL must have an emoji identifier"),
    (2, "![a](tg://emoji?id=x)", "Invalid custom emoji identifier specified"),
    (1, "é *b", "Can't find end of the entity starting at byte offset 3"),
]


def shaped(entities: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    plain = ("type", "offset", "length")
    found = []
    for entity in entities:
        rest = {name: value for name, value in entity.items() if name not in plain}
        found.append((*(entity[name] for name in plain), *([rest] if rest else [])))
    return found


@pytest.mark.parametrize(("version", "source", "text", "entities"), [(2, *c) for c in V2] + [(1, *c) for c in V1])
def test_what_is_meant(version: int, source: str, text: str, entities: list[tuple[Any, ...]]) -> None:
    found, marks = parse_markdown(source, version)
    assert (found, shaped(marks)) == (text, entities)


@pytest.mark.parametrize(("version", "source", "complaint"), COMPLAINTS)
def test_what_is_wrong(version: int, source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_markdown(source, version)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


async def test_messages_take_either_mode(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    sent = await telegram.call("sendMessage", **place, text="*so*\\!", parse_mode="MarkdownV2")
    assert (sent["text"], sent["entities"]) == ("so!", [{"type": "bold", "offset": 0, "length": 2}])
    sent = await telegram.call("sendMessage", **place, text="*so*!", parse_mode="markdown")
    assert sent["text"] == "so!"
    refusal = await telegram.refusal("sendMessage", **place, text="so!", parse_mode="BBCode")
    assert refusal == "Bad Request: unsupported parse_mode"
