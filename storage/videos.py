"""Queries over video figures: snapshots in, newest snapshots out. Days are local to the community."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Table, and_, case, func, insert, or_, select, tuple_
from sqlmodel import Session

from storage.dialects import insert_into, upsert
from storage.times import from_epoch
from storage.video_models import BuyerDay, FollowerSnapshot, MetricsImport, Video, VideoSnapshot

VIDEO: Table = Video.__table__  # type: ignore[attr-defined]
SNAPSHOT: Table = VideoSnapshot.__table__  # type: ignore[attr-defined]
FOLLOWERS: Table = FollowerSnapshot.__table__  # type: ignore[attr-defined]
BUYER_DAY: Table = BuyerDay.__table__  # type: ignore[attr-defined]
IMPORT: Table = MetricsImport.__table__  # type: ignore[attr-defined]

COUNTS = ("views", "likes", "comments", "shares", "followers", "buyers")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A video's figures up to a day; watch time in seconds, None is unknown."""

    platform: str
    video: str
    date: dt.date
    watch_seconds: float | None = None
    watch_estimated: bool = False
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    followers: int | None = None
    buyers: int | None = None


_COLUMNS = [SNAPSHOT.c[field.name] for field in fields(Snapshot)]


def import_time(session: Session, community_id: int, digest: str) -> dt.datetime | None:
    """When a file of these bytes was taken, if it ever was."""
    statement = select(IMPORT.c.imported_at).where(IMPORT.c.community_id == community_id, IMPORT.c.digest == digest)
    return session.connection().execute(statement).scalar()


def record_import(session: Session, community_id: int, digest: str, layout: str, imported_at: dt.datetime) -> None:
    """Remember that a file was taken."""
    values = {"community_id": community_id, "digest": digest, "layout": layout, "imported_at": imported_at}
    session.connection().execute(insert(IMPORT), values)


def latest_import(session: Session, community_id: int) -> dt.datetime | None:
    """When figures came in last."""
    statement = select(func.max(IMPORT.c.imported_at)).where(IMPORT.c.community_id == community_id)
    found = session.connection().execute(statement).scalar()
    return from_epoch(found) if isinstance(found, int) else found


def put_videos(session: Session, community_id: int, videos: Iterable[Mapping[str, Any]]) -> None:
    """Add videos or rename them; a known day of publication is not lost."""
    new = insert_into(session, VIDEO).excluded
    changes = {
        "title": new.title,
        "published_on": func.coalesce(new.published_on, VIDEO.c.published_on),
    }
    upsert(session, VIDEO, [{"community_id": community_id, **video} for video in videos], changes)


def put_snapshots(session: Session, community_id: int, snapshots: Iterable[Snapshot]) -> None:
    """Add snapshots. Of the same day the newest figures win, but unknown ones and estimates replace nothing."""
    new = insert_into(session, SNAPSHOT).excluded
    old = SNAPSHOT.c
    keep = or_(
        new.watch_seconds.is_(None),
        and_(new.watch_estimated, old.watch_seconds.is_not(None), ~old.watch_estimated),
    )
    changes: dict[str, Any] = {name: func.coalesce(new[name], old[name]) for name in COUNTS}
    changes |= {name: case((keep, old[name]), else_=new[name]) for name in ("watch_seconds", "watch_estimated")}
    names = [field.name for field in fields(Snapshot)]
    rows = [{"community_id": community_id} | {name: getattr(one, name) for name in names} for one in snapshots]
    upsert(session, SNAPSHOT, rows, changes)


def put_followers(session: Session, community_id: int, totals: Iterable[tuple[str, dt.date, int]]) -> None:
    """Add follower totals (platform, day, followers); the newest import wins."""
    rows = [
        {"community_id": community_id, "platform": platform, "date": day, "followers": followers}
        for platform, day, followers in totals
    ]
    upsert(session, FOLLOWERS, rows)


def put_buyers(session: Session, community_id: int, days: Sequence[tuple[str, dt.date, int]]) -> None:
    """Replace a shop's days by what a newer order export says of them (source, day, new buyers)."""
    rows = [
        {"community_id": community_id, "source": source, "date": day, "buyers": buyers} for source, day, buyers in days
    ]
    upsert(session, BUYER_DAY, rows)


def titles(
    session: Session, community_id: int, platforms: Collection[str] | None = None
) -> dict[tuple[str, str], tuple[str, dt.date | None]]:
    """(platform, video) to its title and day of publication; of all platforms, or those named."""
    statement = select(VIDEO.c.platform, VIDEO.c.video, VIDEO.c.title, VIDEO.c.published_on).where(
        VIDEO.c.community_id == community_id
    )
    if platforms is not None:
        statement = statement.where(VIDEO.c.platform.in_(platforms))
    return {(row[0], row[1]): (row[2], row[3]) for row in session.connection().execute(statement)}


def newest_snapshots(
    session: Session,
    community_id: int,
    *,
    before: dt.date,
    since: dt.date | None = None,
    known: Collection[str] = (),
) -> list[Snapshot]:
    """Each video's newest snapshot of a day before `before` (and from `since`) in which all `known` are known."""
    # One look-up in the key's tree per video, whatever the number of its snapshots.
    older = SNAPSHOT.alias("older")
    wanted = [older.c[name] == VIDEO.c[name] for name in ("community_id", "platform", "video")]
    wanted += [older.c.date < before, *(older.c[name].is_not(None) for name in known)]
    if since is not None:
        wanted.append(older.c.date >= since)
    newest = select(older.c.date).where(*wanted).order_by(older.c.date.desc()).limit(1).correlate(VIDEO)
    keys = select(VIDEO.c.platform, VIDEO.c.video, newest.scalar_subquery()).where(VIDEO.c.community_id == community_id)
    statement = (
        select(*_COLUMNS)
        .where(
            SNAPSHOT.c.community_id == community_id,
            tuple_(SNAPSHOT.c.platform, SNAPSHOT.c.video, SNAPSHOT.c.date).in_(keys),
        )
        .order_by(SNAPSHOT.c.platform, SNAPSHOT.c.video)
    )
    return [Snapshot(*row) for row in session.connection().execute(statement)]


def newest_followers(session: Session, community_id: int, *, before: dt.date) -> dict[str, int]:
    """Each platform's newest follower total of a day before `before`, from totals and videos' rows alike.

    Where one day tells several, the largest is meant: rows of one file may be older than its date.
    """
    mine = (FOLLOWERS.c.community_id == community_id, FOLLOWERS.c.date < before)
    last = select(FOLLOWERS.c.platform, func.max(FOLLOWERS.c.date)).where(*mine).group_by(FOLLOWERS.c.platform)
    statement = select(FOLLOWERS.c.platform, FOLLOWERS.c.date, FOLLOWERS.c.followers).where(
        FOLLOWERS.c.community_id == community_id, tuple_(FOLLOWERS.c.platform, FOLLOWERS.c.date).in_(last)
    )
    told = [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]
    shown = newest_snapshots(session, community_id, before=before, known=("followers",))
    told += [(one.platform, one.date, one.followers or 0) for one in shown]
    newest: dict[str, tuple[dt.date, int]] = {}
    for platform, day, followers in told:
        newest[platform] = max(newest.get(platform, (day, 0)), (day, followers))
    return {platform: followers for platform, (_, followers) in newest.items()}


def new_buyers(session: Session, community_id: int, *, since: dt.date, before: dt.date) -> int | None:
    """New buyers by order exports on the days from `since` until before `before`; None where none covers any."""
    statement = select(func.sum(BUYER_DAY.c.buyers)).where(
        BUYER_DAY.c.community_id == community_id, BUYER_DAY.c.date >= since, BUYER_DAY.c.date < before
    )
    found = session.connection().execute(statement).scalar()
    return None if found is None else int(found)
