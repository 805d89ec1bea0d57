"""Local days: counts by kind and hour, DAU, WAU, MAU. Closed ones are worked out once and kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlmodel import Session

from peakdrop.windows import Window, midnight
from storage import counts
from storage.counts import ClosedDay
from storage.kinds import ACTIVE_KINDS
from storage.store import Store
from storage.times import DAY, QUARTER, from_epoch, to_epoch

WEEK, MONTH = 7, 30
# Days worked out in one transaction: short enough to let the bot write in between.
SLICE = 60
_ALL = (1 << DAY // QUARTER) - 1


def local_days(session: Session, community_id: int, window: Window) -> list[ClosedDay]:
    """The figures of each local day of a window up to `as_of`; the day that is not over comes last, unfinished."""
    zone = window.zone
    spans = _spans(window.first_day, window.last_day, zone)
    seen = to_epoch(window.seen_end)
    spans = spans if spans and spans[-1][0] < seen else [span for span in spans if span[0] < seen]
    if not spans:
        return []
    cached = {day.ends_at: day for day in counts.cached_days(session, community_id, spans[0][0], spans[-1][1])}
    days: list[ClosedDay] = []
    missing: list[tuple[int, int]] = []
    for span in spans:
        if span[1] <= seen and span[1] not in cached:
            missing.append(span)
            continue
        days.extend(_work_out(session, community_id, missing, zone))
        missing = []
        whole = cached.get(span[1])
        is_over = whole is not None and span[1] <= seen
        days.append(whole if whole and is_over else _unfinished(session, community_id, span, seen, zone, whole))
    days.extend(_work_out(session, community_id, missing, zone))
    return days


async def close_days(store: Store, community_id: int, window: Window, now: datetime) -> None:
    """Work out and keep the closed days of a window that are not kept yet, a slice a transaction."""
    while await store.write(lambda session: _close_slice(session, community_id, window, now)):
        pass


def close_days_now(store: Store, community_id: int, window: Window, now: datetime) -> None:
    """`close_days` for callers that have no event loop."""
    while store.write_now(lambda session: _close_slice(session, community_id, window, now)):
        pass


def missing_days(session: Session, community_id: int, window: Window, now: datetime) -> list[tuple[int, int]]:
    """The closed days of a window that are not kept yet, as epoch spans; those before the log began need none."""
    began = counts.first_at(session, community_id)
    if began is None:
        return []
    closed = min(to_epoch(now), to_epoch(window.end))
    first = max(window.first_day, from_epoch(began).astimezone(window.zone).date())
    spans = [span for span in _spans(first, window.last_day, window.zone) if span[1] <= closed]
    if not spans:
        return []
    ends = counts.cached_ends(session, community_id, spans[0][0], spans[-1][1])
    return [span for span in spans if span[1] not in ends]


def _close_slice(session: Session, community_id: int, window: Window, now: datetime) -> bool:
    missing = missing_days(session, community_id, window, now)
    run = missing[:1]
    for span in missing[1:SLICE]:
        if span[0] != run[-1][1]:
            break
        run.append(span)
    counts.cache_days(session, community_id, _work_out(session, community_id, run, window.zone))
    return len(missing) > len(run)


@lru_cache(maxsize=64)
def _spans(first: date, last: date, zone: ZoneInfo) -> Sequence[tuple[int, int]]:
    edges = [to_epoch(midnight(first + timedelta(days=n), zone)) for n in range((last - first).days + 2)]
    return tuple(pairwise(edges))


def _unfinished(
    session: Session, community_id: int, span: tuple[int, int], seen: int, zone: ZoneInfo, whole: ClosedDay | None
) -> ClosedDay:
    """A day as far as it is looked at; its people are those of the whole day (today: so far)."""
    start, end = span
    (day,) = _tally(session, community_id, [(start, -(-seen // QUARTER) * QUARTER)], zone)
    exact = counts.count_kinds(session, community_id, start, seen)
    if whole is not None:
        return whole._replace(ends_at=seen, counts=exact, hours=day.hours)
    first = from_epoch(start).astimezone(zone).date()
    since = [to_epoch(midnight(first - timedelta(days=n - 1), zone)) for n in (1, WEEK, MONTH)]
    return ClosedDay(start, seen, exact, day.hours, *counts.count_active_since(session, community_id, since, end))


def _work_out(session: Session, community_id: int, spans: Sequence[tuple[int, int]], zone: ZoneInfo) -> list[ClosedDay]:
    """Consecutive whole local days, from the rollups."""
    if not spans:
        return []
    first = from_epoch(spans[0][0]).astimezone(zone).date()
    last = from_epoch(spans[-1][0]).astimezone(zone).date()
    before = _spans(first - timedelta(days=MONTH - 1), first - timedelta(days=1), zone)
    people = _people(session, community_id, [*before, *_spans(first, last, zone)])
    days = []
    for n, day in enumerate(_tally(session, community_id, spans, zone), start=len(before)):
        wau = len(set().union(*people[n - WEEK + 1 : n + 1]))
        mau = len(set().union(*people[n - MONTH + 1 : n + 1]))
        days.append(day._replace(dau=len(people[n]), wau=wau, mau=mau))
    return days


def _tally(session: Session, community_id: int, spans: Sequence[tuple[int, int]], zone: ZoneInfo) -> list[ClosedDay]:
    """Counts by kind and by local hour of consecutive spans, without people."""
    kinds: list[counts.Counts] = [Counter() for _ in spans]
    hours = [[0] * 24 for _ in spans]
    place, hour, quarter = 0, 0, -1
    for row in counts.quarter_rows(session, community_id, spans[0][0], spans[-1][1]):
        if row.quarter != quarter:
            quarter = row.quarter
            at = quarter * QUARTER
            while at >= spans[place][1]:
                place += 1
            hour = datetime.fromtimestamp(at, zone).hour
        kinds[place][row.topic, row.kind] += row.n
        if row.kind in ACTIVE_KINDS:
            hours[place][hour] += row.n
    return [
        ClosedDay(*span, counted, by_hour, 0, 0, 0) for span, counted, by_hour in zip(spans, kinds, hours, strict=True)
    ]


def _people(session: Session, community_id: int, spans: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Who was active in each of consecutive spans."""
    pieces: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for n, (start, end) in enumerate(spans):
        for day in range(start // DAY, (end - 1) // DAY + 1):
            low = max(start - day * DAY, 0) // QUARTER
            high = min(end - day * DAY, DAY) // QUARTER
            pieces[day].append((n, (_ALL >> low << low) & ((1 << high) - 1)))
    people: list[set[int]] = [set() for _ in spans]
    for day, member_id, mask in counts.active_rows(session, community_id, min(pieces), max(pieces)):
        for n, part in pieces[day]:
            if mask & part:
                people[n].add(member_id)
    return people
