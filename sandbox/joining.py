"""How people come in: invite links, and requests that an administrator answers."""

from __future__ import annotations

from sandbox import wire
from sandbox.errors import ActionError
from sandbox.membership import join
from sandbox.model import Chat, InviteLink, JoinRequest, Json, User
from sandbox.world import World

LINK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def new_link(
    world: World,
    chat: Chat,
    creator_id: int,
    *,
    name: str = "",
    expire_date: int = 0,
    member_limit: int = 0,
    creates_join_request: bool = False,
    is_primary: bool = False,
) -> InviteLink:
    """A fresh invite link of the chat; `expire_date` in epoch seconds, 0 for never."""
    code = "+" + "".join(world.rng.choice(LINK_LETTERS) for _ in range(16))
    link = InviteLink(
        f"https://t.me/{code}",
        creator_id,
        name=name,
        expire_date=expire_date,
        member_limit=member_limit,
        creates_join_request=creates_join_request,
        is_primary=is_primary,
    )
    chat.invite_links[link.url] = link
    tell_page(world, chat)
    return link


def primary_link(world: World, chat: Chat, creator_id: int, *, renew: bool = False) -> InviteLink:
    """The chat's lasting link of this administrator; `renew` revokes the one before."""
    for link in chat.invite_links.values():
        if link.is_primary and link.creator_id == creator_id and not link.is_revoked:
            if not renew:
                return link
            link.is_revoked = True
    return new_link(world, chat, creator_id, is_primary=True)


def revoke(world: World, chat: Chat, link: InviteLink) -> None:
    """End a link; in place of a primary one there is a new one at once."""
    link.is_revoked = True
    if link.is_primary:
        new_link(world, chat, link.creator_id, is_primary=True)
    tell_page(world, chat)


def enter(world: World, chat: Chat, user: User, url: str = "", added_by: int = 0) -> bool:
    """Somebody comes in, or asks to; True when they are in.

    Raises:
        ActionError: already in, banned, asked before, or the link is no longer good.
    """
    link = chat.invite_links.get(url)
    if url and link is None:
        raise ActionError("no such invite link")
    asks = link.creates_join_request if link else chat.join_by_request
    if added_by or not asks:
        join(world, chat, user, link=link, actor_id=added_by)
        chat.join_requests.pop(user.id, None)
        return True
    if chat.has(user.id):
        raise ActionError(f"{user.full_name} is in the group already")
    if chat.status_of(user.id) == "kicked":
        raise ActionError(f"{user.full_name} was removed and may not come back alone")
    if link and (link.is_revoked or 0 < link.expire_date <= world.now()):
        raise ActionError("the invite link has expired")
    if user.id in chat.join_requests:
        raise ActionError(f"{user.full_name} has asked already")
    ask(world, chat, user, url)
    return False


def ask(world: World, chat: Chat, user: User, url: str, bio: str = "") -> None:
    """A request to come in waits for its answer; the bot is told if it may invite."""
    request = chat.join_requests[user.id] = JoinRequest(user.id, world.now(), url, bio)
    tell_page(world, chat)
    if not world.bot_may(chat, "can_invite_users"):
        return
    body: Json = {
        "chat": wire.chat_json(world, chat),
        "from": wire.user_json(user, as_sender=True),
        "user_chat_id": user.id,
        "date": request.date,
    }
    if bio:
        body["bio"] = bio
    if url:
        body["invite_link"] = wire.invite_link_json(world, chat.invite_links[url], told=True)
    world.updates.push("chat_join_request", body)


def answer(world: World, chat: Chat, actor_id: int, user: User, *, approved: bool) -> None:
    """Let somebody in who asked, or not.

    Raises:
        ActionError: they did not ask, or are in.
    """
    request = chat.join_requests.pop(user.id, None)
    if request is None:
        raise ActionError(f"{user.full_name} has not asked to join")
    tell_page(world, chat)
    if approved:
        link = chat.invite_links.get(request.link)
        join(world, chat, user, link=link, approved_by=actor_id)


def waiting_by(chat: Chat, link: InviteLink) -> int:
    """How many requests made with a link wait."""
    return sum(request.link == link.url for request in chat.join_requests.values())


def may_write_to(world: World, user_id: int) -> bool:
    """Whether the bot may write to somebody who never wrote to it: for five minutes after they asked to join."""
    return any(
        world.now() - chat.join_requests[user_id].date < 300 and world.bot_may(chat, "can_invite_users")
        for chat in world.chats.values()
        if user_id in chat.join_requests
    )


def tell_page(world: World, chat: Chat) -> None:
    """The page shows links and requests anew."""
    world.broadcast.publish({"type": "joining", "chat_id": chat.id})
