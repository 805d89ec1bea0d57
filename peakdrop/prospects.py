"""Looking ahead: when and where a drop would go out as things stand, and what speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b

from sqlmodel import Session

from peakdrop.drops import Outcome, chance_of, find_objections, taken_by_others
from peakdrop.lint import LintWarning, lint_drop
from peakdrop.local_times import local_of
from peakdrop.offers import ends_before
from peakdrop.outlook_reading import read_outlook
from peakdrop.peaks import BestTime, best_times
from peakdrop.posting import Objection, objections
from storage.communities import CommunityView, find_community
from storage.drops import COMING, DropView, State, Timing, recent_drops
from storage.outlooks import WHOLE_GROUP
from storage.posting_rules import Rules, get_rules
from storage.topics import topic_names

MINUTE = timedelta(minutes=1)
LATELY = timedelta(days=60)
MOST_KNOWN = 9
ALL = 24 * 60  # more times than a week of any slots has


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drop goes: the group, its topic, or a channel instead."""

    title: str
    topic: str | None = None
    is_channel: bool = False


@dataclass(frozen=True, slots=True)
class Hope:
    """Members expected in the two hours after a time, four times of five between `low` and `high`.

    `usual_best` are those of a day's best time on the mean of the week; `explores` as in peakdrop.peaks.BestTime.
    `in_topic`: those active in the drop's topic are meant, else those in the group.
    """

    members: float
    low: float
    high: float
    usual_best: float
    explores: bool = False
    in_topic: bool = False


@dataclass(frozen=True, slots=True)
class Prospect:
    """A drop as things stand now: its place, when it would go out, and what the group's rules say to that.

    `at_local` is None where no time can be told, `problem` says why. `hope` is what is expected of that time, None
    where nothing was recorded or it is too far ahead.
    """

    drop: DropView
    place: Place
    now_local: datetime
    at_local: datetime | None
    hope: Hope | None
    problem: Outcome | None
    objections: Sequence[Objection]
    warnings: Sequence[LintWarning]
    rules: Rules

    @property
    def remarks(self) -> list[str]:
        """The names of all that speaks against posting it so."""
        return [one.kind for one in self.objections] + [one.kind for one in self.warnings]


@dataclass(frozen=True, slots=True)
class Plan:
    """The naive local time at which a drop would go out, chosen to learn or not; None where none can be told."""

    local: datetime | None = None
    problem: Outcome | None = None
    explores: bool = False


def look_ahead(
    session: Session,
    drop: DropView,
    community: CommunityView,
    timezone: str,
    now: datetime,
    dead_links: Collection[str] = (),
) -> Prospect:
    """What the screen of a drop shows; `dead_links` are those of its links that were tried and did not answer."""
    now_local = local_of(now, timezone)
    rules = get_rules(session, drop.community_id)
    time = plan_time(session, drop, timezone, now)
    speaks = find_objections(session, drop, timezone, now)
    recent = recent_drops(session, drop.community_id, now - timedelta(days=rules.same_within_days))
    warnings = lint_drop(drop, recent, dead_links)
    over = ends_before(drop.content.text, time.local.date(), now_local.date()) if time.local is not None else ""
    warnings += [LintWarning("expired", over)] if over else []
    place = find_target(session, drop, community)
    hope = None if time.local is None else hope_at(session, drop, time.local, timezone, now, explores=time.explores)
    return Prospect(drop, place, now_local, time.local, hope, time.problem, speaks, warnings, rules)


def look_now(
    session: Session,
    drop: DropView,
    community: CommunityView,
    timezone: str,
    now: datetime,
    dead_links: Collection[str] = (),
) -> Prospect:
    """What would be said to posting a drop now, whatever its time."""
    local_time = local_of(now, timezone).isoformat(timespec="minutes")
    named = replace(drop, timing=Timing.TIME, local_time=local_time, state=State.DRAFT)
    found = look_ahead(session, named, community, timezone, now, dead_links)
    return replace(found, drop=drop, problem=None, objections=[one for one in found.objections if one.kind != "past"])


def find_target(session: Session, drop: DropView, community: CommunityView) -> Place:
    """Where a drop goes, by name."""
    if drop.target_chat_id is not None:
        channel = find_community(session, drop.target_chat_id)
        return Place(channel.title if channel else "", None, True)
    topic = topic_names(session, drop.community_id).get(drop.thread_id) if drop.thread_id else None
    return Place(community.title, topic, community.kind == "channel")


def plan_time(session: Session, drop: DropView, timezone: str, now: datetime) -> Plan:
    """When a drop would go out: in the queue at the time it has."""
    if drop.state in COMING and drop.due_at is not None:
        return Plan(local_of(drop.due_at, timezone), explores=drop.explores)
    if drop.timing == Timing.TIME:
        if drop.local_time is None:
            return Plan(problem=Outcome.NO_TIME)
        local = datetime.fromisoformat(drop.local_time)
        return Plan(local, Outcome.PAST if local <= local_of(now, timezone) - MINUTE else None)
    day = None if drop.occurrence is None else datetime.fromisoformat(drop.occurrence).date()
    best = next(iter(peaks(session, drop, 1, timezone, now, day)), None)
    return Plan(problem=Outcome.NO_PEAK) if best is None else Plan(best.local, explores=best.explores)


def hope_at(
    session: Session, drop: DropView, local: datetime, timezone: str, now: datetime, *, explores: bool = False
) -> Hope | None:
    """What is expected of a naive local time; None where nothing was recorded yet or it is too far ahead."""
    outlook = read_outlook(session, drop.community_id, timezone, drop.topic_id, now=now)
    members, interval, usual_best = outlook.expected_at(local), outlook.interval_at(local), outlook.usual_best()
    if members is None or interval is None or usual_best is None:
        return None
    return Hope(members, *interval, usual_best, explores, drop.topic_id != WHOLE_GROUP)


def peaks(
    session: Session, drop: DropView, count: int, timezone: str, now: datetime, day: date | None = None
) -> list[BestTime]:
    """The best times for a drop in the next seven days (or on one of them), best first."""
    rules = get_rules(session, drop.community_id)
    taken = taken_by_others(session, drop, timezone, now)
    place, rng = (drop.community_id, timezone, drop.topic_id), chance_of(drop)
    return best_times(session, *place, rules=rules, taken=taken, now=now, count=count, day=day, rng=rng)


def look_at(
    session: Session, drop: DropView, local: datetime, timezone: str, now: datetime
) -> tuple[Sequence[Objection], Hope | None]:
    """What the group's rules and queue would say to a naive local time, and what is expected of it."""
    rules = get_rules(session, drop.community_id)
    taken = taken_by_others(session, drop, timezone, now)
    hope = hope_at(session, drop, local, timezone, now)
    return objections(local, rules, taken, local_of(now, timezone)), hope


def busy_days(session: Session, drop: DropView, timezone: str, now: datetime) -> set[date]:
    """The local days on which other drops go out."""
    return {one.local.date() for one in taken_by_others(session, drop, timezone, now)}


def best_hours(session: Session, drop: DropView, timezone: str, now: datetime) -> set[int]:
    """The three local hours with the most members on a usual day where the drop goes."""
    return read_outlook(session, drop.community_id, timezone, drop.topic_id, now=now).best_hours()


def known_tags(session: Session, drop: DropView, _timezone: str, now: datetime) -> dict[str, str]:
    """The tags used most in the last weeks (and the drop's own), by a short key that fits into a button."""
    recent = recent_drops(session, drop.community_id, now - LATELY)
    used = Counter(tag for one in recent for tag in one.tags)
    names = dict.fromkeys([*drop.tags, *(tag for tag, _ in used.most_common(MOST_KNOWN))])
    return {blake2b(tag.encode(), digest_size=4).hexdigest(): tag for tag in names}


def known_campaigns(session: Session, drop: DropView, _timezone: str, now: datetime) -> list[str]:
    """The campaigns of the last weeks, the newest first."""
    recent = recent_drops(session, drop.community_id, now - LATELY)
    names = [one.campaign for one in reversed(recent) if one.campaign]
    return list(dict.fromkeys(names))[:5]
