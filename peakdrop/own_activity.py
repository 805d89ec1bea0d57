"""A group's own activity from the store, with the times at which nothing could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from peakdrop.activity import QUARTER, Activity, from_masks
from peakdrop.coverage import cover
from peakdrop.windows import Window
from storage.communities import CommunityView
from storage.counts import active_rows
from storage.coverage import load_sight
from storage.times import DAY, from_epoch, to_epoch


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """Who was active when, and the gaps: whole UTC quarter hours (epoch // 900) unseen, the end exclusive."""

    activity: Activity
    gaps: tuple[tuple[int, int], ...]


def own_activity(session: Session, community: CommunityView, timezone: str, now: datetime) -> OwnActivity:
    """All that a community's members did until now; downtime and times without the bot are gaps, not silence."""
    activity = from_masks(active_rows(session, community.id, 0, to_epoch(now) // DAY))
    return OwnActivity(activity, find_gaps(session, community, activity, timezone, now))


def find_gaps(
    session: Session, community: CommunityView, activity: Activity, timezone: str, now: datetime
) -> tuple[tuple[int, int], ...]:
    """The whole UTC quarter hours, from the first activity until now, in which nothing could be seen."""
    if not len(activity):
        return ()
    began = from_epoch(int(activity.quarters.min()) * QUARTER)
    window = Window("all", began, now, timezone, now)
    unseen = cover(load_sight(session, community.id), community.created_at, window).gaps
    whole = ((-(-to_epoch(low) // QUARTER), to_epoch(high) // QUARTER) for low, high in unseen)
    return tuple((low, high) for low, high in whole if low < high)
