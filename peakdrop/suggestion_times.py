"""Times that are worth a suggestion: a much better one for a drop in the queue, and the best one that is free."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from peakdrop.drops import taken_times
from peakdrop.local_times import local_of
from peakdrop.offers import ends_before
from peakdrop.peaks import AHEAD, APART, BestTime, best_times
from peakdrop.posting import objections
from peakdrop.prospects import ALL, Hope, hope_at
from peakdrop.queue import report_month
from storage.communities import CommunityView
from storage.drops import DropView, State, Timing, list_drops
from storage.outlooks import topic_week
from storage.posting_rules import get_rules

SOON = timedelta(hours=1)  # somebody has to read it first
NEAR = timedelta(days=2)  # that a drop may be moved by
# The time that a drop has is much worse with so much of the better one's members, and so many fewer.
SHARE, FEWER = 0.6, 5
ALIKE = 0.95  # of the best time's members
TRIED = 5  # drops for which a better time is looked for: each takes a search
FEWEST = 1  # members expected, for a time to be worth naming
# A text that names a day or a clock time may belong where it stands.
_TIMED = re.compile(
    r"\d[:：]\d\d|\b(?:\d{1,2} ?[ap]m|today|tonight|tomorrow|morning|noon|afternoon|evening|night|weekend|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b|[今明后][天日晚早]|[早中下上晚][上午安]|周[一二三四五六日天末]|"
    r"星期|礼拜|\d[点日号]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Move:
    """A drop, the naive local time that it has with the members expected then, and a much better time."""

    drop: DropView
    local: datetime
    members: float
    better: BestTime


@dataclass(frozen=True, slots=True)
class FreePeak:
    """A time at which nothing stands, and how many drops its local day has besides."""

    time: BestTime
    planned: int


def open_times(
    session: Session, community_id: int, timezone: str, now: datetime, *, thread_id: int = 0, but: int | None = None
) -> list[BestTime]:
    """The free times of the days whose weekday names them, best first; `but`: as if that drop had none."""
    taken = taken_times(session, community_id, timezone, now, but=but)
    place, rules = (community_id, timezone, topic_week(thread_id)), get_rules(session, community_id)
    found = best_times(session, *place, rules=rules, taken=taken, now=now, count=ALL)
    today = local_of(now, timezone)
    return [one for one in found if one.local >= today + SOON and (one.local.date() - today.date()).days < AHEAD]


def is_open(
    session: Session, community_id: int, local: datetime, timezone: str, now: datetime, *, but: int | None = None
) -> bool:
    """Whether a naive local time is still free: not past, by the rules, and no other drop near it."""
    taken = taken_times(session, community_id, timezone, now, but=but)
    speaks = objections(local, get_rules(session, community_id), taken, local_of(now, timezone))
    return not speaks and all(abs(one.local - local) >= APART for one in taken)


def is_movable(drop: DropView) -> bool:
    """Whether a drop's time was named by hand and nothing else depends on it.

    Of no series and campaign, no ad, not pinned, not for a channel, approved by nobody but its author, and without a
    day or a clock time in its words.
    """
    if drop.state != State.SCHEDULED or drop.timing != Timing.TIME or drop.local_time is None:
        return False
    bound = drop.series or drop.campaign or drop.is_ad or drop.pin or drop.target_chat_id
    is_own = drop.approved_by in (None, drop.author_id)
    poll = drop.content.poll
    words = "\n".join([drop.content.text, *((poll.question, *poll.options) if poll is not None else ())])
    is_timed = _TIMED.search(words) or ends_before(words, date.max, drop.created_at.date())
    return is_own and not bound and not is_timed


def better_time(session: Session, drop: DropView, timezone: str, now: datetime) -> Move | None:
    """The best free time within two days of a drop's, where that is much better than the one it has.

    Of times that are about as good the one of the nearest day.
    """
    local = datetime.fromisoformat(drop.local_time or "")
    hope = hope_at(session, drop, local, timezone, now)
    times = open_times(session, drop.community_id, timezone, now, thread_id=drop.thread_id, but=drop.number)
    near = [one for one in times if abs(one.local - local) <= NEAR]
    alike = [one for one in near if (one.members or 0) >= ALIKE * (near[0].members or 0)]
    best = min(alike, key=lambda one: abs((one.local.date() - local.date()).days), default=None)
    if hope is None or best is None or not _is_much_better(best, hope):
        return None
    return Move(drop, local, hope.members, best)


def _is_much_better(best: BestTime, hope: Hope) -> bool:
    if best.members is None or best.low is None:
        return False
    return hope.members <= min(SHARE * best.members, best.members - FEWER) and hope.high < best.low


def find_move(
    session: Session, community_id: int, timezone: str, now: datetime, but: Collection[int] = ()
) -> Move | None:
    """Of the coming week's drops that may be moved, but for some, the one that stands worst and could stand better."""
    found = []
    for drop in list_drops(session, community_id, {State.SCHEDULED}, since=now + SOON, until=now + timedelta(AHEAD)):
        if drop.number not in but and is_movable(drop):
            hope = hope_at(session, drop, datetime.fromisoformat(drop.local_time or ""), timezone, now)
            if hope is not None and hope.members < hope.usual_best:
                found.append((hope.members - hope.usual_best, drop.number, drop))
    moves = (better_time(session, drop, timezone, now) for _, _, drop in sorted(found, key=lambda one: one[:2])[:TRIED])
    return next((one for one in moves if one is not None), None)


def find_free_peak(
    session: Session, community: CommunityView, timezone: str, now: datetime, but: Collection[date] = ()
) -> FreePeak | None:
    """The best free time of the coming seven days on a day without a drop; where each has one, the best of all.

    Days in `but` are left out, and days that a series still has to fill; None where nothing is known yet.
    """
    planned, ahead = _planned(session, community, timezone, now)
    times = [one for one in open_times(session, community.id, timezone, now) if (one.members or 0) >= FEWEST]
    times = [one for one in times if one.local.date() not in ahead.union(but)]
    times.sort(key=lambda one: planned[one.local.date()] > 0)
    return FreePeak(times[0], planned[times[0].local.date()]) if times else None


def planned_on(session: Session, community: CommunityView, day: date, timezone: str, now: datetime) -> int:
    """How many drops stand on a local day of the coming week; what a series will bring counts."""
    planned, ahead = _planned(session, community, timezone, now)
    return planned[day] + (day in ahead)


def _planned(
    session: Session, community: CommunityView, timezone: str, now: datetime
) -> tuple[Counter[date], set[date]]:
    """The drops of each local day of this week's months, and the days on which series come again, not queued yet."""
    today = local_of(now, timezone).date()
    firsts = {day.replace(day=1) for day in (today, today + timedelta(days=AHEAD))}
    months = [report_month(session, community, first, timezone, now) for first in firsts]
    planned = Counter(local.date() for month in months for local, _ in month.drops)
    return planned, {one.local.date() for month in months for one in month.planned}
