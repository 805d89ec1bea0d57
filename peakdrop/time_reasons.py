"""Why a time was chosen: all that its figure rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from peakdrop.drops import taken_by_others
from peakdrop.forecast_records import ForecastRecord, read_record
from peakdrop.off_days import OffDay, find_off_day
from peakdrop.outlook_reading import read_outlook
from peakdrop.posting import Taken
from peakdrop.prospects import plan_time
from storage.drops import DropView
from storage.outlooks import WHOLE_GROUP
from storage.posting_rules import get_rules


@dataclass(frozen=True, slots=True)
class TimeReasons:
    """What speaks for a naive local time.

    `members`, `low`, `high`, `usual_best` and `explores` as in peakdrop.prospects.Hope, None where nothing was seen;
    `days`, `people` and `prior_share` are what they rest on. Members there answer drops `factor` times as often as
    usual; that is drawn from the `drops` of these hours, believed to `weight` (0-1). `new_share` of the members are
    reached by no other drop. `in_topic`: all this is of a topic, and `prior_share` of it is the whole group's week.
    `off_day`: what its day is, where it goes as another weekday. `too_far`: it is too far ahead for a figure.
    """

    local: datetime
    timezone: str
    members: float | None
    low: float | None
    high: float | None
    usual_best: float | None
    days: int
    people: int
    prior_share: float
    factor: float
    weight: float
    drops: int
    all_drops: int
    new_share: float
    explores: bool
    explored_percent: int
    record: ForecastRecord
    off_day: OffDay | None
    in_topic: bool = False
    too_far: bool = False


def explain_time(
    session: Session,
    community_id: int,
    local: datetime,
    timezone: str,
    now: datetime,
    *,
    taken: Sequence[Taken] = (),
    topic_id: int = WHOLE_GROUP,
    explores: bool = False,
) -> TimeReasons:
    """All that is known of a time in a group or a topic."""
    outlook = read_outlook(session, community_id, timezone, topic_id, now=now)
    low, high = outlook.interval_at(local) or (None, None)
    answers = outlook.answers
    near = [one.local for one in taken if abs(one.local - local) < timedelta(days=1)]
    return TimeReasons(
        local, timezone, outlook.expected_at(local), low, high, outlook.usual_best(),
        outlook.days, outlook.members, outlook.prior_share,
        answers.factor_at(local), answers.weight_at(local), answers.drops_at(local), sum(answers.drops),
        outlook.new_share(local, near), explores, get_rules(session, community_id).explored_percent,
        read_record(session, community_id, timezone, topic_id, now=now), find_off_day(timezone, local.date()),
        topic_id != WHOLE_GROUP, outlook.is_known and outlook.is_too_far(local),
    )  # fmt: skip


def explain_drop(session: Session, drop: DropView, local: datetime, timezone: str, now: datetime) -> TimeReasons:
    """All that is known of the time of a drop."""
    taken = taken_by_others(session, drop, timezone, now)
    planned = plan_time(session, drop, timezone, now)
    explores = planned.explores and planned.local == local
    about = (drop.community_id, local, timezone, now)
    return explain_time(session, *about, taken=taken, topic_id=drop.topic_id, explores=explores)
