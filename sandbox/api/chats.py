"""Methods about chats and who is in them, and their invite links."""

from __future__ import annotations

from sandbox import membership, wire
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import MEMBER_PERMISSIONS, PRESENT, Chat, Json

LIST_HIDDEN = "member list is inaccessible"


@method("getChat")
def get_chat(call: Call) -> Json:
    """ChatFullInfo."""
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
    if chat.description:
        body["description"] = chat.description
    if not chat.is_private:
        body["permissions"] = {name: name in chat.permissions for name in MEMBER_PERMISSIONS}
        if world.bot_may(chat, "can_invite_users"):
            body["invite_link"] = membership.primary_link(world, chat, world.bot_id).url
    if chat.pinned and chat.pinned[-1] in chat.messages:
        body["pinned_message"] = wire.message_json(world, chat.messages[chat.pinned[-1]], with_reply=False)
    return body


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    user = call.world.users.get(call.integer("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified" if not call.integer("user_id") else "user not found")
    if not call.world.bot_is_admin(chat) and chat.type == "channel":
        raise bad_request(LIST_HIDDEN)
    return wire.member_json(call.world, chat, membership.standing(chat, user.id))


@method("getChatMemberCount", "getChatMembersCount")
def get_chat_member_count(call: Call) -> int:
    chat = call.chat()
    return sum(member.status in PRESENT for member in chat.members.values())


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    chat = call.chat()
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [
        wire.member_json(call.world, chat, member)
        for member in chat.members.values()
        if member.status in ("creator", "administrator")
    ]


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    membership.leave(call.world, chat, call.world.bot)
    return True


def _inviting_chat(call: Call) -> Chat:
    chat = call.chat()
    if not call.world.bot_may(chat, "can_invite_users"):
        raise bad_request("not enough rights to manage chat invite link")
    return chat


@method("createChatInviteLink")
def create_chat_invite_link(call: Call) -> Json:
    chat = _inviting_chat(call)
    if call.flag("creates_join_request") and call.integer("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    link = membership.new_link(
        call.world,
        chat,
        call.world.bot_id,
        name=call.text("name")[:32],
        expire_date=call.integer("expire_date"),
        member_limit=call.integer("member_limit"),
        creates_join_request=call.flag("creates_join_request"),
    )
    return wire.invite_link_json(call.world, link)


@method("exportChatInviteLink")
def export_chat_invite_link(call: Call) -> str:
    chat = _inviting_chat(call)
    return membership.primary_link(call.world, chat, call.world.bot_id, renew=True).url


@method("revokeChatInviteLink")
def revoke_chat_invite_link(call: Call) -> Json:
    chat = _inviting_chat(call)
    link = chat.invite_links.get(call.text("invite_link"))
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.is_revoked = True
    return wire.invite_link_json(call.world, link)
