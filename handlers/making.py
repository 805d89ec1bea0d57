"""A person at a drop in their private chat: who may, what its screen shows, and what is typed for it next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session
from telegram import Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.actors import find_actor
from handlers.context import Context
from handlers.delivery import Answer, acknowledge, deliver, persist, post
from handlers.desks import Desk
from handlers.places import catalog_of
from peakdrop.composing import Awaits, may_edit
from peakdrop.drop_deeds import POSTED
from peakdrop.drops import EDITABLE, Actor, Done, Outcome
from peakdrop.outlook_reading import renew_outlook
from peakdrop.prospects import Prospect, look_ahead
from rendering import compose as words
from rendering import compose_ends as ends
from rendering.catalog import Catalog
from rendering.desks import render_not_yours
from storage.communities import CommunityView, get_community
from storage.composing import ComposingView, end_composing, set_composing
from storage.drops import DropView, find_drop
from storage.posting_rules import get_rules

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Making:
    """A drop in the making: who is at it, and what is needed to show and change it."""

    context: Context
    community: CommunityView
    drop: DropView
    by: Actor
    catalog: Catalog
    timezone: str
    now: datetime

    @property
    def maker(self) -> words.Maker:
        """Who sees the screen."""
        return words.Maker(self.by.is_manager, self.timezone)

    @property
    def desk(self) -> Desk:
        """The community's drops before the same person."""
        return Desk(self.community, self.by, self.catalog, self.timezone, self.now)

    async def is_outdated(self) -> bool:
        """Whether the drop has changed meanwhile, or is gone."""
        key = (self.drop.community_id, self.drop.number)
        now = await self.context.store.read(lambda session: find_drop(session, *key))
        return now is None or now.content != self.drop.content

    async def read(self, service: Callable[..., Any], *args: Any) -> Any:
        """Ask a service of the composing kind: `service(session, drop, *args, timezone, now)`."""
        return await self.context.store.read(
            lambda session: service(session, self.drop, *args, self.timezone, self.now)
        )

    async def write(self, change: Callable[[Session], Done]) -> tuple[Making, Outcome]:
        """Make a change; the same with the drop as it is then."""
        done = await self.settle(change)
        return (replace(self, drop=done.drop) if done.drop is not None else self), done.outcome

    async def settle(self, change: Callable[[Session], T]) -> T:
        """Write something about it."""
        return await self.context.store.write(change)

    async def prospect(self) -> Prospect:
        """The drop as its screen shows it."""
        place = (self.community.id, self.timezone, self.drop.topic_id)
        await renew_outlook(self.context.store, *place, now=self.now)
        found: Prospect = await self.read(look_ahead, self.community)
        return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen: words, buttons, and what is to be typed next. `pop_up` is seen beside it; `ends` closes the making."""

    text: str
    buttons: words.Buttons
    awaits: Awaits | None = None
    pop_up: str | None = None
    ends: bool = False
    below: Message | None = None  # the screen goes below this, which was posted meanwhile
    is_refusal: bool = False  # what was typed is no answer: the message stays, and can become a drop of its own


async def main_screen(making: Making, pop_up: str | None = None) -> Shown:
    """The screen of a drop."""
    prospect = await making.prospect()
    text = words.render_screen(prospect, making.maker, making.catalog)
    return Shown(text, words.screen_buttons(prospect, making.maker, making.catalog), pop_up=pop_up)


async def find_making(update: Update, context: Context, community_id: int, number: int) -> Making | None:
    """The drop of a screen, for those who may change it as it stands; others are told why not."""
    user, catalog = update.effective_user, await catalog_of(update, context)
    community, drop, rules = await context.store.read(
        lambda session: (
            get_community(session, community_id),
            find_drop(session, community_id, number),
            get_rules(session, community_id),
        )
    )
    by = await find_actor(context, community, user.id) if user is not None and community is not None else None
    if community is None or drop is None or drop.state not in EDITABLE:
        await _refuse_old(update, drop, catalog)
    elif by is None:
        await refuse(update, render_not_yours(catalog))
    elif not may_edit(drop, by, rules):
        await refuse(update, ends.render_locked(catalog))
    else:
        timezone = community.timezone or context.house.default_timezone
        return Making(context, community, drop, by, catalog, timezone, context.clock.now())
    return None


async def _refuse_old(update: Update, drop: DropView | None, catalog: Catalog) -> None:
    """An old screen, or one pressed twice: of what was posted meanwhile that is no fault."""
    if drop is not None and drop.state in POSTED and update.callback_query is not None:
        await acknowledge(update, words.render_posted(drop, catalog))
    else:
        await refuse(update, words.render_gone(catalog))


async def refuse(update: Update, text: str) -> None:
    """Say why not: by a pop-up where a button was pressed."""
    if update.callback_query is not None:
        await acknowledge(update, text[:200], alert=True)
    else:
        await deliver(update, Answer(text))


async def put(update: Update, making: Making, shown: Shown) -> None:
    """Show a screen where its button was pressed, and note what is typed next."""
    query, user = update.callback_query, update.effective_user
    if query is None or user is None or not isinstance(query.message, Message):
        return
    if shown.pop_up is not None:
        await acknowledge(update, shown.pop_up[:200], alert=True)
    if shown.below is not None:
        await put_below(shown.below, making, shown, query.message.message_id)
        await acknowledge(update)
        return
    await note(making, user.id, shown, query.message.message_id)
    await deliver(update, Answer(shown.text, buttons=shown.buttons))


async def note(making: Making, person_id: int, shown: Shown, screen_id: int) -> None:
    """Keep which drop someone is at, on which message, and what they are asked to type."""

    def keep(session: Session) -> None:
        if shown.ends:
            end_composing(session, person_id)
            return
        key = (making.drop.community_id, making.drop.number)
        set_composing(session, person_id, *key, now=making.now, awaits=shown.awaits, screen_id=screen_id)

    await making.context.store.write(keep)


async def put_below(message: Message, making: Making, shown: Shown, old_screen: int | None = None) -> None:
    """Show a screen as a new message that answers another; the old one is taken away."""
    sent = await post(message, Answer(shown.text, buttons=shown.buttons, quotes=True))
    await note(making, message.chat.id, shown, sent.message_id)
    if old_screen is not None:
        await take_away(making.context, message.chat.id, old_screen)


async def put_again(message: Message, making: Making, at: ComposingView, shown: Shown) -> None:
    """After something typed was understood: it is taken away, and the screen above it changes in place."""
    if at.screen_id is None or not await _edited(making.context, message.chat.id, at.screen_id, shown):
        await put_below(message, making, shown)
        return
    await note(making, message.chat.id, shown, at.screen_id)
    await take_away(making.context, message.chat.id, message.message_id)


async def _edited(context: Context, chat_id: int, message_id: int, shown: Shown) -> bool:
    markup = Answer(shown.text, buttons=shown.buttons).markup
    try:
        await persist(
            lambda: context.bot.edit_message_text(
                shown.text, chat_id, message_id, parse_mode=ParseMode.HTML, reply_markup=markup
            )
        )
    except BadRequest as error:
        return "not modified" in str(error)
    return True


async def take_away(context: Context, chat_id: int, message_id: int) -> None:
    """Delete a message in private; where it is gone or too old, it stays as it is."""
    try:
        await persist(lambda: context.bot.delete_message(chat_id, message_id))
    except BadRequest:
        return
