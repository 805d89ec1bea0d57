"""Forum topics: what the bot makes of them, what it is told, what it is refused."""

from __future__ import annotations

import pytest

from sandbox.errors import ActionError
from tests.sandbox.telegram import Telegram


async def test_a_topic_of_the_bots_own_from_birth_to_death(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    topic = await telegram.call("createForumTopic", **place, name="  News ", icon_color=9367192)
    place["message_thread_id"] = topic["message_thread_id"]
    assert (topic["name"], topic["icon_color"]) == ("News", 9367192)
    await telegram.call("editForumTopic", **place, name="Old news")
    await telegram.call("closeForumTopic", **place)
    assert await telegram.refusal("closeForumTopic", **place) == "Bad Request: TOPIC_NOT_MODIFIED"
    await telegram.call("reopenForumTopic", **place)
    await telegram.call("sendMessage", **place, text="inside")
    told = [u["message"] for u in await telegram.updates()]
    kinds = ("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened")
    assert [next(kind for kind in kinds if kind in message) for message in told] == list(kinds)
    assert told[1]["forum_topic_edited"] == {"name": "Old news"}
    await telegram.call("deleteForumTopic", **place)
    assert await telegram.refusal("sendMessage", **place, text="x") == "Bad Request: message thread not found"
    assert await telegram.refusal("editForumTopic", **place, name="x") == "Bad Request: TOPIC_ID_INVALID"
    assert not [m for m in telegram.group.messages.values() if m.thread_id == place["message_thread_id"]]


async def test_other_peoples_topics_need_the_right(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    opened = telegram.act("open_topic", **place, user_id=telegram.lin, name="News")
    own = await telegram.call("createForumTopic", **place, name="Mine")
    telegram.demote_bot()
    there = place | {"message_thread_id": opened["thread_id"]}
    assert await telegram.refusal("createForumTopic", **place, name="x") == (
        "Bad Request: not enough rights to create a topic"
    )
    assert await telegram.refusal("editForumTopic", **there, name="x") == (
        "Bad Request: not enough rights to edit the topic"
    )
    assert await telegram.refusal("closeForumTopic", **there) == (
        "Bad Request: not enough rights to close or open the topic"
    )
    mine = place | {"message_thread_id": own["message_thread_id"]}
    assert await telegram.call("editForumTopic", **mine, name="Still mine") is True


async def test_in_a_closed_topic_only_those_with_the_right_write(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    thread = telegram.act("open_topic", **place, user_id=telegram.lin, name="News")["thread_id"]
    telegram.act("close_topic", **place, user_id=telegram.lin, thread_id=thread)
    with pytest.raises(ActionError, match="the topic is closed"):
        telegram.say("x", thread_id=thread)
    await telegram.call("sendMessage", **place, message_thread_id=thread, text="administrators may")
    telegram.demote_bot()
    refusal = await telegram.refusal("sendMessage", **place, message_thread_id=thread, text="x")
    assert refusal == "Bad Request: TOPIC_CLOSED"


async def test_general_is_closed_hidden_and_shown_again(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    await telegram.call("editGeneralForumTopic", **place, name="Talk")
    await telegram.call("hideGeneralForumTopic", **place)
    with pytest.raises(ActionError, match="the topic is closed"):
        telegram.say("x")
    assert await telegram.refusal("hideGeneralForumTopic", **place) == "Bad Request: TOPIC_NOT_MODIFIED"
    await telegram.call("reopenGeneralForumTopic", **place)
    telegram.say("open again")
    told = [u["message"] for u in await telegram.updates()]
    assert "general_forum_topic_hidden" in told[2]
    assert "general_forum_topic_unhidden" in told[4]
    general = (await telegram.client.get(f"/sandbox/chats/{telegram.group.id}")).json()["general"]
    assert general == {"name": "Talk", "is_closed": False, "is_hidden": False}


async def test_a_chat_that_is_no_forum_has_no_topics(telegram: Telegram) -> None:
    telegram.group.is_forum = False
    refusal = await telegram.refusal("createForumTopic", chat_id=telegram.group.id, name="x")
    assert refusal == "Bad Request: the chat is not a forum"


async def test_pins_of_one_topic_go_alone(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    thread = telegram.act("open_topic", **place, user_id=telegram.lin, name="News")["thread_id"]
    inside, outside = telegram.say("in", thread_id=thread), telegram.say("out")
    for message_id in (inside, outside):
        await telegram.call("pinChatMessage", **place, message_id=message_id)
    await telegram.call("unpinAllForumTopicMessages", **place, message_thread_id=thread)
    assert telegram.group.pinned == [outside]
    await telegram.call("unpinAllGeneralForumTopicMessages", **place)
    assert telegram.group.pinned == []
    assert await telegram.refusal("unpinChatMessage", **place) == "Bad Request: message to unpin not found"
