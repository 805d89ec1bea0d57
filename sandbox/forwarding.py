"""Where a message comes from: origins of forwards, and replies across chats."""

from __future__ import annotations

from sandbox import wire
from sandbox.model import Json, Message
from sandbox.world import World

CONTENT_OF_REPLIES = (
    "animation",
    "audio",
    "dice",
    "document",
    "has_media_spoiler",
    "invoice",
    "link_preview_options",
    "photo",
    "poll",
    "sticker",
    "video",
    "video_note",
    "voice",
)


def origin(world: World, message: Message) -> Json:
    """A MessageOrigin: of a forward, its first one's."""
    if "forward_origin" in message.extra:
        return dict(message.extra["forward_origin"])
    chat = world.chat(message.chat_id)
    date: Json = {"date": message.date}
    signature = {"author_signature": message.author_signature} if message.author_signature else {}
    if chat.type == "channel":
        return {"type": "channel", "chat": wire.chat_json(world, chat), "message_id": message.id} | signature | date
    if message.sender_chat_id is not None:
        sender = wire.chat_json(world, world.chat(message.sender_chat_id))
        return {"type": "chat", "sender_chat": sender} | signature | date
    user = world.user(message.sender_id)
    return {"type": "user", "sender_user": wire.user_json(user)} | date


def forward_fields(world: World, message: Message) -> Json:
    """`forward_origin` and the older fields that say the same."""
    found = origin(world, message)
    body: Json = {"forward_origin": found}
    if found["type"] == "user":
        body["forward_from"] = found["sender_user"]
    elif found["type"] == "hidden_user":
        body["forward_sender_name"] = found["sender_user_name"]
    else:
        body["forward_from_chat"] = found.get("chat") or found["sender_chat"]
        if "message_id" in found:
            body["forward_from_message_id"] = found["message_id"]
        if "author_signature" in found:
            body["forward_signature"] = found["author_signature"]
    return body | {"forward_date": found["date"]}


def external_reply(world: World, message: Message) -> Json:
    """An ExternalReplyInfo: what a reply shows of a message in another chat."""
    chat = world.chat(message.chat_id)
    body: Json = {"origin": origin(world, message)}
    if not chat.is_private:
        body |= {"chat": wire.chat_json(world, chat), "message_id": message.id}
    shown = wire.message_json(world, message, with_reply=False)
    return body | {name: shown[name] for name in CONTENT_OF_REPLIES if name in shown}
