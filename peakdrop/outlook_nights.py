"""Each night every group's outlook is made anew, days that are over are scored, and coming ones are told beforehand.

With it those of the topics that drops go to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from peakdrop.forecast_records import Scored, expect_days, score_days
from peakdrop.local_times import local_of
from peakdrop.outlooks import Outlook, pack_outlook
from peakdrop.windows import midnight
from storage.communities import CommunityView, list_communities
from storage.day_forecasts import add_expectations, score_day
from storage.drops import drop_topics
from storage.history import under_way
from storage.outlooks import WHOLE_GROUP, claim_outlooks, keep_outlook, made_times
from storage.store import Store

# Groups of one zone take turns from an hour after their midnight on, when their day can be scored.
FIRST, SPREAD = 65, 180  # minutes
IMPORTING = timedelta(minutes=15)  # an import that was not gone on with for so long stands still
LEAST, MOST = timedelta(minutes=1), timedelta(hours=1)  # between two looks
SLICE = 10  # groups claimed and kept in one transaction
LATELY = timedelta(days=28)  # a topic that got no drop for so long has its week made when somebody asks


@dataclass(frozen=True, slots=True)
class Night:
    """A group whose outlook is due, since when, and its zone."""

    community: CommunityView
    timezone: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    night: Night
    outlooks: Mapping[int, Outlook]  # by topic
    scored: list[Scored]


async def make_outlooks(store: Store, default_timezone: str, *, now: datetime) -> int:
    """Make the outlooks that are due, of several processes each by one; returns how many were made here."""
    made = 0
    due = await store.read(lambda session: due_nights(session, default_timezone, now=now))
    for at in range(0, len(due), SLICE):
        made += await _make_slice(store, due[at : at + SLICE], now)
    return made


def due_nights(session: Session, default_timezone: str, *, now: datetime) -> list[Night]:
    """The groups whose outlook was not made since their night began, but for those whose past is being imported."""
    made, importing = made_times(session), under_way(session, now - IMPORTING)
    found = []
    for community in list_communities(session):
        timezone = community.timezone or default_timezone
        since = _turn(community.id, timezone, now)
        if community.id not in importing and (community.id not in made or made[community.id] < since):
            found.append(Night(community, timezone, since))
    return found


def next_night(session: Session, default_timezone: str, *, now: datetime) -> datetime:
    """When to look again: at some group's next turn, within the hour, as a group may come or change its zone."""
    day = timedelta(days=1)
    turns = [
        _turn(community.id, community.timezone or default_timezone, now + day)
        for community in list_communities(session)
    ]
    return max(now + LEAST, min([now + MOST, *turns]))


def _turn(community_id: int, timezone: str, now: datetime) -> datetime:
    """The last moment at which it was a group's turn."""
    after = timedelta(minutes=FIRST + community_id * 37 % SPREAD)
    day = local_of(now - after, timezone).date()
    return midnight(day, ZoneInfo(timezone)) + after


async def _make_slice(store: Store, due: Collection[Night], now: datetime) -> int:
    since = {one.community.id: one.since for one in due}
    won = set(await store.write(lambda session: claim_outlooks(session, since, now)))
    made = [await store.read(partial(_make, night=one, now=now)) for one in due if one.community.id in won]
    if made:
        await store.write(lambda session: _keep(session, made, now))
    return len(made)


def _make(session: Session, night: Night, now: datetime) -> _Made:
    from peakdrop.outlook_making import make_outlook, make_topic_outlook  # numpy only where it is needed

    group = make_outlook(session, night.community, night.timezone, now=now)
    outlooks = {WHOLE_GROUP: group} | {
        topic: make_topic_outlook(session, night.community, group, topic, now=now)
        for topic in drop_topics(session, night.community.id, now - LATELY)
    }
    return _Made(night, outlooks, score_days(session, night.community, night.timezone, now=now))


def _keep(session: Session, made: Collection[_Made], now: datetime) -> None:
    for one in made:
        community_id = one.night.community.id
        for topic, outlook in one.outlooks.items():
            keep_outlook(session, community_id, pack_outlook(outlook), topic, now=now)
            add_expectations(session, community_id, expect_days(outlook, topic), now=now)
        for scored in one.scored:
            score_day(session, community_id, *scored, now=now)
