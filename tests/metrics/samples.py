"""Metrics files in the shape of the platforms' exports, written by us: names and figures are made up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from peakdrop.metrics.reading import read_metrics
from peakdrop.metrics.records import MetricsFile

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
ZONE = "Asia/Shanghai"

FOUR_ROWS = """视频,平台,日期,观看时长,点赞数,评论数,分享数,关注人数,购买人数
A,抖音,2026-11-20,300,100,50,20,1000,50
B,抖音,2026-11-21,400,150,75,30,1500,70
C,抖音,2026-11-22,500,200,100,40,2000,90
D,抖音,2026-11-23,600,250,125,50,2500,110
"""

YOUTUBE = """Content,Video title,Video publish time,Duration,Likes,Shares,Comments added,Views,\
Watch time (hours),Subscribers,Average view duration,Impressions,Impressions click-through rate (%)
Total,,,,90,9,14,3000,12.5,40,0:00:15,9000,4.2
abcdefghijk,First light,"Feb 26, 2026",58,80,7,9,2000,7.5,35,0:00:13,6000,4.9
 -bcdefghijk,Second,"Mar 1, 2026",31,12,2,5,900,4.75,6,0:00:19,2500,3
cdefghijklm,Taken back,"Mar 3, 2026",12,-2,0,0,100,0.25,-1,0:00:09,500,2.1
"""

TIKTOK = (
    '\ufeff"Time","Video title","Video link","Post time","Total likes","Total comments","Total shares","Total views"\n'
    '"January 5","Hello","https://www.tiktok.com/@shop/video/7123456789012345678","December 30","53","1","9","2380"\n'
    '"5 de enero","","https://www.tiktok.com/@shop/video/7123456789012345679","28 de diciembre",'
    '"3","0","undefined","90"\n'
)

TIKTOK_FOLLOWERS = (
    '\ufeff"Date","Followers","Difference in followers from previous day"\n'
    '"December 29","undefined","0"\n"December 30","undefined","0"\n"December 31","90","90"\n'
    '"January 1","99","9"\n"January 2","98","-1"\n'
)

XIAOHONGSHU_HEADINGS = [
    "笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞",
    "评论", "收藏", "涨粉", "分享", "人均观看时长", "弹幕",
]  # fmt: skip
DOUYIN_HEADINGS = [
    "作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率",
    "封面点击率", "2s跳出率", "平均播放时长", "点赞量", "分享量", "评论量", "收藏量",
    "主页访问量", "粉丝增量",
]  # fmt: skip

SHOPIFY = """Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,\
Billing Phone,Cancelled at
#1,ann@shop.example,paid,2026-05-13 23:30:00 +0200,EUR,10.00,2026-05-13 23:29:00 +0200,1,Mug,'+49 1,
#1,ann@shop.example,,,,,2026-05-13 23:29:00 +0200,2,Cup,,
#2,BEN@shop.example,partially_refunded,2026-05-14 10:00:00 +0200,EUR,20.00,2026-05-14 10:00:00 +0200,1,Mug,,
#3,ann@shop.example,paid,2026-05-16 10:00:00 +0200,EUR,20.00,2026-05-16 10:00:00 +0200,1,Mug,,
#4,cat@shop.example,pending,,EUR,20.00,2026-05-16 11:00:00 +0200,1,Mug,,
#5,dan@shop.example,refunded,2026-05-16 10:00:00 +0200,EUR,20.00,2026-05-16 12:00:00 +0200,1,Mug,,
#6,eve@shop.example,paid,2026-05-16 10:00:00 +0200,EUR,20.00,2026-05-16 13:00:00 +0200,1,Mug,,2026-05-16 14:00:00 +0200
"""

STRIPE = """id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email
ch_1,2026-06-07 20:38:54,15.00,0.00,usd,Paid,cus_1,a@shop.example
ch_2,2026-06-07 02:38:54,15.00,5.00,usd,Paid,cus_2,b@shop.example
ch_3,2026-06-08 02:38:54,15.00,15.00,usd,Paid,cus_3,c@shop.example
ch_4,2026-06-09 02:38:54,15.00,0.00,usd,Failed,cus_4,d@shop.example
ch_5,2026-06-09 03:38:54,15.00,0.00,usd,Paid,cus_1,a@shop.example
"""


def xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; datetimes are written as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def xiaohongshu() -> bytes:
    """A list of notes: a notice in row 1, headings in row 2, a picture among the videos."""
    return xlsx(
        [
            ["最多导出排序后前1000条笔记"] * len(XIAOHONGSHU_HEADINGS),
            XIAOHONGSHU_HEADINGS,
            ["同名", "2026年07月11日03时09分05秒", "视频", 439, 141, 0.022, 8, 1, 2, 3, 4, 16, 0],
            ["同名", "2026年07月10日02时00分38秒", "视频", 500, 100, 0.05, 2, 0, 0, 1, 0, 7, 0],
            ["一张图", "2026年07月05日20时46分34秒", "图文", 567, 124, 0.205, 3, 2, 0, 0, 0, 9, 0],
        ]
    )


def douyin() -> bytes:
    """A list of works: fractions, `-` for missing, a hidden work with 0 plays."""
    posted = datetime(2026, 3, 15, 17, 3, 11)  # noqa: DTZ001 - a spreadsheet's time has no zone
    rate = [0.03, 0.11, "-", 0.73]
    return xlsx(
        [
            DOUYIN_HEADINGS,
            ["早安", posted, "1min-视频", "公开", 200, *rate, 2.5, 30, 4, 6, 0, 0, 7],
            ["隐藏", posted, "1-3min视频", "自见", 0, *rate, 3.4, 286, 5, 8, 11, 27, 3],
            ["图", posted, "图文", "公开", 10, *rate, 1.5, 1, 1, 1, 0, 0, 0],
        ]
    )


def read(content: str | bytes, *, encoding: str = "utf-8", now: datetime = NOW, zone: str = ZONE) -> MetricsFile:
    """Read a file as if it had come in at `now`."""
    data = content.encode(encoding) if isinstance(content, str) else content
    return read_metrics(data, "metrics", timezone=zone, imported_at=now)


def codes(file: MetricsFile) -> set[str]:
    """The notices' codes."""
    return {notice.code for notice in file.notices}
