"""Rows of videos, from a platform's export or from our own template."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from peakdrop.metrics.cells import RowReader
from peakdrop.metrics.dates import WrittenDate
from peakdrop.metrics.headings import Meaning
from peakdrop.metrics.layouts import FIGURES, OWN, Layout, Sheet
from peakdrop.metrics.numbers import Unreadable, is_missing
from peakdrop.metrics.platforms import OTHER, platform_name
from peakdrop.metrics.records import BadRow, MetricsFile, MetricsRow, Notice
from peakdrop.metrics.tables import Line, Table

TOTALS = frozenset({"total", "totals", "总计", "合计", "合計", "总和"})
PICTURES = frozenset({"图文", "图集", "图片", "文章"})
STORED = FIGURES | {Meaning.VIEWS}
MAX_NAME = 120  # longer names are cut and told apart by a hash, so that keys stay indexable

_VIDEO_IN_LINK = re.compile(
    r"(?:/video/|/shorts/|[?&]v=|youtu\.be/|/reel/|/explore/|/note/|modal_id=)([\w-]{5,40})|(BV[0-9A-Za-z]{10})"
)


@dataclass(slots=True)
class _Taken:
    """What has been read so far."""

    rows: list[MetricsRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def read_videos(sheet: Sheet, table: Table, *, digest: str, imported_on: date) -> MetricsFile:
    """The file's videos with what could not be had. Figures whose file names no day are of `imported_on`."""
    taken = _Taken()
    comma = table.decimal_comma or sheet.layout.decimal_comma
    for line in table.lines:
        _take(sheet, line, taken, decimal_comma=comma, imported_on=imported_on)
    rows, conflicts, repeats = _once_each(taken.rows)
    taken.seen["repeated"] += repeats
    return MetricsFile(
        layout=sheet.layout.name,
        digest=digest,
        rows=tuple(rows),
        notices=tuple(_notices(sheet, rows, taken.seen)),
        bad_rows=tuple(sorted(taken.bad + conflicts, key=lambda bad: bad.line)),
    )


def _take(sheet: Sheet, line: Line, taken: _Taken, *, decimal_comma: bool, imported_on: date) -> None:
    reader = RowReader(line, sheet.columns, decimal_comma)
    name, title = reader.text(Meaning.VIDEO).lstrip("'"), reader.text(Meaning.TITLE)
    if name.lower() in TOTALS and not title and not reader.text(Meaning.PUBLISHED):
        taken.seen["totals_row"] += 1
    elif reader.text(Meaning.KIND) in PICTURES:
        taken.seen["pictures"] += 1
    else:
        row = _row(reader, sheet.layout, name.strip(), title, imported_on, taken.seen)
        if reader.problems:
            taken.bad += reader.problems
        elif row is not None and all(getattr(row, meaning.value) is None for meaning in STORED):
            taken.seen["without_figures"] += 1
        elif row is not None:
            taken.rows.append(row)


def _row(
    reader: RowReader, layout: Layout, name: str, title: str, imported_on: date, seen: Counter[str]
) -> MetricsRow | None:
    written = reader.written_date(Meaning.DATE)
    day = imported_on
    if written is not None:
        try:
            day = written.on_or_before(imported_on)
        except Unreadable:
            reader.fail(Meaning.DATE, "no_such_date")
        if day > imported_on + timedelta(days=1):
            reader.fail(Meaning.DATE, "in_the_future")
    published = reader.written_date(Meaning.PUBLISHED)
    views = reader.count(Meaning.VIEWS)
    watch, estimated = _watch(reader, views, seen)
    likes, comments, shares = (
        _interactions(reader, one, layout, seen) for one in (Meaning.LIKES, Meaning.COMMENTS, Meaning.SHARES)
    )
    followers, buyers = reader.count(Meaning.FOLLOWERS), reader.count(Meaning.BUYERS)
    video = _video_key(name, reader.text(Meaning.LINK), title, str(published or ""))
    if not video:
        shown = next((m for m in (Meaning.VIDEO, Meaning.TITLE, Meaning.LINK) if m in reader.columns), Meaning.VIDEO)
        reader.fail(shown, "no_video")
        return None
    return MetricsRow(
        line=reader.line.number,
        platform=layout.platform or platform_name(reader.text(Meaning.PLATFORM)),
        video=video,
        title=(title or (video if _is_link(name) else name) or video)[:500],
        date=day,
        published_on=_published(published, day),
        watch_seconds=watch,
        watch_estimated=estimated,
        views=views,
        likes=likes,
        comments=comments,
        shares=shares,
        followers=followers,
        buyers=buyers,
    )


def _published(written: WrittenDate | None, day: date) -> date | None:
    try:
        return None if written is None else written.on_or_before(day)
    except Unreadable:
        return None


def _interactions(reader: RowReader, meaning: Meaning, layout: Layout, seen: Counter[str]) -> int | None:
    """YouTube counts what a period brought: below zero likes were taken back, and the total is unknown."""
    count = reader.count(meaning, may_be_negative=layout.net_changes)
    if count is not None and count < 0:
        seen["below_zero"] += 1
        return None
    return count


def _watch(reader: RowReader, views: int | None, seen: Counter[str]) -> tuple[float | None, bool]:
    """Seconds watched in all, and whether they are an estimate from plays and the average."""
    watch = reader.seconds(Meaning.WATCH)
    if watch is not None:
        return watch, False
    average = reader.seconds(Meaning.AVERAGE)
    if average is None or views is None:
        return None, False
    if average == 0 or views == 0:  # hidden works show 0 plays beside hundreds of likes
        seen["zero_plays"] += 1
        return None, False
    return round(average * views, 3), True


def _video_key(name: str, link: str, title: str, published: str) -> str:
    """What tells a video from others of its platform: its id, or its title and time where it has none."""
    for written in (name, link):
        if written and not is_missing(written):
            return _short(_id_in_link(written))
    if not title and not published:
        return ""
    return _short(f"{title} · {published}" if published else title)


def _id_in_link(written: str) -> str:
    if not _is_link(written):
        return written
    match = _VIDEO_IN_LINK.search(written)
    if match is not None:
        return match[1] or match[2]
    try:
        parts = urlsplit(written)
    except ValueError:
        return written
    return f"{parts.netloc}{parts.path}".rstrip("/") or written


def _is_link(written: str) -> bool:
    return written.lower().startswith(("http://", "https://", "www."))


def _short(key: str) -> str:
    if len(key) <= MAX_NAME:
        return key
    return f"{key[:MAX_NAME]}…{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"


def _once_each(rows: Iterable[MetricsRow]) -> tuple[list[MetricsRow], list[BadRow], int]:
    """Rows once each; of those that contradict each other none, since nobody knows which one is right."""
    same: dict[tuple[str, str, date], list[MetricsRow]] = defaultdict(list)
    for row in rows:
        same[row.platform, row.video, row.date].append(row)
    kept: list[MetricsRow] = []
    bad: list[BadRow] = []
    repeats = 0
    for group in same.values():
        if all(_figures(row) == _figures(group[0]) for row in group):
            kept.append(group[0])
            repeats += len(group) - 1
            continue
        others = [group[1], *[group[0]] * (len(group) - 1)]
        bad += [
            BadRow(row.line, "", row.title[:60], "contradicts", other.line)
            for row, other in zip(group, others, strict=True)
        ]
    return kept, bad, repeats


def _figures(row: MetricsRow) -> MetricsRow:
    return replace(row, line=0, title="", published_on=None)


def _notices(sheet: Sheet, rows: list[MetricsRow], seen: Counter[str]) -> Iterable[Notice]:
    layout, columns = sheet.layout, sheet.columns
    estimated = sum(row.watch_estimated for row in rows)
    if estimated:
        yield Notice("watch_per_viewer" if layout.per_viewer else "watch_estimated", {"count": estimated})
    elif Meaning.WATCH not in columns and Meaning.AVERAGE not in columns:
        yield Notice("no_watch_time", {"layout": layout.name})
    missing = tuple(m.value for m in (Meaning.LIKES, Meaning.COMMENTS, Meaning.SHARES) if m not in columns)
    if missing:
        yield Notice("no_interactions", {"layout": layout.name, "figures": missing})
    if sheet.changes:
        yield Notice("follower_changes", {"columns": sheet.changes})
    elif Meaning.FOLLOWERS not in columns:
        yield Notice("no_followers", {"layout": layout.name})
    if Meaning.BUYERS not in columns:
        yield Notice("no_buyers", {"layout": layout.name})
    for code in ("pictures", "zero_plays", "below_zero", "totals_row", "without_figures", "repeated"):
        if seen[code]:
            yield Notice(code, {"count": seen[code]})
    if Meaning.DATE not in columns:
        yield Notice("no_date", {"layout": layout.name})
    if layout is OWN and Meaning.PLATFORM not in columns:
        yield Notice("no_platform", {"platform": OTHER})
    if sheet.ignored:
        yield Notice("ignored_columns", {"columns": sheet.ignored[:20]})
