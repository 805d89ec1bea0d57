"""Reading the outlook that is kept, and making it anew where it is missing or too old."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from peakdrop.outlooks import Outlook, pack_outlook, unpack_outlook
from storage.communities import CommunityView, get_community
from storage.outlooks import WHOLE_GROUP, find_outlook, keep_outlook
from storage.store import Store

OLD = timedelta(hours=36)
UNKNOWN = timedelta(hours=1)  # where nothing was seen yet, something may have been by then


def read_outlook(
    session: Session, community_id: int, timezone: str, topic_id: int = WHOLE_GROUP, *, now: datetime
) -> Outlook:
    """The outlook of a group or one of its topics. Where none is kept, one from the last weeks (see `renew_outlook`).

    Raises LookupError where there is no such community.
    """
    kept = kept_outlook(session, community_id, timezone, topic_id, now=now)
    if kept is not None:
        return kept
    community = get_community(session, community_id)
    if community is None:
        raise LookupError(f"there is no community {community_id}")
    return _make(session, community, timezone, topic_id, now, is_quick=True)


def _make(
    session: Session, community: CommunityView, timezone: str, topic_id: int, now: datetime, *, is_quick: bool = False
) -> Outlook:
    """Work it out; quickly from the last weeks alone."""
    # Only here is numpy needed, which takes longer to import than to compute.
    from peakdrop.outlook_making import LONG, SHORT, make_outlook, make_topic_outlook

    if topic_id != WHOLE_GROUP:
        group = read_outlook(session, community.id, timezone, now=now)
        return make_topic_outlook(session, community, group, topic_id, now=now)
    return make_outlook(session, community, timezone, now=now, weeks=SHORT if is_quick else LONG)


def kept_outlook(
    session: Session, community_id: int, timezone: str, topic_id: int = WHOLE_GROUP, *, now: datetime
) -> Outlook | None:
    """The outlook that is kept; None where it is missing, older than a day and a half, or of another zone."""
    kept = find_outlook(session, community_id, topic_id)
    outlook = None if kept is None else unpack_outlook(kept.content)
    if kept is None or outlook is None or outlook.timezone != timezone:
        return None
    return outlook if abs(now - kept.made_at) < (OLD if outlook.is_known else UNKNOWN) else None


async def renew_outlook(
    store: Store, community_id: int, timezone: str, topic_id: int = WHOLE_GROUP, *, now: datetime
) -> None:
    """Make and keep an outlook where none can be read at once, from all that is known; for a topic its group's too."""
    if topic_id != WHOLE_GROUP:
        await renew_outlook(store, community_id, timezone, now=now)
    if await store.read(lambda session: kept_outlook(session, community_id, timezone, topic_id, now=now)) is not None:
        return

    def make(session: Session) -> Outlook | None:
        community = get_community(session, community_id)
        return None if community is None else _make(session, community, timezone, topic_id, now)

    outlook = await store.read(make)
    if outlook is not None:
        content = pack_outlook(outlook)
        await store.write(lambda session: keep_outlook(session, community_id, content, topic_id, now=now))
