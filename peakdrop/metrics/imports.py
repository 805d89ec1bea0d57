"""Taking a metrics file into the store: all of it, or nothing, or its good rows; and the same file only once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from peakdrop.metrics.layouts import OWN
from peakdrop.metrics.records import BadRow, FollowerTotal, MetricsFile, MetricsRow, Notice
from storage import videos
from storage.videos import Snapshot

if TYPE_CHECKING:
    from sqlmodel import Session


class Outcome(StrEnum):
    """What became of a file."""

    STORED = "stored"
    ALREADY_STORED = "already_stored"
    BAD_ROWS = "bad_rows"
    NOTHING_IN_IT = "nothing_in_it"


@dataclass(frozen=True, slots=True)
class MetricsReport:
    """What an import took and what it could not. With BAD_ROWS nothing was stored."""

    outcome: Outcome
    layout: str
    videos: int
    platforms: tuple[str, ...]
    estimated: int
    first_date: dt.date | None
    last_date: dt.date | None
    followers: tuple[FollowerTotal, ...]
    buyers: int | None
    skipped: int
    notices: tuple[Notice, ...]
    bad_rows: tuple[BadRow, ...]
    imported_at: dt.datetime
    timezone: str


def import_metrics(
    session: Session, community_id: int, file: MetricsFile, *, skip_bad: bool, now: dt.datetime
) -> MetricsReport:
    """Store a file that was read. With a bad row nothing is stored, unless `skip_bad`; the same bytes only once."""
    before = videos.import_time(session, community_id, file.digest)
    if before is not None:
        return _report(file, Outcome.ALREADY_STORED, before)
    if file.bad_rows and not skip_bad:
        return _report(file, Outcome.BAD_ROWS, now)
    if not (file.rows or file.followers or file.buyers):
        return _report(file, Outcome.NOTHING_IN_IT, now)
    rows = _matched(session, community_id, file)
    videos.put_videos(
        session,
        community_id,
        [
            {"platform": row.platform, "video": row.video, "title": row.title, "published_on": row.published_on}
            for row in _newest_of_each(rows)
        ],
    )
    videos.put_snapshots(session, community_id, [_snapshot(row) for row in rows])
    videos.put_followers(session, community_id, [(one.platform, one.date, one.followers) for one in file.followers])
    videos.put_buyers(session, community_id, [(one.source, one.date, one.buyers) for one in file.buyers])
    videos.record_import(session, community_id, file.digest, file.layout, now)
    return _report(file, Outcome.STORED, now)


def _matched(session: Session, community_id: int, file: MetricsFile) -> list[MetricsRow]:
    """Rows of our own template that call a known video by its title are that video's."""
    if file.layout != OWN.name:
        return list(file.rows)
    known = videos.titles(session, community_id, {row.platform for row in file.rows})
    count = Counter((platform, title) for (platform, _), (title, _) in known.items())
    by_title = {
        (platform, title): (video, title)
        for (platform, video), (title, _) in known.items()
        if count[platform, title] == 1
    }
    taken = {(row.platform, row.video, row.date) for row in file.rows}
    rows = []
    for row in file.rows:
        video, title = row.video, row.title
        if (row.platform, video) in known:
            title = known[row.platform, video][0] if title == video else title
        else:
            video, title = by_title.get((row.platform, title), (video, title))
            if video != row.video and (row.platform, video, row.date) in taken:
                video = row.video
        rows.append(_renamed(row, video, title))
    return rows


def _renamed(row: MetricsRow, video: str, title: str) -> MetricsRow:
    return row if (video, title) == (row.video, row.title) else replace(row, video=video, title=title)


def _newest_of_each(rows: Sequence[MetricsRow]) -> list[MetricsRow]:
    newest = {(row.platform, row.video): row for row in sorted(rows, key=lambda row: (row.date, row.title))}
    return list(newest.values())


def _snapshot(row: MetricsRow) -> Snapshot:
    return Snapshot(
        platform=row.platform,
        video=row.video,
        date=row.date,
        watch_seconds=row.watch_seconds,
        watch_estimated=row.watch_estimated,
        views=row.views,
        likes=row.likes,
        comments=row.comments,
        shares=row.shares,
        followers=row.followers,
        buyers=row.buyers,
    )


def _report(file: MetricsFile, outcome: Outcome, imported_at: dt.datetime) -> MetricsReport:
    figures = [(one.platform, one.date) for one in file.rows]
    figures += [(one.platform, one.date) for one in file.followers]
    figures += [(one.source, one.date) for one in file.buyers]
    dates = [date for _, date in figures]
    last_totals = {one.platform: one for one in sorted(file.followers, key=lambda one: one.date)}
    return MetricsReport(
        outcome=outcome,
        layout=file.layout,
        videos=len({(row.platform, row.video) for row in file.rows}),
        platforms=tuple(sorted({platform for platform, _ in figures})),
        estimated=sum(row.watch_estimated for row in file.rows),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        followers=tuple(last_totals.values()),
        buyers=sum(one.buyers for one in file.buyers) if file.buyers else None,
        skipped=len({bad.line for bad in file.bad_rows}),
        notices=file.notices,
        bad_rows=file.bad_rows,
        imported_at=imported_at,
        timezone=file.timezone,
    )
