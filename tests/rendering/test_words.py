"""Both languages are complete: nothing missing, nothing left over, the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from rendering.catalog import LANGUAGES, LOCALES, get_catalog
from rendering.start import commands

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "rendering", "peakdrop")
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")
TAG = re.compile(r"</?[a-z]+")


def spoken() -> dict[str, str]:
    """Every message in the code, by where it stands."""
    found: dict[str, str] = {}
    for room in ROOMS:
        keywords = {"gettext": None, "ngettext": (1, 2)}
        for file, line, message, _, _ in extract_from_dir(ROOT / room, [("**.py", "python")], keywords=keywords):
            found[message if isinstance(message, str) else message[0]] = f"{room}/{file}:{line}"
    return found


@pytest.fixture(scope="module")
def chinese() -> dict[str, Message]:
    """The Chinese catalog by its English (the singular)."""
    with (LOCALES / "zh_CN" / "LC_MESSAGES" / "peakdrop.po").open("rb") as file:
        return {one.id if isinstance(one.id, str) else one.id[0]: one for one in read_po(file) if one.id}


def test_everything_said_is_translated(chinese: dict[str, Message]) -> None:
    missing = {message: where for message, where in spoken().items() if message not in chinese}
    assert not missing
    assert not [one.id for one in chinese.values() if one.fuzzy or not one.string]


def test_nothing_is_translated_that_nobody_says(chinese: dict[str, Message]) -> None:
    assert not set(chinese) - set(spoken())


def test_placeholders_and_tags_are_the_same(chinese: dict[str, Message]) -> None:
    for message in chinese.values():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        for string in strings or ():
            assert set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(ids[-1])), ids
            assert sorted(TAG.findall(string)) == sorted(TAG.findall(ids[-1])), ids


def test_no_message_hides_in_an_f_string() -> None:
    hidden = re.compile(r"""f["'].*\{[^}]*gettext\(""")
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert not hidden.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit_telegrams_menu(language: str) -> None:
    for command in commands(get_catalog(language)):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
        assert 1 <= len(command.words) <= 256
