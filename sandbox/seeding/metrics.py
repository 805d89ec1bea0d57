"""Video figures of the seeded brand: cumulative snapshots, as an owner would note them each week."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.seeding.purchases import VIDEOS, make_purchases

HEADINGS = ("日期", "平台", "视频", "观看时长", "点赞数", "评论数", "分享数", "关注人数", "购买人数")
# Followers at the first snapshot and now: the platforms' own sizes.
PLATFORMS = {"抖音": (8_900, 12_860), "TikTok": (3_950, 6_120), "Bilibili": (1_980, 3_040)}
GROWTH = (0.0, 0.88, 0.96, 0.985, 0.995, 1.0)  # share of the final figures after so many weeks


def metrics_csv(seed: int, now: datetime) -> bytes:
    """The CSV (UTF-8 with BOM, as Excel writes it); watch time in seconds, all figures to date."""
    rng = Random(f"metrics {seed}")
    today = now.astimezone(UTC) + timedelta(hours=8)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    bought = make_purchases(seed, int(now.timestamp()))
    finals = [_final(rng, platform) for _, platform, _ in VIDEOS]
    for weeks_ago in range(7, -1, -1):
        day = today - timedelta(weeks=weeks_ago)
        date, noted_at = day.date().isoformat(), now.timestamp() - weeks_ago * 7 * 86_400
        for (name, platform, released), final in zip(VIDEOS, finals, strict=True):
            age = released - weeks_ago
            if age < 0:
                continue
            share = GROWTH[min(age, len(GROWTH) - 1)]
            first, last = PLATFORMS[platform]
            followers = round(first + (last - first) * (7 - weeks_ago) / 7)
            watch, likes, comments, shares, buyers = (round(figure * share) for figure in final)
            buyers += sum(one.video == name and one.at <= noted_at for one in bought)  # those we know by name
            writer.writerow((date, platform, name, watch, likes, comments, shares, followers, buyers))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _final(rng: Random, platform: str) -> tuple[float, ...]:
    """A video's figures in the end: watch seconds, likes, comments, shares, buyers."""
    followers = PLATFORMS[platform][1]
    watch = followers * rng.uniform(1.1, 2.6)
    deeds = watch * rng.uniform(0.52, 0.70)
    likes, comments = deeds * rng.uniform(0.60, 0.68), deeds * rng.uniform(0.17, 0.22)
    return watch, likes, comments, deeds - likes - comments, followers * rng.uniform(0.042, 0.052)
