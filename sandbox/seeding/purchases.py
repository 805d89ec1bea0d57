"""What the community's buyers bought: told of in the chat, and part of the videos' figures."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from sandbox.seeding import cast

DAY = 86_400
WEEKS = 8
EVERY = 8.0  # days between a buyer's purchases, on average
# Name, platform, how many weeks before the end it came out.
VIDEOS = (
    ("雨天的通勤", "抖音", 7),
    ("一个人的火锅", "抖音", 3),
    ("Unboxing the winter set", "TikTok", 3),
    ("六点的厨房", "Bilibili", 3),
    ("和小鹿去海边", "抖音", 2),
    ("Breakfast in thirty seconds", "TikTok", 2),
    ("把阳台变成花园", "Bilibili", 2),
    ("第一次露营", "抖音", 1),
    ("Old things, new life", "TikTok", 1),
    ("城市夜骑", "Bilibili", 1),
)


class Purchase(NamedTuple):
    """Epoch seconds, the buyer as an index into the cast, and the video that led to it."""

    at: int
    buyer: int
    video: str


def make_purchases(seed: int, end: int) -> list[Purchase]:
    """All purchases of the eight weeks up to `end` (epoch seconds), in order."""
    rng = Random(f"purchases {seed}")
    found: list[Purchase] = []
    for index, person in enumerate(cast.cast()):
        if person.part != "buyer":
            continue
        at = end - WEEKS * 7 * DAY + 8 * DAY
        while (at := at + int(rng.expovariate(1 / EVERY) * DAY) + 3600) < end:
            weeks_ago = (end - at) / (7 * DAY)
            out = [name for name, _, released in VIDEOS if released >= weeks_ago]
            found.append(Purchase(at, index, rng.choice(out[-4:])))
    return sorted(found)
