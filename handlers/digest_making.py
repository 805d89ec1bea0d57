"""A digest made ready for a chat: words and picture, and for managers the suggestion with its button."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from handlers.context import Context
from handlers.daily import count_group
from handlers.delivery import Answer
from peakdrop.days import close_days
from peakdrop.digest_plans import digest_window
from peakdrop.digests import DigestReport, report_digest
from peakdrop.local_times import local_of
from peakdrop.suggestion_deeds import find_aftermath
from peakdrop.suggestions import find_proposal, keep_proposal, standing_suggestion
from peakdrop.windows import window_before
from rendering.catalog import Catalog
from rendering.charts.activity import activity_chart
from rendering.digest_plans import settings_button
from rendering.digests import Advice, render_public, render_whole
from rendering.suggestions import suggestion_buttons
from storage.communities import CommunityView
from storage.digests import Every
from storage.drops import DropView, find_drop
from storage.suggestions import SuggestionView, note_told
from storage.topics import topic_names


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest of a group as of a local day; `occurrence` names the one that was due, None where somebody asked."""

    community: CommunityView
    every: Every
    day: date
    timezone: str
    now: datetime
    occurrence: str | None = None


async def gather(context: Context, issue: Issue) -> DigestReport:
    """The figures, after the closed days they rest on have been kept."""
    window = digest_window(issue.every, issue.day, issue.timezone, issue.now)
    await count_group(context, issue.community)
    for one in (window, window_before(window)):
        if one is not None:
            await close_days(context.store, issue.community.id, one, issue.now)
    read = partial(
        report_digest,
        community=issue.community,
        every=issue.every,
        day=issue.day,
        timezone=issue.timezone,
        now=issue.now,
    )
    return await context.store.read(read)


async def make_public(context: Context, issue: Issue, catalog: Catalog) -> Answer:
    """What the group gets."""
    report = await gather(context, issue)
    return Answer(render_public(report, catalog), await _picture(report, catalog))


async def make_whole(context: Context, issue: Issue, reader: int, catalog: Catalog) -> Answer:
    """What a manager gets in private."""
    report = await gather(context, issue)
    advice = await advise(context, issue, report)
    now_local = local_of(issue.now, issue.timezone)
    text = render_whole(report, advice, reader, now_local, catalog)
    buttons = digest_buttons(advice.suggestion, issue.community.id, now_local, catalog)
    return Answer(text, await _picture(report, catalog), buttons)


def digest_buttons(
    one: SuggestionView | None, community_id: int, now_local: datetime, catalog: Catalog
) -> list[list[tuple[str, str]]]:
    """What stands under a manager's digest: how its suggestion stands, and the way to the settings."""
    rows = [] if one is None else suggestion_buttons(one, now_local, catalog)
    return [*rows, settings_row(community_id, catalog)]


def settings_row(community_id: int, catalog: Catalog) -> list[tuple[str, str]]:
    """The button that opens the screen with its times and readers."""
    return [(settings_button(catalog), f"digest:plan:{community_id}")]


async def _picture(report: DigestReport, catalog: Catalog) -> bytes | None:
    """The days as bars; a quiet time needs none."""
    if report.is_quiet or report.overview.is_unseen:
        return None
    return await asyncio.to_thread(activity_chart, report.overview, catalog)


async def advise(context: Context, issue: Issue, report: DigestReport) -> Advice:
    """The last suggestion's fate and the next suggestion, both kept: all managers get the same."""
    community, now, zone, occurrence = issue.community, issue.now, issue.timezone, issue.occurrence
    aftermath = await context.store.read(lambda session: find_aftermath(session, community, occurrence, zone, now=now))
    if aftermath is not None and occurrence is not None:
        await context.store.write(partial(note_told, one=aftermath.suggestion, occurrence=occurrence))
    suggestion = await _suggest(context, issue, report)
    source, topic = await context.store.read(partial(_source, one=suggestion, community_id=community.id))
    return Advice(aftermath, suggestion, source, topic)


async def _suggest(context: Context, issue: Issue, report: DigestReport) -> SuggestionView | None:
    """The suggestion that stands, or a new one."""
    community, now, zone = issue.community, issue.now, issue.timezone
    held = await context.store.read(
        lambda session: standing_suggestion(session, community, issue.occurrence, zone, now)
    )
    if held is not None:
        return held
    found = await context.store.read(lambda session: find_proposal(session, community, report, zone, now))
    if found is None:
        return None
    return await context.store.write(
        lambda session: keep_proposal(session, community.id, found, issue.occurrence, now=now)
    )


def _source(session: Session, one: SuggestionView | None, community_id: int) -> tuple[DropView | None, str | None]:
    """The drop whose content a suggestion is about, and the name of its topic."""
    if one is None:
        return None, None
    source = find_drop(session, community_id, one.source) if one.source is not None else None
    return source, topic_names(session, community_id).get(one.thread_id) if one.thread_id else None
