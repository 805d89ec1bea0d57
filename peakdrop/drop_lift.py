"""Lift: what happened in the two hours after a drop, against the same hours of weeks without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from sqlmodel import Session

from peakdrop.coverage import cover
from peakdrop.local_times import local_of, moment_of
from peakdrop.windows import Window
from storage.communities import CommunityView
from storage.counts import count_active, count_kinds
from storage.coverage import Sight, load_sight
from storage.drops import sent_drops
from storage.kinds import MESSAGE_KINDS, Kind
from storage.times import to_epoch

SPAN = timedelta(hours=2)
WEEKS = 8
SEEN = 0.9  # of the two hours, for a week to be compared with
_SIGNS = {int(kind): 1 for kind in (*MESSAGE_KINDS, Kind.REACTION_ADDED, Kind.REACTION_UNNAMED, Kind.VOTE, Kind.PRESS)}
_SIGNS |= {int(Kind.REACTION_REMOVED): -1, int(Kind.VOTE_RETRACTED): -1}


@dataclass(frozen=True, slots=True)
class Lift:
    """Interactions and active members in the two hours after a drop, and what those are on the mean of `weeks` others.

    The means are None where no week can be compared with.
    """

    interactions: int
    members: int
    usual_interactions: float | None
    usual_members: float | None
    weeks: int


def measure_lift(
    session: Session, community: CommunityView, sent_at: datetime, timezone: str, *, now: datetime
) -> Lift | None:
    """A drop's lift; None while its two hours are not over, or where they were not seen.

    Compared with are the eight weeks before, as far as they were seen and no drop came near the same hours.
    """
    sight = load_sight(session, community.id)
    if now < sent_at + SPAN or not _is_seen(sight, community, sent_at, timezone, now):
        return None
    local = local_of(sent_at, timezone)
    starts = [moment_of(local - timedelta(weeks=week), timezone) for week in range(1, WEEKS + 1)]
    drops = [one.sent_at for one in sent_drops(session, community.id, starts[-1] - SPAN, sent_at) if one.sent_at]
    calm = [
        start
        for start in starts
        if not any(start - SPAN < drop < start + SPAN for drop in drops)
        and _is_seen(sight, community, start, timezone, now)
    ]
    others = [_measure(session, community.id, start) for start in calm]
    interactions, members = _measure(session, community.id, sent_at)
    return Lift(
        interactions,
        members,
        mean(one for one, _ in others) if others else None,
        mean(one for _, one in others) if others else None,
        len(others),
    )


def _is_seen(sight: Sight, community: CommunityView, start: datetime, timezone: str, now: datetime) -> bool:
    if sight.first_at is None or to_epoch(start) < sight.first_at:
        return False
    share = cover(sight, community.created_at, Window("hours", start, start + SPAN, timezone, now)).share
    return share is not None and share >= SEEN


def _measure(session: Session, community_id: int, start: datetime) -> tuple[int, int]:
    span = to_epoch(start), to_epoch(start + SPAN)
    counts = count_kinds(session, community_id, *span)
    interactions = sum(n * _SIGNS.get(kind, 0) for (_, kind), n in counts.items())
    return max(0, interactions), count_active(session, community_id, *span)
