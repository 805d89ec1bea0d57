"""Which kind of file a row of headings belongs to, and what each of its columns holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from peakdrop.metrics.headings import (
    TEMPLATE,
    TIKTOK,
    UNIT_NAMES,
    Meaning,
    meanings,
    plain_heading,
    with_unit,
)
from peakdrop.metrics.records import MetricsRefused


class Holds(StrEnum):
    """What the rows of a file are about."""

    VIDEOS = "videos"
    FOLLOWERS = "followers"
    ORDERS = "orders"
    NO_VIDEOS = "no_videos"


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file, known by headings that no other kind has together."""

    name: str
    holds: Holds
    marks: tuple[frozenset[str], ...]
    platform: str | None = None
    extra: dict[str, Meaning] | None = None
    decimal_comma: bool = False
    per_viewer: bool = False
    net_changes: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's place, its heading as written, what it holds, and how many seconds its unit has."""

    index: int
    heading: str
    meaning: Meaning
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings, recognised."""

    layout: Layout
    columns: dict[Meaning, Column]
    changes: tuple[str, ...]
    ignored: tuple[str, ...]


def _marks(*alternatives: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(plain_heading(name) for name in names.split(",")) for names in alternatives)


# The first whose marks are all there is taken.
LAYOUTS = (
    Layout("shopify", Holds.ORDERS, _marks("Name,Financial Status,Paid at,Lineitem quantity"), "shopify"),
    Layout("stripe", Holds.ORDERS, _marks("id,Created date (UTC),Amount,Status"), "stripe"),
    Layout("woocommerce", Holds.ORDERS, _marks("Date,Order #,Status,Customer"), "woocommerce"),
    Layout("youtube_daily", Holds.NO_VIDEOS, _marks("Date,Content,Video title,Video publish time")),
    Layout("youtube_french", Holds.VIDEOS, _marks("Contenu,Titre de la vidéo"), "youtube",
           {"contenu": Meaning.VIDEO}, decimal_comma=True, net_changes=True),
    Layout("youtube", Holds.VIDEOS,
           _marks("Content,Video publish time", "Content,Video title", "コンテンツ,動画のタイトル",
                  "内容,视频标题,视频发布时间"),
           "youtube", {"コンテンツ": Meaning.VIDEO}, net_changes=True),
    Layout("youtube_breakdown", Holds.NO_VIDEOS,
           tuple(frozenset({plain_heading(by), unit}) for by in
                 ("Geography", "Country", "City", "Traffic source", "Viewer age", "Viewer gender",
                  "Device type", "地理位置", "Zone géographique", "地域")
                 for unit in ("views", "watchtime(hours)", "观看次数", "vues", "視聴回数"))),
    Layout("tiktok_overview", Holds.NO_VIDEOS, _marks("Date,Video Views,Profile Views")),
    Layout("tiktok_viewers", Holds.NO_VIDEOS, _marks("Date,Total Viewers,New Viewers")),
    Layout("tiktok_followers", Holds.FOLLOWERS,
           _marks("Date,Followers,Difference in followers from previous day"), "tiktok"),
    Layout("tiktok", Holds.VIDEOS,
           _marks("Video link,Total likes", "Post time,Total likes", "Enlace del video,Me gusta totales"),
           "tiktok", meanings(TIKTOK)),
    Layout("douyin_daily", Holds.NO_VIDEOS, _marks("日期,投稿量,总播放量", "日期,总播放量,总点赞量")),
    Layout("xiaohongshu", Holds.VIDEOS, _marks("笔记标题,观看量", "笔记标题,首次发布时间"), "xiaohongshu",
           per_viewer=True),
    Layout("wechat", Holds.VIDEOS, _marks("视频描述,视频ID", "视频描述,发布时间"), "wechat"),
    Layout("douyin", Holds.VIDEOS, _marks("作品名称,发布时间,体裁", "作品名称,播放量,粉丝增量"), "douyin"),
)  # fmt: skip
OWN = Layout("template", Holds.VIDEOS, ())
OWN_FOLLOWERS = Layout("template_followers", Holds.FOLLOWERS, ())

COMMON = meanings(TEMPLATE)
FIGURES = frozenset({Meaning.WATCH, Meaning.LIKES, Meaning.COMMENTS, Meaning.SHARES, Meaning.FOLLOWERS, Meaning.BUYERS})
NAMING = frozenset({Meaning.VIDEO, Meaning.TITLE, Meaning.LINK})
MANY = frozenset({Meaning.KNOWN, Meaning.FOLLOWER_CHANGE})


def recognise(headings: Sequence[str]) -> Sheet | None:
    """The kind of file and its columns, or None where this row holds no headings we know.

    Raises MetricsRefused where two columns hold the same figure, since nobody knows which one is meant.
    """
    plain = [plain_heading(heading) for heading in headings]
    layout = next((one for one in LAYOUTS if any(mark <= set(plain) for mark in one.marks)), None)
    if layout is not None and layout.holds in (Holds.ORDERS, Holds.NO_VIDEOS):
        return Sheet(layout, {}, (), ())
    found = [
        _column(index, heading, name, layout) for index, (heading, name) in enumerate(zip(headings, plain, strict=True))
    ]
    columns = [column for column in found if column is not None]
    held = {column.meaning for column in columns}
    layout = layout or _own(held)
    if layout is None:
        return None
    return Sheet(
        layout,
        _once(columns),
        tuple(column.heading for column in columns if column.meaning is Meaning.FOLLOWER_CHANGE),
        tuple(h.strip() for h, column in zip(headings, found, strict=True) if column is None and h.strip()),
    )


def familiar(headings: Sequence[str]) -> int:
    """How many of these headings we know at all: metrics without a video column, or no metrics."""
    return sum(_column(0, heading, plain_heading(heading), None) is not None for heading in headings)


def _own(held: set[Meaning]) -> Layout | None:
    if held & NAMING and held & (FIGURES | {Meaning.VIEWS}):
        return OWN
    if {Meaning.DATE, Meaning.FOLLOWERS} <= held and not held & (FIGURES - {Meaning.FOLLOWERS}):
        return OWN_FOLLOWERS
    return None


def _column(index: int, heading: str, plain: str, layout: Layout | None) -> Column | None:
    extra = (layout.extra if layout else None) or {}
    if plain in UNIT_NAMES:
        meaning, unit = UNIT_NAMES[plain]
        return Column(index, heading.strip(), meaning, unit)
    name, unit = (plain, 1) if plain in COMMON else with_unit(plain)
    meaning_of = extra.get(name) or COMMON.get(name)
    return None if meaning_of is None else Column(index, heading.strip(), meaning_of, unit)


def _once(columns: Sequence[Column]) -> dict[Meaning, Column]:
    held: dict[Meaning, Column] = {}
    for column in columns:
        if column.meaning in MANY:
            continue
        if column.meaning is Meaning.VIDEO and column.meaning in held:
            column = _title_beside_id(held, column)
        if column.meaning in held:
            raise MetricsRefused("column_twice", columns=(held[column.meaning].heading, column.heading))
        held[column.meaning] = column
    return held


def _title_beside_id(held: dict[Meaning, Column], column: Column) -> Column:
    """Of `video` and `video id` side by side the first is the title."""
    if "id" in plain_heading(column.heading) or "编号" in column.heading:
        held[Meaning.VIDEO], column = column, held[Meaning.VIDEO]
    return replace(column, meaning=Meaning.TITLE)
