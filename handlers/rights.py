"""What the bot may see and do in a group."""

from __future__ import annotations

from telegram import ChatMember, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden

from handlers.context import Context
from handlers.delivery import persist
from rendering.start import Rights

# What the add-to-group button asks for: any admin sees reactions; later drops are pinned and cleaned up.
ADMIN_RIGHTS = "pin_messages+delete_messages+invite_users"


async def check_rights(context: Context, chat_id: int) -> Rights:
    """The bot's rights in a group, as Telegram has them now."""
    try:
        member = await persist(lambda: context.bot.get_chat_member(chat_id, context.bot.id))
    except (BadRequest, Forbidden):
        return Rights(inside=False)
    admin = member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
    inside = admin or member.status == ChatMember.MEMBER or getattr(member, "is_member", False)
    reads_all = admin or bool(context.bot.can_read_all_group_messages)
    if isinstance(member, ChatMemberAdministrator):
        return Rights(
            inside,
            reads_all=reads_all,
            admin=admin,
            pins=bool(member.can_pin_messages),
            deletes=member.can_delete_messages,
            invites=member.can_invite_users,
        )
    writes = bool(getattr(member, "can_send_messages", True))
    return Rights(inside, writes, reads_all, admin)
