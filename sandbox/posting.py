"""Messages: writing, editing, deleting, pinning, and the service messages that go with them."""

from __future__ import annotations

from sandbox import forwarding, wire
from sandbox.entity_scan import scan
from sandbox.model import ANONYMOUS_ADMIN_ID, SERVICE_ID, Chat, Json, Message
from sandbox.notices import announce_message
from sandbox.world import World

KEPT_MESSAGES = 5_000  # a chat remembers so many; older ones are let go


def post(
    world: World,
    chat: Chat,
    sender_id: int,
    content: Json,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
    markup: Json | None = None,
    sender_chat_id: int | None = None,
    extra: Json | None = None,
    quiet: bool = False,
) -> Message:
    """Write a message; `quiet` tells nobody (history). In a topic, what replies to nothing replies to its start."""
    if chat.is_forum and reply_to in chat.messages and thread_id is None:
        thread_id = chat.messages[reply_to].thread_id
    message = Message(
        id=world.next_message_id(chat),
        chat_id=chat.id,
        sender_id=sender_id,
        date=world.now(),
        content=content,
        thread_id=thread_id,
        reply_to=reply_to if reply_to is not None else thread_id,
        markup=markup,
        sender_chat_id=sender_chat_id,
        extra=extra or {},
    )
    if sender_chat_id == chat.id:
        member = chat.members.get(sender_id)
        message.author_signature = member.custom_title if member else ""
        message.sender_id = ANONYMOUS_ADMIN_ID
    for old in keep(chat, message):
        let_go(world, old)
    if "poll" in content:
        world.polls[content["poll"]["id"]].places.append((chat.id, message.id))
    if chat.type == "channel" and chat.signs_posts and sender_id != world.bot_id:
        message.author_signature = world.user(sender_id).full_name
    if not quiet:
        announce_message(world, message)
    if chat.type == "channel" and chat.linked_chat_id and not message.is_service:
        _discuss(world, message, world.chat(chat.linked_chat_id))
    return message


def _discuss(world: World, post_message: Message, group: Chat) -> None:
    """A channel's post comes to its discussion group by itself, from Telegram in the channel's name."""
    extra = forwarding.forward_fields(world, post_message)
    if "media_group_id" in post_message.extra:
        extra["media_group_id"] = post_message.extra["media_group_id"]
    content, channel_id = dict(post_message.content), post_message.chat_id
    message = post(world, group, SERVICE_ID, content, sender_chat_id=channel_id, extra=extra, quiet=True)
    message.is_automatic_forward = True
    announce_message(world, message)


def _discussed(world: World, message: Message) -> Message | None:
    """The automatic forward of a channel's post."""
    channel = world.chat(message.chat_id)
    group = world.chats.get(channel.linked_chat_id or 0) if channel.type == "channel" else None
    for other in reversed(group.messages.values() if group else ()):
        if other.is_automatic_forward and other.extra.get("forward_from_message_id") == message.id:
            return other
    return None


def keep(chat: Chat, message: Message) -> list[Message]:
    """Put a message into its chat; gives those that were let go for it, the oldest (a topic's first stays)."""
    chat.messages[message.id] = message
    if len(chat.messages) <= KEPT_MESSAGES:
        return []
    oldest = next((number for number in chat.messages if number not in chat.topics), None)
    return [] if oldest is None else [chat.messages.pop(oldest)]


def let_go(world: World, message: Message) -> None:
    """Forget what belonged to a message that is no more: its poll, if shown nowhere else, and its payload."""
    world.payloads.pop((message.chat_id, message.id), None)
    poll = world.polls.get(message.content.get("poll", {}).get("id", ""))
    if poll:
        poll.places.remove((message.chat_id, message.id))
        if not poll.places:
            del world.polls[poll.id]


def text_content(text: str, entities: list[Json] | None = None) -> Json:
    """Content of a text message, with the entities Telegram finds by itself."""
    found = scan(text, entities or [])
    return {"text": text, "entities": found} if found else {"text": text}


def caption_content(media: Json, caption: str, entities: list[Json] | None = None) -> Json:
    """Content of a media message with its caption."""
    if not caption:
        return dict(media)
    found = scan(caption, entities or [])
    return media | {"caption": caption} | ({"caption_entities": found} if found else {})


def edit(world: World, message: Message, content: Json, markup: Json | None) -> Message:
    """Change a message; the edit date is set as for Telegram's users."""
    message.content = content
    message.markup = markup
    message.edit_date = world.now()
    announce_message(world, message, edited=True)
    forwarded = _discussed(world, message)
    if forwarded:
        edit(world, forwarded, dict(content), markup=None)
    return message


def delete(world: World, message: Message) -> None:
    """Take a message away. The Bot API tells bots nothing of it."""
    chat = world.chat(message.chat_id)
    del chat.messages[message.id]
    let_go(world, message)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.broadcast.publish({"type": "delete", "chat_id": chat.id, "message_id": message.id})


def pin(world: World, message: Message, actor_id: int) -> Message:
    """Pin a message; the chat sees a service message."""
    chat = world.chat(message.chat_id)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    pinned = wire.message_json(world, message, with_reply=False)
    service = post(
        world,
        chat,
        actor_id,
        {"pinned_message": pinned},
        thread_id=message.thread_id,
        reply_to=message.id,
    )
    world.broadcast.publish({"type": "pinned", "chat_id": chat.id, "message_ids": chat.pinned})
    return service


def unpin(world: World, chat: Chat, message_id: int | None) -> None:
    """Unpin one message, or the latest."""
    if message_id is None and chat.pinned:
        chat.pinned.pop()
    elif message_id in chat.pinned:
        chat.pinned.remove(message_id)
    world.broadcast.publish({"type": "pinned", "chat_id": chat.id, "message_ids": chat.pinned})
