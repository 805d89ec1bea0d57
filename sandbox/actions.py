"""What people do: one function for each act, called by the page, by tests, and by /sandbox/act."""

from __future__ import annotations

from typing import Any

from sandbox import buttons, media, membership, posting, reacting
from sandbox.acting import content, trade
from sandbox.acting.registry import ACTIONS, action, present, write
from sandbox.entities import utf16_length
from sandbox.errors import ActionError
from sandbox.model import ADMIN_RIGHTS, Json, Member, Message
from sandbox.world import World

__all__ = ["ACTIONS", "act"]
THEMES = (content, trade)  # importing them registers their acts


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
    if chat.status_of(user_id) not in ("creator", "administrator"):
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
    present(world, world.chat(chat_id), user_id)
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


@action
def join(world: World, chat_id: int, user_id: int, link: str = "", added_by: int = 0) -> None:
    """Come into a group: by an invite link, added by a member, or by oneself."""
    chat = world.chat(chat_id)
    if link and link not in chat.invite_links:
        raise ActionError("no such invite link")
    membership.join(world, chat, world.user(user_id), link=chat.invite_links.get(link), actor_id=added_by)


@action
def leave(world: World, chat_id: int, user_id: int) -> None:
    """Leave a group."""
    membership.leave(world, world.chat(chat_id), world.user(user_id))


@action
def remove(world: World, chat_id: int, user_id: int, target_id: int, banned: bool = True) -> None:
    """Remove somebody (the bot too) from a group, as its administrator."""
    _admin(world, chat_id, user_id)
    membership.leave(world, world.chat(chat_id), world.user(target_id), actor_id=user_id, banned=banned)


def _admin(world: World, chat_id: int, user_id: int) -> None:
    if world.chat(chat_id).status_of(user_id) not in ("creator", "administrator"):
        raise ActionError(f"{world.user(user_id).full_name} is not an administrator")


@action
def promote(
    world: World,
    chat_id: int,
    user_id: int,
    target_id: int,
    rights: list[str] | None = None,
    is_anonymous: bool = False,
    custom_title: str = "",
) -> None:
    """Make somebody administrator; the usual rights unless `rights` names them."""
    _admin(world, chat_id, user_id)
    given = membership.USUAL_RIGHTS if rights is None else frozenset(rights) & frozenset(ADMIN_RIGHTS)
    membership.promote(
        world,
        world.chat(chat_id),
        world.user(target_id),
        user_id,
        given,
        is_anonymous=is_anonymous,
        custom_title=custom_title,
    )


@action
def demote(world: World, chat_id: int, user_id: int, target_id: int) -> None:
    """Make an administrator a plain member."""
    _admin(world, chat_id, user_id)
    membership.demote(world, world.chat(chat_id), world.user(target_id), user_id)


@action
def pin(world: World, chat_id: int, user_id: int, message_id: int) -> None:
    """Pin a message, as administrator (in private, either side may)."""
    if not world.chat(chat_id).is_private:
        _admin(world, chat_id, user_id)
    posting.pin(world, world.message(chat_id, message_id), user_id)


@action
def open_topic(world: World, chat_id: int, user_id: int, name: str) -> Json:
    """Open a topic in a forum, as administrator."""
    _admin(world, chat_id, user_id)
    return {"thread_id": posting.open_topic(world, world.chat(chat_id), user_id, name).id}


@action
def close_topic(world: World, chat_id: int, user_id: int, thread_id: int, closed: bool = True) -> None:
    """Close a topic, or with `closed` false open it again."""
    _admin(world, chat_id, user_id)
    posting.close_topic(world, world.chat(chat_id), user_id, thread_id, closed=closed)


@action
def block(world: World, user_id: int, blocked: bool = True) -> None:
    """Block the bot in private, or allow it again."""
    membership.block_bot(world, world.user(user_id), blocked=blocked)


@action
def migrate(world: World, chat_id: int, user_id: int) -> Json:
    """A basic group becomes a supergroup."""
    return {"chat_id": membership.migrate(world, world.chat(chat_id), user_id).id}


@action
def add_user(world: World, first_name: str, last_name: str = "", username: str = "", language_code: str = "en") -> Json:
    """A new person, in no group yet."""
    user = world.add_user(first_name, last_name, username=username, language_code=language_code)
    world.broadcast.publish({"type": "members", "chat_id": 0})
    return {"user_id": user.id}


@action
def add_group(world: World, user_id: int, title: str, kind: str = "group", is_forum: bool = False) -> Json:
    """A new group, supergroup or channel with its creator and nobody else."""
    if kind not in ("group", "supergroup", "channel"):
        raise ActionError("a group is a group, a supergroup or a channel")
    base = 4_000_000_000 if kind == "group" else 1_002_000_000_000
    chat = world.add_chat(-(base + world.rng.randrange(10**9)), kind, title, is_forum=is_forum)
    chat.members[user_id] = Member(world.user(user_id).id, "creator")
    world.broadcast.publish({"type": "reload"})
    return {"chat_id": chat.id}
