"""What someone sends in private: an answer to what their screen asks for, a part of an album, or a new draft."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update

from handlers import compose_options as options
from handlers import compose_repeat as repeats
from handlers import compose_times as times
from handlers.actors import drop_communities, find_actor
from handlers.content_reading import read_content
from handlers.context import Context
from handlers.delivery import Answer, post
from handlers.desks import find_desk
from handlers.making import Making, Shown, find_making, main_screen, put_again, put_below
from handlers.otherwise import otherwise
from handlers.places import catalog_of
from peakdrop.composing import Awaits, album_of, begin_draft, discard, suggestion_awaited, take_content, take_part
from peakdrop.contents import check_content
from peakdrop.suggestion_deeds import fill_free_peak
from rendering.compose_ends import aside_button
from rendering.compose_options import render_refusal, render_unpostable
from rendering.suggestions import render_other_time
from storage.communities import CommunityView
from storage.composing import ComposingView, end_composing, get_composing, set_composing
from storage.drop_content import Content
from storage.people import get_person

AWAITED = timedelta(hours=12)  # that a screen waits for what it asked to be typed
# Between the parts of an album; Telegram sends them at once.
PAUSE = 0.7
TYPED: dict[str, Callable[[Making, str], Awaitable[Shown]]] = {
    Awaits.TIME: times.typed,
    Awaits.TAGS: options.typed_tags,
    Awaits.CAMPAIGN: options.typed_campaign,
    Awaits.LINK: options.typed_link,
    Awaits.EVERY: repeats.typed_every,
    Awaits.CRON: repeats.typed_cron,
    Awaits.UNTIL: repeats.typed_until,
}


async def take_message(update: Update, context: Context) -> None:
    """Anything but a command: first what a screen waits for, else a draft."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None:
        return
    at = await context.store.read(lambda session: get_composing(session, user.id))
    awaits = at.awaits if at is not None and context.clock.now() - at.changed_at < AWAITED else None
    if at is not None and message.media_group_id and awaits == album_of(message.media_group_id):
        await _part(update, context, message, at)
    elif at is not None and awaits == Awaits.CONTENT:
        await _content(update, context, message, at)
    elif at is not None and awaits in TYPED and message.text:
        await _typed(update, context, message, at)
    elif at is not None and (number := suggestion_awaited(awaits)) is not None:
        await _suggested(update, context, message, at, number)
    else:
        await begin(update, context, message)


async def _typed(update: Update, context: Context, message: Message, at: ComposingView) -> None:
    """An answer to a screen: understood, it is taken away and the screen changes; else it may become a drop."""
    making = await _going_on(update, context, at)
    if making is None:
        return
    shown = await TYPED[at.awaits or ""](making, message.text or "")
    if shown.is_refusal:
        aside = [(aside_button(making.catalog), "drop:aside")]
        await put_below(message, making, replace(shown, buttons=[aside, *shown.buttons]), at.screen_id)
    else:
        await put_again(message, making, at, shown)


async def _going_on(update: Update, context: Context, at: ComposingView) -> Making | None:
    """The drop someone is at; where it is gone they are told, and are at nothing any more."""
    making = await find_making(update, context, at.community_id, at.number)
    if making is None:
        await context.store.write(lambda session: end_composing(session, at.person_id))
    return making


async def _content(update: Update, context: Context, message: Message, at: ComposingView) -> None:
    """Something sent in place of what the drop holds."""
    making = await _going_on(update, context, at)
    content = await _readable(update, context, message) if making is not None else None
    if making is None or content is None:
        return
    kept = making
    making, _ = await making.write(lambda session: take_content(session, kept.drop, kept.by, content, kept.now))
    if message.media_group_id:
        await _await_parts(making, message, at.screen_id)
    else:
        await put_below(message, making, await main_screen(making), at.screen_id)


async def _suggested(update: Update, context: Context, message: Message, at: ComposingView, number: int) -> None:
    """What a suggestion asked for: a draft with its time."""
    desk = await find_desk(update, context, at.community_id)
    content = await _readable(update, context, message) if desk is not None else None
    if desk is None or content is None:
        return
    who = (desk.community, desk.actor, content, desk.timezone, desk.now)
    press = await context.store.write(lambda session: fill_free_peak(session, number, *who))
    if press.drop is None:
        return
    making = Making(context, desk.community, press.drop, desk.actor, desk.catalog, desk.timezone, desk.now)
    if message.media_group_id:
        await _await_parts(making, message, at.screen_id)
        return
    shown = await main_screen(making)
    text = "\n\n".join([*render_other_time(press, desk.now_local, desk.catalog), shown.text])
    await put_below(message, making, replace(shown, text=text), at.screen_id)


async def _readable(update: Update, context: Context, message: Message) -> Content | None:
    """The content of a message; where it cannot be posted, that is said at once."""
    content = read_content(message)
    refusal = check_content(content) if content is not None else None
    if content is not None and (refusal is None or message.media_group_id):
        return content  # an album is looked at when it is whole
    catalog = await catalog_of(update, context)
    await post(
        message, Answer(render_refusal(refusal, catalog) if refusal else render_unpostable(catalog), quotes=True)
    )
    return None


async def begin(update: Update, context: Context, message: Message) -> None:
    """A new draft; those who make no drops get the answer that everyone gets."""
    user = update.effective_user
    offered = await drop_communities(context, user.id) if user is not None else []
    if user is None or not offered:
        await otherwise(update, context)
        return
    content = await _readable(update, context, message)
    making = await new_draft(update, context, offered, content) if content is not None else None
    if making is None:
        return
    if message.media_group_id:
        await _await_parts(making, message, None)
    else:
        await put_below(message, making, await first_screen(making))


async def new_draft(update: Update, context: Context, offered: list[CommunityView], content: Content) -> Making | None:
    """A draft for the group that the private chat is about, else for the first of those offered."""
    user = update.effective_user
    if user is None:
        return None
    person = await context.store.read(lambda session: get_person(session, user.id))
    community = next((one for one in offered if one.id == person.community_id), offered[0])
    return await draft_for(update, context, community, content)


async def draft_for(
    update: Update, context: Context, community: CommunityView, content: Content, thread_id: int = 0
) -> Making | None:
    """A draft for a group."""
    user = update.effective_user
    by = await find_actor(context, community, user.id) if user is not None else None
    if by is None:
        return None
    now = context.clock.now()
    drop = await context.store.write(lambda session: begin_draft(session, community.id, by, content, thread_id, now))
    timezone = community.timezone or context.house.default_timezone
    return Making(context, community, drop, by, await catalog_of(update, context), timezone, now)


async def first_screen(making: Making) -> Shown:
    """The drop; or first which group it is for, where someone has several and never chose."""
    person = await making.context.store.read(lambda session: get_person(session, making.by.person_id))
    if person.community_id is None and len(await drop_communities(making.context, making.by.person_id)) > 1:
        return await options.groups(making, [])
    return await main_screen(making)


async def _part(update: Update, context: Context, message: Message, at: ComposingView) -> None:
    """A further part of an album."""
    making = await _going_on(update, context, at)
    part = read_content(message)
    if making is None or part is None:
        return
    kept = making
    making, _ = await making.write(lambda session: take_part(session, kept.drop, kept.by, part, kept.now))
    await _await_parts(making, message, at.screen_id)


async def _await_parts(making: Making, message: Message, old_screen: int | None) -> None:
    """Wait for further parts; the screen comes once no more do."""
    person_id, awaits = making.by.person_id, album_of(message.media_group_id or "")
    key = (making.drop.community_id, making.drop.number)
    await making.context.store.write(
        lambda session: set_composing(session, person_id, *key, now=making.now, awaits=awaits, screen_id=old_screen)
    )
    making.context.application.create_task(_show_whole(making, message, old_screen))


async def _show_whole(making: Making, message: Message, old_screen: int | None) -> None:
    """Show an album's screen, unless another part has come meanwhile."""
    await asyncio.sleep(PAUSE)
    if await making.is_outdated():
        return
    refusal = check_content(making.drop.content)
    if refusal is not None:
        await making.context.store.write(lambda session: discard(session, making.drop, making.by.person_id))
        await post(message, Answer(render_refusal(refusal, making.catalog), quotes=True))
        return
    await put_below(message, making, await first_screen(making), old_screen)
