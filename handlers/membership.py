"""The bot itself comes, goes, is promoted or demoted: noticed, and said once, in the group's language."""

from __future__ import annotations

import logging

from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import ChatMemberHandler

from handlers.context import App, Context
from handlers.delivery import persist
from handlers.rights import check_rights
from rendering import start as words
from rendering.catalog import Catalog, language_of
from storage.communities import find_community, set_settings

ADMINS = (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
log = logging.getLogger(__name__)


async def standing_changed(update: Update, context: Context) -> None:
    """Say what can be seen now; a group's first language is that of whoever added the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
        return
    catalog = await _group_catalog(change, context)
    was, is_ = change.old_chat_member, change.new_chat_member
    text = None
    if not _inside(was) and _inside(is_):
        text = words.render_added(await check_rights(context, change.chat.id), catalog)
    elif _inside(was) and was.status not in ADMINS and is_.status in ADMINS:
        text = words.render_promoted(catalog)
    elif was.status in ADMINS and _inside(is_) and is_.status not in ADMINS:
        text = words.render_demoted(catalog)
    if text is not None:
        await _say(context, change.chat.id, text)


async def _group_catalog(change: ChatMemberUpdated, context: Context) -> Catalog:
    community = await context.store.read(lambda session: find_community(session, change.chat.id))
    if community is None or community.language is not None:
        return context.catalog(community.language if community else None)
    language = language_of(change.from_user.language_code)
    if language is not None:
        await context.store.write(lambda session: set_settings(session, community.id, language=language))
    return context.catalog(language)


def _inside(member: ChatMember) -> bool:
    outside = (ChatMember.LEFT, ChatMember.BANNED)
    return member.status not in outside and bool(getattr(member, "is_member", True))


async def _say(context: Context, chat_id: int, text: str) -> None:
    try:
        await persist(lambda: context.bot.send_message(chat_id, text, parse_mode="HTML"))
    except (BadRequest, Forbidden) as error:
        log.info("could not say hello in a group: %s", error)  # no right to write there, or gone again


def setup(app: App) -> None:
    """Notice how the bot stands."""
    app.add_handler(ChatMemberHandler(standing_changed, ChatMemberHandler.MY_CHAT_MEMBER))
