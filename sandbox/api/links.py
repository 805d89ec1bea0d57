"""Methods about invite links, and about the people who ask to join."""

from __future__ import annotations

from sandbox import joining, wire
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Chat, InviteLink, Json
from sandbox.world import World

MOST_MEMBERS = 99_999


def _inviting_chat(call: Call) -> Chat:
    chat = call.chat()
    if chat.is_private:
        raise bad_request("can't invite members to a private chat")
    if not call.world.bot_may(chat, "can_invite_users"):
        raise bad_request("not enough rights to manage chat invite link")
    return chat


def _link_json(world: World, chat: Chat, link: InviteLink) -> Json:
    return wire.invite_link_json(world, link, waiting=joining.waiting_by(chat, link))


def _check_terms(call: Call) -> None:
    limit, expires = call.integer("member_limit"), call.integer("expire_date")
    if call.flag("creates_join_request") and limit:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    if not 0 <= limit <= MOST_MEMBERS:
        raise bad_request("USAGE_LIMIT_INVALID")
    if expires < 0 or 0 < expires <= call.world.now():
        raise bad_request("EXPIRE_DATE_INVALID")


@method("createChatInviteLink")
def create_chat_invite_link(call: Call) -> Json:
    chat = _inviting_chat(call)
    _check_terms(call)
    link = joining.new_link(
        call.world,
        chat,
        call.world.bot_id,
        name=call.text("name")[:32],
        expire_date=call.integer("expire_date"),
        member_limit=call.integer("member_limit"),
        creates_join_request=call.flag("creates_join_request"),
    )
    return _link_json(call.world, chat, link)


def _own_link(call: Call, chat: Chat) -> InviteLink:
    """The link that a call names; bots reach only the links they made."""
    if not call.text("invite_link"):
        raise bad_request("invite link must be non-empty")
    link = chat.invite_links.get(call.text("invite_link"))
    if link is None or link.creator_id != call.world.bot_id:
        raise bad_request("INVITE_HASH_EXPIRED")
    return link


@method("editChatInviteLink")
def edit_chat_invite_link(call: Call) -> Json:
    """What is not given is taken away, as at Telegram."""
    chat = _inviting_chat(call)
    _check_terms(call)
    link = _own_link(call, chat)
    if link.is_primary:
        raise bad_request("CHAT_INVITE_PERMANENT")
    if link.is_revoked:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.name = call.text("name")[:32]
    link.expire_date = call.integer("expire_date")
    link.member_limit = call.integer("member_limit")
    link.creates_join_request = call.flag("creates_join_request")
    joining.tell_page(call.world, chat)
    return _link_json(call.world, chat, link)


@method("exportChatInviteLink")
def export_chat_invite_link(call: Call) -> str:
    chat = _inviting_chat(call)
    return joining.primary_link(call.world, chat, call.world.bot_id, renew=True).url


@method("revokeChatInviteLink")
def revoke_chat_invite_link(call: Call) -> Json:
    chat = _inviting_chat(call)
    link = _own_link(call, chat)
    if not link.is_revoked:
        joining.revoke(call.world, chat, link)
    return _link_json(call.world, chat, link)


@method("approveChatJoinRequest")
def approve_chat_join_request(call: Call) -> bool:
    return _answer(call, approved=True)


@method("declineChatJoinRequest")
def decline_chat_join_request(call: Call) -> bool:
    return _answer(call, approved=False)


def _answer(call: Call, *, approved: bool) -> bool:
    chat = call.chat()
    if chat.is_private:
        raise bad_request("the chat can't have join requests")
    if not call.world.bot_may(chat, "can_invite_users"):
        raise bad_request("not enough rights to manage chat join requests")
    user = call.user()
    if user.id not in chat.join_requests:
        raise bad_request("USER_ALREADY_PARTICIPANT" if chat.has(user.id) else "HIDE_REQUESTER_MISSING")
    joining.answer(call.world, chat, call.world.bot_id, user, approved=approved)
    return True
