"""Drops of a linked channel: posted there, tied to their comments, and found again by their automatic forward."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.model import Chat, Message
from sandbox.world import World
from storage.drop_content import Content, DropButton, PollContent
from storage.drops import State
from storage.posting_rules import get_rules
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import SendingDesk, sending

LIKE = (DropButton("like"),)


@pytest.fixture
async def desk(world: World, store: Store) -> AsyncIterator[SendingDesk]:
    """A desk whose group has a channel in which the bot may post."""
    async with sending(world, store) as opened:
        yield opened


def open_channel(desk: SendingDesk) -> Chat:
    """A linked channel in which the bot may post."""
    talk = desk.talk
    channel = talk.act("add_group", user_id=talk.manager, title="Fawn Films", kind="channel")["chat_id"]
    talk.act("join", chat_id=channel, user_id=desk.world.bot_id, added_by=talk.manager)
    talk.act("promote", chat_id=channel, user_id=talk.manager, target_id=desk.world.bot_id)
    talk.act("link_channel", chat_id=desk.chat.id, user_id=talk.manager, channel_id=channel)
    return desk.world.chat(channel)


def posts(channel: Chat) -> list[Message]:
    return [one for one in channel.messages.values() if not one.is_service]


@pytest.mark.parametrize("buttoned", [(), LIKE])
async def test_a_lost_post_is_settled_by_its_forward_alone(
    desk: SendingDesk, quick: None, buttoned: tuple[DropButton, ...]
) -> None:
    channel = open_channel(desk)
    desk.world.faults.add(kind="drop_after", method="sendMessage", nth=1)
    number = desk.queue("The lighthouse film", target_chat_id=channel.id, buttons=buttoned)
    await desk.until(number, State.SENT)
    (post,) = posts(channel)
    assert [(one.chat_id, one.message_id) for one in desk.messages(number)] == [(channel.id, post.id)]
    assert desk.tellings() == 0


async def test_a_lost_album_is_settled_whole_and_gets_its_buttons(desk: SendingDesk, quick: None) -> None:
    channel = open_channel(desk)
    desk.world.faults.add(kind="drop_after", method="sendMediaGroup", nth=1)
    number = desk.queue(desk.album(3, "Stills"), target_chat_id=channel.id, buttons=LIKE, pin=True)
    await desk.until(number, State.SENT)
    *parts, line = posts(channel)
    assert [text_of(one) for one in parts] == ["Stills", "", ""]
    assert "👍" in buttons(line)[0][0]
    assert [one.message_id for one in desk.messages(number)] == [*(one.id for one in parts), line.id]
    assert channel.pinned == [parts[0].id]
    assert desk.tellings() == 0


async def test_a_lost_poll_is_settled_by_its_forward_and_its_votes_count(desk: SendingDesk, quick: None) -> None:
    from tests.drops.test_sending_polls import figures

    channel = open_channel(desk)
    desk.world.faults.add(kind="drop_after", method="sendPoll", nth=1)
    poll = Content(poll=PollContent("Which cover?", ("The sea", "The wood")))
    number = desk.queue(poll, target_chat_id=channel.id)
    await desk.until(number, State.SENT)
    (post,) = posts(channel)
    assert [one.message_id for one in desk.messages(number)] == [post.id]
    vote = {"chat_id": channel.id, "user_id": desk.talk.manager, "message_id": post.id, "option_ids": [1]}
    desk.talk.act("vote", **vote)
    await desk.talk._until(lambda: figures(desk, number).votes == 1)


async def test_an_editors_post_of_the_same_words_is_not_taken_for_it(desk: SendingDesk, unprobed: None) -> None:
    channel = open_channel(desk)
    desk.talk.act("send", chat_id=channel.id, user_id=desk.talk.manager, text="Good morning")
    await desk.talk._until(lambda: posts(channel))
    desk.world.faults.add(kind="drop_before", method="sendMessage", nth=1)
    number = desk.queue("Good evening", target_chat_id=channel.id, buttons=LIKE)
    question = await desk.told("Was this posted?")
    assert desk.find(number).state == State.UNCERTAIN
    await desk.talk.press(desk.talk.manager, question, "Send it")
    await desk.until(number, State.SENT)
    assert [text_of(one) for one in posts(channel)] == ["Good morning", "Good evening"]


async def test_without_the_right_to_post_there_the_group_goes_on(desk: SendingDesk) -> None:
    """A channel's trouble is the channel's: the group's own drops go out."""
    channel = open_channel(desk)
    desk.talk.act("demote", chat_id=channel.id, user_id=desk.talk.manager, target_id=desk.world.bot_id)
    there = desk.queue("for the channel", target_chat_id=channel.id)
    here = desk.queue("for the group", due_in=0.5)
    await desk.until(here, State.SENT)
    assert desk.texts() == ["for the group"]
    message = await desk.told("for the channel")
    assert "I may not post in the channel." in text_of(message)
    assert desk.store.read_now(lambda session: get_rules(session, desk.community)).halted is None
    desk.talk.act("promote", chat_id=channel.id, user_id=desk.talk.manager, target_id=desk.world.bot_id)
    await desk.talk.press(desk.talk.manager, message, "Try again")
    await desk.until(there, State.SENT)
    assert [text_of(one) for one in posts(channel)] == ["for the channel"]
