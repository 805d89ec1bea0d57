"""Channels: posts, their authors' names, and the group where they are discussed."""

from __future__ import annotations

from typing import Any

from tests.sandbox.telegram import Telegram


def channel(telegram: Telegram, **more: Any) -> int:
    """A channel with the bot as administrator; its id."""
    made = telegram.act("add_group", user_id=telegram.lin, title="News", kind="channel", **more)["chat_id"]
    bot_id = telegram.world.bot_id
    telegram.act("join", chat_id=made, user_id=bot_id, added_by=telegram.lin)
    telegram.act("promote", chat_id=made, user_id=telegram.lin, target_id=bot_id)
    return int(made)


async def test_posts_arrive_in_the_discussion_group_and_are_commented_there(telegram: Telegram) -> None:
    place = {"chat_id": channel(telegram)}
    telegram.act("link_channel", chat_id=telegram.group.id, user_id=telegram.lin, channel_id=place["chat_id"])
    await telegram.updates()
    post = await telegram.call("sendMessage", **place, text="a drop")
    [update] = await telegram.updates()
    forward = update["message"]
    assert (forward["from"]["id"], forward["sender_chat"]["id"]) == (777000, place["chat_id"])
    assert forward["is_automatic_forward"] is True
    assert forward["forward_origin"]["type"] == "channel"
    assert forward["forward_origin"]["message_id"] == post["message_id"]
    telegram.group.is_forum = False
    telegram.say("nice", reply_to=forward["message_id"])
    [comment] = await telegram.updates()
    assert comment["message"]["message_thread_id"] == forward["message_id"]
    assert comment["message"]["reply_to_message"]["is_automatic_forward"] is True
    assert (await telegram.call("getChat", **place))["linked_chat_id"] == telegram.group.id
    assert (await telegram.call("getChat", chat_id=telegram.group.id))["linked_chat_id"] == place["chat_id"]


async def test_posts_are_signed_where_that_is_on(telegram: Telegram) -> None:
    place = channel(telegram, signs_posts=True)
    await telegram.updates()
    telegram.act("send", chat_id=place, user_id=telegram.lin, text="by hand")
    [update] = await telegram.updates()
    assert update["channel_post"]["author_signature"] == telegram.world.user(telegram.lin).full_name
    assert "from" not in update["channel_post"]


async def test_the_bot_posts_edits_and_pins_with_the_right_only(telegram: Telegram) -> None:
    place = {"chat_id": channel(telegram)}
    sent = await telegram.call("sendMessage", **place, text="one")
    there = place | {"message_id": sent["message_id"]}
    await telegram.call("editMessageText", **there, text="two")
    await telegram.call("pinChatMessage", **there)
    telegram.act("demote", **place, user_id=telegram.lin, target_id=telegram.world.bot_id)
    refusal = await telegram.refusal("sendMessage", **place, text="x")
    assert refusal == "Bad Request: need administrator rights in the channel chat"
    assert await telegram.refusal("getChatAdministrators", **place) == "Bad Request: member list is inaccessible"
