"""Methods about chats as a whole."""

from __future__ import annotations

from sandbox import joining, membership, wire
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import MEMBER_PERMISSIONS, Chat, Json
from sandbox.world import World


@method("getChat")
def get_chat(call: Call) -> Json:
    """ChatFullInfo, with all that chats of the sandbox have."""
    world = call.world
    chat = call.chat()
    body = wire.chat_json(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    username = world.user(chat.id).username if chat.is_private else chat.username
    if username:
        body["active_usernames"] = [username]
    if chat.description:
        body["description"] = chat.description
    if not chat.is_private:
        body |= _group_info(world, chat)
    if chat.pinned and chat.pinned[-1] in chat.messages:
        body["pinned_message"] = wire.message_json(world, chat.messages[chat.pinned[-1]], with_reply=False)
    return body


def _group_info(world: World, chat: Chat) -> Json:
    body: Json = {"permissions": {name: name in chat.permissions for name in MEMBER_PERMISSIONS}}
    if chat.type == "channel":
        del body["permissions"]
    if chat.join_by_request:
        body["join_by_request"] = True
    if chat.linked_chat_id:
        body["linked_chat_id"] = chat.linked_chat_id
    if world.bot_may(chat, "can_invite_users"):
        body["invite_link"] = joining.primary_link(world, chat, world.bot_id).url
    return body


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    membership.leave(call.world, chat, call.world.bot)
    return True
