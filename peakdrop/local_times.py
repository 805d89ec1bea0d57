"""Wall times of a zone as moments: what to do with those that do not exist and those that come twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_of(local: datetime, timezone: str) -> datetime:
    """The UTC moment of a naive wall time in a zone (IANA name).

    A time that the clocks skip is the end of the gap; one that comes twice is the first of the two.
    """
    zone = ZoneInfo(timezone)
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    return _gap_end(local.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)


def _gap_end(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the zone's offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > before else middle
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def local_of(moment: datetime, timezone: str) -> datetime:
    """The naive wall time in a zone at an aware moment."""
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
