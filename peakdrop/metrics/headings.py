"""What the headings of metrics files mean: of platforms' exports, verbatim, and of our own template.

Headings are compared without case, spaces, underscores and accents; a unit in brackets is read apart.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from peakdrop.metrics.numbers import UNITS


class Meaning(StrEnum):
    """What a column holds."""

    VIDEO = "video"
    TITLE = "title"
    LINK = "link"
    PUBLISHED = "published"
    DATE = "date"
    PLATFORM = "platform"
    KIND = "kind"
    WATCH = "watch_seconds"
    AVERAGE = "average_seconds"
    VIEWS = "views"
    LIKES = "likes"
    COMMENTS = "comments"
    SHARES = "shares"
    FOLLOWERS = "followers"
    FOLLOWER_CHANGE = "follower_change"
    BUYERS = "buyers"
    KNOWN = "known"  # understood, and not needed


M = Meaning

TEMPLATE: dict[Meaning, str] = {
    M.VIDEO: "视频, video, 视频id, video id, 视频编号, 作品id, 笔记id, 作品, 内容, content",
    M.TITLE: """
        标题, title, video title, 视频标题, 视频名称, 作品名称, 作品标题, 笔记标题, 视频描述,
        video name, name, titulo del video, titre de la video, 動画のタイトル
    """,
    M.LINK: "链接, link, url, video link, 视频链接, 作品链接, enlace del video",
    M.PUBLISHED: """
        发布时间, 发布日期, 首次发布时间, published, published at, publish date, publish time,
        post time, video publish time, 视频发布时间, hora de publicacion,
        heure de publication de la video, 動画公開時刻
    """,
    M.DATE: "日期, date, 统计日期, 数据日期, snapshot date, as of, day",
    M.PLATFORM: "平台, platform, 渠道, 来源平台",
    M.KIND: "体裁, 类型, type, kind",
    M.WATCH: """
        观看时长, 总观看时长, 观看时间, 播放时长, 总播放时长, watch time, watch, watched,
        total watch time, total watch, view time, duree de visionnage, 総再生時間
    """,
    M.AVERAGE: """
        平均播放时长, 平均观看时长, 人均观看时长, average watch time, avg watch time,
        average view duration, tiempo promedio de visualizacion, duree moyenne de visionnage,
        平均視聴時間
    """,
    M.VIEWS: """
        播放量, 播放数, 播放次数, 观看量, 观看次数, 观看数, views, plays, total views, video views,
        視聴回数, vues, visualizaciones totales
    """,
    M.LIKES: "点赞数, 点赞量, 点赞, 喜欢, 获赞数, likes, like, total likes, me gusta totales",
    M.COMMENTS: """
        评论数, 评论量, 评论, comments, comment, total comments, comments added, comentarios totales
    """,
    M.SHARES: "分享数, 分享量, 分享, 转发数, 转发量, shares, share, total shares, veces compartido",
    M.FOLLOWERS: """
        关注人数, 粉丝数, 粉丝量, 粉丝总数, 总粉丝数, 粉丝, followers, follower, total followers,
        subscribers total
    """,
    M.FOLLOWER_CHANGE: """
        粉丝增量, 涨粉, 涨粉量, 涨粉数, 净增粉丝, 新增粉丝, 新增关注, 关注量, new followers,
        subscribers, 订阅者, subscribers gained, subscribers lost, post subscribers,
        difference in followers from previous day
    """,
    M.BUYERS: "购买人数, 成交人数, 买家数, 下单人数, 付款人数, buyers, buyer, customers, purchasers",
    M.KNOWN: """
        审核状态, 完播率, 5s完播率, 5秒完播率, 封面点击率, 2s跳出率, 2秒跳出率, 收藏量, 收藏数, 收藏,
        主页访问量, 曝光, 弹幕, 推荐, 转发聊天和朋友圈, 时长, duration, duree, 長さ, impressions,
        インプレッション数, インプレッションのクリック率(%), impressions click-through rate (%),
        展示次数, 展示次数点击率(%), dislikes, likes (vs dislikes) (%), likes (vs. dislikes) (%),
        engaged views, vues engagees, average percentage viewed (%), 平均視聴率(%),
        pourcentage moyen regarde (%), stayed to watch (%), ont continue de regarder (%),
        視聴を継続(%), unique viewers, average views per viewer, new viewers, returning viewers,
        casual viewers, regular viewers, hypes, hype points, youtube premium views,
        estimated revenue (usd), your estimated revenue (usd)
    """,
}

TIKTOK: dict[Meaning, str] = {M.DATE: "time"}

# Headings that carry their unit in their name; seconds for each 1 written.
UNIT_NAMES = {
    "watchseconds": (M.WATCH, 1),
    "watchtimeseconds": (M.WATCH, 1),
    "观看秒数": (M.WATCH, 1),
    "watchminutes": (M.WATCH, 60),
    "watchtimeminutes": (M.WATCH, 60),
    "观看分钟数": (M.WATCH, 60),
    "watchhours": (M.WATCH, 3600),
    "watchtimehours": (M.WATCH, 3600),
    "观看小时数": (M.WATCH, 3600),
}

UNIT_WORDS = UNITS | {
    "heures": 3600,
    "heure": 3600,
    "horas": 3600,
    "minutos": 60,
    "segundos": 1,
    "時間": 3600,
}

_UNIT = re.compile(r"(.+)\(([^()%]+)\)")


def plain_heading(text: str) -> str:
    """A heading without case, spaces, underscores and accents, brackets made half-width."""
    folded = unicodedata.normalize("NFKC", text.replace("\ufeff", "")).lower()
    decomposed = unicodedata.normalize("NFD", folded)
    kept = "".join(mark for mark in decomposed if not "\u0300" <= mark <= "\u036f")
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFC", kept))


def with_unit(plain: str) -> tuple[str, int]:
    """A plain heading apart from the unit of time in its brackets, in seconds (1 where it names none)."""
    match = _UNIT.fullmatch(plain)
    if match is not None and match[2] in UNIT_WORDS:
        return match[1], UNIT_WORDS[match[2]]
    return plain, 1


def meanings(table: dict[Meaning, str]) -> dict[str, Meaning]:
    """The table turned round: plain heading to meaning."""
    return {plain_heading(name): meaning for meaning, names in table.items() for name in names.split(",")}
