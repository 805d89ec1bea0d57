"""docs/sandbox.md tells the truth: each method stands in one row, and all others are named as absent."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import sandbox.botapi
from sandbox.actions import ACTIONS
from sandbox.api.call import METHODS
from sandbox.faults import KINDS
from tests.shapes import client_python

assert sandbox.botapi  # imported for its effect: every method is registered

TEXT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
OLD_NAMES = {"getchatmemberscount", "kickchatmember"}


def rows() -> list[tuple[list[str], str, str]]:
    """The table of methods: names, state, what differs."""
    table = TEXT.split("| Method | State | What differs |\n", 1)[1].split("\n\n", 1)[0]
    found = []
    for line in table.splitlines()[1:]:
        names, state, differs = (cell.strip() for cell in line.strip("|").split("|"))
        found.append(([name.strip() for name in names.split(",")], state, differs))
    return found


def absent() -> list[str]:
    """The methods that the page names as absent."""
    paragraph = TEXT.split("\nAbsent, ", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"`(\w+)`", paragraph)


def known_to_bots() -> dict[str, str]:
    """All methods of aiogram, by their names in lower case; read from its source, which takes no time."""
    [listing] = Path(client_python()).parents[1].glob("lib/python3*/site-packages/aiogram/methods/__init__.py")
    [names] = [
        node.value.elts
        for node in ast.parse(listing.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "__all__"
        and isinstance(node.value, ast.Tuple)
    ]
    found = [str(name.value) for name in names if isinstance(name, ast.Constant)]
    apart = {"Request", "Response", "TelegramMethod", "TelegramType"}
    return {name.lower(): name[0].lower() + name[1:] for name in found if name not in apart}


def test_each_method_is_in_exactly_one_row() -> None:
    names = [name.lower() for row, _, _ in rows() for name in row]
    assert sorted(names) == sorted(set(names))
    assert set(names) == METHODS.keys(), "the table of methods in docs/sandbox.md and METHODS differ"


def test_each_row_has_a_state_and_partial_ones_say_what_differs() -> None:
    for names, state, differs in rows():
        assert state in ("faithful", "partial"), names
        assert differs or state == "faithful", names


def test_all_other_methods_are_named_as_absent() -> None:
    known = known_to_bots()
    assert len(known) > 150
    assert METHODS.keys() - known.keys() == OLD_NAMES
    expected = sorted(name for lower, name in known.items() if lower not in METHODS)
    assert absent() == expected, "the list of absent methods in docs/sandbox.md; it should be: " + ", ".join(
        f"`{name}`" for name in expected
    )


def test_every_action_and_fault_is_explained() -> None:
    for name in ACTIONS.keys() | KINDS:
        assert f"`{name}`" in TEXT
