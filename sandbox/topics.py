"""A forum's topics: opened, renamed, closed, hidden, deleted, with the service messages that tell of it."""

from __future__ import annotations

from sandbox import posting
from sandbox.errors import ActionError
from sandbox.model import Chat, Json, Topic
from sandbox.notices import announce_message
from sandbox.world import World

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)  # Telegram's six icon colours
NAME_LIMIT = 128


def clean_name(name: str) -> str:
    """A topic's name as Telegram keeps it.

    Raises:
        ActionError: nothing is left.
    """
    kept = " ".join(name.split())[:NAME_LIMIT]
    if not kept:
        raise ActionError("title must be non-empty")
    return kept


def find(chat: Chat, topic_id: int) -> Topic:
    """A topic by its id; 1 is General.

    Raises:
        ActionError: none, or the chat is no forum.
    """
    if not chat.is_forum:
        raise ActionError("the chat is not a forum")
    topic = chat.topic(topic_id)
    if topic is None:
        raise ActionError(f"no topic {topic_id}")
    return topic


def open_topic(
    world: World, chat: Chat, actor_id: int, name: str, *, icon_color: int = COLORS[0], icon_custom_emoji_id: str = ""
) -> Topic:
    """A new forum topic.

    Raises:
        ActionError: the chat is no forum, or the name is empty.
    """
    if not chat.is_forum:
        raise ActionError("the chat is not a forum")
    name = clean_name(name)
    icon: Json = {"icon_custom_emoji_id": icon_custom_emoji_id} if icon_custom_emoji_id else {}
    content: Json = {"forum_topic_created": {"name": name, "icon_color": icon_color} | icon}
    message = posting.post(world, chat, actor_id, content, quiet=True)
    message.thread_id = message.id
    message.reply_to = None
    topic = Topic(message.id, name, icon_color, icon_custom_emoji_id=icon_custom_emoji_id, creator_id=actor_id)
    chat.topics[message.id] = topic
    announce_message(world, message)
    _tell_page(world, chat)
    return topic


def edit_topic(
    world: World, chat: Chat, actor_id: int, topic: Topic, *, name: str | None = None, emoji_id: str | None = None
) -> bool:
    """Rename a topic or give it another icon; False when that changes nothing.

    Raises:
        ActionError: the name is empty.
    """
    changes: Json = {}
    if name is not None and clean_name(name) != topic.name:
        changes["name"] = topic.name = clean_name(name)
    if emoji_id is not None and emoji_id != topic.icon_custom_emoji_id:
        changes["icon_custom_emoji_id"] = topic.icon_custom_emoji_id = emoji_id
    if changes:
        _service(world, chat, actor_id, topic, {"forum_topic_edited": changes})
    return bool(changes)


def close_topic(world: World, chat: Chat, actor_id: int, topic: Topic, *, closed: bool) -> bool:
    """Close a topic, or open it again (General shows again with it); False when that changes nothing."""
    if topic.is_closed == closed:
        return False
    topic.is_closed = closed
    _service(world, chat, actor_id, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    if not closed and topic.is_hidden:
        hide_general(world, chat, actor_id, hidden=False)
    return True


def hide_general(world: World, chat: Chat, actor_id: int, *, hidden: bool) -> bool:
    """Hide General, which closes it, or show it again; False when that changes nothing."""
    topic = chat.general
    if topic.is_hidden == hidden:
        return False
    if hidden:
        close_topic(world, chat, actor_id, topic, closed=True)
    topic.is_hidden = hidden
    name = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
    _service(world, chat, actor_id, topic, {name: {}})
    return True


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all of its messages."""
    del chat.topics[topic.id]
    for message in [m for m in chat.messages.values() if m.thread_id == topic.id]:
        posting.delete(world, message)
    _tell_page(world, chat)


def _service(world: World, chat: Chat, actor_id: int, topic: Topic, content: Json) -> None:
    posting.post(world, chat, actor_id, content, thread_id=None if topic is chat.general else topic.id)
    _tell_page(world, chat)


def _tell_page(world: World, chat: Chat) -> None:
    world.broadcast.publish({"type": "topics", "chat_id": chat.id})
