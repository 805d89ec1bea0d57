"""What someone asks of the figures, in words: after /stats in a chat, after `peakdrop stats` on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COMPARE = frozenset({"vs", "compare", "对比", "环比"})
VIDEOS = frozenset({"videos", "video", "视频"})
DROPS = frozenset({"drops", "drop", "投放"})
HELP = frozenset({"help", "?", "帮助"})


@dataclass(frozen=True, slots=True)
class StatsRequest:
    """What someone typed after /stats."""

    view: str = "overview"
    window: str = "7d"
    compared: bool = False


def parse_stats(args: Sequence[str] | None) -> StatsRequest:
    """View, window and comparison, in any order; whatever else is there is taken for a window."""
    words_in = [arg.lower() for arg in args or ()]
    views = (("help", HELP), ("videos", VIDEOS), ("drops", DROPS))
    view = next((name for name, named in views if named & {*words_in}), "overview")
    rest = [word for word in words_in if word not in COMPARE | VIDEOS | DROPS | HELP | {"overview"}]
    window = " ".join(rest) or {"videos": "all", "drops": "30d"}.get(view, "7d")
    return StatsRequest(view, window, bool(COMPARE & {*words_in}))
