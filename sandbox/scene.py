"""What the page shows, whoever looks: people, chats, the latest messages, the guide, the time."""

from __future__ import annotations

from dataclasses import asdict

from sandbox import apps, guide, pacing
from sandbox.model import Chat, InviteLink, Json, Message
from sandbox.notices import page_message
from sandbox.wire import user_json
from sandbox.world import World

SHOWN_MESSAGES = 300
SHOWN_OF_A_TOPIC = 60
OLDER_AT_ONCE = 100
REACTIONS = ["👍", "❤", "🔥", "🎉", "😁", "👏", "🤔", "😱"]


def _latest(chat: Chat) -> list[Message]:
    """The latest messages, some of each topic among them, and what is pinned."""
    everything = list(chat.messages.values())
    shown = {message.id for message in everything[-SHOWN_MESSAGES:]} | set(chat.pinned)
    room = dict.fromkeys([None, *chat.topics], SHOWN_OF_A_TOPIC)
    for message in reversed(everything):
        if room.get(message.thread_id, 0):
            room[message.thread_id] -= 1
            shown.add(message.id)
    return [message for message in everything if message.id in shown]


def _link(link: InviteLink) -> Json:
    return {
        "invite_link": link.url,
        "name": link.name,
        "creates_join_request": link.creates_join_request,
        "is_primary": link.is_primary,
        "is_revoked": link.is_revoked,
        "joined": link.joined,
        "member_limit": link.member_limit,
        "expire_date": link.expire_date,
    }


def chat_head(world: World, chat: Chat) -> Json:
    """A chat without its messages: people, topics, links, requests."""
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "description": chat.description,
        "is_forum": chat.is_forum,
        "migrated_to": chat.migrated_to,
        "members": [
            {
                "user_id": member.user_id,
                "status": member.status,
                "title": member.custom_title,
                "is_anonymous": member.is_anonymous,
                "rights": sorted(member.rights) if member.status == "restricted" else [],
                "until_date": member.until_date,
            }
            for member in chat.members.values()
        ],
        "topics": [
            {
                "id": t.id,
                "name": t.name,
                "icon_color": t.icon_color,
                "is_closed": t.is_closed,
                "is_hidden": t.is_hidden,
            }
            for t in chat.topics.values()
        ],
        "general": {
            "name": chat.general.name,
            "is_closed": chat.general.is_closed,
            "is_hidden": chat.general.is_hidden,
        },
        "linked_chat_id": chat.linked_chat_id,
        "join_requests": [asdict(request) for request in chat.join_requests.values()],
        "invite_links": [_link(link) for link in chat.invite_links.values()],
        "pinned": chat.pinned,
        "menu_button": apps.menu_button(world, chat) if chat.is_private else None,
    }


def chat_state(world: World, chat: Chat) -> Json:
    """A chat as the page needs it: people, topics, and the latest messages."""
    return chat_head(world, chat) | {"messages": [page_message(world, message) for message in _latest(chat)]}


def older(world: World, chat: Chat, before: int, thread_id: int | None) -> Json:
    """The messages before one, of a topic where the chat has topics: what a page asks for when one scrolls up."""
    fits = [m for m in chat.messages.values() if m.id < before and (not chat.is_forum or m.thread_id == thread_id)]
    return {"messages": [page_message(world, message) for message in fits[-OLDER_AT_ONCE:]]}


def people(world: World) -> Json:
    """What changes when somebody comes, goes or is given rights: all but the messages."""
    users = [
        user_json(user, as_sender=True)
        | {"started": user.bot_started, "blocked": user.bot_blocked, "stars": user.stars}
        for user in world.users.values()
    ]
    return {"users": users, "chats": [chat_head(world, chat) for chat in world.chats.values()]}


def state(world: World) -> Json:
    """Everything the page shows."""
    return {
        "bot_id": world.bot_id,
        "group_id": world.group_id,
        "manager_id": world.manager_id,
        "users": people(world)["users"],
        "chats": [chat_state(world, chat) for chat in world.chats.values()],
        "reactions": REACTIONS,
        "guide": guide.as_json(world),
        "guide_hidden": world.guide.hidden,
        "time": pacing.as_json(world),
    }
