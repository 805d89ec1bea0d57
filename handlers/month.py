"""/calendar: a month of drops as a picture."""

from __future__ import annotations

import asyncio
from datetime import date

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver, deliver_instead
from handlers.desks import Desk, find_desk, numbers_in
from peakdrop.queue import report_month
from rendering.charts.month import month_chart
from rendering.month import month_buttons, render_month


async def calendar(update: Update, context: Context) -> None:
    """`/calendar`: this month."""
    desk = await find_desk(update, context)
    if desk is not None:
        await deliver(update, await answer_month(context, desk, desk.now_local.date()))


async def now_pressed(update: Update, context: Context) -> None:
    """This month, from the queue."""
    desk = await find_desk(update, context, numbers_in(update)[0])
    if desk is not None:
        await deliver_instead(update, await answer_month(context, desk, desk.now_local.date()))


async def month_pressed(update: Update, context: Context) -> None:
    """Another month."""
    community_id, year, month = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is not None:
        await deliver(update, await answer_month(context, desk, date(year, month, 1)))


async def answer_month(context: Context, desk: Desk, day: date) -> Answer:
    """The month of a day in words, picture and buttons."""
    first, zone, now = day.replace(day=1), desk.timezone, desk.now
    report = await context.store.read(lambda session: report_month(session, desk.community, first, zone, now))
    picture = await asyncio.to_thread(month_chart, report, desk.catalog)
    text = render_month(report, desk.now_local, desk.catalog)
    return Answer(text, picture, month_buttons(report, desk.catalog))


def setup(app: App) -> None:
    """Answer /calendar and its buttons."""
    app.add_handler(CommandHandler("calendar", calendar))
    app.add_handler(CallbackQueryHandler(now_pressed, pattern=r"^month:now:\d+$"))
    app.add_handler(CallbackQueryHandler(month_pressed, pattern=r"^month:show:\d+:\d{4}:\d{1,2}$"))
