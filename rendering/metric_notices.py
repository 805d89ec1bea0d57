"""Sentences for what a metrics file could not give, for its bad rows, and for files that cannot be taken."""

from __future__ import annotations

from datetime import date

from peakdrop.metrics.records import BadRow, MetricsRefused, Notice, Param
from rendering.catalog import Catalog, ellipsis, escape
from rendering.platforms import listed, platform_label


def notice_sentence(notice: Notice, catalog: Catalog) -> str:
    """One sentence (HTML) on what could not be had, is an estimate, or was left out."""
    count = notice.params.get("count", 0)
    n = count if isinstance(count, int) else 0
    text = _counted(notice.code, n, catalog) or _plain(notice.code, notice.params.get("layout"), catalog)
    values = {name: _value(name, value, catalog) for name, value in notice.params.items()}
    return text.format(**values)


def reason(bad: BadRow, catalog: Catalog) -> str:
    """Why a row cannot be taken, in words (plain text)."""
    reasons = {
        "negative": catalog.gettext("a count cannot be below zero"),
        "not_a_count": catalog.gettext("not a whole number"),
        "not_a_duration": catalog.gettext("not a duration: write seconds, 00:05:00 or 5 h"),
        "no_such_date": catalog.gettext("no date that I can be sure of: write it as 2026-10-31"),
        "in_the_future": catalog.gettext("this day has not come yet"),
        "no_video": catalog.gettext("no video is named"),
        "contradicts": catalog.gettext("other figures than line {other} for the same day"),
        "unreadable_order": catalog.gettext("the order's time or amount cannot be read"),
    }
    return reasons[bad.reason].format(other=bad.other_line)


def refusal_sentence(refused: MetricsRefused, catalog: Catalog) -> str:
    """Why a file cannot be taken and what to send instead (HTML)."""
    text = _unreadable(refused.code, catalog) or _wrong_export(refused.code, catalog)
    return text.format(**{name: _value(name, value, catalog) for name, value in refused.params.items()})


def _counted(code: str, n: int, catalog: Catalog) -> str:
    match code:
        case "watch_estimated":
            return catalog.ngettext(
                "Watch time of {count} video is an estimate (≈): plays × average seconds.",
                "Watch time of {count} videos is an estimate (≈): plays × average seconds.",
                n,
            )
        case "watch_per_viewer":
            return catalog.ngettext(
                "Watch time of {count} video is an estimate (≈), rather too high: "
                "the file has seconds per viewer, and plays count those who watch again.",
                "Watch time of {count} videos is an estimate (≈), rather too high: "
                "the file has seconds per viewer, and plays count those who watch again.",
                n,
            )
        case _:
            return _left_out(code, n, catalog)


def _left_out(code: str, n: int, catalog: Catalog) -> str:
    match code:
        case "pictures":
            return catalog.ngettext(
                "{count} picture post left out: it is no video.",
                "{count} picture posts left out: they are no videos.",
                n,
            )
        case "zero_plays":
            return catalog.ngettext(
                "{count} video shows no plays or no average time, as hidden works do: its watch time is unknown.",
                "{count} videos show no plays or no average time, as hidden works do: their watch time is unknown.",
                n,
            )
        case "below_zero":
            return catalog.ngettext(
                "{count} figure is below zero, so the export covers a period and not the videos' whole life. "
                "That figure is unknown; choose “Lifetime” in YouTube Studio for totals.",
                "{count} figures are below zero, so the export covers a period and not the videos' whole life. "
                "Those figures are unknown; choose “Lifetime” in YouTube Studio for totals.",
                n,
            )
        case "totals_row":
            return catalog.ngettext(
                "{count} row of totals is not counted.", "{count} rows of totals are not counted.", n
            )
        case "without_figures":
            return catalog.ngettext(
                "{count} row without any figure left out.", "{count} rows without any figure left out.", n
            )
        case "repeated":
            return catalog.ngettext(
                "{count} row stands there twice; counted once.",
                "{count} rows stand there twice; counted once.",
                n,
            )
        case "days_without":
            return catalog.ngettext(
                "{count} day has no figure in the file; left out.",
                "{count} days have no figure in the file; left out.",
                n,
            )
        case _:
            return ""


def _plain(code: str, layout: Param | None, catalog: Catalog) -> str:
    if code == "no_watch_time" and layout == "tiktok":
        return catalog.gettext("TikTok exports no watch time, so no engagement rate can be had from this file.")
    if code == "no_interactions" and layout == "youtube":
        return catalog.gettext(
            "The export has no {figures}: add these columns in YouTube Studio for an engagement rate."
        )
    texts = {
        "no_watch_time": catalog.gettext("No watch time in the file, so no engagement rate."),
        "no_interactions": catalog.gettext("No {figures} in the file, so no engagement rate."),
        "follower_changes": catalog.gettext(
            "{columns}: changes, not totals, so no conversion rate. Bring follower totals in a column “followers”."
        ),
        "no_followers": catalog.gettext("No follower totals in the file, so no conversion rate from it alone."),
        "no_buyers": catalog.gettext(
            "Buyers are not in it: they come from shop orders (Shopify, Stripe, WooCommerce)."
        ),
        "no_date": catalog.gettext("The file names no day: the figures count as of the day of the import."),
        "no_platform": catalog.gettext("No platform is named: add a column “platform”."),
        "ignored_columns": catalog.gettext("Columns not used: {columns}."),
        "years_inferred": catalog.gettext("The days have no year in the file; the last one is taken as {date}."),
        "orders": catalog.gettext("Orders: {orders} · buyers: {buyers} · orders not paid or paid back: {unpaid}."),
        "orders_anonymous": catalog.gettext(
            "Only the number of new buyers a day is kept, no names and no addresses. "
            "Who is in another file too counts again."
        ),
    }
    return texts[code]


def _unreadable(code: str, catalog: Catalog) -> str:
    texts = {
        "too_large": catalog.gettext("The file is too large: up to {megabytes} MB. Split it."),
        "too_many_rows": catalog.gettext("The table is too large: up to {rows} rows. Split it."),
        "empty": catalog.gettext("The file is empty."),
        "no_rows": catalog.gettext("The file has headings, but no rows under them."),
        "old_excel": catalog.gettext("This is the old Excel format, or a locked file: save it as XLSX or CSV."),
        "no_table": catalog.gettext("This is no table: send a CSV or XLSX file."),
        "zip_archive": catalog.gettext(
            "This is an archive: unpack it and send the table in it (from YouTube Studio: “Table data.csv”)."
        ),
        "damaged": catalog.gettext("The file is damaged or locked: save it again as XLSX or CSV."),
        "no_drops_table": catalog.gettext(
            "The table needs the columns time and text (or media); see docs/drop-files.md."
        ),
        "column_twice": catalog.gettext("Two columns hold the same figure ({columns}): keep the one that is meant."),
    }
    return texts.get(code, "")


def _wrong_export(code: str, catalog: Catalog) -> str:
    texts = {
        "no_video_column": catalog.gettext(
            "No column names the videos. I found: {columns}. Add a column “video” (视频)."
        ),
        "unknown_layout": catalog.gettext(
            "I do not know the headings of {filename}. Send an export of YouTube, TikTok, Douyin, Xiaohongshu, "
            "WeChat Channels, Shopify, Stripe or WooCommerce, or a table with the columns video, platform, date, "
            "watch time, likes, comments, shares, followers, buyers "
            "(视频、平台、日期、观看时长、点赞数、评论数、分享数、关注人数、购买人数)."
        ),
        "youtube_daily": catalog.gettext(
            "This is YouTube's chart by day. Send “Table data.csv” of the same export: it has totals per video."
        ),
        "youtube_breakdown": catalog.gettext(
            "This YouTube export is not by video (but by place, source or the like). "
            "Choose the tab “Content” in YouTube Studio and export again."
        ),
        "tiktok_overview": catalog.gettext(
            "This is TikTok's overview of the whole account by day. Export “Content”: it has figures per video."
        ),
        "tiktok_viewers": catalog.gettext(
            "This is TikTok's count of viewers by day. Export “Content” for videos, “Follower history” for followers."
        ),
        "douyin_daily": catalog.gettext(
            "This is Douyin's overview of the whole account by day. Export the list of works (作品列表)."
        ),
    }
    return texts[code]


def _value(name: str, value: Param, catalog: Catalog) -> str:
    if isinstance(value, int):
        return catalog.number(value)
    if isinstance(value, str) and name == "date":
        day = date.fromisoformat(value)
        return catalog.days(day, day)
    if isinstance(value, str):
        return platform_label(value, catalog) if name == "platform" else escape(ellipsis(value, 60))
    if name != "figures":
        return listed((escape(ellipsis(one, 40)) for one in value), catalog)
    names = {
        "likes": catalog.gettext("likes"),
        "comments": catalog.gettext("comments"),
        "shares": catalog.gettext("shares"),
    }
    return listed((names[one] for one in value), catalog)
