"""Reports over stored video figures: the list of videos, and a community's two rates in a window.

Snapshots are cumulative, so a window is the difference of its ends. A snapshot of a day stands for the whole of it
and counts at the day's first moment: it lies in each window in which its day begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from peakdrop.conversion import conversion
from peakdrop.engagement import engagement
from peakdrop.rates import UNKNOWN_RATE, Rate
from storage import videos
from storage.videos import Snapshot

if TYPE_CHECKING:
    from sqlmodel import Session

    from peakdrop.windows import Window

ENGAGEMENT_PARTS = ("watch_seconds", "likes", "comments", "shares")
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class VideoFigures:
    """A video's newest figures in the window, since its publication; None is unknown, watch time in seconds."""

    platform: str
    video: str
    title: str
    published_on: dt.date | None
    date: dt.date
    watch_seconds: float | None
    watch_estimated: bool
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    followers: int | None
    buyers: int | None
    engagement: Rate
    conversion: Rate


@dataclass(frozen=True, slots=True)
class CommunityRates:
    """A community's rates in a window, and what they rest on.

    `estimated` says that watch time is partly plays times average; `first_seen` counts the videos without an earlier
    snapshot, which count since their publication; `incomparable` those left out because their watch time fell (an
    export of another period); `by_orders` says that buyers were counted from shop orders.
    """

    engagement: Rate
    conversion: Rate
    videos: int
    estimated: bool
    first_seen: int
    incomparable: int
    by_orders: bool


@dataclass(frozen=True, slots=True)
class VideosReport:
    """The videos of a window with both rates of the community."""

    window: Window
    videos: tuple[VideoFigures, ...]
    rates: CommunityRates
    imported_at: dt.datetime | None


def report_videos(session: Session, community_id: int, window: Window) -> VideosReport:
    """Videos with a snapshot in the window, the most watched first. `all` has no beginning."""
    start = None if window.name == "all" else window.start
    since, before = _days(start, window.imports_end, ZoneInfo(window.timezone))
    found = videos.newest_snapshots(session, community_id, before=before, since=since)
    names = videos.titles(session, community_id) if found else {}
    figures = [_figures(one, *names.get((one.platform, one.video), (one.video, None))) for one in found]
    figures.sort(key=_most_watched_first)
    rates = measure_rates(session, community_id, start, window.imports_end, window.timezone)
    return VideosReport(window, tuple(figures), rates, videos.latest_import(session, community_id))


def community_rates(
    session: Session, community_id: int, start: dt.datetime | None, end: dt.datetime, timezone: str
) -> tuple[Rate, Rate]:
    """Engagement and conversion of a community in [start, end); without a start since the videos' publication."""
    rates = measure_rates(session, community_id, start, end, timezone)
    return rates.engagement, rates.conversion


def videos_json(report: VideosReport) -> dict[str, Any]:
    """The report as `stats videos --json` has it: days in ISO 8601, rates as fractions, unknown is None.

    `video` is the platform's id, or the title where the platform gives none.
    """
    return {"videos": [_video_json(one) for one in report.videos]}


def measure_rates(
    session: Session, community_id: int, start: dt.datetime | None, end: dt.datetime, timezone: str
) -> CommunityRates:
    """The rates with what they rest on.

    Engagement is a ratio of sums over the videos of which all four parts are known. Conversion is buyers gained in
    the window over followers at its end, followers once per platform; days told by order exports override the
    buyers in video files, which count only where their platform's followers are known.
    """
    since, before = _days(start, end, ZoneInfo(timezone))
    then = _by_video(session, community_id, since, ENGAGEMENT_PARTS)
    now = _by_video(session, community_id, before, ENGAGEMENT_PARTS)
    gained = [(one, then.get(key)) for key, one in now.items() if since is None or one.date >= since]
    kept = [(one, base) for one, base in gained if _watched(one, base) >= 0]
    converted, by_orders = _conversion(session, community_id, since, before)
    return CommunityRates(
        engagement=_engagement(kept),
        conversion=converted,
        videos=len(kept),
        estimated=any(one.watch_estimated for one, _ in kept),
        first_seen=sum(base is None for _, base in kept),
        incomparable=len(gained) - len(kept),
        by_orders=by_orders,
    )


def _days(start: dt.datetime | None, end: dt.datetime, zone: ZoneInfo) -> tuple[dt.date | None, dt.date]:
    """The first day that begins in the window, and the first that begins after it."""
    return None if start is None else _day_from(start, zone), _day_from(end, zone)


def _day_from(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    local = moment.astimezone(zone)
    day = local.date()
    begins = dt.datetime.combine(day, dt.time(0), zone).astimezone(dt.UTC)
    return day if moment <= begins else day + dt.timedelta(days=1)


def _by_video(session: Session, community_id: int, before: dt.date | None, known: Sequence[str]) -> dict[Key, Snapshot]:
    if before is None:
        return {}
    found = videos.newest_snapshots(session, community_id, before=before, known=known)
    return {(one.platform, one.video): one for one in found}


def _watched(one: Snapshot, base: Snapshot | None) -> float:
    return (one.watch_seconds or 0) - ((base.watch_seconds or 0) if base else 0)


def _engagement(gained: Sequence[tuple[Snapshot, Snapshot | None]]) -> Rate:
    """Likes can be taken back: a sum that fell is nothing gained, never below zero."""
    if not gained:
        return UNKNOWN_RATE
    sums = [
        sum(getattr(one, part) - (getattr(base, part) if base else 0) for one, base in gained)
        for part in ("likes", "comments", "shares")
    ]
    return engagement(max(0, sum(sums)), 0, 0, round(sum(_watched(one, base) for one, base in gained), 3))


def _conversion(session: Session, community_id: int, since: dt.date | None, before: dt.date) -> tuple[Rate, bool]:
    followers = videos.newest_followers(session, community_id, before=before)
    ordered = videos.new_buyers(session, community_id, since=since or dt.date.min, before=before)
    if ordered is not None:
        return conversion(ordered, sum(followers.values()) if followers else None), True
    then = _by_video(session, community_id, since, ("buyers",))
    now = _by_video(session, community_id, before, ("buyers",))
    if since is not None and not any(one.date >= since for one in now.values()):
        now = {}  # nothing told of buyers in these days: unknown, not none
    gained = _buyers_by_platform(now, then)
    if not gained:
        return conversion(None, sum(followers.values()) if followers else None), False
    both = gained.keys() & followers.keys()
    if not both:
        return conversion(max(0, sum(gained.values())), None), False
    return conversion(max(0, sum(gained[one] for one in both)), sum(followers[one] for one in both)), False


def _buyers_by_platform(now: Mapping[Key, Snapshot], then: Mapping[Key, Snapshot]) -> dict[str, int]:
    gained: dict[str, int] = {}
    for key, one in now.items():
        base = then.get(key)
        buyers = (one.buyers or 0) - ((base.buyers or 0) if base else 0)
        gained[one.platform] = gained.get(one.platform, 0) + buyers
    return gained


def _figures(one: Snapshot, title: str, published_on: dt.date | None) -> VideoFigures:
    return VideoFigures(
        platform=one.platform,
        video=one.video,
        title=title,
        published_on=published_on,
        date=one.date,
        watch_seconds=one.watch_seconds,
        watch_estimated=one.watch_estimated,
        views=one.views,
        likes=one.likes,
        comments=one.comments,
        shares=one.shares,
        followers=one.followers,
        buyers=one.buyers,
        engagement=engagement(one.likes, one.comments, one.shares, one.watch_seconds),
        conversion=conversion(one.buyers, one.followers),
    )


def _video_json(one: VideoFigures) -> dict[str, Any]:
    has_no_id = one.video.startswith(f"{one.title} · ")
    return {
        "platform": one.platform,
        "video": one.title if has_no_id else one.video,
        "date": one.date.isoformat(),
        "watch_seconds": one.watch_seconds,
        "likes": one.likes,
        "comments": one.comments,
        "shares": one.shares,
        "followers": one.followers,
        "buyers": one.buyers,
        "engagement": one.engagement.value,
        "conversion": one.conversion.value,
    }


def _most_watched_first(figures: VideoFigures) -> tuple[bool, float, float, str, str]:
    watch = figures.watch_seconds
    return (watch is None, -(watch or 0), -(figures.views or 0), figures.platform, figures.video)
