"""/peaks: the best hours of the coming week, in words and one picture, and its buttons."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.places import Place, find_place, thread_of
from handlers.stats import has_patience
from peakdrop.outlook_reading import renew_outlook
from peakdrop.peaks_report import PeaksReport, report_peaks
from rendering import peaks as words
from rendering.charts.peaks import peaks_chart
from storage.outlooks import WHOLE_GROUP, topic_week


async def peaks(update: Update, context: Context) -> None:
    """`/peaks`: the week of the topic it is asked in, elsewhere that of the whole group."""
    if await has_patience(update, context):
        place = await find_place(update, context)
        if place is not None:
            topic = WHOLE_GROUP if place.private else topic_week(thread_of(update.effective_message))
            await deliver(update, await _answer(context, place, topic))


async def peaks_pressed(update: Update, context: Context) -> None:
    """A topic, or why."""
    query = update.callback_query
    if query is None or query.data is None or not await has_patience(update, context):
        return
    _, what, topic = query.data.split(":")
    place = await find_place(update, context)
    if place is None:
        return
    if what == "show":
        await deliver(update, await _answer(context, place, int(topic)))
    else:
        report = await _report(context, place, int(topic))
        text = words.render_why(report, place.catalog)
        await deliver(update, Answer(text, buttons=words.why_buttons(report, place.catalog)))


async def _answer(context: Context, place: Place, topic_id: int) -> Answer:
    report = await _report(context, place, topic_id)
    picture = await asyncio.to_thread(peaks_chart, report, place.catalog)
    text = words.render_peaks(report, place.catalog)
    return Answer(text, picture, words.peaks_buttons(report, place.catalog))


async def _report(context: Context, place: Place, topic_id: int) -> PeaksReport:
    """The week; what is queued is for managers, in private."""
    now, community = context.clock.now(), place.community
    await renew_outlook(context.store, community.id, place.timezone, topic_id, now=now)
    shows = place.private and place.manager
    return await context.store.read(
        lambda session: report_peaks(session, community, place.timezone, topic_id, now=now, shows_queue=shows)
    )


def setup(app: App) -> None:
    """Answer /peaks and its buttons."""
    app.add_handler(CommandHandler("peaks", peaks))
    app.add_handler(CallbackQueryHandler(peaks_pressed, pattern=r"^peaks:(show|why):-?\d+$"))
