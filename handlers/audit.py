"""/audit: who did what to drops, roles and rules, for managers."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.desks import Desk, find_desk, find_page
from rendering import audit as words
from rendering.desks import render_not_yours
from storage.audit import list_acts
from storage.members import list_members


async def audit(update: Update, context: Context) -> None:
    """`/audit`: the newest entries."""
    desk = await find_desk(update, context)
    if desk is not None:
        await deliver(update, await answer_audit(context, desk, 0))


async def page_pressed(update: Update, context: Context) -> None:
    """Another page."""
    found = await find_page(update, context)
    if found is not None:
        await deliver(update, await answer_audit(context, *found))


async def answer_audit(context: Context, desk: Desk, page: int) -> Answer:
    """A page of the log; editors do not see it."""
    if not desk.actor.is_manager:
        return Answer(render_not_yours(desk.catalog))
    community_id = desk.community.id
    acts, members = await context.store.read(
        lambda session: (
            list_acts(session, community_id, limit=words.PAGE, offset=page * words.PAGE),
            list_members(session, community_id),
        )
    )
    names = {one.member_id: one.name for one in members}
    text = words.render_audit(acts, names, desk.community.title, desk.timezone, desk.now, desk.catalog)
    buttons = words.audit_buttons(community_id, page, is_full=len(acts) == words.PAGE, catalog=desk.catalog)
    return Answer(text, buttons=buttons)


def setup(app: App) -> None:
    """Answer /audit and its buttons."""
    app.add_handler(CommandHandler("audit", audit))
    app.add_handler(CallbackQueryHandler(page_pressed, pattern=r"^audit:\d+:\d+$"))
