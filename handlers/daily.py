"""What the clock asks for: how many members each group has, how the bot stands there, a tidy disk."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from telegram.error import TelegramError

from handlers.context import App, Context
from handlers.delivery import persist
from handlers.jobs import run_every
from handlers.rights import check_rights
from peakdrop.privacy import clean_disk
from storage.communities import CommunityView, list_communities
from storage.coverage import bot_standing, note_bot_standings
from storage.facts import BotStandingSeen
from storage.kinds import Standing
from storage.member_counts import latest_count_at, note_count

log = logging.getLogger(__name__)
FRESH = timedelta(hours=23)


async def count_members(context: Context) -> None:
    """Ask Telegram for the member count of each group that was not counted today, and once how we stand there."""
    for community in await context.store.read(list_communities):
        await learn_standing(context, community)
        await count_group(context, community)


async def learn_standing(context: Context, community: CommunityView) -> None:
    """Where nothing told how the bot stands in a group, it was there before it ran: ask, for all the time since."""
    if await context.store.read(partial(bot_standing, community_id=community.id)) is not None:
        return
    rights = await check_rights(context, community.chat_id)
    standing = Standing.ADMIN if rights.admin else Standing.MEMBER if rights.inside else Standing.LEFT
    seen = BotStandingSeen(community.chat_id, int(community.created_at.timestamp()), standing)
    await context.store.write(partial(note_bot_standings, community_id=community.id, seen=[seen]))


async def count_group(context: Context, community: CommunityView, *, anew: bool = False) -> None:
    """Ask for one group's member count, unless that was done within the day; `anew` asks all the same."""
    now = context.clock.now()
    counted, standing = await context.store.read(
        lambda session: (latest_count_at(session, community.id), bot_standing(session, community.id))
    )
    if (counted is not None and now - counted < FRESH and not anew) or (standing is not None and not standing.inside):
        return
    try:
        count = await persist(lambda: context.bot.get_chat_member_count(community.chat_id))
    except TelegramError as error:
        log.info("member count of a group not to be had: %s", error)
        return
    await context.store.write(partial(note_count, community_id=community.id, at=now, n=count))


async def tidy_disk(context: Context) -> None:
    """Cut the database's write-ahead log, so that nothing erased lingers there."""
    await clean_disk(context.store)


def setup(app: App) -> None:
    """Count soon after the start, then every hour whatever is due; tidy the disk once a day."""
    run_every(app, count_members, timedelta(hours=1), first=timedelta(seconds=1))
    run_every(app, tidy_disk, timedelta(days=1), first=timedelta(hours=1))
