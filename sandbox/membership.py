"""Coming and going: joins, leaves, removals, restrictions, rights, and groups that become supergroups."""

from __future__ import annotations

import copy
from dataclasses import replace

from sandbox import wire
from sandbox.errors import ActionError
from sandbox.model import ADMIN_RIGHTS, MEMBER_PERMISSIONS, Chat, InviteLink, Json, Member, User
from sandbox.notices import announce_member
from sandbox.posting import delete, post
from sandbox.world import World

# What a bot is given when a person makes it administrator with the usual ticks.
USUAL_RIGHTS = frozenset(ADMIN_RIGHTS) - {"can_promote_members"}
SHORTEST_BAN, LONGEST_BAN = 30, 366 * 86_400  # seconds; what is shorter or longer lasts for ever


def standing(chat: Chat, user_id: int) -> Member:
    return chat.members.get(user_id) or Member(user_id, "left")


def change(
    world: World,
    chat: Chat,
    actor_id: int,
    new: Member,
    link: InviteLink | None = None,
    *,
    by_request: bool = False,
) -> None:
    """Set somebody's standing and tell the bot; service messages are the caller's."""
    old = standing(chat, new.user_id)
    if new == old:
        return
    if new.status == "left" and not chat.is_private:
        chat.members.pop(new.user_id, None)
    else:
        if new.user_id == world.bot_id and not chat.has(new.user_id):
            chat.bot_since = next(reversed(chat.messages), 0)
        chat.members[new.user_id] = new
    announce_member(world, chat, actor_id, old, new, link, by_request=by_request)


def lift_expired(world: World, chat: Chat) -> None:
    """End bans and restrictions whose time is over; nobody is told, as at Telegram."""
    now = world.now()
    for member in [m for m in chat.members.values() if 0 < m.until_date <= now]:
        if member.status == "restricted" and member.is_member:
            chat.members[member.user_id] = Member(member.user_id)
        else:
            del chat.members[member.user_id]


def until(world: World, date: int) -> int:
    """The end of a ban or restriction as Telegram reads it, in epoch seconds; 0 for never."""
    return date if SHORTEST_BAN <= date - world.now() <= LONGEST_BAN else 0


def join(
    world: World,
    chat: Chat,
    user: User,
    *,
    link: InviteLink | None = None,
    actor_id: int = 0,
    approved_by: int = 0,
) -> None:
    """A person (or the bot) comes in: by a link, by being added, or by oneself.

    Raises:
        ActionError: already in, banned, or the link is no longer good.
    """
    lift_expired(world, chat)
    old = standing(chat, user.id)
    if chat.has(user.id):
        raise ActionError(f"{user.full_name} is in the group already")
    if old.status == "kicked" and not (actor_id or approved_by):
        raise ActionError(f"{user.full_name} was removed and may not come back alone")
    spent = link and (link.is_revoked or 0 < link.expire_date <= world.now() or 0 < link.member_limit <= link.joined)
    if spent and not approved_by:
        raise ActionError("the invite link has expired")
    if link:
        link.joined += 1
    actor_id = actor_id or user.id
    new = replace(old, is_member=True) if old.status == "restricted" else Member(user.id)
    change(world, chat, approved_by or actor_id, new, link, by_request=bool(approved_by))
    if chat.type == "channel":
        return
    body: Json = {"new_chat_members": [wire.user_json(user)]}
    body |= {"new_chat_member": body["new_chat_members"][0], "new_chat_participant": body["new_chat_members"][0]}
    post(world, chat, actor_id, body)


def leave(world: World, chat: Chat, user: User, *, actor_id: int = 0, banned: bool = True, until_date: int = 0) -> None:
    """A person leaves, or is removed by `actor_id` (and banned, as by Telegram's own clients).

    Raises:
        ActionError: not in the group.
    """
    if not chat.has(user.id):
        raise ActionError(f"{user.full_name} is not in the group")
    removed = actor_id not in (0, user.id)
    body: Json = {"left_chat_member": wire.user_json(user), "left_chat_participant": wire.user_json(user)}
    old = standing(chat, user.id)
    if old.status == "restricted" and not removed:
        new = replace(old, is_member=False)  # the restriction waits for them
    else:
        new = Member(user.id, "kicked" if removed and banned else "left", until_date=until_date)
    if chat.type == "channel":
        change(world, chat, actor_id or user.id, new)
        return
    if user.id == world.bot_id:
        change(world, chat, actor_id or user.id, new)
        post(world, chat, actor_id or user.id, body)
        return
    post(world, chat, actor_id or user.id, body)
    change(world, chat, actor_id or user.id, new)


def ban(world: World, chat: Chat, user: User, actor_id: int, until_date: int = 0) -> None:
    """Remove somebody for some time or for ever, also one who is not in; `until_date` as `until` gives it."""
    if chat.has(user.id):
        leave(world, chat, user, actor_id=actor_id, until_date=until_date)
    else:
        change(world, chat, actor_id, Member(user.id, "kicked", until_date=until_date))


def unban(world: World, chat: Chat, user: User, actor_id: int) -> None:
    """Let somebody come back by themselves; who is in is removed."""
    if chat.has(user.id):
        leave(world, chat, user, actor_id=actor_id, banned=False)
    else:
        change(world, chat, actor_id, Member(user.id, "left"))


def restrict(
    world: World, chat: Chat, user: User, actor_id: int, permissions: frozenset[str], until_date: int = 0
) -> None:
    """Take permissions from somebody, or with all of them given back lift it; who is out stays out."""
    inside = chat.has(user.id)
    if permissions >= frozenset(MEMBER_PERMISSIONS):
        new = Member(user.id, "member" if inside else "left")
    else:
        new = Member(user.id, "restricted", permissions, until_date=until_date, is_member=inside)
    change(world, chat, actor_id, new)


def promote(
    world: World,
    chat: Chat,
    user: User,
    actor_id: int,
    rights: frozenset[str] = USUAL_RIGHTS,
    *,
    is_anonymous: bool = False,
    custom_title: str = "",
) -> None:
    """Make somebody administrator with these rights.

    Raises:
        ActionError: not in the group, or its creator.
    """
    old = standing(chat, user.id)
    if not chat.has(user.id) or old.status == "creator":
        raise ActionError(f"{user.full_name} cannot be promoted")
    change(
        world,
        chat,
        actor_id,
        Member(
            user.id,
            "administrator",
            rights | {"can_manage_chat"},
            is_anonymous=is_anonymous,
            custom_title=custom_title,
            promoted_by=actor_id,
        ),
    )


def demote(world: World, chat: Chat, user: User, actor_id: int) -> None:
    """Make an administrator a plain member again.

    Raises:
        ActionError: no administrator.
    """
    if chat.status_of(user.id) != "administrator":
        raise ActionError(f"{user.full_name} is not an administrator")
    change(world, chat, actor_id, Member(user.id))


def set_title(world: World, chat: Chat, actor_id: int, member: Member, title: str) -> None:
    """Give an administrator a title."""
    change(world, chat, actor_id, replace(member, custom_title=title))


def delete_messages_of(world: World, chat: Chat, user_id: int) -> None:
    """Take away all that somebody wrote in a chat."""
    for message in [m for m in chat.messages.values() if m.sender_id == user_id and not m.is_service]:
        delete(world, message)


def block_bot(world: World, user: User, *, blocked: bool) -> None:
    """Block the bot in private, or allow it again; it is told by `my_chat_member`."""
    if user.bot_blocked == blocked:
        return
    chat = world.private_chat(user.id)
    user.bot_blocked = blocked
    change(world, chat, user.id, Member(world.bot_id, "kicked" if blocked else "member"))


def migrate(world: World, chat: Chat, actor_id: int) -> Chat:
    """A basic group becomes a supergroup: new id, message ids from 1, both sides told.

    Raises:
        ActionError: it is none, or was migrated before.
    """
    if chat.type != "group" or chat.migrated_to:
        raise ActionError("only a basic group can become a supergroup")
    new_id = -(1_002_000_000_000 + world.rng.randrange(10**9))
    new = world.add_chat(new_id, "supergroup", chat.title)
    new.members = copy.deepcopy(chat.members)
    new.permissions = chat.permissions
    new.join_requests = copy.deepcopy(chat.join_requests)
    post(world, chat, actor_id, {"migrate_to_chat_id": new_id})
    chat.migrated_to = new_id
    post(world, new, actor_id, {"migrate_from_chat_id": chat.id}, sender_chat_id=new_id)
    if world.group_id == chat.id:
        world.group_id = new_id
    world.broadcast.publish({"type": "reload"})
    return new
