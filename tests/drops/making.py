"""A manager (or an editor) at the bot in private, making drops."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from sandbox.community import build_world
from sandbox.model import Message
from storage.drops import DropView, State, list_drops
from storage.posting_rules import set_rules
from storage.roles import GivenRole, give_role
from storage.store import Store
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.conftest import ZONE
from tests.sandbox.telegram import NOW

GROUP = 1  # the community of the sandbox's group


@contextlib.asynccontextmanager
async def makers(store: Store, **settings: Any) -> AsyncIterator[Conversation]:
    """The bot in a forum that it has seen, whose creator has opened the private chat."""
    async with bot_in(build_world(3, True, NOW), store, default_timezone=ZONE, **settings) as talk:
        await talk.ask(talk.manager, "/stats")
        await talk.ask(talk.manager, "/start", talk.manager)
        yield talk


def drops(talk: Conversation, *states: State) -> list[DropView]:
    """The drops of the group that stand so."""
    return talk.store.read_now(lambda session: list_drops(session, GROUP, states or tuple(State)))


async def say(talk: Conversation, text: str, person: int = 0) -> Message:
    """Somebody (the manager) types something in private."""
    return await talk.ask(person or talk.manager, text, person or talk.manager)


async def press(talk: Conversation, screen: Message, *labels: str, person: int = 0) -> Message:
    """One button after the other; the screen changes in place."""
    for label in labels:
        screen = await talk.press(person or talk.manager, screen, label)
    return screen


async def shown(talk: Conversation, chat_id: int, words: str) -> Message:
    """The bot's message in a chat that has these words, once it is there."""
    messages = talk.world.chat(chat_id).messages
    found: list[Message] = await talk._until(
        lambda: [one for one in messages.values() if one.sender_id == talk.world.bot_id and words in text_of(one)]
    )
    return found[-1]


def labels(screen: Message) -> list[str]:
    """What stands on a message's buttons."""
    return [label for label, _ in buttons(screen)]


def rule(talk: Conversation, **values: Any) -> None:
    """Rules for the group's schedule."""
    talk.store.write_now(lambda session: set_rules(session, GROUP, **values))


async def editor(talk: Conversation) -> int:
    """A member who was made an editor and has opened the private chat."""
    member = talk.members[0]
    await talk.ask(member, "/start", member)
    talk.store.write_now(lambda session: give_role(session, GROUP, member, GivenRole.EDITOR, by=talk.manager, now=NOW))
    return member
