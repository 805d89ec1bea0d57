"""A drop from the queue to its figures: posted by the bot itself, answered by members in every way there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from peakdrop.drop_figures import Figures, report_drop
from sandbox.community import build_world
from sandbox.model import Message
from storage.communities import find_community
from storage.drop_content import Content, PollContent
from storage.drops import State, Timing, add_drop
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.posted import BUTTONS, community_of
from tests.sandbox.telegram import NOW


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, NOW), store) as conversation:
        yield conversation


async def send_out(talk: Conversation, content: Content, **values: Any) -> tuple[int, Message]:
    """Put a drop into the queue, due now; the message that the bot's sender makes of it."""
    community = await community_of(talk)
    now = from_epoch(talk.world.now())
    given = {"state": State.SCHEDULED, "timing": Timing.TIME, "due_at": now, "author_id": talk.manager} | values
    talk._look()
    number = talk.store.write_now(lambda session: add_drop(session, community, now=now, content=content, **given))
    talk.wake()
    message = await talk.answer()
    await talk._until(lambda: state_of(talk, number) == State.SENT)
    return number, message


def state_of(talk: Conversation, number: int) -> State:
    return report(talk, number).drop.state  # type: ignore[no-any-return]


def report(talk: Conversation, number: int) -> Any:
    def reading(session: Any) -> Any:
        community = find_community(session, talk.group.id)
        assert community is not None
        return report_drop(session, community, number, "UTC", now=from_epoch(talk.world.now()))

    return talk.store.read_now(reading)


async def figures(talk: Conversation, number: int, answers: int) -> Figures:
    """The drop's figures once it has so many answers."""

    def enough() -> list[Figures]:
        sent = report(talk, number).sent
        return [sent.figures] if sent is not None and sent.figures.answers >= answers else []

    found: list[Figures] = await talk._until(enough)
    return found[0]


async def test_liked_shared_and_answered(talk: Conversation) -> None:
    number, message = await send_out(talk, Content("The lighthouse film is out"), buttons=BUTTONS)
    ann, bob = talk.members[:2]
    assert await talk.pop_up(ann, message, "Like") == "You like this."
    rows = (message.markup or {})["inline_keyboard"]
    query = next(one["switch_inline_query"] for row in rows for one in row if "switch_inline_query" in one)
    asked = talk.act("query_inline", user_id=bob, chat_id=bob, query=query)["query_id"]
    (result,) = await talk._until(lambda: talk.world.inline_queries[asked].results)
    shared = talk.act("choose_inline", user_id=bob, chat_id=bob, query_id=asked, result_id=result["shown"]["id"])
    assert "lighthouse" in text_of(talk.world.message(bob, shared["message_id"]))
    talk.act("react", chat_id=talk.group.id, user_id=talk.manager, message_id=message.id, emoji="👍")
    talk.act("send", chat_id=talk.group.id, user_id=ann, text="lovely", reply_to=message.id)
    found = await figures(talk, number, 4)
    assert (found.likes, found.shares, found.reactions, found.replies, found.members) == (1, 1, 1, 1, 3)


@pytest.mark.parametrize("anonymous", [True, False])
async def test_votes_in_a_poll_of_the_bots_own(talk: Conversation, anonymous: bool) -> None:
    poll = PollContent("Which cover?", ("A", "B"), is_anonymous=anonymous)
    number, message = await send_out(talk, Content(poll=poll))
    ann, bob = talk.members[:2]
    for person, options in ((ann, [0]), (bob, [1]), (talk.manager, [1]), (bob, [])):
        talk.act("vote", chat_id=talk.group.id, user_id=person, message_id=message.id, option_ids=options)
    await talk._until(lambda: report(talk, number).sent.figures.votes == 2)
    found = report(talk, number).sent.figures
    assert found.members == (None if anonymous else 2)


async def test_comments_under_a_channels_drop(talk: Conversation) -> None:
    channel = talk.act("add_group", user_id=talk.manager, title="Fawn Films", kind="channel")["chat_id"]
    talk.act("join", chat_id=channel, user_id=talk.world.bot_id, added_by=talk.manager)
    talk.act("promote", chat_id=channel, user_id=talk.manager, target_id=talk.world.bot_id)
    talk.act("link_channel", chat_id=talk.group.id, user_id=talk.manager, channel_id=channel)
    number, post = await send_out(talk, Content("The lighthouse film is out"), target_chat_id=channel)
    assert post.chat_id == channel

    def forwards() -> list[Message]:
        return [one for one in talk.group.messages.values() if one.is_automatic_forward]

    (forward,) = await talk._until(forwards)
    first = talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="first", reply_to=forward.id)
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[1], text="second", reply_to=first["message_id"])
    talk.act("react", chat_id=talk.group.id, user_id=talk.members[1], message_id=forward.id, emoji="🔥")
    found = await figures(talk, number, 3)
    assert (found.comments, found.replies, found.reactions, found.members) == (2, 0, 1, 2)
    answer = await talk.ask(talk.manager, f"/drop {number}")
    assert "Fawn Films" in text_of(answer)
    assert "comments 2" in text_of(answer)
    assert any(url.startswith("https://t.me/c/") for _, url in buttons(answer))
