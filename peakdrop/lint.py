"""A look over a drop before it is confirmed: labels, words the advertising law objects to, links, repetitions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from storage.drop_content import Content
from storage.drops import DropView

RULES = Path(__file__).with_name("lint_rules.toml")
LINK = re.compile(
    r"(?:https?://|(?<![\w@.])t\.me/)[^\s<>\"，。！？、）》]+[^\s<>\"，。！？、）》.,;:!?)]", re.IGNORECASE
)
SHOWN = 20  # characters of a quotation


@dataclass(frozen=True, slots=True)
class Law:
    """An article of a law, as it is cited in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class LintWarning:
    """One thing to look at. `kind`: label, absolute, medical, promise, dead_link, many_links, same, expired.

    `quote` is what was found, `law` the article where a law asks, `other` the number of the drop it resembles.
    """

    kind: str
    quote: str = ""
    law: Law | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class WordRule:
    """Words that one article objects to."""

    name: str
    law: Law
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LintRules:
    """The data file, read."""

    most_links: int
    same_text: float
    label_law: Law
    label_marks: tuple[str, ...]
    label_signs: re.Pattern[str]
    words: tuple[WordRule, ...]


@cache
def load_rules() -> LintRules:
    """The rules of lint_rules.toml."""
    raw: dict[str, Any] = tomllib.loads(RULES.read_text(encoding="utf-8"))
    label = raw["label"]
    words = tuple(
        WordRule(one["name"], Law(**one["law"]), _pattern(one["words"], one["except"])) for one in raw["words"]
    )
    return LintRules(
        raw["most_links"],
        raw["same_text"],
        Law(**label["law"]),
        tuple(label["marks"]),
        re.compile("|".join(label["signs"]), re.IGNORECASE),
        words,
    )


def _pattern(words: Sequence[str], harmless: Sequence[str]) -> re.Pattern[str]:
    """Finds the longest of the words; harmless phrases are eaten first, in a group of no name."""
    longest = [_word(one) for one in sorted(words, key=len, reverse=True)]
    eaten = [re.escape(one) for one in sorted(harmless, key=len, reverse=True)]
    return re.compile("|".join([*eaten, f"(?P<found>{'|'.join(longest)})"]), re.IGNORECASE)


def _word(text: str) -> str:
    if not text.isascii():
        return re.escape(text)
    return rf"(?<!\w){re.escape(text)}(?!\w)"


def links_of(drop: DropView) -> list[str]:
    """The addresses a drop leads to: in its text, behind its words, on its buttons; each once."""
    text = drop.content.text
    found = [match.group() for match in LINK.finditer(text)]
    found += [str(one["url"]) for one in drop.content.entities if one.get("type") == "text_link" and "url" in one]
    found += [button.url for button in drop.buttons if button.kind == "link"]
    return list(dict.fromkeys(found))


def lint_drop(drop: DropView, recent: Sequence[DropView], dead_links: Collection[str] = ()) -> list[LintWarning]:
    """What a manager should look at before confirming.

    `recent` are the drops to compare with (see storage.drops.recent_drops), `dead_links` those of `links_of` that
    were tried and did not answer.
    """
    rules = load_rules()
    text = _all_text(drop.content)
    found = _label(drop, text, rules)
    for rule in rules.words:
        quotes = dict.fromkeys(m["found"] for m in rule.pattern.finditer(text) if m["found"])
        found += [LintWarning(rule.name, quote, rule.law) for quote in quotes]
    links = links_of(drop)
    found += [LintWarning("dead_link", link) for link in links if link in dead_links]
    if len(links) > rules.most_links:
        found.append(LintWarning("many_links", str(len(links))))
    twin = next((one for one in reversed(recent) if one.number != drop.number and _is_same(one, drop, rules)), None)
    if twin is not None:
        found.append(LintWarning("same", other=twin.number))
    return found


def _all_text(content: Content) -> str:
    poll = content.poll
    return "\n".join([content.text, *([poll.question, *poll.options, poll.explanation] if poll else [])])


def _label(drop: DropView, text: str, rules: LintRules) -> list[LintWarning]:
    sign = rules.label_signs.search(text)
    if not drop.is_ad and sign is None:
        return []
    if any(mark.lower() in text.lower() for mark in rules.label_marks):
        return []
    return [LintWarning("label", sign.group()[:SHOWN] if sign else "", rules.label_law)]


def _is_same(one: DropView, other: DropView, rules: LintRules) -> bool:
    """Whether two drops tell the same: equal content, the same medium, or nearly the same words."""
    if one.series is not None and one.series == other.series:
        return False  # a series is meant to repeat
    if one.content.key == other.content.key:
        return True
    files = {piece.unique for piece in one.content.pieces if piece.unique}
    if files & {piece.unique for piece in other.content.pieces}:
        return True
    return likeness(_all_text(one.content), _all_text(other.content)) >= rules.same_text


def likeness(one: str, other: str) -> float:
    """The share (0-1) of three-character pieces that two texts have in common; short texts are never alike."""
    first, second = _pieces(one), _pieces(other)
    if min(len(first), len(second)) < 6:
        return 0.0
    return len(first & second) / len(first | second)


def _pieces(text: str) -> set[str]:
    tidy = "".join(char for char in text.lower() if char.isalnum())
    return {tidy[at : at + 3] for at in range(len(tidy) - 2)}
