"""Lift: the two hours after a drop against the same hours of weeks without one, where those were seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from peakdrop.drop_lift import Lift
from storage.coverage import keep_listening, start_listening
from storage.store import Store
from storage.times import to_epoch
from tests import facts
from tests.drops.conftest import CHAT, NOW
from tests.drops.test_figures import ANN, Desk

SENT = datetime.fromisoformat("2026-11-22T20:00+08:00")
WEEK = timedelta(weeks=1)


@pytest.fixture
def desk(any_store: Store, community: int) -> Desk:
    return Desk(any_store, community)


def listen(desk: Desk, since: datetime, until: datetime = NOW) -> None:
    def listening(session: Any) -> None:
        keep_listening(session, start_listening(session, since), until)

    desk.store.write_now(listening)
    desk.put(facts.bot_standing(chat_id=CHAT, at=to_epoch(since)))


def talk(desk: Desk, at: datetime, people: int, first_id: int, times: int = 1) -> None:
    """So many members write so often in the half hour after a moment."""
    for n in range(people * times):
        moment = to_epoch(at + timedelta(minutes=1 + n % 30))
        desk.put(facts.message(first_id + n, chat_id=CHAT, member_id=ANN + n % people, at=moment))


def lift_of(desk: Desk, number: int, now: datetime = NOW) -> Lift | None:
    return desk.report(number, now).lift


def test_two_hours_against_the_same_hours_of_calm_weeks(desk: Desk) -> None:
    listen(desk, SENT - 5 * WEEK)
    number = desk.post(SENT, 1)
    talk(desk, SENT - 5 * WEEK + timedelta(hours=30), 1, 10)  # the log begins
    talk(desk, SENT, 6, 100, times=2)
    talk(desk, SENT - WEEK, 3, 200)
    talk(desk, SENT - 2 * WEEK, 40, 300)
    desk.post(SENT - 2 * WEEK - timedelta(hours=1), 2)  # a drop was near: not compared with
    talk(desk, SENT - 3 * WEEK, 5, 400)
    talk(desk, SENT - 3 * WEEK + timedelta(hours=3), 30, 500)  # another hour
    lift = lift_of(desk, number)
    # Of week four there is nothing but silence, which was listened to: it counts.
    assert lift == Lift(12, 6, 8 / 3, 8 / 3, 3)


def test_weeks_that_nobody_saw_are_no_silence(desk: Desk) -> None:
    listen(desk, SENT - timedelta(days=3))
    number = desk.post(SENT, 1)
    talk(desk, SENT - timedelta(days=60), 1, 10)
    talk(desk, SENT, 4, 100)
    assert lift_of(desk, number) == Lift(4, 4, None, None, 0)


def test_unknown_while_the_two_hours_last(desk: Desk) -> None:
    listen(desk, SENT - 2 * WEEK)
    number = desk.post(SENT, 1)
    talk(desk, SENT - 2 * WEEK, 1, 10)
    assert lift_of(desk, number, SENT + timedelta(hours=1)) is None
    assert lift_of(desk, number, SENT + timedelta(hours=2)) is not None


def test_the_wall_clock_decides_what_the_same_hour_is(any_store: Store, community: int) -> None:
    from peakdrop.drop_lift import measure_lift
    from storage.communities import find_community

    desk = Desk(any_store, community)
    sent = datetime.fromisoformat("2026-10-27T20:00+01:00")  # two days after Berlin's clocks went back
    listen(desk, sent - 3 * WEEK)
    talk(desk, sent - 3 * WEEK + timedelta(hours=30), 1, 10)
    desk.post(sent, 1)
    talk(desk, datetime.fromisoformat("2026-10-20T20:00+02:00"), 5, 100)

    def reading(session: Any) -> Lift | None:
        found = find_community(session, CHAT)
        assert found is not None
        return measure_lift(session, found, sent, "Europe/Berlin", now=NOW)

    lift = desk.store.read_now(reading)
    assert lift is not None
    assert lift.usual_members == pytest.approx(5 / lift.weeks)
    assert lift.weeks == 2
