"""Making an outlook from what is stored: the forecast, whom two drops of a day reach, and how drops were answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from peakdrop.activity import DAY_QUARTERS, Activity, Ints, from_halves, gather
from peakdrop.answer_hours import AnsweredDrop, learn_hours
from peakdrop.forecast_records import telling_days
from peakdrop.forecasts import Forecast, forecast
from peakdrop.intervals import MOST_OWN, Outcome
from peakdrop.local_times import local_of
from peakdrop.off_days import goes_as, off_days
from peakdrop.outlooks import QUARTERS, WEEK, AnswerHours, Outlook, pack_shares
from peakdrop.overlaps import find_overlaps
from peakdrop.own_activity import find_gaps
from storage.activities import gone_members, member_days, topic_quarters
from storage.communities import CommunityView
from storage.drop_answers import DropAnswer, answers_to
from storage.drops import sent_drops
from storage.outlooks import WHOLE_GROUP
from storage.times import DAY, to_epoch

LONG = 104  # weeks that a forecast looks back
SHORT = 12  # weeks where somebody waits for it, and for a topic
_OVERLAP_WEEKS = 8
_ANSWERS_DAYS, _MOST_DROPS = 365, 400
_ANSWERED_WITHIN = timedelta(hours=24)


def make_outlook(
    session: Session,
    community: CommunityView,
    timezone: str,
    *,
    now: datetime,
    weeks: int = LONG,
) -> Outlook:
    """Work out a group's outlook from the local day that has begun on, from so many weeks before it."""
    last = to_epoch(now) // DAY
    gone = np.array(gone_members(session, community.id), np.int64)
    activity = unpack_days(member_days(session, community.id, last - weeks * 7, last), gone)
    found = _forecast(session, community, activity, timezone, WHOLE_GROUP, now)
    overlaps = find_overlaps(_since(activity, last - _OVERLAP_WEEKS * 7), timezone)
    answers = _answers(session, community.id, found, timezone, now)
    return Outlook(
        found.first_day, timezone, *_curves(found), found.days, found.members, found.prior_share,
        pack_shares(overlaps.ravel().tolist()), answers,
    )  # fmt: skip


def make_topic_outlook(
    session: Session, community: CommunityView, group: Outlook, topic_id: int, *, now: datetime
) -> Outlook:
    """Work out a topic's outlook: its own members' week, leaning on its group's as far as little was seen of it.

    Whom two drops of a day reach and how drops are answered is known of the whole group. Where nothing was done in the
    topic yet, the group's week stands without a scale.
    """
    last = to_epoch(now) // DAY
    quarters, members = _columns(topic_quarters(session, community.id, topic_id, last - SHORT * 7, last), 2)
    here = ~np.isin(members, gone_members(session, community.id))
    activity = gather(quarters[here], members[here])
    days_on = (local_of(now, group.timezone).date() - group.first_day).days
    week = np.roll(np.array(group.expected).reshape(WEEK, QUARTERS), -days_on, axis=0)
    found = _forecast(session, community, activity, group.timezone, topic_id, now, week)
    if not found.days:
        return replace(group, days=0, members=0, prior_share=1.0)
    expected, low, high = _curves(found)
    return replace(
        group, first_day=found.first_day, expected=expected, low=low, high=high, days=found.days,
        members=found.members, prior_share=found.prior_share,
    )  # fmt: skip


def _forecast(
    session: Session,
    community: CommunityView,
    activity: Activity,
    timezone: str,
    topic_id: int,
    now: datetime,
    prior: NDArray[np.float64] | None = None,
) -> Forecast:
    unseen = find_gaps(session, community, activity, timezone, now)
    # Where someone was active, something was seen, whatever nobody noted of it.
    gaps = [gap for gap in unseen if not ((activity.quarters >= gap[0]) & (activity.quarters < gap[1])).any()]
    today = local_of(now, timezone).date()
    # Coming holidays are no weekdays of their own: a day reads the weekday that it goes as.
    past = off_days(timezone, today - timedelta(weeks=LONG + 1), today)
    days = telling_days(session, community.id, timezone, topic_id, MOST_OWN, now=now)
    record = [Outcome(one.expected, one.audience) for one in days]
    return forecast(activity, timezone, today, gaps=gaps, off_days=past, prior=prior, record=record)


def _curves(found: Forecast) -> tuple[list[float], list[float], list[float]]:
    return found.expected.ravel().tolist(), found.low.ravel().tolist(), found.high.ravel().tolist()


def unpack_days(rows: Sequence[tuple[int, int, int, int, int]], gone: Ints) -> Activity:
    """Activity from member days (see storage.activities), without those who are gone for good.

    Who left more than once comes and goes; that fades by itself.
    """
    day, member, early, late, leaves = _columns(rows, 5)
    left = np.unique(np.repeat(member, np.maximum(leaves, 0)), return_counts=True)
    here = ~np.isin(member, np.setdiff1d(gone, left[0][left[1] > 1]))
    return from_halves(day[here], member[here], early[here], late[here])


def _columns(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
    return flat.reshape(-1, width).T


def _since(activity: Activity, day: int) -> Activity:
    late = activity.quarters >= day * DAY_QUARTERS
    return Activity(activity.quarters[late], activity.members[late])


def _answers(session: Session, community_id: int, found: Forecast, timezone: str, now: datetime) -> AnswerHours:
    """How the last year's drops were answered within a day, against the members expected at such hours."""
    drops = sent_drops(session, community_id, now - timedelta(days=_ANSWERS_DAYS), now - _ANSWERED_WITHIN, _MOST_DROPS)
    drops = [one for one in drops if one.target_chat_id is None]
    if not drops:
        return AnswerHours()
    by_drop: dict[int, list[DropAnswer]] = defaultdict(list)
    for answer in answers_to(session, community_id, [one.number for one in drops]):
        by_drop[answer.number].append(answer)
    known = []
    for one in drops:
        if one.sent_at is not None:
            local = local_of(one.sent_at, timezone)
            weekday = (goes_as(timezone, local.date()) - found.first_day.weekday()) % 7
            expected = float(found.expected[weekday, (local.hour * 60 + local.minute) // 15])
            end = to_epoch(one.sent_at + _ANSWERED_WITHIN)
            known.append(AnsweredDrop(local.hour, expected, _people(by_drop[one.number], end)))
    return learn_hours(known)


def _people(answers: Sequence[DropAnswer], end: int) -> float:
    """How many members answered up to a moment; of answers that name nobody, as many as there are."""
    net: dict[int, int] = defaultdict(int)
    unnamed = 0
    for one in answers:
        if one.at <= end and one.member_id is not None:
            net[one.member_id] += one.n
        elif one.at <= end:
            unnamed += one.n
    return sum(n > 0 for n in net.values()) + max(0, unnamed)
