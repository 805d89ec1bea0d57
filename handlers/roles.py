"""Who is a manager of a group: its creator, admins who may change its info, anonymous admins, MANAGER_IDS."""

from __future__ import annotations

from datetime import timedelta

from telegram import ChatMember, ChatMemberAdministrator, Update
from telegram.error import BadRequest, Forbidden

from handlers.context import Context
from handlers.delivery import persist

# Rights change rarely and /stats is pressed often.
REMEMBERED = timedelta(seconds=60)


async def is_manager(update: Update, context: Context) -> bool:
    """Whether whoever sent this update manages the group it came from."""
    message, chat, user = update.effective_message, update.effective_chat, update.effective_user
    if chat is None:
        return False
    sent = update.callback_query is None and message is not None
    if sent and message is not None and message.sender_chat is not None:
        return message.sender_chat.id == chat.id  # an anonymous admin speaks as the group itself
    return user is not None and await manages(context, chat.id, user.id)


async def manages(context: Context, chat_id: int, user_id: int) -> bool:
    """Whether someone manages a group, as Telegram (or MANAGER_IDS) has it."""
    if user_id in context.house.manager_ids:
        return True
    now = context.clock.now()
    known = context.house.roles.get((chat_id, user_id))
    if known is not None and now - known[0] < REMEMBERED:
        return known[1]
    try:
        member = await persist(lambda: context.bot.get_chat_member(chat_id, user_id))
    except Forbidden:  # we are out of that group: its queue is still theirs who managed it
        return known is not None and known[1]
    except BadRequest:
        return False  # no such member
    found = member.status == ChatMember.OWNER or (
        isinstance(member, ChatMemberAdministrator) and member.can_change_info
    )
    if len(context.house.roles) > 10_000:
        context.house.roles.clear()
    context.house.roles[chat_id, user_id] = (now, found)
    return found
