"""Coverage: how much of a window the bot (or an import) saw, so that a gap is told from silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from peakdrop.windows import Window
from storage.coverage import Sight
from storage.kinds import Standing
from storage.times import DAY, from_epoch, to_epoch

# Telegram keeps updates for 24 hours: a shorter downtime loses nothing.
KEPT_BY_TELEGRAM = DAY
# The running bot notes once a minute that it listens.
HEARTBEAT = 150
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """`share` of the window (as far as it has come) that was seen, 0 to 1; None for an empty window."""

    share: float | None
    gaps: tuple[tuple[datetime, datetime], ...]
    reactions_seen: bool


def cover(sight: Sight, created_at: datetime, window: Window) -> Coverage:
    """What of a window was seen. Reactions are seen by an admin only, or told by an import."""
    start, end = to_epoch(window.start), to_epoch(window.seen_end)
    if start >= end:
        return Coverage(None, (), False)
    now = to_epoch(window.as_of)
    inside, admin = _standing(sight, to_epoch(created_at), now + 1)
    spans = ((began - KEPT_BY_TELEGRAM, now + 1 if now - ended <= HEARTBEAT else ended) for began, ended in sight.spans)
    live = _union(_common(_union(spans), inside))
    imports = _union((first, last + 1) for first, last in sight.imports)
    seen = _common(_union([*live, *imports]), [(start, end)])
    named = _common(_union([*_common(live, admin), *imports]), [(start, end)])
    covered = sum(high - low for low, high in seen)
    gaps = tuple((from_epoch(low), from_epoch(high)) for low, high in _rest(seen, start, end))
    return Coverage(covered / (end - start), gaps, covered > 0 and named == seen)


def _standing(sight: Sight, created_at: int, end: int) -> tuple[list[Span], list[Span]]:
    """When the bot was in the chat, and when it was admin there."""
    if not sight.standings:
        return [(created_at, end)], []
    inside, admin = [(created_at, sight.standings[0][0])], []
    edges = [*(at for at, _ in sight.standings[1:]), end]
    for (at, standing), until in zip(sight.standings, edges, strict=True):
        if standing.inside:
            inside.append((at, until))
        if standing >= Standing.ADMIN:
            admin.append((at, until))
    return inside, admin


def _union(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        elif low < high:
            joined.append((low, high))
    return joined


def _common(ones: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    kept = list(others)
    pairs = ((max(a, c), min(b, d)) for a, b in ones for c, d in kept)
    return _union((low, high) for low, high in pairs if low < high)


def _rest(seen: Iterable[Span], start: int, end: int) -> list[Span]:
    gaps, at = [], start
    for low, high in seen:
        if low > at:
            gaps.append((at, low))
        at = high
    if at < end:
        gaps.append((at, end))
    return gaps
