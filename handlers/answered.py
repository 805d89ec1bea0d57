"""What managers answer to the sender: it is there, send it, try again, post here again."""

from __future__ import annotations

from functools import partial

from telegram import ChatMember, Update
from telegram.ext import CallbackQueryHandler, ChatMemberHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.desks import find_desk, numbers_in
from handlers.membership import ADMINS, is_inside
from handlers.queue import word_in
from peakdrop import halting, sending
from rendering import delivery as words


async def settled_pressed(update: Update, context: Context) -> None:
    """An uncertain drop is there, or is to be sent."""
    community_id, number, attempt = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is None:
        return
    there = word_in(update) == "there"
    settle = partial(sending.settle, community_id=community_id, number=number, attempt=attempt)
    drop = await context.store.write(
        lambda session: settle(session, by=desk.actor.person_id, now=desk.now, timezone=desk.timezone, there=there)
    )
    await deliver(update, Answer(words.settled(drop, desk.catalog, there=there)))


async def retry_pressed(update: Update, context: Context) -> None:
    """A drop that failed is tried again at once."""
    community_id, number = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is None:
        return
    done = await context.store.write(lambda s: sending.retry(s, community_id, number, desk.actor, desk.now))
    await deliver(update, Answer(words.retried(desk.catalog, done=done)))


async def resume_pressed(update: Update, context: Context) -> None:
    """Whatever was wrong with a group is mended, a manager says."""
    (community_id,) = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is None:
        return
    await context.store.write(lambda session: halting.resume(session, community_id, desk.actor.person_id, desk.now))
    await deliver(update, Answer(words.resumed(desk.catalog)))


async def standing_changed(update: Update, context: Context) -> None:
    """The bot came (back) into a group, or was given rights there: its queue goes on by itself."""
    change = update.my_chat_member
    if change is None or not may_do_more(change.old_chat_member, change.new_chat_member):
        return
    now, chat_id = context.clock.now(), change.chat.id
    await context.store.write(lambda session: halting.resume_chat(session, chat_id, now))


def may_do_more(old: ChatMember, new: ChatMember) -> bool:
    """Whether the bot came in, was made an admin, or may write again: a demotion opens no door."""
    may_write, might_write = (getattr(one, "can_send_messages", True) for one in (new, old))
    return is_inside(new) and (not is_inside(old) or new.status in ADMINS or (may_write and not might_write))


def setup(app: App) -> None:
    """Take managers' answers, and see the bot's own standing before what greets (which is in the first group)."""
    app.add_handler(CallbackQueryHandler(settled_pressed, pattern=r"^sent:(there|again):\d+:\d+:\d+$"))
    app.add_handler(CallbackQueryHandler(retry_pressed, pattern=r"^sent:retry:\d+:\d+$"))
    app.add_handler(CallbackQueryHandler(resume_pressed, pattern=r"^sent:resume:\d+$"))
    app.add_handler(ChatMemberHandler(standing_changed, ChatMemberHandler.MY_CHAT_MEMBER), group=-1)
