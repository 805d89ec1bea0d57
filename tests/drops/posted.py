"""A drop that stands in the sandbox's group as the sender would have posted it, with its buttons."""

from __future__ import annotations

from typing import Any

from handlers.drop_buttons import drop_markup
from rendering.catalog import get_catalog
from sandbox import posting
from sandbox.model import Message
from storage.communities import find_community
from storage.drop_content import Content, DropButton
from storage.drop_messages import SentMessage, note_messages
from storage.drops import DropView, State, find_drop
from storage.times import from_epoch
from tests.bot.conversation import Conversation
from tests.drops.posting import TEXT, post

BUTTONS = (DropButton("like"), DropButton("comment"), DropButton("share"))
NONCE = 78_364_164_096


async def community_of(talk: Conversation) -> int:
    """The group's community; somebody has to write there before there is one."""
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="morning")
    found: list[Any] = await talk._until(
        lambda: [one] if (one := talk.store.read_now(lambda s: find_community(s, talk.group.id))) else []
    )
    return int(found[0].id)


async def put_up(talk: Conversation, content: Content = TEXT, **values: Any) -> tuple[DropView, Message]:
    """A drop that is out since now, and its message in the group."""
    community = await community_of(talk)
    now = from_epoch(talk.world.now())
    given: dict[str, Any] = {"buttons": BUTTONS, "nonce": NONCE} | values
    number = post(talk.store, community, now, chat_id=talk.group.id, content=content, **given)
    drop = read_drop(talk, community, number)
    message = show(talk, drop)
    talk._look()
    return drop, message


def read_drop(talk: Conversation, community: int, number: int) -> DropView:
    """A drop as it stands."""
    drop = talk.store.read_now(lambda session: find_drop(session, community, number))
    assert drop is not None
    return drop


def show(talk: Conversation, drop: DropView) -> Message:
    """The message that a drop becomes."""
    markup = drop_markup(drop, {}, get_catalog("en"))
    body = markup.to_dict() if markup is not None else None
    message = posting.post(talk.world, talk.group, talk.world.bot_id, {"text": drop.content.text or "?"}, markup=body)
    sent = [SentMessage(talk.group.id, message.id)]
    now = from_epoch(talk.world.now())
    talk.store.write_now(lambda session: note_messages(session, drop.community_id, drop.number, sent, now))
    return message


__all__ = ["BUTTONS", "State", "community_of", "put_up", "read_drop", "show"]
