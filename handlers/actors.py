"""Who may work on drops: managers, and people to whom a manager gave a role."""

from __future__ import annotations

from telegram import ChatMember
from telegram.error import BadRequest, Forbidden

from handlers.context import Context
from handlers.delivery import persist
from handlers.places import managed_communities
from handlers.roles import manages
from peakdrop.drops import Actor
from storage.communities import CommunityView, list_communities
from storage.roles import GivenRole, get_role, roles_of


async def find_actor(context: Context, community: CommunityView, user_id: int) -> Actor | None:
    """What someone may do with a community's drops; None: nothing. A given role holds while they are in the group."""
    if await manages(context, community.chat_id, user_id):
        return Actor(user_id, is_manager=True)
    role = await context.store.read(lambda session: get_role(session, community.id, user_id))
    if role is None or not await is_inside(context, community.chat_id, user_id):
        return None
    return Actor(user_id, is_manager=role is GivenRole.MANAGER)


async def is_inside(context: Context, chat_id: int, user_id: int) -> bool:
    """Whether someone is in a group now, as Telegram has it."""
    try:
        member = await persist(lambda: context.bot.get_chat_member(chat_id, user_id))
    except (BadRequest, Forbidden):
        return False
    outside = member.status in (ChatMember.LEFT, ChatMember.BANNED)
    return not outside and bool(getattr(member, "is_member", True))


async def drop_communities(context: Context, user_id: int) -> list[CommunityView]:
    """The communities for which someone may make drops: managed ones first."""
    managed = await managed_communities(context, user_id)
    given, everywhere = await context.store.read(
        lambda session: (roles_of(session, user_id), list_communities(session))
    )
    known = {one.id for one in managed}
    others = [one for one in everywhere if one.id in given and one.id not in known]
    return managed + [one for one in others if await is_inside(context, one.chat_id, user_id)]
