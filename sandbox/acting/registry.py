"""The registry of people's acts, and what all acts that write share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox import membership, posting, rights, wire
from sandbox.errors import ActionError
from sandbox.model import Chat, Json, User
from sandbox.world import World

Action = Callable[..., Any]
ACTIONS: dict[str, Action] = {}


def action(function: Action) -> Action:
    """Register an act under its function's name."""
    ACTIONS[function.__name__] = function
    return function


def present(world: World, chat: Chat, user_id: int) -> User:
    """Somebody who is in the chat.

    Raises:
        ActionError: they are not.
    """
    user = world.user(user_id)
    membership.lift_expired(world, chat)
    if not chat.has(user_id):
        raise ActionError(f"{user.full_name} is not in this chat")
    return user


def _check_rights(world: World, chat: Chat, user_id: int, content: Json) -> None:
    if chat.type == "channel":
        rights.require(world, chat, user_id, "can_post_messages", "post")
        return
    kind = next((kind for kind in rights.SENDING if kind in content), "")
    if kind:
        right, named = rights.SENDING[kind]
        rights.require(world, chat, user_id, right, f"send {named}")


def write(
    world: World,
    chat_id: int,
    user_id: int,
    content: Json,
    thread_id: int | None = None,
    reply_to: int | None = None,
    as_chat: int | None = None,
    extra: Json | None = None,
    markup: Json | None = None,
    via_bot: bool = False,
) -> Json:
    """Post what a person writes, where they may.

    Raises:
        ActionError: they may not, or there is no such place.
    """
    chat = world.chat(chat_id)
    user = present(world, chat, user_id)
    topic = chat.topic(thread_id)
    if chat.migrated_to:
        raise ActionError("the group has become a supergroup")
    if thread_id is not None and topic is None:
        raise ActionError(f"no topic {thread_id}")
    if topic is chat.general:
        thread_id = None
    if topic and topic.is_closed and not rights.is_admin(chat, user_id):
        raise ActionError("the topic is closed")
    _check_rights(world, chat, user_id, content)
    if reply_to is not None and reply_to not in chat.messages:
        raise ActionError(f"no message {reply_to} to reply to")
    if chat.is_private:
        user.bot_started = True
        membership.block_bot(world, user, blocked=False)
    if as_chat is None and chat.members[user_id].is_anonymous:
        as_chat = chat.id
    fields = dict(extra or {}) | ({"via_bot": wire.user_json(world.bot)} if via_bot else {})
    message = posting.post(
        world,
        chat,
        user_id,
        content,
        thread_id=thread_id,
        reply_to=reply_to,
        sender_chat_id=as_chat,
        extra=fields,
        markup=markup,
    )
    return {"message_id": message.id}
