"""Methods about a forum's topics."""

from __future__ import annotations

from sandbox import posting, topics
from sandbox.api.call import Call, method
from sandbox.api.pinning import pinning_chat
from sandbox.errors import bad_request
from sandbox.model import Chat, Json, Topic


def _forum(call: Call) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _managed(call: Call, refusal: str, right: str = "can_manage_topics") -> tuple[Chat, Topic]:
    """A topic that the bot may change: with this right, or its own."""
    chat = _forum(call)
    topic = chat.topics.get(call.integer("message_thread_id"))
    if call.integer("message_thread_id") <= 0:
        raise bad_request("invalid message thread identifier specified")
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    if topic.creator_id != call.world.bot_id and not call.world.bot_may(chat, right):
        raise bad_request(refusal)
    return chat, topic


def _general(call: Call, refusal: str) -> Chat:
    chat = _forum(call)
    if not call.world.bot_may(chat, "can_manage_topics"):
        raise bad_request(refusal)
    return chat


def _changed(done: bool) -> bool:
    if not done:
        raise bad_request("TOPIC_NOT_MODIFIED")
    return True


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    chat = _general(call, "not enough rights to create a topic")
    color = call.integer("icon_color", topics.COLORS[0])
    if color not in topics.COLORS:
        raise bad_request("invalid icon color specified")
    emoji_id = call.text("icon_custom_emoji_id")
    topic = topics.open_topic(
        call.world, chat, call.world.bot_id, call.text("name"), icon_color=color, icon_custom_emoji_id=emoji_id
    )
    body: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return body | ({"icon_custom_emoji_id": emoji_id} if emoji_id else {})


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    chat, topic = _managed(call, "not enough rights to edit the topic")
    name = call.text("name") or None
    emoji_id = call.text("icon_custom_emoji_id") if "icon_custom_emoji_id" in call.params else None
    if name is None and emoji_id is None:
        return True
    return _changed(topics.edit_topic(call.world, chat, call.world.bot_id, topic, name=name, emoji_id=emoji_id))


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    return _toggle(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    return _toggle(call, closed=False)


def _toggle(call: Call, *, closed: bool) -> bool:
    chat, topic = _managed(call, "not enough rights to close or open the topic")
    return _changed(topics.close_topic(call.world, chat, call.world.bot_id, topic, closed=closed))


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    chat, topic = _managed(call, "not enough rights to delete the topic", right="can_delete_messages")
    topics.delete_topic(call.world, chat, topic)
    return True


@method("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(call: Call) -> bool:
    chat, topic_id = _forum(call), call.integer("message_thread_id")
    if topic_id not in chat.topics:
        raise bad_request("message thread not found")
    return _unpin_topic(call, topic_id)


@method("unpinAllGeneralForumTopicMessages")
def unpin_all_general_forum_topic_messages(call: Call) -> bool:
    _forum(call)
    return _unpin_topic(call, None)


def _unpin_topic(call: Call, thread_id: int | None) -> bool:
    chat = pinning_chat(call)
    for message_id in [i for i in chat.pinned if i in chat.messages and chat.messages[i].thread_id == thread_id]:
        posting.unpin(call.world, chat, message_id)
    return True


@method("editGeneralForumTopic")
def edit_general_forum_topic(call: Call) -> bool:
    chat = _general(call, "not enough rights to edit the topic")
    return _changed(topics.edit_topic(call.world, chat, call.world.bot_id, chat.general, name=call.text("name")))


@method("closeGeneralForumTopic")
def close_general_forum_topic(call: Call) -> bool:
    return _toggle_general(call, closed=True)


@method("reopenGeneralForumTopic")
def reopen_general_forum_topic(call: Call) -> bool:
    return _toggle_general(call, closed=False)


def _toggle_general(call: Call, *, closed: bool) -> bool:
    chat = _general(call, "not enough rights to close or open the topic")
    return _changed(topics.close_topic(call.world, chat, call.world.bot_id, chat.general, closed=closed))


@method("hideGeneralForumTopic")
def hide_general_forum_topic(call: Call) -> bool:
    return _toggle_hidden(call, hidden=True)


@method("unhideGeneralForumTopic")
def unhide_general_forum_topic(call: Call) -> bool:
    return _toggle_hidden(call, hidden=False)


def _toggle_hidden(call: Call, *, hidden: bool) -> bool:
    chat = _general(call, "not enough rights to close or open the topic")
    return _changed(topics.hide_general(call.world, chat, call.world.bot_id, hidden=hidden))
