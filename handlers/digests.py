"""/digest: one now; when it comes and to whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, deliver
from handlers.desks import Desk, find_desk, numbers_in
from handlers.digest_making import Issue, make_public, make_whole, settings_row
from handlers.digest_sending import plan_wake
from handlers.places import Place, find_place
from handlers.queue import word_in
from handlers.stats import has_patience
from peakdrop.digest_plans import PlanSaid, change_plan, read_plan, report_plan, turn_group, turn_reader
from peakdrop.drops import Actor
from peakdrop.local_times import local_of
from rendering import digest_plans as words
from storage.audit import NOBODY
from storage.digests import Every, find_plan
from storage.members import list_members


async def digest(update: Update, context: Context) -> None:
    """`/digest`, `/digest weekly mon 09:00`, `/digest daily 9:00`, `/digest off`."""
    private = update.effective_chat is not None and update.effective_chat.type == Chat.PRIVATE
    said = " ".join(context.args or ())
    if said:
        await (_set_in_private if private else _set_in_group)(update, context, said)
    elif await has_patience(update, context):
        await (_send_in_private if private else _send_in_group)(update, context)


async def _send_in_group(update: Update, context: Context) -> None:
    place = await find_place(update, context)
    if place is not None:
        issue = await _issue(context, place)
        await deliver(update, await make_public(context, issue, place.catalog))


async def _send_in_private(update: Update, context: Context, community_id: int | None = None) -> None:
    desk = await managers_desk(update, context, community_id)
    if desk is not None:
        issue = await _issue(context, _place(desk))
        await deliver(update, await make_whole(context, issue, desk.actor.person_id, desk.catalog))


async def _issue(context: Context, place: Place) -> Issue:
    """The digest as of today: of the day before where it comes daily, else of the week before."""
    now, community = context.clock.now(), place.community
    plan = await context.store.read(partial(find_plan, community_id=community.id))
    every = Every.WEEK if plan is None else plan.every
    return Issue(community, every, local_of(now, place.timezone).date(), place.timezone, now)


def _place(desk: Desk) -> Place:
    return Place(desk.community, desk.catalog, True, True, desk.timezone)


async def managers_desk(update: Update, context: Context, community_id: int | None = None) -> Desk | None:
    """The desk of a manager; editors are told that it is for managers."""
    desk = await find_desk(update, context, community_id)
    if desk is None or desk.actor.is_manager:
        return desk
    text = words.render_managers_digest(desk.catalog)
    if update.callback_query is not None:
        await acknowledge(update, text, alert=True)
    else:
        await deliver(update, Answer(text))
    return None


async def _set_in_group(update: Update, context: Context, said: str) -> None:
    """A plan typed in the group: the group gets its part too."""
    place = await find_place(update, context)
    if place is None:
        return
    plan, user = read_plan(said), update.effective_user
    if not place.manager:
        await deliver(update, Answer(words.render_managers_digest(place.catalog)))
    elif plan is None:
        link = f"https://t.me/{context.bot.username}?start=digest_{place.community.id}"
        text, button = words.render_unreadable_plan(said, place.catalog), words.settings_button(place.catalog)
        await deliver(update, Answer(text, buttons=[[(button, link)]]))
    else:
        anonymous = update.effective_message is None or update.effective_message.sender_chat is not None
        by = Actor(NOBODY if user is None or anonymous else user.id, is_manager=True)
        await deliver(update, await _set(context, place, plan, by))


async def _set(context: Context, place: Place, plan: PlanSaid, by: Actor) -> Answer:
    now, community_id, in_group = context.clock.now(), place.community.id, not place.private
    await context.store.write(
        partial(change_plan, community_id=community_id, said=plan, by=by, now=now, in_group=in_group)
    )
    await plan_wake(context)
    report = await context.store.read(lambda session: report_plan(session, community_id, place.timezone, now))
    now_local = local_of(now, place.timezone)
    return Answer(words.render_set(report, now_local, place.catalog, in_group=in_group, reads=bool(report.readers)))


async def _set_in_private(update: Update, context: Context, said: str) -> None:
    desk = await managers_desk(update, context)
    if desk is None:
        return
    plan = read_plan(said)
    if plan is None:
        text, buttons = words.render_unreadable_plan(said, desk.catalog), settings_row(desk.community.id, desk.catalog)
        await deliver(update, Answer(text, buttons=[buttons]))
        return
    await _change(context, desk, plan, reads=True)
    await deliver(update, await answer_plan(context, desk))


async def _change(context: Context, desk: Desk, plan: PlanSaid, *, reads: bool = False) -> None:
    """Whoever types a plan in private wants to read it; by buttons they choose that apart."""
    community_id, by, now = desk.community.id, desk.actor, desk.now
    await context.store.write(lambda session: change_plan(session, community_id, plan, by, now=now, reads=reads))
    await plan_wake(context)


async def answer_plan(context: Context, desk: Desk) -> Answer:
    """The screen on which its times and readers are set."""
    community = desk.community
    report = await context.store.read(lambda session: report_plan(session, community.id, desk.timezone, desk.now))
    people = await context.store.read(partial(list_members, community_id=community.id, member_ids=report.readers))
    named = {one.member_id: one.name for one in people}
    names = [named.get(one) or str(one) for one in report.readers]
    text = words.render_plan(report, names, community.title, desk.timezone, desk.now_local, desk.catalog)
    return Answer(text, buttons=words.plan_buttons(report, community.id, desk.actor.person_id, desk.catalog))


# What the buttons of that screen change: a desk and the number that they carry.
async def _every(context: Context, desk: Desk, value: int) -> None:
    await _change(context, desk, PlanSaid(Every(value) if value else None))


async def _day(context: Context, desk: Desk, value: int) -> None:
    await _change(context, desk, PlanSaid(Every.WEEK, weekday=value % 7))


async def _at(context: Context, desk: Desk, value: int) -> None:
    plan = await context.store.read(partial(find_plan, community_id=desk.community.id))
    if plan is not None:
        await _change(context, desk, PlanSaid(plan.every, minute=words.from_minute(value)))


async def _group(context: Context, desk: Desk, _value: int) -> None:
    community_id, by, now = desk.community.id, desk.actor, desk.now
    await context.store.write(lambda session: turn_group(session, community_id, by, now=now))


async def _me(context: Context, desk: Desk, _value: int) -> None:
    community_id, person_id, now = desk.community.id, desk.actor.person_id, desk.now
    await context.store.write(lambda session: turn_reader(session, community_id, person_id, now=now))


CHANGES: dict[str, Callable[[Context, Desk, int], Awaitable[None]]] = {
    "every": _every,
    "day": _day,
    "at": _at,
    "group": _group,
    "me": _me,
}


async def plan_pressed(update: Update, context: Context) -> None:
    """A button of the screen; below a picture the screen comes as a message of its own."""
    community_id, *value = numbers_in(update)
    desk = await managers_desk(update, context, community_id)
    if desk is None:
        return
    word = word_in(update)
    if word in CHANGES:  # "plan" only opens the screen
        await CHANGES[word](context, desk, value[0] if value else 0)
    await deliver(update, await answer_plan(context, desk))


async def plan_opened(update: Update, context: Context) -> None:
    """`/start digest_7`: a button in a group led to its settings here."""
    community_id = int((context.args or [""])[0].removeprefix("digest_"))
    desk = await managers_desk(update, context, community_id)
    if desk is not None:
        await deliver(update, await answer_plan(context, desk))


async def now_pressed(update: Update, context: Context) -> None:
    """ "Digest now"."""
    if await has_patience(update, context):
        await _send_in_private(update, context, numbers_in(update)[0])


def setup(app: App) -> None:
    """Answer /digest and its buttons."""
    app.add_handler(CommandHandler("digest", digest))
    link = filters.Regex(r"^/start digest_\d{1,9}$") & filters.ChatType.PRIVATE
    app.add_handler(CommandHandler("start", plan_opened, link))
    changes = "|".join(("plan", *CHANGES))
    app.add_handler(CallbackQueryHandler(plan_pressed, pattern=rf"^digest:({changes}):\d+(:\d+)?$"))
    app.add_handler(CallbackQueryHandler(now_pressed, pattern=r"^digest:now:\d+$"))
