"""What drops did: how members answered each, over time and beside other drops."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlmodel import Session

from peakdrop.drop_lift import Lift, measure_lift
from peakdrop.windows import Window
from storage.communities import CommunityView, aliases
from storage.coverage import bot_standing
from storage.drop_answers import DropAnswer, Means, answers_to, first_messages
from storage.drop_messages import SentMessage
from storage.drops import DropView, State, find_drop, sent_drops
from storage.kinds import Standing
from storage.times import to_epoch

HOUR = 3600
AGES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=3), timedelta(days=7))
# The usual drop: the median of those of the quarter before, where there are enough of them.
USUAL_DAYS, USUAL_MOST, USUAL_LEAST = 90, 40, 3


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a drop was answered, and by how many members. None: not known (all anonymous), or it has no such thing.

    `answers` adds up all that is known.
    """

    reactions: int | None
    likes: int | None
    replies: int
    comments: int
    shares: int | None
    votes: int | None
    members: int | None

    @property
    def answers(self) -> int:
        """Everything that was done with it."""
        parts = (self.reactions, self.likes, self.replies, self.comments, self.shares, self.votes)
        return sum(part or 0 for part in parts)


@dataclass(frozen=True, slots=True)
class Curve:
    """Answers up to each moment: seconds since the drop, and how many by then."""

    points: tuple[tuple[int, int], ...]

    def at(self, seconds: int) -> int:
        """How many by then."""
        index = bisect_right(self.points, (seconds, 2**62))
        return self.points[index - 1][1] if index else 0


@dataclass(frozen=True, slots=True)
class DropFigures:
    """A sent drop with its figures as of now."""

    drop: DropView
    sent_at: datetime
    figures: Figures
    curve: Curve
    message: SentMessage | None


@dataclass(frozen=True, slots=True)
class DropReport:
    """What one drop did. `ages` are its figures an hour, six hours … after it, None where that is still to come.

    `usual` is the median of the answers to `usual_from` other drops at each hour; None where there are too few.
    """

    drop: DropView
    timezone: str
    as_of: datetime
    sent: DropFigures | None = None
    ages: tuple[tuple[timedelta, Figures | None], ...] = ()
    usual: tuple[tuple[int, float], ...] | None = None
    usual_from: int = 0
    lift: Lift | None = None


@dataclass(frozen=True, slots=True)
class DropsReport:
    """The drops of a window, most answered first, with their medians."""

    window: Window
    drops: tuple[DropFigures, ...]
    median_answers: float | None
    median_members: float | None


def report_drop(
    session: Session, community: CommunityView, number: int, timezone: str, *, now: datetime
) -> DropReport | None:
    """What a drop did; None where there is none of that number."""
    drop = find_drop(session, community.id, number)
    if drop is None or drop.state != State.SENT or drop.sent_at is None:
        return None if drop is None else DropReport(drop, timezone, now)
    since = drop.sent_at - timedelta(days=USUAL_DAYS)
    others = [
        one for one in sent_drops(session, community.id, since, now, USUAL_MOST + 1) if one.number != number
    ]  # fmt: skip
    answers = _by_drop(answers_to(session, community.id, [number, *(one.number for one in others)]))
    sent = _read_figures(session, community.id, [drop], answers)[0]
    age = now - drop.sent_at
    ages = [(one, _count(drop, _until(answers[number], drop, one), sent) if age >= one else None) for one in AGES]
    usual, usual_from = _usual(others, answers, now, age)
    lift = measure_lift(session, community, drop.sent_at, timezone, now=now)
    return DropReport(drop, timezone, now, sent, tuple(ages), usual, usual_from, lift)


def report_drops(session: Session, community_id: int, window: Window) -> DropsReport:
    """The drops that were sent in a window, ranked: most answers, then most members."""
    drops = sent_drops(session, community_id, window.start, window.end)
    answers = _by_drop(answers_to(session, community_id, [one.number for one in drops]))
    found = _read_figures(session, community_id, drops, answers)
    found.sort(key=lambda one: (-one.figures.answers, -(one.figures.members or 0), one.drop.number))
    known = [one.figures.members for one in found if one.figures.members is not None]
    return DropsReport(
        window,
        tuple(found),
        median(one.figures.answers for one in found) if found else None,
        median(known) if known else None,
    )


def drops_json(report: DropsReport) -> dict[str, Any]:
    """The report as `stats drops --json` has it: times in ISO 8601, unknown is None."""
    return {
        "drops": [
            {
                "drop": one.drop.number,
                "sent_at": one.sent_at.astimezone(report.window.zone).isoformat(),
                "kind": one.drop.content.kind,
                "tags": list(one.drop.tags),
                "answers": one.figures.answers,
                "members": one.figures.members,
            }
            | {means.value: getattr(one.figures, means.value) for means in Means}
            for one in report.drops
        ],
        "median": {"answers": report.median_answers, "members": report.median_members},
    }


def _by_drop(answers: Iterable[DropAnswer]) -> dict[int, list[DropAnswer]]:
    found: dict[int, list[DropAnswer]] = defaultdict(list)
    for one in answers:
        found[one.number].append(one)
    return found


def _read_figures(
    session: Session, community_id: int, drops: Sequence[DropView], answers: dict[int, list[DropAnswer]]
) -> list[DropFigures]:
    messages = first_messages(session, community_id, [one.number for one in drops])
    blind = {chat_id for chat_id in {one.chat_id for one in messages.values()} if not _sees_reactions(session, chat_id)}
    found = []
    for drop in drops:
        message, theirs, sent_at = messages.get(drop.number), answers[drop.number], drop.sent_at or drop.changed_at
        counted = count_figures(drop, theirs, blind=message is not None and message.chat_id in blind)
        found.append(DropFigures(drop, sent_at, counted, _curve(theirs, to_epoch(sent_at)), message))
    return found


def _sees_reactions(session: Session, chat_id: int) -> bool:
    """Whether the bot is told of reactions there: an admin is."""
    community_id = aliases(session, [chat_id]).get(chat_id)
    standing = None if community_id is None else bot_standing(session, community_id)
    return standing is None or standing >= Standing.ADMIN


def count_figures(drop: DropView, answers: Sequence[DropAnswer], *, blind: bool = False) -> Figures:
    """Add up what was done with a drop; `blind` where reactions are not told."""
    sums: Counter[Means] = Counter()
    people: dict[tuple[Means, int], int] = defaultdict(int)
    for one in answers:
        sums[one.means] += one.n
        if one.member_id is not None:
            people[one.means, one.member_id] += one.n
    members = {member_id for (_, member_id), n in people.items() if n > 0}
    kinds = {button.kind for button in drop.buttons}
    reactions = max(0, sums[Means.REACTION])
    return Figures(
        reactions=None if blind and not reactions else reactions,
        likes=sums[Means.LIKE] if "like" in kinds or sums[Means.LIKE] else None,
        replies=sums[Means.REPLY],
        comments=sums[Means.COMMENT],
        shares=sums[Means.SHARE] if "share" in kinds or sums[Means.SHARE] else None,
        votes=max(0, sums[Means.VOTE]) if drop.content.poll is not None else None,
        members=len(members) if members or not any(n > 0 for n in sums.values()) else None,
    )


def _count(drop: DropView, answers: Sequence[DropAnswer], sent: DropFigures) -> Figures:
    return count_figures(drop, answers, blind=sent.figures.reactions is None)


def _until(answers: Sequence[DropAnswer], drop: DropView, age: timedelta) -> list[DropAnswer]:
    end = to_epoch((drop.sent_at or drop.changed_at) + age)
    return [one for one in answers if one.at <= end]


def _curve(answers: Sequence[DropAnswer], start: int) -> Curve:
    total, points = 0, []
    for one in answers:
        total += one.n
        points.append((max(0, one.at - start), max(0, total)))
    return Curve(tuple(points))


def _usual(
    drops: Sequence[DropView], answers: dict[int, list[DropAnswer]], now: datetime, age: timedelta
) -> tuple[tuple[tuple[int, float], ...] | None, int]:
    """The median of other drops' answers at each hour up to an age, of those that are that old."""
    age = min(age, AGES[-1])
    old = [one for one in drops if one.sent_at is not None and now - one.sent_at >= age]
    if len(old) < USUAL_LEAST:
        return None, len(old)
    curves = [_curve(answers[one.number], to_epoch(one.sent_at)) for one in old if one.sent_at is not None]
    last = int(age.total_seconds())
    steps = sorted({*range(0, min(last, 6 * HOUR) + 1, HOUR // 4), *range(0, last + 1, HOUR), last})
    return tuple((at, median(curve.at(at) for curve in curves)) for at in steps), len(old)
