"""A manager makes a drop in private: one screen of buttons, changed in place, and nothing posted unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from sandbox.community import build_world
from sandbox.model import Message
from sandbox.seeding.pictures import landscape
from storage.drops import DropView, State, list_drops
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.sandbox.telegram import NOW


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in a forum whose creator has opened the private chat."""
    async with bot_in(build_world(3, True, NOW), store, default_timezone="Asia/Shanghai") as conversation:
        await conversation.ask(conversation.manager, "/stats")  # the bot has seen the group, and who is in it
        await conversation.ask(conversation.manager, "/start", conversation.manager)
        yield conversation


def drops(talk: Conversation, *states: State) -> list[DropView]:
    """The drops of the group that stand so."""
    return talk.store.read_now(lambda session: list_drops(session, 1, states or tuple(State)))


async def say(talk: Conversation, text: str) -> Message:
    """The manager types something in private."""
    return await talk.ask(talk.manager, text, talk.manager)


async def press(talk: Conversation, screen: Message, *labels: str) -> Message:
    """The manager presses one button after the other; the screen changes in place."""
    for label in labels:
        screen = await talk.press(talk.manager, screen, label)
    return screen


async def test_a_text_sent_in_private_is_scheduled_at_the_peak(talk: Conversation) -> None:
    screen = await say(talk, "新片来了，周五见")
    assert text_of(screen).startswith("Post this?\nText · 新片来了，周五见\n")
    assert "Where: " + talk.group.title in text_of(screen)
    assert re.search(r"When: (today|tomorrow|\w{3}) \d\d:00, the peak", text_of(screen))
    label = next(label for label, _ in buttons(screen) if label.startswith("Schedule "))
    assert len(label) <= 20
    answer = await press(talk, screen, label)
    assert answer.id == screen.id
    assert text_of(answer).startswith("Scheduled as drop 1\n")
    (drop,) = drops(talk)
    assert (drop.state, drop.content.text, drop.local_time) == (State.SCHEDULED, "新片来了，周五见", None)


async def test_a_photo_with_formatting_and_its_way_back(talk: Conversation) -> None:
    talk.act("send_file", chat_id=talk.manager, user_id=talk.manager, name="sea.png", data=landscape(1), caption="Sea")
    screen = await talk.answer()
    assert text_of(screen).startswith("Post this?\nPhoto · Sea")
    for label in ("When", "Where", "Repeat", "Options", "Buttons", "Tags"):
        inner = await press(talk, screen, label)
        assert inner.id == screen.id
        screen = await press(talk, inner, "Back")
        assert text_of(screen).startswith("Post this?")
    asked = await press(talk, screen, "Cancel")
    assert text_of(asked).startswith("Throw this draft away?")
    gone = await press(talk, asked, "Throw away")
    assert text_of(gone).startswith("Thrown away. Nothing was posted.")
    assert drops(talk) == []
