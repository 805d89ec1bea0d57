"""What people do about chats and each other: coming and going, rights, links, requests, pins and topics."""

from __future__ import annotations

from sandbox import joining, membership, posting, rights, topics
from sandbox.acting.registry import action, present
from sandbox.errors import ActionError
from sandbox.model import ADMIN_RIGHTS, CHANNEL_RIGHTS, MEMBER_PERMISSIONS, Chat, Json, Member, Topic
from sandbox.world import World


@action
def join(world: World, chat_id: int, user_id: int, link: str = "", added_by: int = 0) -> Json:
    """Come into a group: by an invite link, added by a member, or by oneself; some links only ask."""
    chat = world.chat(chat_id)
    if added_by:
        rights.require(world, chat, added_by, "can_invite_users", "add people")
    inside = joining.enter(world, chat, world.user(user_id), link, added_by)
    return {} if inside else {"requested": True}


@action
def answer_join_request(world: World, chat_id: int, user_id: int, target_id: int, approved: bool = True) -> None:
    """Let somebody in who asked, or not."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_invite_users", "answer requests")
    joining.answer(world, chat, user_id, world.user(target_id), approved=approved)


@action
def create_link(
    world: World,
    chat_id: int,
    user_id: int,
    name: str = "",
    creates_join_request: bool = False,
    member_limit: int = 0,
    expire_date: int = 0,
) -> Json:
    """Make an invite link, as administrator."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_invite_users", "make links")
    if creates_join_request and member_limit:
        raise ActionError("a link whose guests have to ask has no limit of members")
    link = joining.new_link(
        world,
        chat,
        user_id,
        name=name[:32],
        creates_join_request=creates_join_request,
        member_limit=member_limit,
        expire_date=expire_date,
    )
    return {"invite_link": link.url}


@action
def revoke_link(world: World, chat_id: int, user_id: int, link: str) -> None:
    """End an invite link."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_invite_users", "end links")
    if link not in chat.invite_links:
        raise ActionError("no such invite link")
    joining.revoke(world, chat, chat.invite_links[link])


@action
def leave(world: World, chat_id: int, user_id: int) -> None:
    """Leave a group."""
    membership.leave(world, world.chat(chat_id), world.user(user_id))


@action
def remove(world: World, chat_id: int, user_id: int, target_id: int, banned: bool = True, until_date: int = 0) -> None:
    """Remove somebody (the bot too) from a group, as its administrator."""
    chat = _over(world, chat_id, user_id, target_id, "can_restrict_members", "remove people")
    until_date = membership.until(world, until_date)
    membership.leave(world, chat, world.user(target_id), actor_id=user_id, banned=banned, until_date=until_date)


@action
def unban(world: World, chat_id: int, user_id: int, target_id: int) -> None:
    """Let somebody come back who was removed."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_restrict_members", "let people back")
    if chat.status_of(target_id) != "kicked":
        raise ActionError(f"{world.user(target_id).full_name} is not banned")
    membership.unban(world, chat, world.user(target_id), user_id)


@action
def restrict(
    world: World, chat_id: int, user_id: int, target_id: int, permissions: list[str] | None = None, until_date: int = 0
) -> None:
    """Leave somebody only these permissions; all of them, or none named, lift it."""
    chat = _over(world, chat_id, user_id, target_id, "can_restrict_members", "restrict people")
    if chat.type != "supergroup":
        raise ActionError("only a supergroup restricts single members")
    kept = frozenset(MEMBER_PERMISSIONS if permissions is None else permissions)
    if unknown := kept - set(MEMBER_PERMISSIONS):
        raise ActionError(f"no such permissions: {', '.join(sorted(unknown))}")
    membership.restrict(world, chat, world.user(target_id), user_id, kept, membership.until(world, until_date))


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
    chat = _over(world, chat_id, user_id, target_id, "can_promote_members", "promote people")
    known = frozenset(ADMIN_RIGHTS) | (frozenset(CHANNEL_RIGHTS) if chat.type == "channel" else frozenset())
    usual = membership.USUAL_RIGHTS | (known & frozenset(CHANNEL_RIGHTS))
    given = usual if rights is None else frozenset(rights) & known
    membership.promote(
        world, chat, world.user(target_id), user_id, given, is_anonymous=is_anonymous, custom_title=custom_title
    )


@action
def demote(world: World, chat_id: int, user_id: int, target_id: int) -> None:
    """Make an administrator a plain member."""
    chat = _over(world, chat_id, user_id, target_id, "can_promote_members", "take rights back")
    membership.demote(world, chat, world.user(target_id), user_id)


@action
def pin(world: World, chat_id: int, user_id: int, message_id: int) -> None:
    """Pin a message (in private, either side may)."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_pin_messages", "pin")
    posting.pin(world, world.message(chat_id, message_id), user_id)


@action
def unpin(world: World, chat_id: int, user_id: int, message_id: int | None = None) -> None:
    """Unpin a message, or the latest."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_pin_messages", "unpin")
    if not chat.pinned or (message_id is not None and message_id not in chat.pinned):
        raise ActionError("there is no such pinned message")
    posting.unpin(world, chat, message_id)


@action
def open_topic(world: World, chat_id: int, user_id: int, name: str) -> Json:
    """Open a topic in a forum."""
    chat = world.chat(chat_id)
    rights.require(world, chat, user_id, "can_manage_topics", "open topics")
    return {"thread_id": topics.open_topic(world, chat, user_id, name).id}


@action
def edit_topic(world: World, chat_id: int, user_id: int, thread_id: int, name: str) -> None:
    """Rename a topic."""
    topics.edit_topic(world, *_topic(world, chat_id, user_id, thread_id), name=name)


@action
def close_topic(world: World, chat_id: int, user_id: int, thread_id: int, closed: bool = True) -> None:
    """Close a topic, or with `closed` false open it again."""
    topics.close_topic(world, *_topic(world, chat_id, user_id, thread_id), closed=closed)


@action
def hide_general(world: World, chat_id: int, user_id: int, hidden: bool = True) -> None:
    """Hide a forum's General topic, or show it again."""
    chat, actor_id, _ = _topic(world, chat_id, user_id, 1)
    topics.hide_general(world, chat, actor_id, hidden=hidden)


@action
def delete_topic(world: World, chat_id: int, user_id: int, thread_id: int) -> None:
    """Delete a topic with its messages."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_delete_messages", "delete topics")
    topic = topics.find(chat, thread_id)
    if topic is chat.general:
        raise ActionError("General cannot be deleted")
    topics.delete_topic(world, chat, topic)


@action
def link_channel(world: World, chat_id: int, user_id: int, channel_id: int) -> None:
    """Make a supergroup a channel's discussion group; 0 ends it."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, "can_change_info", "link a channel")
    if chat.type != "supergroup":
        raise ActionError("only a supergroup can be a channel's discussion group")
    if chat.linked_chat_id:
        world.chat(chat.linked_chat_id).linked_chat_id = None
    chat.linked_chat_id = channel_id or None
    if channel_id:
        channel = world.chat(channel_id)
        _require_admin(world, channel, user_id, "can_change_info", "link its group")
        channel.linked_chat_id = chat.id
    world.broadcast.publish({"type": "reload"})


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
def speak(world: World, user_id: int, language_code: str) -> None:
    """Somebody's app speaks another language from now on."""
    world.user(user_id).language_code = language_code


@action
def add_group(
    world: World,
    user_id: int,
    title: str,
    kind: str = "group",
    is_forum: bool = False,
    join_by_request: bool = False,
    signs_posts: bool = False,
) -> Json:
    """A new group, supergroup or channel with its creator and nobody else."""
    if kind not in ("group", "supergroup", "channel"):
        raise ActionError("a group is a group, a supergroup or a channel")
    base = 4_000_000_000 if kind == "group" else 1_002_000_000_000
    chat = world.add_chat(-(base + world.rng.randrange(10**9)), kind, title, is_forum=is_forum)
    chat.join_by_request, chat.signs_posts = join_by_request, signs_posts
    chat.members[user_id] = Member(world.user(user_id).id, "creator")
    world.broadcast.publish({"type": "reload"})
    return {"chat_id": chat.id}


def _require_admin(world: World, chat: Chat, user_id: int, right: str, doing: str) -> None:
    """Refuse who is no administrator, or one without this right."""
    if chat.is_private:
        return
    present(world, chat, user_id)
    if not rights.is_admin(chat, user_id):
        raise ActionError(f"{world.user(user_id).full_name} is not an administrator")
    member = chat.members[user_id]
    if member.status != "creator" and right not in member.rights:
        raise ActionError(f"{world.user(user_id).full_name} may not {doing} here")


def _over(world: World, chat_id: int, user_id: int, target_id: int, right: str, doing: str) -> Chat:
    """The chat, when a person has this right over the other there: creators and other people's admins are safe."""
    chat = world.chat(chat_id)
    _require_admin(world, chat, user_id, right, doing)
    target, name = membership.standing(chat, target_id), world.user(target_id).full_name
    if target.status == "creator":
        raise ActionError(f"{name} is the group's creator")
    mine = chat.status_of(user_id) == "creator" or target.promoted_by == user_id
    if target.status == "administrator" and not mine:
        raise ActionError(f"{name} is an administrator whom somebody else appointed")
    return chat


def _topic(world: World, chat_id: int, user_id: int, thread_id: int) -> tuple[Chat, int, Topic]:
    """A topic that this person may change: with the right to manage topics, or their own."""
    chat = world.chat(chat_id)
    topic = topics.find(chat, thread_id)
    if topic.creator_id != user_id:
        _require_admin(world, chat, user_id, "can_manage_topics", "change topics")
    return chat, user_id, topic
