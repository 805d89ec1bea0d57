"""The buttons that end the making of a drop: schedule, propose, post now, cancel, undo."""

from __future__ import annotations

from telegram import Update

from handlers.actors import find_actor
from handlers.approval import ask_approval
from handlers.context import Context
from handlers.links import find_dead
from handlers.making import Making, Shown, find_making, main_screen, put
from peakdrop.composing import Asked, Attempt, post_at_once, try_confirm, undo_cancel
from peakdrop.drops import Outcome, cancel_drop
from peakdrop.lint import links_of
from peakdrop.prospects import Prospect, look_now
from peakdrop.series import skip_drop
from rendering import compose as words
from rendering import compose_ends as ends
from storage.communities import get_community
from storage.drops import State


async def confirm(making: Making, args: list[str]) -> Shown:
    """Into the queue, or before a manager; what speaks against it is told first."""
    dead = await find_dead(links_of(making.drop))
    asked = Asked(args[0], "sure" in args, dead)
    who = (making.drop, making.by, making.community, making.timezone, making.now)
    attempt, prospect = await making.settle(lambda session: try_confirm(session, *who, asked))
    if attempt is Attempt.WARNED:
        text = words.render_confirm(prospect, making.maker, making.catalog)
        return Shown(text, words.confirm_buttons(prospect, making.maker, making.catalog))
    if attempt is not Attempt.DONE:
        return await main_screen(making, words.render_not_confirmed(attempt, prospect, making.catalog))
    told = await _tell(making, prospect)
    buttons = ends.scheduled_buttons(prospect.drop, making.catalog)
    return Shown(ends.render_scheduled(prospect, told, making.catalog), buttons, ends=True)


async def _tell(making: Making, prospect: Prospect) -> int | None:
    """Lay a proposal before the managers; how many were reached, None where nobody need decide."""
    if prospect.drop.state != State.PROPOSED:
        return None
    return await ask_approval(making.context, making.desk, prospect)


async def now(making: Making, args: list[str]) -> Shown:
    """Post it now: asked once."""
    dead = await find_dead(links_of(making.drop))
    where = (making.drop, making.community, making.timezone, making.now, dead)
    prospect = await making.context.store.read(lambda session: look_now(session, *where))
    if not words.may_post_now(prospect, making.maker):
        return await main_screen(making, words.render_not_now(making.catalog))
    if args != ["sure"]:
        return Shown(ends.render_now(prospect, making.catalog), ends.now_buttons(making.drop, making.catalog))
    making, outcome = await making.write(
        lambda session: post_at_once(session, prospect, making.by, making.timezone, making.now)
    )
    if outcome is not Outcome.DONE:
        return await main_screen(making, words.render_gone(making.catalog))
    buttons = ends.posting_buttons(making.drop, making.catalog)
    return Shown(ends.render_posting(prospect, making.catalog), buttons, ends=True)


async def cancel(making: Making, args: list[str]) -> Shown:
    """Throw a draft away, cancel a drop (of a series one or all): asked once."""
    if not args:
        return Shown(ends.render_cancel(making.drop, making.catalog), ends.cancel_buttons(making.drop, making.catalog))
    key = (making.drop.community_id, making.drop.number, making.by)
    if args[0] == "one":
        await making.write(lambda session: skip_drop(session, *key, making.timezone, now=making.now))
    else:
        await making.write(lambda session: cancel_drop(session, *key, now=making.now))
    buttons = ends.cancelled_buttons(making.drop, making.catalog)
    return Shown(ends.render_cancelled(making.drop, making.catalog), buttons, ends=True)


async def done(making: Making, _args: list[str]) -> Shown:
    """A drop in the queue was changed enough."""
    buttons = ends.scheduled_buttons(making.drop, making.catalog)
    return Shown(ends.render_kept(await making.prospect(), making.catalog), buttons, ends=True)


async def undo(update: Update, context: Context) -> None:
    """A cancelled drop is taken up again, as a draft."""
    _, _, community_id, number = (update.callback_query.data or "").split(":") if update.callback_query else [""] * 4
    user = update.effective_user
    if user is None or not number:
        return
    community = await context.store.read(lambda session: get_community(session, int(community_id)))
    by = await find_actor(context, community, user.id) if community is not None else None
    if by is not None:
        at = context.clock.now()
        await context.store.write(lambda session: undo_cancel(session, int(community_id), int(number), by, at))
    making = await find_making(update, context, int(community_id), int(number))
    if making is not None:
        await put(update, making, await main_screen(making, ends.render_undone(making.catalog)))
