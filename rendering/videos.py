"""`/stats videos` in words: the two rates and the most watched videos."""

from __future__ import annotations

from peakdrop.engagement import per_thousand_seconds
from peakdrop.metrics.reports import VideoFigures, VideosReport
from peakdrop.rates import Rate
from rendering.catalog import DASH, Catalog, ellipsis, escape, plain
from rendering.platforms import platform_label

OPEN_VIDEOS = 5
SHOWN_VIDEOS = 25
TITLE_WIDTH = 40
# It goes below a picture: Telegram takes 1,024 UTF-16 units there.
CAPTION = 1000


def render_videos(report: VideosReport, catalog: Catalog) -> str:
    """The videos of a window (Telegram HTML; without its tags it reads as plain text)."""
    if not report.videos:
        return _nothing(report, catalog)
    for shown in range(min(SHOWN_VIDEOS, len(report.videos)), 0, -1):
        lines = [
            f"<b>{_title(report, catalog)}</b>",
            _engagement(report.rates.engagement, estimated=report.rates.estimated, catalog=catalog),
            _conversion(report.rates.conversion, catalog),
            *_videos(report.videos, shown, catalog),
            *_notes(report, catalog),
            _as_of(report, catalog),
        ]
        text = "\n".join(line for line in lines if line)
        if len(plain(text).encode("utf-16-le")) // 2 <= CAPTION:
            break
    return text


def watch_time(seconds: float | None, catalog: Catalog) -> str:
    """300 s, 1.5 h, 1,284 h: how long videos were watched in all; unknown is a dash."""
    if seconds is None:
        return DASH
    if seconds < 3600:
        return catalog.gettext("{n}\u00a0s").format(n=catalog.number(seconds))
    return catalog.gettext("{n}\u00a0h").format(n=catalog.significant(seconds / 3600))


def engagement_value(rate: Rate, catalog: Catalog) -> str:
    """0.567 (interactions per second watched); unknown is a dash."""
    return DASH if rate.value is None else catalog.significant(rate.value, 3)


def _title(report: VideosReport, catalog: Catalog) -> str:
    window = report.window
    if window.name == "all":
        return catalog.gettext("Videos · all time")
    today = window.as_of.astimezone(window.zone).date()
    days = catalog.days(window.first_day, window.last_day, today)
    return catalog.gettext("Videos · {days}").format(days=days)


def _engagement(rate: Rate, *, estimated: bool, catalog: Catalog) -> str:
    if rate.value is None:
        return catalog.gettext("Engagement {dash} (watch time and interactions of no video are both known)").format(
            dash=DASH
        )
    per_thousand = per_thousand_seconds(rate)
    return catalog.gettext("Engagement <b>{rate}</b> ({interactions} / {watch}), {per_thousand} per 1,000 s").format(
        rate=("≈ " if estimated else "") + engagement_value(rate, catalog),
        interactions=catalog.number(rate.numerator),
        watch=catalog.gettext("{n}\u00a0s").format(n=catalog.number(rate.denominator)),
        per_thousand=catalog.significant(per_thousand or 0, 3),
    )


def _conversion(rate: Rate, catalog: Catalog) -> str:
    if rate.value is None:
        missing = (
            catalog.gettext("buyers are unknown; bring shop orders or a column “buyers”")
            if rate.numerator is None
            else catalog.gettext("follower totals are unknown; bring a column “followers”")
        )
        return catalog.gettext("Conversion {dash} ({reason})").format(dash=DASH, reason=missing)
    return catalog.gettext("Conversion <b>{rate}</b> ({buyers} / {followers})").format(
        rate=catalog.percent(rate.value),
        buyers=catalog.number(rate.numerator),
        followers=catalog.number(rate.denominator),
    )


def _videos(videos: tuple[VideoFigures, ...], shown: int, catalog: Catalog) -> list[str]:
    lines = [_video(place, one, catalog) for place, one in enumerate(videos[:shown], start=1)]
    more = len(videos) - len(lines)
    if more:
        text = catalog.ngettext("… and {count} more", "… and {count} more", more)
        lines.append(text.format(count=catalog.number(more)))
    head = catalog.gettext("Most watched: engagement · conversion · watch time")
    if len(lines) <= OPEN_VIDEOS:
        return [head, *lines]
    folded = "\n".join(lines[OPEN_VIDEOS:])
    return [head, *lines[:OPEN_VIDEOS], f"<blockquote expandable>{folded}</blockquote>"]


def _video(place: int, one: VideoFigures, catalog: Catalog) -> str:
    watched = ("≈ " if one.watch_estimated else "") + watch_time(one.watch_seconds, catalog)
    title = escape(ellipsis(" ".join(one.title.split()) or one.video, TITLE_WIDTH))
    engaged = engagement_value(one.engagement, catalog)
    return catalog.gettext("{place}. {title}: <b>{engagement}</b> · {conversion} · {watched}").format(
        place=place,
        title=title + catalog.brackets(platform_label(one.platform, catalog)),
        engagement=engaged,
        conversion=catalog.percent(one.conversion.value),
        watched=watched,
    )


def _notes(report: VideosReport, catalog: Catalog) -> list[str]:
    rates, notes = report.rates, []
    if rates.first_seen and report.window.name != "all":
        text = catalog.ngettext(
            "{count} video has no earlier import: it counts since its publication.",
            "{count} videos have no earlier import: they count since their publication.",
            rates.first_seen,
        )
        notes.append(text.format(count=catalog.number(rates.first_seen)))
    if rates.incomparable:
        text = catalog.ngettext(
            "{count} video left out: its watch time fell, so its exports cover different periods.",
            "{count} videos left out: their watch time fell, so their exports cover different periods.",
            rates.incomparable,
        )
        notes.append(text.format(count=catalog.number(rates.incomparable)))
    if rates.conversion.value is not None and len(report.videos) > 1:
        notes.append(catalog.gettext("Buyers add up over the videos; followers count once per platform."))
    if rates.by_orders:
        notes.append(catalog.gettext("Buyers are counted from shop orders."))
    if rates.estimated:
        notes.append(catalog.gettext("≈ watch time is an estimate: plays × average seconds."))
    return notes


def _as_of(report: VideosReport, catalog: Catalog) -> str:
    if report.imported_at is None:
        return ""
    moment = catalog.moment(report.imported_at.astimezone(report.window.zone))
    text = catalog.gettext("last import {moment}").format(moment=moment)
    return f"<i>{text}</i>"


def _nothing(report: VideosReport, catalog: Catalog) -> str:
    head = f"<b>{_title(report, catalog)}</b>"
    if report.imported_at is None:
        text = catalog.gettext(
            "No video figures yet. Send me, in private, an export of your platform or a table (CSV, XLSX)."
        )
    else:
        text = catalog.gettext("No figures were imported for these days. Try /stats videos all.")
    return f"{head}\n{text}"
