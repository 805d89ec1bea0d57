"""The overview that /stats gives: what happened in a window, how it changed, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import add

from sqlmodel import Session

from peakdrop.coverage import Coverage, cover
from peakdrop.days import MONTH, WEEK, local_days
from peakdrop.metrics.reports import CommunityRates, measure_rates
from peakdrop.rates import Rate
from peakdrop.windows import Window, midnight, window_before
from storage import counts
from storage.communities import CommunityView
from storage.counts import ClosedDay, Counts
from storage.coverage import load_sight
from storage.kinds import ACTIVE_KINDS, MESSAGE_KINDS, Kind
from storage.member_counts import members_at
from storage.times import from_epoch, to_epoch
from storage.topics import topic_names

TOP_TOPICS = 3
# A change against a window of which less was recorded would be a change of what was seen.
COMPARABLE = 0.9
# What a day's bar adds up: messages, and reactions less what was taken back.
_ACTIVITY = {int(kind): 1 for kind in (*MESSAGE_KINDS, Kind.REACTION_ADDED, Kind.REACTION_UNNAMED)}
_ACTIVITY[Kind.REACTION_REMOVED] = -1


@dataclass(frozen=True, slots=True)
class Busiest:
    """The local hour with most interactions; `weekday` (0 is Monday) where the window has whole weeks of them."""

    hour: int
    weekday: int | None


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic's messages; `name` None is the General topic, or one whose name was never seen."""

    topic_id: int
    name: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a window came to. None is unknown."""

    window: Window
    coverage: Coverage
    members: int | None
    active_members: int
    dau: float | None
    wau: int
    mau: int
    messages: int
    reactions: int
    replies: int
    joins: int
    leaves: int
    interactions: int
    rates: CommunityRates

    @property
    def engagement(self) -> Rate:
        """(likes + comments + shares) / watch seconds, of the videos."""
        return self.rates.engagement

    @property
    def conversion(self) -> Rate:
        """Buyers gained over followers at the end."""
        return self.rates.conversion

    @property
    def stickiness(self) -> Rate:
        """Mean DAU over MAU: how often the month's members come."""
        return Rate(self.dau, self.mau)

    @property
    def per_active(self) -> Rate:
        """Interactions per active member."""
        return Rate(self.interactions, self.active_members)

    @property
    def active_share(self) -> Rate:
        """Active members over members; unknown where those who left since make it more than all."""
        members = self.members if self.members is not None and self.members >= self.active_members else None
        return Rate(self.active_members, members)


@dataclass(frozen=True, slots=True)
class DayBar:
    """A local day's activity (messages and reactions); None where nothing covers it."""

    day: date
    activity: int | None
    is_finished: bool


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The overview of a community. `before` is None for a window that has none."""

    community: CommunityView
    figures: Figures
    before: Figures | None
    compared: bool
    busiest: Busiest | None
    topics: tuple[TopicCount, ...]
    days: tuple[DayBar, ...]
    days_before: tuple[DayBar, ...]

    @property
    def compared_with(self) -> Figures | None:
        """The window before, where enough of it was recorded to compare with."""
        if self.before is None or (self.before.coverage.share or 0) < COMPARABLE:
            return None
        return self.before

    @property
    def is_unseen(self) -> bool:
        """Whether nothing covers the window and nothing is known of it: no zeros then, but dashes."""
        figures = self.figures
        return not figures.coverage.share and not figures.interactions and not figures.joins and not figures.leaves


def report_overview(session: Session, community: CommunityView, window: Window, *, compared: bool) -> OverviewReport:
    """What happened in a window and in the one before; `compared` asks for every change to be shown."""
    days = local_days(session, community.id, window)
    total = _total(session, community.id, window, days)
    figures = _figures(session, community, window, days, total)
    before = window_before(window)
    figures_before, days_before = None, []
    if before is not None:
        days_before = local_days(session, community.id, before)
        total_before = _total(session, community.id, before, days_before)
        figures_before = _figures(session, community, before, days_before, total_before, is_before=True)
    report = OverviewReport(
        community,
        figures,
        figures_before,
        compared,
        _busiest(window, days),
        _top_topics(session, community, total),
        _bars(window, days, figures.coverage),
        () if figures_before is None else _bars(figures_before.window, days_before, figures_before.coverage),
    )
    return report if report.compared_with is not None else replace(report, days_before=())


def _figures(
    session: Session,
    community: CommunityView,
    window: Window,
    days: Sequence[ClosedDay],
    total: Counts,
    *,
    is_before: bool = False,
) -> Figures:
    """The figures of a window. DAU, WAU and MAU are of whole local days, the last of them today so far."""
    end = to_epoch(window.seen_end)
    began = None if window.name == "all" else window.start
    wau, mau = (days[-1].wau, days[-1].mau) if days else (0, 0)
    coverage = cover(load_sight(session, community.id), community.created_at, window)
    whole = [day.dau for day in days if day.ends_at <= end and not _is_blind(day, coverage)]
    return Figures(
        window=window,
        coverage=coverage,
        members=members_at(session, community.id, window.seen_end),
        active_members=_active(session, community.id, window, {} if is_before else {WEEK: wau, MONTH: mau}),
        dau=sum(whole) / len(whole) if whole else float(days[-1].dau) if days else None,
        wau=wau,
        mau=mau,
        messages=sum(n for (_, kind), n in total.items() if kind in MESSAGE_KINDS),
        reactions=_of(total, Kind.REACTION_ADDED, Kind.REACTION_UNNAMED) - _of(total, Kind.REACTION_REMOVED),
        replies=_of(total, Kind.REPLY),
        joins=_of(total, Kind.JOIN),
        leaves=_of(total, Kind.LEAVE, Kind.REMOVAL),
        interactions=sum(n for (_, kind), n in total.items() if kind in ACTIVE_KINDS),
        rates=measure_rates(
            session, community.id, began, window.end if is_before else window.imports_end, window.timezone
        ),
    )


def _of(total: Counts, *kinds: Kind) -> int:
    return sum(n for (_, kind), n in total.items() if kind in kinds)


def _total(session: Session, community_id: int, window: Window, days: Sequence[ClosedDay]) -> Counts:
    """Counts of the window: whole days from the day figures, a rolling window from the rollups."""
    if window.name == "24h":
        return counts.count_kinds(session, community_id, to_epoch(window.start), to_epoch(window.seen_end))
    total: Counts = Counter()
    for day in days:
        for key, n in day.counts.items():
            total[key] += n
    return total


def _active(session: Session, community_id: int, window: Window, trailing: dict[int, int]) -> int:
    """Distinct active members of the window; one that ends now may be counted already."""
    if window.name == "all":
        return counts.count_ever_active(session, community_id)
    length = len(window.days())
    if window.name != "24h" and length in trailing:
        return trailing[length]
    return counts.count_active(session, community_id, to_epoch(window.start), to_epoch(window.seen_end))


def _busiest(window: Window, days: Sequence[ClosedDay]) -> Busiest | None:
    weekly = len(window.days()) >= WEEK
    first = window.first_day.toordinal() - 1  # ordinal 1 is a Monday
    by_hour = [[0] * 24 for _ in range(WEEK if weekly else 1)]
    for number, day in enumerate(days):
        weekday = (first + number) % WEEK if weekly else 0
        by_hour[weekday] = list(map(add, by_hour[weekday], day.hours))
    most = max(map(max, by_hour))
    if most == 0:
        return None
    weekday = next(number for number, hours in enumerate(by_hour) if most in hours)
    return Busiest(by_hour[weekday].index(most), weekday if weekly else None)


def _top_topics(session: Session, community: CommunityView, total: Counts) -> tuple[TopicCount, ...]:
    messages: Counter[int] = Counter()
    for (topic, kind), n in total.items():
        if kind in MESSAGE_KINDS:
            messages[topic] += n
    if set(messages) <= {0}:
        return ()
    names = topic_names(session, community.id)
    return tuple(TopicCount(topic, names.get(topic), n) for topic, n in messages.most_common(TOP_TOPICS) if n > 0)


def _bars(window: Window, days: Sequence[ClosedDay], coverage: Coverage) -> tuple[DayBar, ...]:
    """Activity by day; only the last day may be unfinished."""
    bars = []
    for number, day in enumerate(days):
        activity = sum(n * _ACTIVITY.get(kind, 0) for (_, kind), n in day.counts.items())
        local = window.first_day + timedelta(days=number)
        finished = number + 1 < len(days) or window.as_of >= midnight(local + timedelta(days=1), window.zone)
        bars.append(DayBar(local, None if _is_blind(day, coverage) else activity, finished))
    return tuple(bars)


def _is_blind(day: ClosedDay, coverage: Coverage) -> bool:
    """Whether nothing covers a day and nothing is known of it: a gap, not a silence."""
    if not coverage.gaps or any(day.hours):
        return False
    starts, ends = from_epoch(day.starts_at), from_epoch(day.ends_at)
    return any(low <= starts and high >= ends for low, high in coverage.gaps)


def overview_json(report: OverviewReport, now: datetime) -> dict[str, object]:
    """The overview as DESIGN.md's contract has it; unknown is null, times are ISO 8601 in the community's zone."""
    figures, window = report.figures, report.figures.window
    zone = window.zone

    def rate(rate: Rate) -> dict[str, float | None]:
        return {"value": rate.value, "numerator": rate.numerator, "denominator": rate.denominator}

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat()

    def count(n: int) -> int | None:
        return None if report.is_unseen else n

    gaps = [{"start": local(start), "end": local(end)} for start, end in figures.coverage.gaps]
    return {
        "view": "overview",
        "chat": report.community.chat_id,
        "window": {"start": local(window.start), "end": local(window.end), "timezone": window.timezone},
        "as_of": local(now.replace(microsecond=0)),
        "coverage": {
            "share": figures.coverage.share,
            "gaps": gaps,
            "reactions_seen": figures.coverage.reactions_seen,
        },
        "members": figures.members,
        "active_members": count(figures.active_members),
        "dau": None if report.is_unseen else figures.dau,
        "wau": count(figures.wau),
        "mau": count(figures.mau),
        "messages": count(figures.messages),
        "reactions": count(figures.reactions),
        "replies": count(figures.replies),
        "joins": count(figures.joins),
        "leaves": count(figures.leaves),
        "engagement": rate(figures.engagement),
        "conversion": rate(figures.conversion),
    }
