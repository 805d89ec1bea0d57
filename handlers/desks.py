"""Whose drops this is about, and what whoever asks may do with them: every screen of drops starts here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import Chat, Update

from handlers.actors import drop_communities, find_actor
from handlers.context import Context
from handlers.delivery import Answer, acknowledge, deliver
from handlers.places import catalog_of, choice
from peakdrop.drops import Actor
from peakdrop.local_times import local_of
from rendering import desks as words
from rendering.catalog import Catalog
from storage.communities import CommunityView, get_community
from storage.people import get_person


@dataclass(frozen=True, slots=True)
class Desk:
    """A community's drops before someone who may work on them, in their private chat; `now_local` is naive."""

    community: CommunityView
    actor: Actor
    catalog: Catalog
    timezone: str
    now: datetime

    @property
    def now_local(self) -> datetime:
        """The wall time there now."""
        return local_of(self.now, self.timezone)


async def find_desk(update: Update, context: Context, community_id: int | None = None) -> Desk | None:
    """The desk of whoever asks: of the community a button names, else of the chosen or only one.

    Where they may not, or must choose first, it says so and returns None. In a group it points to the private chat.
    """
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return None
    catalog = await catalog_of(update, context)
    if chat.type != Chat.PRIVATE:
        link = f"https://t.me/{context.bot.username}?start=queue"
        await deliver(
            update, Answer(words.render_private_only(catalog), buttons=[[(words.private_button(catalog), link)]])
        )
        return None
    if community_id is not None:
        found = await context.store.read(lambda session: get_community(session, community_id))
        return None if found is None else await _desk_of(update, context, found, catalog)
    offered = await drop_communities(context, user.id)
    person = await context.store.read(lambda session: get_person(session, user.id))
    chosen = next((one for one in offered if one.id == person.community_id), offered[0] if len(offered) == 1 else None)
    if chosen is not None:
        return await _desk_of(update, context, chosen, catalog)
    await deliver(update, choice(offered, catalog) if offered else Answer(words.render_no_desk(catalog)))
    return None


async def _desk_of(update: Update, context: Context, community: CommunityView, catalog: Catalog) -> Desk | None:
    user = update.effective_user
    actor = await find_actor(context, community, user.id) if user else None
    if actor is None:
        if update.callback_query is not None:
            await acknowledge(update, words.render_not_yours(catalog), alert=True)
        else:
            await deliver(update, Answer(words.render_not_yours(catalog)))
        return None
    return Desk(community, actor, catalog, community.timezone or context.house.default_timezone, context.clock.now())


async def find_page(update: Update, context: Context) -> tuple[Desk, int] | None:
    """The desk and the page that a pressed button names ("…:COMMUNITY:PAGE"); see `find_desk`."""
    community_id, page = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    return None if desk is None else (desk, page)


def numbers_in(update: Update) -> list[int]:
    """The whole numbers in a pressed button's data, in order: community, drop, page."""
    data = update.callback_query.data if update.callback_query else None
    return [int(part) for part in (data or "").split(":") if part.lstrip("-").isdigit()]
