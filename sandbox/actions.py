"""What people do: one function for each act, called by the page, by tests, and by /sandbox/act."""

from __future__ import annotations

from typing import Any

from sandbox import apps, buttons, media, posting, reacting, rights
from sandbox.acting import content, rooms, trade
from sandbox.acting.registry import ACTIONS, action, present, write
from sandbox.entities import utf16_length
from sandbox.errors import ActionError
from sandbox.model import Json, Message
from sandbox.world import World

__all__ = ["ACTIONS", "act"]
THEMES = (apps, content, rooms, trade)  # importing them registers their acts


def act(world: World, name: str, params: Json) -> Any:
    """Perform an act by name, as /sandbox/act does.

    Raises:
        ActionError: unknown act, wrong parameters, or not allowed.
    """
    if name not in ACTIONS:
        raise ActionError(f"unknown action {name!r}; known: {', '.join(sorted(ACTIONS))}")
    try:
        return ACTIONS[name](world, **params)
    except TypeError as error:
        raise ActionError(f"{name}: {error}") from error


@action
def send(
    world: World,
    chat_id: int,
    user_id: int,
    text: str,
    thread_id: int | None = None,
    reply_to: int | None = None,
    as_chat: int | None = None,
) -> Json:
    """Write a text; `as_chat` writes as that chat (an anonymous administrator, or a channel)."""
    text = text.strip()
    if not text:
        raise ActionError("the message is empty")
    if utf16_length(text) > 4096:
        raise ActionError("the message is too long")
    return write(world, chat_id, user_id, posting.text_content(text), thread_id, reply_to, as_chat)


@action
def send_file(
    world: World,
    chat_id: int,
    user_id: int,
    name: str,
    data: bytes | str,
    mime_type: str = "",
    caption: str = "",
    as_document: bool = False,
    kind: str = "",
    thread_id: int | None = None,
    reply_to: int | None = None,
    as_chat: int | None = None,
) -> Json:
    """Send a file, by its bytes or as the `kind` chosen; `data` is bytes, or Base64 when it comes as text."""
    raw = media.file_bytes(data)
    if kind not in ("", *media.KINDS):
        raise ActionError(f"a file is one of {', '.join(media.KINDS)}")
    content = media.content_for(world, raw, name, mime_type, "document" if as_document else kind)
    content = posting.caption_content(content, caption.strip())
    return write(world, chat_id, user_id, content, thread_id, reply_to, as_chat)


@action
def edit(world: World, chat_id: int, user_id: int, message_id: int, text: str) -> None:
    """Change one's own text or caption."""
    message = _own(world, chat_id, user_id, message_id)
    if "text" in message.content:
        content = posting.text_content(text.strip())
    else:
        kept = {k: v for k, v in message.content.items() if k not in ("caption", "caption_entities")}
        content = posting.caption_content(kept, text.strip())
    if content != message.content:
        posting.edit(world, message, content, message.markup)


@action
def delete(world: World, chat_id: int, user_id: int, message_id: int) -> None:
    """Delete a message: one's own, or any as administrator."""
    chat = world.chat(chat_id)
    if not (rights.is_admin(chat, user_id) and rights.may(chat, user_id, "can_delete_messages")):
        _own(world, chat_id, user_id, message_id)
    posting.delete(world, world.message(chat_id, message_id))


def _own(world: World, chat_id: int, user_id: int, message_id: int) -> Message:
    message = world.message(chat_id, message_id)
    if message.sender_id != user_id or message.is_service:
        raise ActionError("not your message")
    return message


@action
def react(world: World, chat_id: int, user_id: int, message_id: int, emoji: str) -> None:
    """Tap a reaction: give it, change to it, or take it back."""
    chat = world.chat(chat_id)
    present(world, chat, user_id)
    if chat.type != "channel":
        rights.require(world, chat, user_id, "can_react_to_messages", "react")
    reacting.toggle(world, world.message(chat_id, message_id), user_id, emoji)


@action
def unreact(world: World, chat_id: int, user_id: int, message_id: int) -> None:
    """Take all of one's reactions to a message back."""
    reacting.set_reactions(world, world.message(chat_id, message_id), user_id, [])


@action
def press(world: World, chat_id: int, user_id: int, message_id: int, data: str) -> Json:
    """Press an inline button with this callback data."""
    present(world, world.chat(chat_id), user_id)
    return {"query_id": buttons.press(world, world.message(chat_id, message_id), user_id, data).id}
