"""The buttons that choose where a drop goes, how it is posted, what stands under it and how it is filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram import ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden

from handlers.actors import drop_communities, find_actor
from handlers.delivery import persist
from handlers.making import Making, Shown, main_screen
from handlers.rights import check_rights
from peakdrop.composing import NEEDS_RIGHT, Awaits, change, move_to, set_topic
from peakdrop.contents import MOST_TAGS, for_channel, read_link, read_tags, switch_button, switch_tag, without_link
from peakdrop.prospects import known_campaigns, known_tags
from rendering import compose_options as words
from rendering.compose import back_button, render_gone
from storage.topics import open_topics

SWITCHES = {"pin": "pin", "silent": "silent", "ad": "is_ad", "hidden": "is_hidden", "replaces": "replaces"}
CAMPAIGN_LIMIT = 40


async def _changed(making: Making, **values: Any) -> Making:
    making, _ = await making.write(lambda session: change(session, making.drop, making.by, making.now, **values))
    return making


async def where(making: Making, _args: list[str], pop_up: str | None = None) -> Shown:
    """The group, its topics, its linked channel, other groups."""
    prospect = await making.prospect()
    topics = await making.context.store.read(lambda session: open_topics(session, making.community.id))
    linked = await _linked_channel(making)
    others = len(await drop_communities(making.context, making.by.person_id)) > 1
    buttons = words.where_buttons(
        making.drop,
        topics,
        linked[1] if linked else None,
        making.catalog,
        is_forum=making.community.is_forum,
        others=others,
    )
    return Shown(words.render_where(prospect, making.catalog), buttons, pop_up=pop_up)


async def _linked_channel(making: Making) -> tuple[int, str] | None:
    """The channel that is linked to the group: its id and title."""
    try:
        group = await persist(lambda: making.context.bot.get_chat(making.community.chat_id))
        linked = group.linked_chat_id
        if linked is None or group.type == group.CHANNEL:
            return None
    except (BadRequest, Forbidden):
        return None
    try:
        channel = await persist(lambda: making.context.bot.get_chat(linked))
    except (BadRequest, Forbidden):
        return linked, ""  # we are not in there
    return linked, channel.title or ""


async def topic(making: Making, args: list[str]) -> Shown:
    """The group, or one of its topics."""
    where_to = (making.drop, making.by, int(args[0]), making.timezone, making.now)
    making, _ = await making.write(lambda session: set_topic(session, *where_to))
    return await main_screen(making)


async def channel(making: Making, _args: list[str]) -> Shown:
    """The linked channel, where the bot may post."""
    linked = await _linked_channel(making)
    if linked is None or not await _may_post(making, linked[0]):
        return await where(making, [], words.render_channel_closed(making.catalog))
    content = for_channel(making.drop.content)
    pop_up = words.render_now_anonymous(making.catalog) if content != making.drop.content else None
    making = await _changed(making, target_chat_id=linked[0], thread_id=0, content=content)
    return await main_screen(making, pop_up)


async def _may_post(making: Making, chat_id: int) -> bool:
    try:
        member = await persist(lambda: making.context.bot.get_chat_member(chat_id, making.context.bot.id))
    except (BadRequest, Forbidden):
        return False
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


async def groups(making: Making, _args: list[str]) -> Shown:
    """Other groups to choose from."""
    found = await drop_communities(making.context, making.by.person_id)
    shown = [(one.id, one.title) for one in found]
    return Shown(words.render_groups(making.catalog), words.group_buttons(making.drop, shown, making.catalog))


async def group(making: Making, args: list[str]) -> Shown:
    """Another group was chosen: the draft goes there, under a new number."""
    found = await drop_communities(making.context, making.by.person_id)
    community = next((one for one in found if one.id == int(args[0])), None)
    by = await find_actor(making.context, community, making.by.person_id) if community is not None else None
    if community is None or by is None:
        return await groups(making, [])
    moved = await making.context.store.write(
        lambda session: move_to(session, making.drop, community.id, by, making.now)
    )
    if moved is None:
        return await main_screen(making, render_gone(making.catalog))
    timezone = community.timezone or making.context.house.default_timezone
    return await main_screen(replace(making, community=community, drop=moved, by=by, timezone=timezone))


async def options(making: Making, _args: list[str], pop_up: str | None = None) -> Shown:
    """How it is posted."""
    text = words.render_options(making.drop, making.catalog)
    return Shown(text, words.option_buttons(making.drop, making.catalog), pop_up=pop_up)


async def turn(making: Making, args: list[str]) -> Shown:
    """A switch was pressed; a right that it needs is asked for at once."""
    name = SWITCHES[args[0]]
    on = not getattr(making.drop, name)
    making = await _changed(making, **{name: on})
    lacks = await _lacks(making, pin=name == "pin" and on, delete=name == "replaces" and on)
    return await options(making, [], lacks)


async def _lacks(making: Making, *, pin: bool, delete: bool) -> str | None:
    """What to say of a right that is missing where the drop goes."""
    if not pin and not delete:
        return None
    rights = await check_rights(making.context, making.drop.target_chat_id or making.community.chat_id)
    if (pin and rights.pins) or (delete and rights.deletes):
        return None
    return words.render_needs_right("pin" if pin else "delete", making.catalog)


async def delete(making: Making, _args: list[str]) -> Shown:
    """After how long is it deleted?"""
    return Shown(words.render_delete(making.catalog), words.delete_buttons(making.drop, making.catalog))


async def keep(making: Making, args: list[str]) -> Shown:
    """A span after which it is deleted; 0 keeps it."""
    span = timedelta(hours=int(args[0]))
    making = await _changed(making, delete_after=int(span.total_seconds()) or None)
    return await options(making, [], await _lacks(making, pin=False, delete=span >= NEEDS_RIGHT))


async def late(making: Making, _args: list[str]) -> Shown:
    """How late may it still be posted?"""
    return Shown(words.render_late(making.catalog), words.late_buttons(making.drop, making.catalog))


async def lateness(making: Making, args: list[str]) -> Shown:
    """So late at most, in seconds."""
    return await options(await _changed(making, late_seconds=int(args[0])), [])


async def buttons(making: Making, _args: list[str]) -> Shown:
    """Which buttons stand under it."""
    return Shown(words.render_buttons(making.drop, making.catalog), words.buttons_buttons(making.drop, making.catalog))


async def button(making: Making, args: list[str]) -> Shown:
    """Like, comment or share was switched."""
    return await buttons(await _changed(making, buttons=switch_button(making.drop.buttons, args[0])), [])


async def link(making: Making, _args: list[str]) -> Shown:
    """Ask for a link."""
    back = [[back_button(making.drop, making.catalog, "buttons")]]
    return Shown(words.render_link(making.catalog), back, Awaits.LINK)


async def typed_link(making: Making, text: str) -> Shown:
    """A link was typed."""
    found = read_link(text)
    if found is None:
        back = [[back_button(making.drop, making.catalog, "buttons")]]
        return Shown(words.render_bad_link(text, making.catalog), back, Awaits.LINK, is_refusal=True)
    return await buttons(await _changed(making, buttons=(*making.drop.buttons, found)), [])


async def unlink(making: Making, args: list[str]) -> Shown:
    """A link was taken away."""
    return await buttons(await _changed(making, buttons=without_link(making.drop.buttons, int(args[0]))), [])


async def tags(making: Making, _args: list[str]) -> Shown:
    """How it is filed; tags can be typed at once."""
    known = await making.read(known_tags)
    text = words.render_tags(making.drop, making.catalog)
    return Shown(text, words.tag_buttons(making.drop, known, making.catalog), Awaits.TAGS)


async def tag(making: Making, args: list[str]) -> Shown:
    """A known tag was switched."""
    name = (await making.read(known_tags)).get(args[0])
    return await tags(await _changed(making, tags=switch_tag(making.drop.tags, name)), [])


async def typed_tags(making: Making, text: str) -> Shown:
    """Tags were typed: they join those that are there."""
    found = dict.fromkeys((*making.drop.tags, *read_tags(text)))
    return await tags(await _changed(making, tags=tuple(found)[:MOST_TAGS]), [])


async def untag(making: Making, _args: list[str]) -> Shown:
    """Tags and campaign are taken away."""
    return await tags(await _changed(making, tags=(), campaign=None), [])


async def campaign(making: Making, _args: list[str]) -> Shown:
    """Ask for the campaign's name."""
    lately = await making.read(known_campaigns)
    back = [[back_button(making.drop, making.catalog, "tags")]]
    return Shown(words.render_campaign(making.drop, lately, making.catalog), back, Awaits.CAMPAIGN)


async def typed_campaign(making: Making, text: str) -> Shown:
    """The campaign's name was typed."""
    return await tags(await _changed(making, campaign=" ".join(text.split())[:CAMPAIGN_LIMIT]), [])


async def content(making: Making, _args: list[str]) -> Shown:
    """Ask for something else in place of what is there."""
    back = [[back_button(making.drop, making.catalog)]]
    return Shown(words.render_content(making.drop, making.catalog), back, Awaits.CONTENT)
