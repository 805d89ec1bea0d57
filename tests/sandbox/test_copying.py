"""Forwards, copies, quotes, replies across chats, and deleting many."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.seeding.pictures import landscape
from tests.sandbox.telegram import Telegram

PICTURE = ("a.png", landscape(1), "image/png")
BUTTONS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}


def to_private(telegram: Telegram, **params: Any) -> dict[str, Any]:
    """From the group into a member's private chat."""
    return {"chat_id": telegram.start_private(), "from_chat_id": telegram.group.id} | params


async def test_a_forward_names_its_first_author(telegram: Telegram) -> None:
    params = to_private(telegram, message_id=telegram.say("mine", telegram.second))
    once = await telegram.call("forwardMessage", **params)
    assert once["forward_origin"]["type"] == "user"
    assert once["forward_origin"]["sender_user"]["id"] == once["forward_from"]["id"] == telegram.second
    again = await telegram.call(
        "forwardMessage", **params | {"from_chat_id": once["chat"]["id"], "message_id": once["message_id"]}
    )
    assert again["forward_origin"] == once["forward_origin"]
    refusal = await telegram.refusal("editMessageText", chat_id=telegram.first, message_id=once["message_id"], text="x")
    assert refusal == "Bad Request: message can't be edited"


async def test_an_anonymous_administrator_is_forwarded_as_the_group(telegram: Telegram) -> None:
    written = telegram.say("we", telegram.lin, as_chat=telegram.group.id)
    sent = await telegram.call("forwardMessage", **to_private(telegram, message_id=written))
    assert sent["forward_origin"]["type"] == "chat"
    assert sent["forward_from_chat"]["id"] == telegram.group.id


async def test_a_channel_s_post_is_forwarded_with_its_number(telegram: Telegram) -> None:
    channel = telegram.act("add_group", user_id=telegram.lin, title="Posts", kind="channel")["chat_id"]
    telegram.act("join", chat_id=channel, user_id=telegram.world.bot_id, added_by=telegram.lin)
    post = telegram.act("send", chat_id=channel, user_id=telegram.lin, text="post")["message_id"]
    params = {"chat_id": telegram.group.id, "from_chat_id": channel, "message_id": post}
    origin = (await telegram.call("forwardMessage", **params))["forward_origin"]
    assert (origin["type"], origin["chat"]["id"], origin["message_id"]) == ("channel", channel, post)


async def test_what_may_not_be_passed_on(telegram: Telegram) -> None:
    guarded = await telegram.call("sendMessage", chat_id=telegram.group.id, text="secret", protect_content=True)
    assert guarded["has_protected_content"] is True
    params = to_private(telegram, message_id=guarded["message_id"])
    assert await telegram.refusal("forwardMessage", **params) == "Bad Request: the message can't be forwarded"
    assert (await telegram.call("copyMessage", **params)).keys() == {"message_id"}
    visitor = telegram.act("add_user", first_name="Zoe")["user_id"]
    telegram.act("join", chat_id=telegram.group.id, user_id=visitor)
    params["message_id"] = (await telegram.updates())[-1]["message"]["message_id"]
    assert await telegram.refusal("forwardMessage", **params) == "Bad Request: the message can't be forwarded"
    assert await telegram.refusal("copyMessage", **params) == "Bad Request: the message can't be copied"
    params["message_id"] = 999
    assert await telegram.refusal("forwardMessage", **params) == "Bad Request: message to forward not found"
    assert await telegram.refusal("copyMessage", **params) == "Bad Request: message to copy not found"


async def test_a_copy_is_a_message_of_the_bot_s_own(telegram: Telegram) -> None:
    sent = await telegram.upload(
        "sendPhoto", chat_id=telegram.group.id, photo=PICTURE, caption="old", reply_markup=BUTTONS
    )
    params = to_private(telegram, message_id=sent["message_id"], caption="<b>new</b>", parse_mode="HTML")
    copied = await telegram.call("copyMessage", **params)
    chat = telegram.world.chat(telegram.first)
    message = chat.messages[copied["message_id"]]
    assert (message.content["caption"], message.markup, message.extra) == ("new", None, {})
    assert message.content["photo"] == sent["photo"]
    edited = await telegram.call("editMessageCaption", chat_id=chat.id, message_id=message.id, caption="newer")
    assert edited["caption"] == "newer"


async def test_a_quiz_is_copied_only_where_its_answer_is_known(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id, "user_id": telegram.lin}
    quiz = telegram.act("send_poll", **place, question="?", options=["a", "b"], type="quiz", correct_option_id=0)
    params = to_private(telegram, message_id=quiz["message_id"])
    assert await telegram.refusal("copyMessage", **params) == "Bad Request: the message can't be copied"
    own = {"chat_id": telegram.group.id, "question": "?", "options": ["a", "b"], "type": "quiz", "correct_option_id": 1}
    sent = await telegram.call("sendPoll", **own)
    telegram.act(
        "vote", chat_id=telegram.group.id, user_id=telegram.first, message_id=sent["message_id"], option_ids=[1]
    )
    copied = await telegram.call("copyMessage", **params | {"message_id": sent["message_id"]})
    forwarded = await telegram.call("forwardMessage", **params | {"message_id": sent["message_id"]})
    chat = (await telegram.client.get(f"/sandbox/chats/{telegram.first}")).json()
    shown = {message["message_id"]: message["poll"] for message in chat["messages"] if "poll" in message}
    assert shown[copied["message_id"]]["total_voter_count"] == 0
    assert shown[forwarded["message_id"]]["total_voter_count"] == 1


async def test_several_at_once_keep_their_album_and_leave_out_what_is_gone(telegram: Telegram) -> None:
    items = [{"type": "photo", "media": "attach://p", "caption": "c"}] * 2
    album = await telegram.upload("sendMediaGroup", chat_id=telegram.group.id, media=items, p=PICTURE)
    ids = [message["message_id"] for message in album]
    params = to_private(telegram, message_ids=[*ids, 999])
    forwarded = await telegram.call("forwardMessages", **params)
    copied = await telegram.call("copyMessages", **params, remove_caption=True)
    chat = telegram.world.chat(telegram.first)
    groups = [
        {chat.messages[one["message_id"]].extra["media_group_id"] for one in sent} for sent in (forwarded, copied)
    ]
    assert [len(group) for group in groups] == [1, 1]
    assert len(groups[0] | groups[1] | {album[0]["media_group_id"]}) == 3
    assert all("caption" not in chat.messages[one["message_id"]].content for one in copied)


@pytest.mark.parametrize("method", ["forwardMessages", "copyMessages", "deleteMessages"])
async def test_lists_of_messages_that_make_no_sense(telegram: Telegram, method: str) -> None:
    params = to_private(telegram)
    for ids, description in [
        ([], "message identifiers are not specified"),
        (7, "expected an Array of message identifiers"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ([1.5], "message identifier must be a Number"),
        (["x"], "can't parse message identifier as Number"),
        ([0], "invalid message identifier specified"),
    ]:
        assert await telegram.refusal(method, **params, message_ids=ids) == f"Bad Request: {description}"
    if method != "deleteMessages":
        refusal = await telegram.refusal(method, **params, message_ids=[998, 999])
        assert refusal == "Bad Request: there are no messages to forward"
        refusal = await telegram.refusal(method, **params, message_ids=[2, 1])
        assert refusal == "Bad Request: message identifiers must be in a strictly increasing order"


async def test_deleting_many_passes_over_what_is_gone(telegram: Telegram) -> None:
    ids = [telegram.say(str(n)) for n in range(3)]
    assert await telegram.call("deleteMessages", chat_id=telegram.group.id, message_ids=[*ids, 999]) is True
    assert not telegram.group.messages.keys() & set(ids)


async def test_without_rights_only_what_is_own_and_of_two_days(telegram: Telegram) -> None:
    telegram.demote_bot()
    theirs = telegram.say("mine")
    sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text="hi")
    own = {"chat_id": telegram.group.id, "message_id": sent["message_id"]}
    refusal = await telegram.refusal("deleteMessages", chat_id=telegram.group.id, message_ids=[theirs])
    assert refusal == "Bad Request: message can't be deleted"
    telegram.world.clock = lambda: sent["date"] + 48 * 3600 + 1
    assert await telegram.refusal("deleteMessage", **own) == "Bad Request: message can't be deleted"
    telegram.world.clock = lambda: sent["date"] + 48 * 3600 - 5
    assert await telegram.call("deleteMessage", **own) is True


async def test_a_quote_must_stand_in_the_message(telegram: Telegram) -> None:
    written = telegram.say("one fine day, 😀 one fine night")
    reply = {"message_id": written, "quote": "fine"}
    sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text="so", reply_parameters=reply)
    assert sent["quote"] == {"text": "fine", "position": 4, "is_manual": True}
    reply["quote_position"] = 20
    sent = await telegram.call("sendMessage", chat_id=telegram.group.id, text="so", reply_parameters=reply)
    assert sent["quote"]["position"] == 21
    reply["quote"] = "bad"
    refusal = await telegram.refusal("sendMessage", chat_id=telegram.group.id, text="so", reply_parameters=reply)
    assert refusal == "Bad Request: QUOTE_TEXT_INVALID"


async def test_a_reply_to_another_chat_shows_what_it_answers(telegram: Telegram) -> None:
    written = telegram.say("in the group")
    reply = {"message_id": written, "chat_id": telegram.group.id}
    sent = await telegram.call("sendMessage", chat_id=telegram.start_private(), text="so", reply_parameters=reply)
    assert sent["external_reply"]["origin"]["sender_user"]["id"] == telegram.first
    assert (sent["external_reply"]["chat"]["id"], sent["external_reply"]["message_id"]) == (telegram.group.id, written)
    assert sent["quote"]["text"] == "in the group"
    assert "reply_to_message" not in sent


async def test_people_forward_too(telegram: Telegram) -> None:
    written = telegram.say("look", telegram.second)
    telegram.act(
        "forward", chat_id=telegram.group.id, user_id=telegram.first, message_id=written, to_chat_id=telegram.first
    )
    message = (await telegram.updates())[-1]["message"]
    assert (message["chat"]["id"], message["text"]) == (telegram.first, "look")
    assert message["forward_origin"]["sender_user"]["id"] == telegram.second


async def test_a_channel_s_posts_come_to_its_discussion_group_by_themselves(telegram: Telegram) -> None:
    channel = telegram.act("add_group", user_id=telegram.lin, title="Posts", kind="channel")["chat_id"]
    telegram.act("join", chat_id=channel, user_id=telegram.world.bot_id, added_by=telegram.lin)
    telegram.act("promote", chat_id=channel, user_id=telegram.lin, target_id=telegram.world.bot_id,
                 rights=["can_post_messages"])  # fmt: skip
    telegram.act("link_channel", chat_id=telegram.group.id, user_id=telegram.lin, channel_id=channel)
    await telegram.updates()
    post = await telegram.call("sendMessage", chat_id=channel, text="new")
    [update] = await telegram.updates()
    message = update["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"], message["text"]) == (777000, channel, "new")
    assert message["is_automatic_forward"] is True
    assert message["forward_origin"]["message_id"] == post["message_id"]
    await telegram.call("editMessageText", chat_id=channel, message_id=post["message_id"], text="newer")
    [update] = await telegram.updates()
    assert update["edited_message"]["text"] == "newer"
    telegram.say("a comment", reply_to=message["message_id"])
    [update] = await telegram.updates()
    assert update["message"]["reply_to_message"]["is_automatic_forward"] is True
