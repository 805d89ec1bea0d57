"""The digest: what happened since last time, told in figures, people, and one suggestion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from sqlmodel import Session

from peakdrop.days import local_days
from peakdrop.digest_plans import digest_window
from peakdrop.drop_figures import DropFigures, DropsReport, report_drops
from peakdrop.newcomers import Newcomers, find_newcomers
from peakdrop.stats import OverviewReport, report_overview
from peakdrop.windows import Window, window_before
from storage.communities import CommunityView
from storage.digests import Every
from storage.kinds import MESSAGE_KINDS
from storage.topics import topic_names

QUIET = 10  # interactions up to which a window was quiet
LATELY = timedelta(days=90)  # that drops are learned from
# A topic grows or fades by no chance of small counts (three Poisson deviations), and noticeably.
DEVIATIONS, FEWEST = 3, 10


@dataclass(frozen=True, slots=True)
class TopicMove:
    """A topic's messages in a window and in the one before; `name` None is the General topic."""

    topic_id: int
    name: str | None
    messages: int
    before: int


@dataclass(frozen=True, slots=True)
class DigestReport:
    """What a digest tells, but for its suggestion. `drops` are those of the last 90 days, to learn from."""

    every: Every
    overview: OverviewReport
    best: DropFigures | None
    growing: TopicMove | None
    fading: tuple[TopicMove, ...]
    newcomers: Newcomers
    drops: DropsReport

    @property
    def window(self) -> Window:
        """The days that it covers."""
        return self.overview.figures.window

    @property
    def is_quiet(self) -> bool:
        """Whether so little happened that a table of it would be empty."""
        figures = self.overview.figures
        return figures.interactions <= QUIET and self.best is None

    @property
    def is_first(self) -> bool:
        """Whether there is no window before that could be compared with."""
        return self.overview.compared_with is None


def report_digest(
    session: Session, community: CommunityView, every: Every, day: date, timezone: str, *, now: datetime
) -> DigestReport:
    """The digest of a local day: of the day before, or of the seven before.

    Quick where the closed days of both windows are kept (peakdrop.days.close_days).
    """
    window = digest_window(every, day, timezone, now)
    overview = report_overview(session, community, window, compared=False)
    lately = Window("lately", window.end - LATELY, now, timezone, now)
    drops = report_drops(session, community.id, lately)
    inside = [one for one in drops.drops if window.start <= one.sent_at < window.end and one.figures.answers]
    moves = [] if overview.compared_with is None else _moves(session, community.id, window)
    grown = [one for one in moves if one.messages > one.before and one.messages >= FEWEST]
    return DigestReport(
        every,
        overview,
        inside[0] if inside else None,
        max(grown, key=lambda one: one.messages / (one.before + 1), default=None),
        tuple(
            sorted((one for one in moves if 2 * one.messages <= one.before), key=lambda one: one.messages / one.before)
        ),
        find_newcomers(session, community.id, window),
        drops,
    )


def _moves(session: Session, community_id: int, window: Window) -> list[TopicMove]:
    """The topics that grew or faded, by no chance."""
    before = window_before(window)
    if before is None:
        return []
    now, then = _by_topic(session, community_id, window), _by_topic(session, community_id, before)
    if set(now) | set(then) <= {0}:
        return []
    names = topic_names(session, community_id)
    return [
        TopicMove(topic, names.get(topic), now[topic], then[topic])
        for topic in sorted(set(now) | set(then))
        if abs(now[topic] - then[topic]) >= DEVIATIONS * sqrt(now[topic] + then[topic])
        and (topic == 0 or topic in names)
    ]


def _by_topic(session: Session, community_id: int, window: Window) -> Counter[int]:
    messages: Counter[int] = Counter()
    for day in local_days(session, community_id, window):
        for (topic, kind), n in day.counts.items():
            if kind in MESSAGE_KINDS:
                messages[topic] += n
    return messages
