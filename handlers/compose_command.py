"""/drop: in a group about the message it answers, in private how a drop is made."""

from __future__ import annotations

from dataclasses import replace

from telegram import Chat, Message, Update
from telegram.error import Forbidden

from handlers.actors import drop_communities, find_actor
from handlers.compose_intake import draft_for
from handlers.compose_preview import show_content
from handlers.content_reading import read_content
from handlers.context import Context
from handlers.delivery import Answer, deliver
from handlers.making import Making, find_making, main_screen, note, put_below, take_away
from handlers.places import catalog_for, catalog_of, thread_of
from handlers.start import start
from peakdrop.contents import check_content
from rendering import compose_ends as words
from rendering.catalog import Catalog
from rendering.compose_options import render_refusal, render_unpostable
from rendering.desks import render_no_desk, render_not_yours
from rendering.privacy import private_button
from storage.communities import find_community
from storage.composing import NO_DROP, get_composing
from storage.people import find_person, set_person


async def drop_command(update: Update, context: Context) -> None:
    """`/drop` in reply to a message: a draft of it waits in private."""
    catalog = await catalog_of(update, context)
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None or chat.type == Chat.PRIVATE:
        person_id = update.effective_user.id if update.effective_user else 0
        may = bool(await drop_communities(context, person_id))
        await deliver(update, Answer(words.render_empty_drop(catalog) if may else render_no_desk(catalog)))
        return
    making = await _draft(update, context, message, catalog)
    if isinstance(making, str):
        await deliver(update, Answer(making))
    elif await _shown_in_private(making, _answered(message)):
        await deliver(update, Answer(words.render_waits_in_private(catalog), buttons=_way(context, catalog)))
    else:
        await deliver(update, Answer(words.render_open_private(catalog), buttons=_way(context, catalog)))


def _way(context: Context, catalog: Catalog) -> list[list[tuple[str, str]]]:
    return [[(private_button(catalog), f"https://t.me/{context.bot.username}?start=drop")]]


def _answered(message: Message) -> Message | None:
    """The message that /drop answers; in a topic every message answers the topic's first, which is none."""
    answered = message.reply_to_message
    return None if answered is None or answered.forum_topic_created is not None else answered


async def _draft(update: Update, context: Context, message: Message, catalog: Catalog) -> Making | str:
    """The draft; or why there is none."""
    chat, user, answered = message.chat, update.effective_user, _answered(message)
    if message.sender_chat is not None or user is None:
        return words.render_anonymous(catalog)
    community = await context.store.read(lambda session: find_community(session, chat.id))
    if community is None or await find_actor(context, community, user.id) is None:
        return render_not_yours(catalog)
    if answered is None:
        return words.render_reply_with_drop(catalog)
    content = read_content(answered)
    refusal = check_content(content) if content is not None else None
    if content is None or refusal is not None:
        return render_refusal(refusal, catalog) if refusal is not None else render_unpostable(catalog)
    making = await draft_for(update, context, community, content, thread_of(message))
    return render_not_yours(catalog) if making is None else replace(making, catalog=await catalog_for(user, context))


async def _shown_in_private(making: Making, answered: Message | None) -> bool:
    """Show content and screen in private; False where that chat was never opened. The draft waits all the same."""
    context, person_id = making.context, making.by.person_id
    screen = await main_screen(making)
    await note(making, person_id, screen, 0)
    person = await context.store.read(lambda session: find_person(session, person_id))
    if person is None:
        return False
    try:
        await show_private(making, is_part=answered is not None and bool(answered.media_group_id))
    except Forbidden:
        return False
    return True


async def show_private(making: Making, *, is_part: bool = False) -> None:
    """In someone's private chat: what the drop holds, and its screen below."""
    content = await show_content(making)
    if is_part:
        await making.context.bot.send_message(making.by.person_id, words.render_part_only(making.catalog))
    await put_below(content, making, await main_screen(making))


async def private_opened(update: Update, context: Context) -> None:
    """`/start drop`, by the button in the group: the draft that waits."""
    user = update.effective_user
    if user is None or update.effective_chat is None or update.effective_chat.type != Chat.PRIVATE:
        return
    await context.store.write(lambda session: set_person(session, user.id))
    at = await context.store.read(lambda session: get_composing(session, user.id))
    has_drop = at is not None and at.number != NO_DROP
    making = await find_making(update, context, at.community_id, at.number) if at is not None and has_drop else None
    if at is None or making is None:
        await start(update, context)
        return
    await show_private(making)
    if at.screen_id:
        await take_away(context, user.id, at.screen_id)
