"""Coming and going: joins, leaves, removals, rights, invite links, and groups that become supergroups."""

from __future__ import annotations

import copy

from sandbox import wire
from sandbox.errors import ActionError
from sandbox.model import ADMIN_RIGHTS, PRESENT, Chat, InviteLink, Json, Member, User
from sandbox.notices import announce_member
from sandbox.posting import post
from sandbox.world import World

# What a bot is given when a person makes it administrator with the usual ticks.
USUAL_RIGHTS = frozenset(ADMIN_RIGHTS) - {"can_promote_members"}
LINK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def standing(chat: Chat, user_id: int) -> Member:
    return chat.members.get(user_id) or Member(user_id, "left")


def change(
    world: World, chat: Chat, actor_id: int, new: Member, link: InviteLink | None = None, *, tell: bool = True
) -> None:
    """Set somebody's standing and tell the bot; service messages are the caller's."""
    old = standing(chat, new.user_id)
    if new.status == "left" and not chat.is_private:
        chat.members.pop(new.user_id, None)
    else:
        chat.members[new.user_id] = new
    if tell:
        announce_member(world, chat, actor_id, old, new, link)


def join(world: World, chat: Chat, user: User, *, link: InviteLink | None = None, actor_id: int = 0) -> None:
    """A person (or the bot) comes in: by a link, by being added, or by oneself.

    Raises:
        ActionError: already in, banned, or the link is no longer good.
    """
    status = chat.status_of(user.id)
    if status in PRESENT:
        raise ActionError(f"{user.full_name} is in the group already")
    if status == "kicked" and not actor_id:
        raise ActionError(f"{user.full_name} was removed and may not come back alone")
    if link and (link.is_revoked or 0 < link.expire_date <= world.now() or 0 < link.member_limit <= link.joined):
        raise ActionError("the invite link has expired")
    if link:
        link.joined += 1
    actor_id = actor_id or user.id
    change(world, chat, actor_id, Member(user.id), link)
    body: Json = {"new_chat_members": [wire.user_json(user)]}
    body |= {"new_chat_member": body["new_chat_members"][0], "new_chat_participant": body["new_chat_members"][0]}
    post(world, chat, actor_id, body)


def leave(world: World, chat: Chat, user: User, *, actor_id: int = 0, banned: bool = True) -> None:
    """A person leaves, or is removed by `actor_id` (and banned, as by Telegram's own clients).

    Raises:
        ActionError: not in the group.
    """
    if chat.status_of(user.id) not in PRESENT:
        raise ActionError(f"{user.full_name} is not in the group")
    removed = actor_id not in (0, user.id)
    body: Json = {"left_chat_member": wire.user_json(user), "left_chat_participant": wire.user_json(user)}
    new = Member(user.id, "kicked" if removed and banned else "left")
    if user.id == world.bot_id:
        change(world, chat, actor_id or user.id, new)
        post(world, chat, actor_id or user.id, body)
        return
    post(world, chat, actor_id or user.id, body)
    change(world, chat, actor_id or user.id, new)


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
    if old.status not in PRESENT or old.status == "creator":
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


def block_bot(world: World, user: User, *, blocked: bool) -> None:
    """Block the bot in private, or allow it again; it is told by `my_chat_member`."""
    if user.bot_blocked == blocked:
        return
    chat = world.private_chat(user.id)
    user.bot_blocked = blocked
    change(world, chat, user.id, Member(world.bot_id, "kicked" if blocked else "member"))


def new_link(world: World, chat: Chat, creator_id: int, **fields: object) -> InviteLink:
    """A fresh invite link of the chat; `fields` as in InviteLink."""
    code = "+" + "".join(world.rng.choice(LINK_LETTERS) for _ in range(16))
    link = InviteLink(f"https://t.me/{code}", creator_id, **fields)  # type: ignore[arg-type]
    chat.invite_links[link.url] = link
    return link


def primary_link(world: World, chat: Chat, creator_id: int, *, renew: bool = False) -> InviteLink:
    """The chat's lasting link of this administrator; `renew` revokes the one before."""
    for link in chat.invite_links.values():
        if link.is_primary and link.creator_id == creator_id and not link.is_revoked:
            if not renew:
                return link
            link.is_revoked = True
    return new_link(world, chat, creator_id, is_primary=True)


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
    post(world, chat, actor_id, {"migrate_to_chat_id": new_id})
    chat.migrated_to = new_id
    post(world, new, actor_id, {"migrate_from_chat_id": chat.id}, sender_chat_id=new_id)
    if world.group_id == chat.id:
        world.group_id = new_id
    world.broadcast.publish({"type": "reload"})
    return new
