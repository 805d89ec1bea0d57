"""Digests at their time: the schedule is rows, the job queue only wakes this; each goes to a chat once at the most."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from handlers.actors import find_actor
from handlers.context import App, Context
from handlers.delivery import Answer
from handlers.digest_making import Issue, make_public, make_whole
from handlers.jobs import run_every, wake_at
from handlers.refusals import Verdict, judge
from peakdrop.digest_plans import begin_due, find_due, is_timely, next_due_at
from storage.communities import CommunityView, get_community, list_communities
from storage.digests import (
    GROUP,
    Delivery,
    DeliveryView,
    PlanView,
    claim,
    drop_old_deliveries,
    find_plan,
    list_readers,
    set_reader,
    settle,
    waiting,
)
from storage.people import find_person
from storage.suggestions import drop_old_suggestions

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
AGAIN = timedelta(minutes=1)  # where Telegram could not be reached
NAME = "digests"
BECOMES = {
    Verdict.FLOOD: Delivery.WAITING,
    Verdict.MIGRATED: Delivery.WAITING,
    Verdict.UNSENT: Delivery.WAITING,
    Verdict.HALTED: Delivery.REFUSED,
    Verdict.REFUSED: Delivery.REFUSED,
    Verdict.DOUBT: Delivery.UNCERTAIN,
}


async def send_due(context: Context) -> None:
    """Begin the digests that are due, send what waits, and be woken for the next."""
    try:
        await _send_all(context)
    except Exception:  # the database, most likely
        wake_at(context.job_queue, send_due, context.clock.now() + AGAIN, NAME)
        raise


async def _send_all(context: Context) -> None:
    now, zones = context.clock.now(), await _zones(context)
    if await context.store.read(partial(find_due, zones=zones, now=now)):
        await context.store.write(partial(begin_due, zones=zones, now=now))
    for one in await context.store.read(waiting):
        if not context.application.running:
            return  # the bot stops: what waits is sent when it is back
        try:
            await _send(context, one)
        except TelegramError as error:  # before it was claimed: the next minute tries again
            log.warning("a digest waits: %s", error)
        except Exception:  # one group's trouble is not the others'
            log.exception("a digest could not be made")
    await plan_wake(context, now)


async def plan_wake(context: Context, since: datetime | None = None) -> None:
    """Have the job queue wake us for the next digest; whoever changes a plan or a zone calls this.

    Its time may have come since the last look: then at once.
    """
    now, zones = context.clock.now(), await _zones(context)
    at = await context.store.read(partial(next_due_at, zones=zones, now=since or now))
    if await context.store.read(waiting):
        at = now + AGAIN
    wake_at(context.job_queue, send_due, at, NAME)


async def _zones(context: Context) -> dict[int, str]:
    """The zone of each community."""
    default = context.house.default_timezone
    return {one.id: one.timezone or default for one in await context.store.read(list_communities)}


async def _send(context: Context, one: DeliveryView) -> None:
    """Send one digest to one chat. It is claimed last: were this process to die before, another would send it."""
    now = context.clock.now()
    community, plan = await context.store.read(
        lambda session: (get_community(session, one.community_id), find_plan(session, one.community_id))
    )
    zone = (community.timezone if community else None) or context.house.default_timezone
    if community is None or plan is None or not is_timely(one, plan, zone, now):
        await context.store.write(partial(settle, one=one, state=Delivery.LAPSED, expected=Delivery.WAITING))
        return
    answer = await _make(context, one, community, plan, zone)
    if answer is None:
        await context.store.write(partial(settle, one=one, state=Delivery.REFUSED, expected=Delivery.WAITING))
    elif await context.store.write(partial(claim, one=one, now=now)):
        chat_id = community.chat_id if one.person_id == GROUP else one.person_id
        state = await _post(context, chat_id, answer)
        await context.store.write(partial(settle, one=one, state=state))


async def _make(
    context: Context, one: DeliveryView, community: CommunityView, plan: PlanView, zone: str
) -> Answer | None:
    """A digest for the chat it goes to; None where it is no manager's any more."""
    day = datetime.fromisoformat(one.occurrence).date()
    issue = Issue(community, plan.every, day, zone, context.clock.now(), one.occurrence)
    if one.person_id == GROUP:
        return await make_public(context, issue, context.catalog(await _group_language(context, community)))
    actor = await find_actor(context, community, one.person_id)
    person = await context.store.read(partial(find_person, person_id=one.person_id))
    if actor is None or not actor.is_manager or person is None:
        await context.store.write(
            partial(set_reader, community_id=community.id, person_id=one.person_id, now=issue.now, reads=False)
        )
        return None
    return await make_whole(context, issue, one.person_id, context.catalog(person.speaks or community.language))


async def _group_language(context: Context, community: CommunityView) -> str | None:
    """What a group reads; where it chose no language, what the first of its managers does who reads digests."""
    if community.language is not None:
        return community.language
    readers = await context.store.read(partial(list_readers, community_id=community.id))
    people = [await context.store.read(partial(find_person, person_id=one)) for one in readers]
    return next((one.speaks for one in people if one is not None and one.speaks), None)


async def _post(context: Context, chat_id: int, answer: Answer) -> Delivery:
    """Post it; what became of it. Nothing is tried again that may have been posted."""
    how: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": answer.markup}
    try:
        if answer.picture is not None:
            await context.bot.send_photo(chat_id, answer.picture, caption=answer.text, **how)
        else:
            no_preview = LinkPreviewOptions(is_disabled=True)
            await context.bot.send_message(chat_id, answer.text, link_preview_options=no_preview, **how)
    except TelegramError as error:
        verdict = judge(error).verdict
        log.log(logging.INFO if verdict is Verdict.HALTED else logging.WARNING, "a digest was not sent: %s", error)
        return BECOMES[verdict]
    return Delivery.SENT


async def tidy_digests(context: Context) -> None:
    """Let go of rows about digests and suggestions of long ago."""
    await context.store.write(partial(drop_old_deliveries, now=context.clock.now()))
    await context.store.write(partial(drop_old_suggestions, now=context.clock.now()))


def setup(app: App) -> None:
    """Look at the start and each hour; between, what is due wakes us."""
    run_every(app, send_due, HOUR, first=timedelta(seconds=3))
    run_every(app, tidy_digests, timedelta(days=1), first=timedelta(hours=1))
