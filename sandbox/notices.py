"""What the bot and the pages get to know of messages, reactions and members."""

from __future__ import annotations

from functools import partial

from sandbox import guide, wire
from sandbox.model import Chat, InviteLink, Json, Member, Message
from sandbox.privacy import bot_sees
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
    if user_id == world.bot_id or not _bot_sees_reactions(world, message):
        return
    if chat.type == "channel" or message.anonymous_reactions:
        _count_later(world, message)
        return
    body: Json = {"chat": wire.chat_json(world, chat), "message_id": message.id, "date": world.now()}
    member = chat.members.get(user_id)
    if member and member.is_anonymous:
        body["actor_chat"] = wire.chat_json(world, chat)
    else:
        body["user"] = wire.user_json(world.user(user_id))
    world.updates.push(
        "message_reaction", body | {"old_reaction": old, "new_reaction": message.reactions.get(user_id, [])}
    )


def _bot_sees_reactions(world: World, message: Message) -> bool:
    """As administrator, to messages since it came; in private chats always."""
    chat = world.chat(message.chat_id)
    return chat.is_private or (world.bot_is_admin(chat) and message.id > chat.bot_since)


def _count_later(world: World, message: Message) -> None:
    """Totals are gathered for a while, so that many reactions make one update."""
    place = message.chat_id, message.id
    if world.reaction_count_delay <= 0:
        _tell_counts(world, place)
    elif place not in world.reaction_counts_due:
        world.reaction_counts_due[place] = world.clock() + world.reaction_count_delay
        watch_counts(world, place)


def watch_counts(world: World, place: tuple[int, int]) -> None:
    """Let the totals of a message (chat and message id) be told when they are due."""
    world.timeline.at(world.reaction_counts_due[place], partial(_tell_counts, world, place))


def _tell_counts(world: World, place: tuple[int, int]) -> None:
    """The newest totals of a message, unless it is gone or the bot no longer administrator."""
    world.reaction_counts_due.pop(place, None)
    chat = world.chats.get(place[0])
    message = chat.messages.get(place[1]) if chat else None
    if chat is None or message is None or not _bot_sees_reactions(world, message):
        return
    counts = [{"type": r["type"], "total_count": r["count"]} for r in page_reactions(message)]
    body: Json = {"chat": wire.chat_json(world, chat), "message_id": message.id, "date": world.now()}
    world.updates.push("message_reaction_count", body | {"reactions": counts})


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
