"""What to post next: one suggestion, from what was learned of a group's drops, topics and hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlmodel import Session

from peakdrop.digests import DigestReport, TopicMove
from peakdrop.drop_figures import DropFigures
from peakdrop.lint import lint_drop
from peakdrop.local_times import local_of
from peakdrop.offers import ends_before
from peakdrop.peaks import BestTime
from peakdrop.suggestion_times import SOON, find_free_peak, find_move, is_movable, open_times, planned_on
from storage.communities import CommunityView
from storage.drops import DropView, State, find_drop, list_drops, recent_drops
from storage.posting_rules import Rules, get_rules
from storage.suggestions import (
    Kind,
    SuggestionView,
    add_suggestion,
    suggestion_of,
    suggestions_since,
)

AGAIN = timedelta(days=28)  # until the same is suggested again
FRESH = timedelta(hours=12)  # that one stands for everybody who asks
RESTED = timedelta(hours=12)  # since a draft was touched
STALE = timedelta(days=30)
REPEATABLE = timedelta(days=14)
SILENT = timedelta(days=14)  # without a drop, till members are to be asked something
TOLD = timedelta(days=1)  # old enough that its answers tell something
# A trait counts if its drops are answered so much more, and were among the last drops no more than RARE times.
BETTER, MORE, FEWEST, OTHERS, LAST, RARE = 1.3, 2, 2, 3, 10, 2
BEST = 1.5  # times the median, to be worth repeating
HOURS = 3  # a stretch of the day
FADED = 20  # messages before, from which a topic can fade


@dataclass(frozen=True, slots=True)
class Idea:
    """What could be suggested, before its time is chosen. `source` is the drop whose content it is.

    `trait` and `figure` as in storage.digest_models.Suggestion.
    """

    kind: Kind
    source: DropView | None = None
    thread_id: int = 0
    trait: str | None = None
    figure: float | None = None

    @property
    def key(self) -> tuple[Kind, int | None, int, str | None]:
        """What makes two ideas the same."""
        return self.kind, self.source.number if self.source else None, self.thread_id, _lasting(self.kind, self.trait)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea with its time."""

    idea: Idea
    time: BestTime


def standing_suggestion(
    session: Session, community: CommunityView, occurrence: str | None, timezone: str, now: datetime
) -> SuggestionView | None:
    """What this digest has suggested already; asked for one, what was suggested lately and is still open."""
    if occurrence is not None:
        return suggestion_of(session, community.id, occurrence)
    earliest = local_of(now, timezone) + SOON
    lately = suggestions_since(session, community.id, now - FRESH)
    is_open = (one for one in lately if one.drop_number is None and one.local > earliest)
    return next((one for one in is_open if _still_holds(session, community, one, timezone, now)), None)


def _still_holds(session: Session, community: CommunityView, one: SuggestionView, timezone: str, now: datetime) -> bool:
    """Whether what was said of the queue is still so."""
    if one.kind is Kind.MOVE:
        drop = find_drop(session, community.id, one.source or 0)
        return drop is not None and is_movable(drop) and drop.local_time == one.trait
    if one.kind is Kind.FREE:
        return planned_on(session, community, one.local.date(), timezone, now) == one.figure
    return True


def find_proposal(
    session: Session, community: CommunityView, report: DigestReport, timezone: str, now: datetime
) -> Proposal | None:
    """The best thing to post next and when; None where nothing was learned, or nothing can be posted."""
    rules = get_rules(session, community.id)
    if rules.halted is not None:
        return None
    lately = suggestions_since(session, community.id, now - AGAIN)
    found = _find_post(session, report, lately, rules, timezone, now)
    return found or _find_time(session, community, lately, timezone, now)


def _find_post(
    session: Session,
    report: DigestReport,
    lately: Sequence[SuggestionView],
    rules: Rules,
    timezone: str,
    now: datetime,
) -> Proposal | None:
    """Something that could be posted."""
    community_id = report.overview.community.id
    recent = recent_drops(session, community_id, now - max(REPEATABLE, timedelta(days=rules.same_within_days)))
    told = {(one.kind, one.source, one.thread_id, _lasting(one.kind, one.trait)) for one in lately}
    times: dict[int, list[BestTime]] = {}
    for idea in _ideas(session, report, recent, timezone, now):
        if idea.key in told:
            continue
        place = idea.thread_id
        own = idea.source.number if idea.kind is Kind.PROPOSAL and idea.source is not None else None
        if place not in times or own is not None:  # whose own time is no obstacle
            times[place] = open_times(session, community_id, timezone, now, thread_id=place, but=own)
        found = _time_for(idea, times[place], recent, timezone, now)
        if own is not None:
            del times[place]
        if found is not None:
            return Proposal(idea, found)
    return None


def _find_time(
    session: Session, community: CommunityView, lately: Sequence[SuggestionView], timezone: str, now: datetime
) -> Proposal | None:
    """A better time for a drop that is queued, else a free one; no drop and no day twice."""
    moved = {one.source or 0 for one in lately if one.kind is Kind.MOVE}
    move = find_move(session, community.id, timezone, now, but=moved)
    if move is not None:
        idea = Idea(Kind.MOVE, move.drop, move.drop.thread_id, move.drop.local_time, move.members)
        return Proposal(idea, move.better)
    days = {one.local.date() for one in lately if one.kind is Kind.FREE}
    free = find_free_peak(session, community, timezone, now, but=days)
    return None if free is None else Proposal(Idea(Kind.FREE, figure=free.planned), free.time)


def _lasting(kind: Kind, trait: str | None) -> str | None:
    """A trait as far as it makes two ideas the same; how a topic faded is different each time."""
    return None if kind is Kind.TOPIC else trait


def keep_proposal(
    session: Session, community_id: int, proposal: Proposal, occurrence: str | None, *, now: datetime
) -> SuggestionView:
    """Keep what is suggested, once for each digest."""
    held = None if occurrence is None else suggestion_of(session, community_id, occurrence)
    if held is not None:
        return held
    idea, time = proposal.idea, proposal.time
    return add_suggestion(
        session,
        community_id,
        at=now,
        occurrence=occurrence,
        kind=idea.kind,
        source=idea.source.number if idea.source else None,
        thread_id=idea.thread_id,
        trait=idea.trait,
        figure=idea.figure,
        local_time=time.local.isoformat(timespec="minutes"),
        members=time.members,
    )


def _time_for(
    idea: Idea, times: Sequence[BestTime], recent: Sequence[DropView], timezone: str, now: datetime
) -> BestTime | None:
    """The best time at which nothing speaks against an idea."""
    today = local_of(now, timezone).date()
    if idea.source is not None and lint_drop(idea.source, recent):
        return None
    for one in times:
        if idea.kind is Kind.QUESTION and one.members is None:
            return None  # nothing is known of this group yet
        if idea.kind is Kind.HOURS and one.local.hour // HOURS * HOURS != int(idea.trait or 0):
            continue
        if idea.source is None or not ends_before(idea.source.content.text, one.local.date(), today):
            return one
    return None


def _ideas(
    session: Session, report: DigestReport, recent: Sequence[DropView], timezone: str, now: datetime
) -> Iterator[Idea]:
    """Everything that could be suggested, what is worth most first."""
    community_id = report.overview.community.id
    yield from _waiting(session, community_id, now)
    known = [one for one in report.drops.drops if now - one.sent_at >= TOLD]
    free = _Repeatable(recent, now)
    yield from _traits(known, free, timezone)
    for topic in report.fading:
        if topic.before >= FADED:
            yield _revive(topic, known, free)
    yield from _best(known, free)
    if not any(one.state != State.SENT or (one.sent_at and now - one.sent_at < SILENT) for one in recent):
        yield Idea(Kind.QUESTION)


def _waiting(session: Session, community_id: int, now: datetime) -> Iterator[Idea]:
    """What others have made and nobody let out."""
    for state, kind in ((State.PROPOSED, Kind.PROPOSAL), (State.DRAFT, Kind.DRAFT)):
        for one in list_drops(session, community_id, {state}, limit=20):
            if one.repeat is None and one.target_chat_id is None and RESTED <= now - one.changed_at <= STALE:
                yield Idea(kind, one, one.thread_id)


class _Repeatable:
    """Which drops can be posted once more: rested, no part of a series, and none like it out or coming."""

    def __init__(self, recent: Sequence[DropView], now: datetime) -> None:
        self._keys = {one.content_key for one in recent}
        self._now = now

    def best(self, drops: Collection[DropFigures], fits: Callable[[DropView], bool]) -> DropFigures | None:
        """The most answered one that fits; drops come most answered first."""
        return next((one for one in drops if fits(one.drop) and self._is_free(one)), None)

    def _is_free(self, one: DropFigures) -> bool:
        drop = one.drop
        plain = drop.repeat is None and drop.series is None and not drop.is_ad
        return plain and self._now - one.sent_at >= REPEATABLE and drop.content_key not in self._keys


def _traits(drops: Sequence[DropFigures], free: _Repeatable, timezone: str) -> Iterator[Idea]:
    """Tags, kinds and hours whose drops are answered more than others, and that were rarely used of late."""
    groups: dict[tuple[Kind, str], list[DropFigures]] = defaultdict(list)
    for one in drops:
        for key in traits_of(one, timezone):
            groups[key].append(one)
    newest = sorted(drops, key=lambda one: one.sent_at)[-LAST:]
    found = []
    for (kind, trait), inside in groups.items():
        chosen = {one.drop.number for one in inside}
        others = [one for one in drops if one.drop.number not in chosen]
        if len(inside) < FEWEST or len(others) < OTHERS or sum(one.drop.number in chosen for one in newest) > RARE:
            continue
        better, usual = (median(one.figures.answers for one in some) for some in (inside, others))
        if better >= max(BETTER * usual, usual + MORE):
            found.append((better / max(usual, 1.0), kind, trait, chosen))
    for figure, kind, trait, chosen in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        source = free.best(drops, lambda drop, chosen=chosen: drop.number in chosen)  # type: ignore[misc]
        if source is not None:
            yield Idea(kind, source.drop, source.drop.thread_id, trait, figure)


def traits_of(one: DropFigures, timezone: str) -> Iterator[tuple[Kind, str]]:
    """What a drop may owe its answers to: its tags, its kind of content, its hours of the day."""
    yield from ((Kind.TAG, tag) for tag in one.drop.tags)
    yield Kind.FORM, one.drop.content.kind
    yield Kind.HOURS, str(local_of(one.sent_at, timezone).hour // HOURS * HOURS)


def _revive(topic: TopicMove, drops: Sequence[DropFigures], free: _Repeatable) -> Idea:
    """Something for a topic that fades: the best that stood there, else a question."""
    source = free.best(drops, lambda drop: drop.thread_id == topic.topic_id and drop.target_chat_id is None)
    trait = f"{topic.messages}/{topic.before}"
    return Idea(Kind.TOPIC, source.drop if source else None, topic.topic_id, trait)


def _best(drops: Sequence[DropFigures], free: _Repeatable) -> Iterator[Idea]:
    """The drop that was answered most of those that can come again."""
    if len(drops) < OTHERS:
        return
    usual = median(one.figures.answers for one in drops)
    found = free.best(drops, lambda _: True)
    if found is not None and found.figures.answers >= max(BEST * usual, usual + MORE):
        yield Idea(Kind.BEST, found.drop, found.drop.thread_id, None, found.figures.answers / max(usual, 1.0))
