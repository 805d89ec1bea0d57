"""/stats: the overview of a group, in words and one picture, and its buttons."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.daily import count_group
from handlers.delivery import Answer, Button, acknowledge, deliver
from handlers.drop_figures import answer_drops
from handlers.patience import Verdict
from handlers.places import Place, find_place
from peakdrop.days import close_days
from peakdrop.metrics.reports import VideosReport, report_videos
from peakdrop.stats import OverviewReport, report_overview
from peakdrop.stats_request import StatsRequest, parse_stats
from peakdrop.windows import Window, nearest_forms, parse_window, window_before
from rendering import stats as words
from rendering import stats_menu as menu
from rendering.charts.activity import activity_chart
from rendering.charts.videos import videos_chart
from rendering.patience import render_enough
from rendering.videos import render_videos
from storage.counts import first_at
from storage.times import from_epoch


async def stats(update: Update, context: Context) -> None:
    """`/stats [window] [vs]`, `/stats videos`, `/stats drops`, `/stats help`.

    Help and what is not understood count for no limit."""
    asked = parse_stats(context.args)
    counts = asked.view != "help" and parse_window(asked.window, "UTC", context.clock.now()) is not None
    if counts and not await has_patience(update, context):
        return
    place = await find_place(update, context)
    if place is not None:
        await deliver(update, await answer_stats(context, place, asked))


async def stats_pressed(update: Update, context: Context) -> None:
    """A button under an overview: another window, the comparison, how it is worked out, the rates."""
    place = await find_place(update, context)
    query = update.callback_query
    if place is None or query is None or query.data is None:
        return
    _, what, *rest = query.data.split(":")
    if what == "why":
        await acknowledge(update, menu.render_why(place.catalog), alert=True)
    elif what == "rates":
        await acknowledge(update, await _rates_for(context, place, rest[0]), alert=True)
    elif await has_patience(update, context):
        await deliver(update, await answer_stats(context, place, StatsRequest(what, rest[0], rest[1:] == ["vs"])))


async def has_patience(update: Update, context: Context) -> bool:
    """Whether this chat gets another answer now; says kindly once that it is enough."""
    chat = update.effective_chat
    if chat is None:
        return False
    verdict = context.house.patience.ask(chat.id, context.clock.now())
    if verdict is Verdict.ANSWER:
        return True
    place = await find_place(update, context) if verdict is Verdict.SAY_ONCE else None
    if update.callback_query is not None:
        await acknowledge(update, render_enough(place.catalog) if place else None)
    elif place is not None:
        await deliver(update, Answer(render_enough(place.catalog)))
    return False


async def answer_stats(context: Context, place: Place, asked: StatsRequest) -> Answer:
    """The answer to /stats: words, picture and buttons."""
    catalog = place.catalog
    if asked.view == "help":
        return Answer(menu.render_stats_help(catalog))
    window = await find_window(context, place, asked.window)
    if window is None:
        forms = nearest_forms(asked.window, context.clock.now(), place.timezone)
        return Answer(menu.render_unknown_window(asked.window, forms, catalog))
    if asked.view == "videos":
        return await _answer_videos(context, place, window)
    if asked.view == "drops":
        return await answer_drops(context, place, window)
    await count_group(context, place.community)
    report = await read_overview(context, place, window, compared=asked.compared)
    hides = place.community.private_figures and not place.private
    text = words.render_overview(report, catalog, manager=place.manager, private=hides)
    picture = await asyncio.to_thread(activity_chart, report, catalog)
    return Answer(text, picture, overview_buttons(place, asked, hides=hides))


async def find_window(context: Context, place: Place, text: str) -> Window | None:
    """The window that a word or a range means for this community."""
    began = await context.store.read(lambda session: first_at(session, place.community.id))
    return parse_window(text, place.timezone, context.clock.now(), None if began is None else from_epoch(began))


async def read_overview(context: Context, place: Place, window: Window, *, compared: bool) -> OverviewReport:
    """The overview, after the closed days it rests on have been kept."""
    now = context.clock.now()
    for one in (window, window_before(window)):
        if one is not None:
            await close_days(context.store, place.community.id, one, now)
    return await context.store.read(
        lambda session: report_overview(session, place.community, window, compared=compared)
    )


async def _answer_videos(context: Context, place: Place, window: Window) -> Answer:
    if not place.manager or (place.community.private_figures and not place.private):
        return Answer(menu.render_videos_private(place.catalog))
    report: VideosReport = await context.store.read(lambda session: report_videos(session, place.community.id, window))
    text = render_videos(report, place.catalog)
    picture = await asyncio.to_thread(videos_chart, report, place.catalog) if report.videos else None
    return Answer(text, picture)


async def _rates_for(context: Context, place: Place, word: str) -> str:
    if not place.manager:
        return menu.render_rates_refused(place.catalog)
    window = await find_window(context, place, word)
    if window is None:
        return menu.render_rates_refused(place.catalog)
    report = await read_overview(context, place, window, compared=False)
    return words.render_rates(report, place.catalog)


def overview_buttons(place: Place, asked: StatsRequest, *, hides: bool) -> list[list[Button]]:
    """Windows, comparison, how it is worked out; the rates alone where a group keeps them private."""
    catalog = place.catalog
    suffix = ":vs" if asked.compared else ""
    shown = [(menu.window_button(word, catalog), word) for word in menu.BUTTON_WINDOWS]
    row = [
        (menu.chosen(label) if word == asked.window else label, f"stats:overview:{word}{suffix}")
        for label, word in shown
    ]
    compare = menu.compare_button(catalog, chosen=asked.compared)
    switch = "" if asked.compared else ":vs"
    second = [
        (compare, f"stats:overview:{asked.window}{switch}"),
        (menu.why_button(catalog), "stats:why"),
    ]
    rates = [[(menu.rates_button(catalog), f"stats:rates:{asked.window}")]] if hides else []
    return [row, second, *rates]


def setup(app: App) -> None:
    """Answer /stats and its buttons."""
    app.add_handler(CommandHandler("stats", stats))
    app.add_handler(CallbackQueryHandler(stats_pressed, pattern=r"^stats:"))
