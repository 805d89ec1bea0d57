"""/next: what is coming in a group, as far as its managers show it, and "remind me" under it."""

from __future__ import annotations

from functools import partial

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.actors import is_inside
from handlers.context import App, Context
from handlers.delivery import Answer, Button, acknowledge, deliver, post
from handlers.desks import numbers_in
from handlers.places import catalog_of, find_place
from peakdrop.coming import ComingReport, keep_reminder, report_coming, wish_reminder
from rendering import coming as words
from rendering.catalog import Catalog
from rendering.places import render_not_joined
from storage.communities import CommunityView, get_community, list_communities
from storage.people import communities_of, set_person

MOST_GROUPS = 5


async def next_(update: Update, context: Context) -> None:
    """`/next`: in a group its own; in private those of the groups in which whoever asks is."""
    chat = update.effective_chat
    if chat is None:
        return
    if chat.type == Chat.PRIVATE:
        await _next_in_private(update, context)
        return
    place = await find_place(update, context)
    if place is not None:
        await deliver(update, await answer_next(context, place.community, place.catalog))


async def _next_in_private(update: Update, context: Context) -> None:
    catalog, message = await catalog_of(update, context), update.effective_message
    if message is None or update.effective_user is None:
        return
    groups = await joined_communities(context, update.effective_user.id)
    for group in groups:
        await post(message, await answer_next(context, group, catalog))
    if not groups:
        await post(message, Answer(render_not_joined(catalog)))


async def joined_communities(context: Context, user_id: int) -> list[CommunityView]:
    """Groups in which someone was seen and still is."""
    known, everywhere = await context.store.read(
        lambda session: (set(communities_of(session, user_id)), list_communities(session))
    )
    seen = [one for one in everywhere if one.id in known and one.kind != Chat.CHANNEL]
    return [one for one in seen[:MOST_GROUPS] if await is_inside(context, one.chat_id, user_id)]


async def answer_next(context: Context, community: CommunityView, catalog: Catalog) -> Answer:
    """What is coming in a group, with a button for each to be reminded, and the way to the private chat."""
    timezone = community.timezone or context.house.default_timezone
    report = await context.store.read(
        lambda session: report_coming(session, community, timezone, now=context.clock.now())
    )
    return Answer(words.render_coming(report, catalog), buttons=_buttons(context, report, catalog))


def _buttons(context: Context, report: ComingReport, catalog: Catalog) -> list[list[Button]]:
    rows = [
        [(words.remind_button(one, report, catalog), f"next:{one.community_id}:{one.number}")] for one in report.drops
    ]
    if rows:
        first = report.drops[0]
        link = f"https://t.me/{context.bot.username}?start=remind_{first.community_id}_{first.number}"
        rows.append([(words.private_button(catalog), link)])
    return rows


async def remind_pressed(update: Update, context: Context) -> None:
    """ "Remind me": noted, or taken back; whoever must open the private chat first is told how."""
    query = update.callback_query
    if query is None:
        return
    community_id, number = numbers_in(update)
    now, person_id = context.clock.now(), query.from_user.id
    wish = await context.store.write(
        partial(wish_reminder, community_id=community_id, number=number, person_id=person_id, now=now)
    )
    await acknowledge(update, words.render_wish(wish, await catalog_of(update, context)), alert=True)


async def remind_here(update: Update, context: Context) -> None:
    """In private, by the link under /next: the reminder is kept, if whoever opened it is in that group."""
    user, message = update.effective_user, update.effective_message
    if user is None or message is None or not context.args:
        return
    _, community_id, number = context.args[0].split("_")
    await context.store.write(lambda session: set_person(session, user.id))
    catalog, now = await catalog_of(update, context), context.clock.now()
    community = await context.store.read(lambda session: get_community(session, int(community_id)))
    if community is None or not await is_inside(context, community.chat_id, user.id):
        await post(message, Answer(words.render_vain(catalog)))
        return
    drop = await context.store.write(
        partial(keep_reminder, community_id=community.id, number=int(number), person_id=user.id, now=now)
    )
    timezone = community.timezone or context.house.default_timezone
    await post(message, Answer(words.render_kept(drop, timezone, now, catalog) if drop else words.render_vain(catalog)))


def setup(app: App) -> None:
    """Answer /next and what stands under it."""
    app.add_handler(CommandHandler("next", next_))
    app.add_handler(CallbackQueryHandler(remind_pressed, pattern=r"^next:\d+:\d+$"))
    link = filters.Regex(r"^/start remind_\d+_\d+$") & filters.ChatType.PRIVATE
    app.add_handler(CommandHandler("start", remind_here, link))
