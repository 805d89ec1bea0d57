"""Each method answers a typical call as aiogram's models expect it, and what they do not know is found."""

from __future__ import annotations

from typing import Any

import pytest

import sandbox.botapi
from sandbox.api.call import METHODS
from tests.sandbox.examples import EXAMPLES, params_of
from tests.sandbox.telegram import Telegram
from tests.shapes import Shapes

assert sandbox.botapi  # imported for its effect: every method is registered


def test_every_method_has_an_example() -> None:
    examples = {name.lower() for name in EXAMPLES}
    assert METHODS.keys() - examples == set(), "add a typical call of these to tests/sandbox/examples.py"
    assert examples - METHODS.keys() == set(), "these methods are gone; so should their examples be"


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_typical_call_is_answered_as_the_models_expect(telegram: Telegram, shapes: Shapes, name: str) -> None:
    await telegram.upload(name, **await params_of(EXAMPLES[name], telegram))
    assert shapes.complaints() == []


USER = {"id": 1, "is_bot": False, "first_name": "Lin"}
WRONG: list[tuple[str, Any, str]] = [
    ("getMe", USER | {"shoe_size": 43}, "shoe_size: User has no such field"),
    ("getMe", {"id": 1, "is_bot": False}, "first_name: Field required"),
    ("getMe", USER | {"id": "1"}, "'1' was read as 1"),
    ("getChatMember", {"user": USER, "status": "kicked"}, "until_date: Field required"),
    ("getChatMember", {"user": USER, "status": "stranger"}, "status: Input should be"),
    ("sendTelepathy", True, "no such method"),
]


@pytest.mark.parametrize(("name", "result", "complaint"), WRONG)
def test_what_telegram_would_not_send_is_found(shapes: Shapes, name: str, result: Any, complaint: str) -> None:
    shapes.note({"method": name, "result": result})
    assert any(complaint in line for line in shapes.complaints())


def test_an_update_that_telegram_would_not_send_is_found(shapes: Shapes) -> None:
    chat = {"id": 1, "type": "private", "first_name": "Lin"}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": USER, "text": "hi", "mood": "good"}
    shapes.note({"update": {"update_id": 1, "message": message}})
    assert shapes.complaints() == ["update.message.mood: Message has no such field"]
