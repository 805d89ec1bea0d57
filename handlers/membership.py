"""The bot itself comes, goes, is promoted or demoted: noticed, and said once, in the group's language."""

from __future__ import annotations

import logging
from datetime import timedelta

from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import ChatMemberHandler

from handlers.context import App, Context
from handlers.daily import count_group
from handlers.delivery import persist
from handlers.rights import check_rights
from rendering import start as words
from rendering.catalog import Catalog, language_of
from storage.communities import find_community, set_settings
from storage.people import find_person

# Added by its button, the bot becomes a member and an admin within a second: one greeting, not two.
RECENT = timedelta(minutes=5)
ADMINS = (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
log = logging.getLogger(__name__)


async def standing_changed(update: Update, context: Context) -> None:
    """Say what can be seen now; a group's first language is that of whoever added the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
        return
    catalog = await _group_catalog(change, context)
    was, is_ = change.old_chat_member, change.new_chat_member
    if not is_inside(is_) or (is_inside(was) and (was.status in ADMINS) == (is_.status in ADMINS)):
        return
    community = await context.store.read(lambda session: find_community(session, change.chat.id))
    if community is not None and not is_inside(was):
        await count_group(context, community, anew=True)  # while it was away, members came and went unseen
    rights = await check_rights(context, change.chat.id)
    if is_.status in ADMINS:
        await _tell_privately(change, context, rights)
    greeted = context.house.greetings.get(change.chat.id)
    if is_inside(was) and (greeted is None or context.clock.now() - greeted[0] >= RECENT):
        text = words.render_promoted(catalog) if is_.status in ADMINS else words.render_demoted(catalog)
    else:
        text = words.render_added(rights, catalog)
    await _say(context, change.chat.id, text)


async def _tell_privately(change: ChatMemberUpdated, context: Context, rights: words.Rights) -> None:
    """A tick for each right, for whoever gave them, where they opened the private chat."""
    user = change.from_user
    person = await context.store.read(lambda session: find_person(session, user.id))
    if person is None:
        return
    catalog = context.catalog(person.language or language_of(user.language_code))
    text = words.render_rights(change.chat.title or "", rights, catalog)
    try:
        await persist(lambda: context.bot.send_message(user.id, text, parse_mode=ParseMode.HTML))
    except (BadRequest, Forbidden) as error:
        log.info("rights could not be told in private: %s", error)  # blocked meanwhile


async def _group_catalog(change: ChatMemberUpdated, context: Context) -> Catalog:
    community = await context.store.read(lambda session: find_community(session, change.chat.id))
    if community is None or community.language is not None:
        return context.catalog(community.language if community else None)
    language = language_of(change.from_user.language_code)
    if language is not None:
        await context.store.write(lambda session: set_settings(session, community.id, language=language))
    return context.catalog(language)


def is_inside(member: ChatMember) -> bool:
    """Whether a chat member is in the chat."""
    outside = (ChatMember.LEFT, ChatMember.BANNED)
    return member.status not in outside and bool(getattr(member, "is_member", True))


async def _say(context: Context, chat_id: int, text: str) -> None:
    """Say it in the group; a greeting of a moment ago is changed rather than followed by another message."""
    now = context.clock.now()
    greeted = context.house.greetings.pop(chat_id, None)
    try:
        if greeted is not None and now - greeted[0] < RECENT:
            message_id = greeted[1]
            await persist(lambda: context.bot.edit_message_text(text, chat_id, message_id, parse_mode=ParseMode.HTML))
        else:
            sent = await persist(lambda: context.bot.send_message(chat_id, text, parse_mode=ParseMode.HTML))
            message_id = sent.message_id
        context.house.greetings[chat_id] = (now, message_id)
    except (BadRequest, Forbidden) as error:
        log.info("could not say hello in a group: %s", error)  # no right to write there, or gone again


def setup(app: App) -> None:
    """Notice how the bot stands."""
    app.add_handler(ChatMemberHandler(standing_changed, ChatMemberHandler.MY_CHAT_MEMBER))
