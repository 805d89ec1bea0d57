"""Methods about who is in a chat and what they may do."""

from __future__ import annotations

import unicodedata

from sandbox import membership, wire
from sandbox.api.call import Call, method
from sandbox.errors import ApiError, bad_request
from sandbox.model import ADMIN_RIGHTS, CHANNEL_RIGHTS, MEMBER_PERMISSIONS, Chat, Json, Member, User

LIST_HIDDEN = "member list is inaccessible"
SUPERGROUPS_ONLY = "method is available only for supergroups"
TITLE_LIMIT = 16
MEDIA_PERMISSIONS = MEMBER_PERMISSIONS[1:7]


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    user = _target(call, chat)
    if not call.world.bot_is_admin(chat) and chat.type == "channel":
        raise bad_request(LIST_HIDDEN)
    return wire.member_json(call.world, chat, membership.standing(chat, user.id))


def _target(call: Call, chat: Chat) -> User:
    """The person that `user_id` names, whom Telegram has to know."""
    user_id = call.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    user = call.world.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if chat.type in ("supergroup", "channel") else "user not found")
    return user


@method("getChatMemberCount", "getChatMembersCount")
def get_chat_member_count(call: Call) -> int:
    chat = call.chat()
    return sum(chat.has(user_id) for user_id in chat.members)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """Other bots are left out."""
    chat, world = call.chat(), call.world
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    if chat.type == "channel" and not world.bot_is_admin(chat):
        raise bad_request(LIST_HIDDEN)
    return [
        wire.member_json(world, chat, member)
        for member in chat.members.values()
        if member.status in ("creator", "administrator")
        and (member.user_id == world.bot_id or not world.user(member.user_id).is_bot)
    ]


def _require_power(call: Call, chat: Chat, user: User) -> Member:
    """The standing of somebody whom the bot may remove or restrict."""
    world = call.world
    member = membership.standing(chat, user.id)
    if user.id == world.bot_id:
        raise bad_request("can't restrict self")
    if chat.type == "group":
        if not world.bot_is_admin(chat):
            raise bad_request("CHAT_ADMIN_REQUIRED")
        if not chat.has(user.id):
            raise bad_request("USER_NOT_PARTICIPANT")
        if member.status in ("creator", "administrator"):
            raise bad_request("CHAT_ADMIN_REQUIRED")
        return member
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if not world.bot_may(chat, "can_restrict_members"):
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    if member.status == "administrator" and member.promoted_by != world.bot_id:
        raise bad_request("user is an administrator of the chat")
    return member


@method("banChatMember", "kickChatMember")
def ban_chat_member(call: Call) -> bool:
    """In a basic group, which has no bans, somebody is only removed."""
    world, chat = call.world, call.chat()
    if chat.is_private:
        raise bad_request("can't ban members in private chats")
    user = _target(call, chat)
    _require_power(call, chat, user)
    until_date = membership.until(world, call.integer("until_date"))
    if chat.type == "group":
        membership.leave(world, chat, user, actor_id=world.bot_id, banned=False)
    else:
        membership.ban(world, chat, user, world.bot_id, until_date)
    if call.flag("revoke_messages"):
        membership.delete_messages_of(world, chat, user.id)
    return True


@method("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """Who is in the chat is removed, unless `only_if_banned`."""
    world, chat = call.world, call.chat()
    if chat.type not in ("supergroup", "channel"):
        raise bad_request("method is available for supergroup and channel chats only")
    user = _target(call, chat)
    banned = membership.standing(chat, user.id).status == "kicked"
    if not banned and (call.flag("only_if_banned") or not chat.has(user.id)):
        return True
    _require_power(call, chat, user)
    membership.unban(world, chat, user, world.bot_id)
    return True


def read_permissions(call: Call) -> frozenset[str]:
    """`permissions`, with what some imply unless `use_independent_chat_permissions`.

    Raises:
        ApiError: 400, none given.
    """
    given = call.value("permissions")
    if not isinstance(given, dict):
        raise bad_request("can't parse permissions JSON object")
    kept = {name for name in MEMBER_PERMISSIONS if given.get(name)}
    if given.get("can_send_media_messages"):  # as it was before Bot API 6.5
        kept |= {"can_send_messages", *MEDIA_PERMISSIONS}
    if not call.flag("use_independent_chat_permissions"):
        if kept & {"can_send_other_messages", "can_add_web_page_previews"}:
            kept |= {"can_send_messages", *MEDIA_PERMISSIONS}
        if kept & {"can_send_polls", *MEDIA_PERMISSIONS}:
            kept.add("can_send_messages")
    followed = {"can_manage_topics": "can_pin_messages", "can_edit_tag": "can_pin_messages"}
    followed["can_react_to_messages"] = "can_send_messages"
    return frozenset(kept | {name for name, other in followed.items() if name not in given and other in kept})


@method("restrictChatMember")
def restrict_chat_member(call: Call) -> bool:
    world, chat = call.world, call.chat()
    if chat.type != "supergroup":
        raise bad_request(SUPERGROUPS_ONLY)
    user = _target(call, chat)
    permissions = read_permissions(call)
    _require_power(call, chat, user)
    until_date = membership.until(world, call.integer("until_date"))
    membership.restrict(world, chat, user, world.bot_id, permissions, until_date)
    return True


@method("setChatPermissions")
def set_chat_permissions(call: Call) -> bool:
    chat = call.chat()
    if chat.type in ("private", "channel"):
        raise bad_request(f"can't change {chat.type} chat permissions")
    permissions = read_permissions(call)
    if not call.world.bot_may(chat, "can_restrict_members"):
        raise bad_request("not enough rights to change chat permissions")
    chat.permissions = permissions
    call.world.broadcast.publish({"type": "members", "chat_id": chat.id})
    return True


@method("promoteChatMember")
def promote_chat_member(call: Call) -> bool:
    """Without any right it demotes."""
    world, chat = call.world, call.chat()
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    user = _target(call, chat)
    named = ADMIN_RIGHTS + (CHANNEL_RIGHTS if chat.type == "channel" else ())
    rights = frozenset(name for name in named if call.flag(name))
    _require_promoting(call, chat, user, rights)
    if rights or call.flag("is_anonymous"):
        old = membership.standing(chat, user.id)
        title = old.custom_title if old.status == "administrator" else ""
        membership.promote(
            world, chat, user, world.bot_id, rights, is_anonymous=call.flag("is_anonymous"), custom_title=title
        )
    elif chat.status_of(user.id) == "administrator":
        membership.demote(world, chat, user, world.bot_id)
    return True


def _require_promoting(call: Call, chat: Chat, user: User, rights: frozenset[str]) -> None:
    world, member = call.world, membership.standing(chat, user.id)
    if chat.type == "group":
        raise bad_request("need owner rights in the group chat")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if user.id == world.bot_id:
        raise bad_request("can't promote self")
    if not world.bot_may(chat, "can_promote_members"):
        raise bad_request("not enough rights")
    if not chat.has(user.id):
        raise bad_request("USER_KICKED" if member.status == "kicked" else "USER_NOT_MUTUAL_CONTACT")
    if member.status == "administrator" and member.promoted_by != world.bot_id:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if not rights <= chat.members[world.bot_id].rights:
        raise bad_request("RIGHT_FORBIDDEN")


@method("setChatAdministratorCustomTitle")
def set_chat_administrator_custom_title(call: Call) -> bool:
    world, chat = call.world, call.chat()
    if chat.type != "supergroup":
        raise bad_request(SUPERGROUPS_ONLY)
    member = membership.standing(chat, _target(call, chat).id)
    title = call.text("custom_title")
    refusal = _title_refusal(call, member, title)
    if refusal:
        raise refusal
    membership.set_title(world, chat, world.bot_id, member, title)
    return True


def _title_refusal(call: Call, member: Member, title: str) -> ApiError | None:
    if member.status == "creator":
        return bad_request("only creator can edit their custom title")
    if member.status != "administrator":
        return bad_request("user is not an administrator")
    if member.promoted_by != call.world.bot_id:
        return bad_request("not enough rights to change custom title of the user")
    if any(unicodedata.category(c) == "So" for c in title):
        return bad_request("ADMIN_RANK_EMOJI_NOT_ALLOWED")
    return bad_request("ADMIN_RANK_INVALID") if len(title) > TITLE_LIMIT else None
