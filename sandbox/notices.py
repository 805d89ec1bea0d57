"""What the bot gets to know: privacy mode and administrator rights decide, as at Telegram."""

from __future__ import annotations

from sandbox import guide, wire
from sandbox.entity_scan import commands_in
from sandbox.model import Chat, InviteLink, Json, Member, Message
from sandbox.world import World

# Of what it writes itself the bot is told these service messages only.
TOLD_OF_ITSELF = frozenset(
    {
        "new_chat_title",
        "left_chat_member",
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
    }
)


def bot_sees(world: World, chat: Chat, message: Message) -> bool:
    """Whether an incoming message reaches the bot."""
    if chat.is_private:
        return not world.user(chat.id).bot_blocked
    if not world.bot_present(chat):
        return False
    if world.bot_is_admin(chat) or world.reads_all_messages or message.is_service:
        return not world.user(message.sender_id).is_bot or message.sender_chat_id is not None or message.is_service
    if chat.type == "channel":
        return True
    if world.user(message.sender_id).is_bot and message.sender_chat_id is None:
        return False
    target = chat.messages.get(message.reply_to or 0)
    if message.extra.get("via_bot", {}).get("id") == world.bot_id:
        return True
    return _commands_us(world, message) or bool(target and target.sender_id == world.bot_id)


def _commands_us(world: World, message: Message) -> bool:
    text = message.content.get("text") or message.content.get("caption") or ""
    entities = message.content.get("entities") or message.content.get("caption_entities") or []
    ours = world.bot.username.lower()
    return any("@" not in c or c.split("@")[1].lower() == ours for c in commands_in(text, entities))


def announce_message(world: World, message: Message, *, edited: bool = False) -> None:
    """Tell the pages, and the bot if it may see it and did not write it."""
    chat = world.chat(message.chat_id)
    world.broadcast.publish(
        {"type": "edit" if edited else "message", "chat_id": chat.id, "message": page_message(world, message)}
    )
    for hear in world.listeners if not edited else ():
        hear(message)
    own = message.sender_id == world.bot_id
    if own and not edited:
        guide.follow(guide.Deed(world, "answer", message=message))
    if (own and not TOLD_OF_ITSELF & message.content.keys()) or not bot_sees(world, chat, message):
        return
    kind = "channel_post" if chat.type == "channel" else "message"
    world.updates.push(f"edited_{kind}" if edited else kind, wire.message_json(world, message))


def announce_reaction(world: World, message: Message, user_id: int, old: list[Json]) -> None:
    """Named reactions are changes per person; anonymous ones totals. The bot sees them as administrator."""
    chat = world.chat(message.chat_id)
    world.broadcast.publish(
        {"type": "reactions", "chat_id": chat.id, "message_id": message.id, "reactions": page_reactions(message)}
    )
    if user_id == world.bot_id or not (chat.is_private or world.bot_is_admin(chat)):
        return
    body: Json = {"chat": wire.chat_json(world, chat), "message_id": message.id, "date": world.now()}
    if chat.type == "channel" or message.anonymous_reactions:
        counts = [{"type": r["type"], "total_count": r["count"]} for r in page_reactions(message)]
        world.updates.push("message_reaction_count", body | {"reactions": counts})
        return
    member = chat.members.get(user_id)
    if member and member.is_anonymous:
        body["actor_chat"] = wire.chat_json(world, chat)
    else:
        body["user"] = wire.user_json(world.user(user_id))
    world.updates.push(
        "message_reaction", body | {"old_reaction": old, "new_reaction": message.reactions.get(user_id, [])}
    )


def announce_member(
    world: World,
    chat: Chat,
    actor_id: int,
    old: Member,
    new: Member,
    link: InviteLink | None = None,
    *,
    by_request: bool = False,
) -> None:
    """A change of somebody's standing: `my_chat_member` for the bot itself, else `chat_member`."""
    world.broadcast.publish({"type": "members", "chat_id": chat.id})
    body: Json = {
        "chat": wire.chat_json(world, chat),
        "from": wire.user_json(world.user(actor_id), as_sender=True),
        "date": world.now(),
        "old_chat_member": wire.member_json(world, chat, old),
        "new_chat_member": wire.member_json(world, chat, new),
    }
    if link:
        body["invite_link"] = wire.invite_link_json(world, link, told=True)
    if by_request:
        body["via_join_request"] = True
    if new.user_id == world.bot_id:
        world.updates.push("my_chat_member", body)
    elif world.bot_is_admin(chat):
        world.updates.push("chat_member", body)


def page_reactions(message: Message) -> list[Json]:
    """Reactions by kind with their number and who gave them, most first."""
    by_key: dict[str, Json] = {}
    for user_id, given in message.reactions.items():
        for reaction in given:
            key = str(reaction.get("emoji") or reaction.get("custom_emoji_id") or reaction["type"])
            entry = by_key.setdefault(key, {"type": reaction, "count": 0, "users": []})
            entry["count"] += 1
            entry["users"].append(user_id)
    return sorted(by_key.values(), key=lambda entry: -int(entry["count"]))


def page_message(world: World, message: Message) -> Json:
    """A message for the page: the Bot API's form, all of its keyboard, its reactions, and who voted how."""
    body: Json = wire.message_json(world, message)
    if "poll" in message.content:
        poll = world.polls[message.content["poll"]["id"]]
        body["poll"] = wire.poll_json(poll, revealed=True)
        body["poll_votes"] = {str(user_id): chosen for user_id, chosen in poll.votes.items()}
    return body | {
        "markup": message.markup,
        "reactions": page_reactions(message),
        "sender_id": message.sender_id,
        "is_service": message.is_service,
    }
