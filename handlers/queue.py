"""/queue: what is coming, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.approval import tell_author
from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, deliver, deliver_instead
from handlers.desks import Desk, find_desk, find_page, numbers_in
from peakdrop.drops import Outcome
from peakdrop.local_times import local_of
from peakdrop.queue import DEEDS, act_on, report_queue
from rendering import queue as words
from storage.drops import DropView, find_drop
from storage.topics import topic_names


async def queue(update: Update, context: Context) -> None:
    """`/queue`: the first page, in private."""
    desk = await find_desk(update, context)
    if desk is not None:
        await deliver(update, await answer_page(context, desk, 0))


async def page_pressed(update: Update, context: Context) -> None:
    """Another page."""
    found = await find_page(update, context)
    if found is not None:
        await deliver_instead(update, await answer_page(context, *found))


async def answer_page(context: Context, desk: Desk, page: int) -> Answer:
    """A page of the queue."""
    report = await context.store.read(lambda session: report_queue(session, desk.community, page))
    locals_ = {one.number: local for one in report.drops if (local := due_local(one, desk)) is not None}
    text = words.render_queue(report, locals_, desk.now_local, desk.catalog)
    return Answer(text, buttons=words.queue_buttons(report, desk.catalog))


def due_local(drop: DropView, desk: Desk) -> datetime | None:
    """When a drop is due, as the clock there shows it."""
    return None if drop.due_at is None else local_of(drop.due_at, desk.timezone)


async def drop_pressed(update: Update, context: Context) -> None:
    """A drop was opened."""
    community_id, number = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is not None:
        await deliver(update, await answer_drop(context, desk, number))


async def answer_drop(context: Context, desk: Desk, number: int) -> Answer:
    """One drop and what can be done with it."""
    drop, topics = await context.store.read(
        lambda session: (find_drop(session, desk.community.id, number), topic_names(session, desk.community.id))
    )
    if drop is None:
        return Answer(words.render_no_drop(number, desk.catalog))
    topic = topics.get(drop.thread_id) if drop.thread_id else None
    text = words.render_drop(drop, desk.community.title, topic, due_local(drop, desk), desk.now_local, desk.catalog)
    return Answer(text, buttons=words.drop_buttons(drop, desk.catalog, manager=desk.actor.is_manager))


async def asked_pressed(update: Update, context: Context) -> None:
    """Something that shows is asked for once more: post now, cancel."""
    community_id, number = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    drop = await context.store.read(lambda session: find_drop(session, community_id, number)) if desk else None
    if desk is not None and drop is not None:
        what = word_in(update).removeprefix("ask-")
        text = words.render_sure(drop, what, desk.catalog)
        await deliver(update, Answer(text, buttons=words.sure_buttons(drop, what, desk.catalog)))


async def deed_pressed(update: Update, context: Context) -> None:
    """Something is done with a drop; the answer is the drop as it stands then."""
    community_id, number = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is None:
        return
    what, zone, now = word_in(update), desk.timezone, desk.now
    done = await context.store.write(lambda s: act_on(s, what, community_id, number, desk.actor, zone, now=now))
    if done.outcome is not Outcome.DONE:
        await acknowledge(update, words.render_refused(done, desk.catalog), alert=True)
        return
    await tell_author(context, desk, done, what)
    await deliver(update, await answer_drop(context, desk, done.drop.number if done.drop else number))


def word_in(update: Update) -> str:
    """What a pressed button of the queue asks for."""
    data = update.callback_query.data if update.callback_query else None
    return (data or "::").split(":")[1]


def setup(app: App) -> None:
    """Answer /queue and its buttons."""
    app.add_handler(CommandHandler("start", queue, filters=filters.Regex(r"^/start queue$")))
    app.add_handler(CommandHandler("queue", queue))
    app.add_handler(CallbackQueryHandler(page_pressed, pattern=r"^queue:page:\d+:\d+$"))
    app.add_handler(CallbackQueryHandler(drop_pressed, pattern=r"^queue:show:\d+:\d+$"))
    app.add_handler(CallbackQueryHandler(asked_pressed, pattern=r"^queue:ask-(now|cancel):\d+:\d+$"))
    deeds = "|".join(DEEDS)
    app.add_handler(CallbackQueryHandler(deed_pressed, pattern=rf"^queue:({deeds}):\d+:\d+$"))
