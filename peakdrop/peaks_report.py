"""What /peaks shows: the coming week hour by hour, the best free times in it, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from peakdrop.drops import taken_times
from peakdrop.local_times import local_of
from peakdrop.outlook_reading import read_outlook
from peakdrop.outlooks import WEEK, Outlook
from peakdrop.peaks import AHEAD, APART, SOON, BestTime, choose
from peakdrop.posting import free_times
from peakdrop.time_reasons import TimeReasons, explain_time
from storage.communities import CommunityView
from storage.drops import COMING, list_drops
from storage.outlooks import WHOLE_GROUP
from storage.posting_rules import get_rules
from storage.topics import open_topics, topic_names

BEST = 3
TOPICS = 8  # that have a button, beside the one that is shown


@dataclass(frozen=True, slots=True)
class PeaksReport:
    """The coming week of a group, or of its topic `topic_id` (-1: the whole group), in local times.

    `best` are free times; `queued` those of coming drops, only where they may be shown. `reasons` are those of the
    first best time; None where the rules leave none.
    """

    community: CommunityView
    timezone: str
    now_local: datetime
    topic_id: int
    topics: Mapping[int, str]
    outlook: Outlook
    best: Sequence[BestTime]
    queued: Sequence[datetime]
    reasons: TimeReasons | None

    def days(self) -> list[date]:
        """Today and the six days after it."""
        return [self.now_local.date() + timedelta(days=day) for day in range(WEEK)]

    def hours(self, day: date) -> list[float | None]:
        """What is expected of each hour of a day: its best quarter's figure; None where it is past."""
        expected, today = self.outlook.day(day), self.now_local.date()
        return [
            None if day == today and hour < self.now_local.hour else max(expected[hour * 4 : hour * 4 + 4])
            for hour in range(24)
        ]


def report_peaks(
    session: Session,
    community: CommunityView,
    timezone: str,
    topic_id: int = WHOLE_GROUP,
    *,
    now: datetime,
    shows_queue: bool,
) -> PeaksReport:
    """The coming week of a group or a topic."""
    now_local = local_of(now, timezone)
    outlook = read_outlook(session, community.id, timezone, topic_id, now=now)
    rules = get_rules(session, community.id)
    taken = taken_times(session, community.id, timezone, now)
    free = free_times(rules, taken, now_local + SOON, AHEAD, APART)
    best = choose(outlook, free, [one.local for one in taken], BEST, fixed=bool(rules.slots))
    coming = (
        list_drops(session, community.id, COMING, since=now, until=now + timedelta(days=WEEK)) if shows_queue else []
    )
    topics = dict(list(open_topics(session, community.id).items())[:TOPICS]) if community.is_forum else {}
    if topic_id != WHOLE_GROUP and topic_id not in topics:
        topics |= {topic: name for topic, name in topic_names(session, community.id).items() if topic == topic_id}
    reasons = None
    if best:
        reasons = explain_time(session, community.id, best[0].local, timezone, now, taken=taken, topic_id=topic_id)
    return PeaksReport(
        community, timezone, now_local, topic_id, topics, outlook, best,
        [local_of(one.due_at, timezone) for one in coming if one.due_at is not None], reasons,
    )  # fmt: skip
