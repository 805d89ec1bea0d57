from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from peakdrop.metrics.imports import import_metrics
from peakdrop.metrics.records import MetricsRefused
from peakdrop.metrics.reports import report_videos
from peakdrop.windows import parse_window
from rendering.catalog import get_catalog
from rendering.metrics import render_metrics_refusal, render_metrics_report
from rendering.videos import render_videos
from storage.store import Store
from tests.metrics.samples import (
    FOUR_ROWS,
    NOW,
    SHOPIFY,
    STRIPE,
    TIKTOK,
    TIKTOK_FOLLOWERS,
    YOUTUBE,
    ZONE,
    douyin,
    read,
    xiaohongshu,
)

FILES = [FOUR_ROWS, YOUTUBE, TIKTOK, TIKTOK_FOLLOWERS, SHOPIFY, STRIPE, douyin(), xiaohongshu()]


class Tags(HTMLParser):
    """Which tags stand open: Telegram refuses a message whose tags do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in {"b", "i", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_message(text: str) -> str:
    """A message that Telegram takes; returns it without its tags."""
    tags = Tags()
    tags.feed(text)
    assert not tags.open
    assert not re.search(r"\{\w+\}", text)
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))  # Telegram counts what is read
    assert 0 < len(plain.encode("utf-16-le")) // 2 <= 4096
    return plain


def report_of(store: Store, content: str | bytes, language: str = "en", *, skip_bad: bool = False) -> str:
    file = read(content)
    report = store.write_now(lambda session: import_metrics(session, 1, file, skip_bad=skip_bad, now=NOW))
    return check_message(render_metrics_report(report, get_catalog(language)))


def videos_of(store: Store, language: str = "en", window: str = "30d") -> str:
    asked = parse_window(window, ZONE, NOW)
    assert asked is not None
    report = store.read_now(lambda session: report_videos(session, 1, asked))
    return check_message(render_videos(report, get_catalog(language))).replace("\xa0", " ")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("content", FILES)
def test_each_file_has_a_report_in_both_languages(store: Store, content: str | bytes, language: str) -> None:
    assert report_of(store, content, language) != report_of(store, content, language)  # the second time it is known
    assert videos_of(store, language, "all")


def test_what_cannot_be_had_is_said(store: Store) -> None:
    assert "TikTok exports no watch time" in report_of(store, TIKTOK)
    assert "changes, not totals" in report_of(store, YOUTUBE)
    assert "shop orders" in report_of(store, xiaohongshu())
    assert "estimate" in report_of(store, douyin())
    assert "2 buyers" in report_of(store, SHOPIFY)


def test_bad_rows_are_named_and_what_to_do_is_said(store: Store) -> None:
    text = report_of(store, "视频,点赞数\nA,1\nB,<i>many</i>\n")
    head, line, *_ = text.split("\n")
    assert head == "Nothing was stored: 1 row cannot be taken"
    assert line == "Line 3, 点赞数 “<i>many</i>”: not a whole number"
    assert "--skip-bad" in text
    assert "1 bad row left out" in report_of(store, "视频,点赞数\nA,1\nB,many\n", skip_bad=True)


def test_hundreds_of_bad_rows_fit_into_a_message(store: Store) -> None:
    rows = "\n".join(f"{'very long title ' * 30}{n},{'<' * 90}" for n in range(500))
    assert "… and 480 more" in report_of(store, f"视频,点赞数\n{rows}\n")


def test_the_videos_of_the_four_rows(store: Store) -> None:
    report_of(store, FOUR_ROWS)
    lines = videos_of(store).split("\n")
    assert lines[1] == "Engagement 0.661 (1,190 / 1,800 s), 661 per 1,000 s"
    assert lines[2].endswith("(320 / 2,500)")
    assert lines[4] == "1. D (Douyin): 0.708 · 4.4 % · 600 s"
    assert lines[-1].startswith("last import 24 Nov")


def test_unknown_rates_are_dashes_and_estimates_are_marked(store: Store) -> None:
    report_of(store, TIKTOK)
    text = videos_of(store, window="all")
    assert "Engagement –" in text
    assert "Conversion – (buyers are unknown" in text
    assert "0 %" not in text
    report_of(store, douyin())
    assert "(36" not in videos_of(store, window="all")
    assert "≈ 0.0800 (40 / 500 s)" in videos_of(store, window="all")


def test_a_title_cannot_break_the_message_nor_make_it_too_long(store: Store) -> None:
    rows = "\n".join(f"{n} <b>&{'长' * 600},5,1,1,1" for n in range(300))
    report_of(store, f"视频,观看时长,点赞数,评论数,分享数\n{rows}\n")
    assert "… and 292 more" in videos_of(store)


def test_without_figures_the_way_to_bring_them_is_shown(store: Store) -> None:
    assert "Send me, in private" in videos_of(store)
    report_of(store, "视频,日期,点赞数\nA,2020-01-01,1\n")
    assert "/stats videos all" in videos_of(store)


REFUSALS = [
    MetricsRefused("too_large", megabytes=20), MetricsRefused("too_many_rows", rows=100_000), MetricsRefused("empty"),
    MetricsRefused("no_rows"), MetricsRefused("old_excel"), MetricsRefused("no_table"), MetricsRefused("damaged"),
    MetricsRefused("zip_archive"), MetricsRefused("column_twice", columns=("likes", "点赞数")),
    MetricsRefused("no_video_column", columns=("点赞数",)), MetricsRefused("unknown_layout", filename="a<b>.csv"),
    MetricsRefused("youtube_daily"), MetricsRefused("youtube_breakdown"), MetricsRefused("tiktok_overview"),
    MetricsRefused("tiktok_viewers"), MetricsRefused("douyin_daily"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("refused", REFUSALS, ids=lambda refused: refused.code)
def test_each_refusal_is_a_sentence(refused: MetricsRefused, language: str) -> None:
    assert len(check_message(render_metrics_refusal(refused, get_catalog(language)))) > 40 or language == "zh"
