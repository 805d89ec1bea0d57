"""Which community a message is about: the group it was written in, or in private the one a manager chose."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat, Message, Update, User

from handlers.context import Context
from handlers.delivery import Answer, deliver
from handlers.roles import is_manager, manages
from rendering import places as words
from rendering.catalog import Catalog, language_of
from storage.communities import CommunityView, find_community, list_communities
from storage.people import communities_of, find_person, get_person, keep_app_language
from storage.privacy import is_hidden


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs, and to whom it is given."""

    community: CommunityView
    catalog: Catalog
    manager: bool
    private: bool
    timezone: str


def thread_of(message: Message | None) -> int:
    """The topic that a message stands in; 0 in General and where there are none."""
    return (message.message_thread_id or 0) if message is not None and message.is_topic_message else 0


async def catalog_of(update: Update, context: Context) -> Catalog:
    """The words to use here: the group's language, in private the person's; a group of none takes the asker's."""
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and chat.type != Chat.PRIVATE:
        community = await context.store.read(lambda session: find_community(session, chat.id))
        asker = language_of(user.language_code) if user is not None else None
        return context.catalog((community.language if community else None) or asker)
    return context.catalog(None) if user is None else await catalog_for(user, context)


async def catalog_for(user: User, context: Context) -> Catalog:
    """The words for one person: the language they chose, else the one Telegram shows them.

    The latter is kept for what comes to them by itself: only what they send tells it.
    """
    person = await context.store.read(lambda session: find_person(session, user.id))
    shown = language_of(user.language_code)
    if person is not None and shown is not None and shown != person.app_language:
        await context.store.write(lambda session: keep_app_language(session, user.id, shown))
    return context.catalog((person.language if person is not None else None) or shown)


async def find_place(update: Update, context: Context) -> Place | None:
    """The community this is about. Where there is none, or a choice to make, says so and returns None."""
    chat = update.effective_chat
    if chat is None:
        return None
    catalog = await catalog_of(update, context)
    if chat.type == Chat.PRIVATE:
        return await _find_private(update, context, catalog)
    community = await context.store.read(lambda session: find_community(session, chat.id))
    if community is None:
        await deliver(update, Answer(words.render_nothing_yet(catalog)))
        return None
    timezone = community.timezone or context.house.default_timezone
    return Place(community, catalog, await is_manager(update, context), False, timezone)


async def _find_private(update: Update, context: Context, catalog: Catalog) -> Place | None:
    user = update.effective_user
    if user is None:
        return None
    managed = await managed_communities(context, user.id)
    person = await context.store.read(lambda session: get_person(session, user.id))
    chosen = next((one for one in managed if one.id == person.community_id), managed[0] if len(managed) == 1 else None)
    if chosen is not None:
        timezone = chosen.timezone or context.house.default_timezone
        return Place(chosen, catalog, True, True, timezone)
    if managed:
        await deliver(update, choice(managed, catalog))
    else:
        await deliver(update, Answer(words.render_no_group(catalog)))
    return None


async def managed_communities(context: Context, user_id: int) -> list[CommunityView]:
    """The groups that someone manages, as Telegram has it now."""
    known, everywhere, unseen = await context.store.read(
        lambda session: (set(communities_of(session, user_id)), list_communities(session), is_hidden(session, user_id))
    )
    # Of someone who is not recorded nothing says where they are: ask Telegram everywhere.
    ask_all = unseen or user_id in context.house.manager_ids
    candidates = [one for one in everywhere if one.id in known or ask_all]
    return [one for one in candidates if await manages(context, one.chat_id, user_id)]


def choice(managed: list[CommunityView], catalog: Catalog) -> Answer:
    """Buttons to choose a group; what was asked is answered once one is pressed."""
    buttons = [[(words.button_title(one.title), f"use:{one.id}")] for one in managed[:50]]
    return Answer(words.render_choice(catalog), buttons=buttons, quotes=True)
