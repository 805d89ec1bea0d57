"""Holidays, their eves and worked weekends: which days go as others, what is forecast of them, their names."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest

from peakdrop.activity import QUARTER, gather
from peakdrop.backtest import backtest
from peakdrop.forecast_records import ForecastRecord, expect_days
from peakdrop.off_days import find_off_day, goes_as, holiday_name, off_days
from peakdrop.outlook_reading import read_outlook
from peakdrop.outlooks import Outlook
from peakdrop.time_reasons import TimeReasons
from rendering.catalog import get_catalog
from rendering.hopes import render_reasons
from storage.communities import create
from storage.facts import ChatSeen, Facts, Interaction
from storage.interactions import record
from storage.kinds import Actor, Kind, Slot
from storage.store import Store

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
CHAT = -1002000000078
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def weekdays(timezone: str, first: date, days: int) -> list[int]:
    """What consecutive days go as."""
    return [goes_as(timezone, first + timedelta(days=day)) for day in range(days)]


def test_the_golden_week_is_sundays_and_its_worked_weekend_days_are_not() -> None:
    wednesday = date(2026, 9, 30)
    assert weekdays(SHANGHAI, wednesday, 12) == [FRI, *[SUN] * 7, THU, FRI, FRI, SUN]  # Saturday the 10th is worked
    assert goes_as(SHANGHAI, date(2026, 9, 20)) == WED  # a Sunday that is worked, before a working Monday


def test_chinese_new_year_moves_with_the_moon() -> None:
    assert weekdays(SHANGHAI, date(2026, 2, 14), 12) == [FRI, SUN, *[SUN] * 5, SAT, SUN, SUN, TUE, WED]
    assert weekdays(SHANGHAI, date(2025, 1, 27), 5) == [FRI, *[SUN] * 4]


def test_german_unity_day_has_an_eve_and_its_neighbours_have_none() -> None:
    assert weekdays(BERLIN, date(2025, 9, 30), 6) == [TUE, WED, FRI, SUN, SAT, SUN]
    assert weekdays("Europe/Vienna", date(2025, 9, 30), 6) == [TUE, WED, THU, FRI, SAT, SUN]
    assert goes_as(BERLIN, date(2026, 12, 31)) == FRI  # the eve of a day of the next year


def test_where_weekends_end_on_saturday_so_do_holidays() -> None:
    assert weekdays("Asia/Riyadh", date(2026, 9, 21), 3) == [MON, THU, SAT]


def test_old_names_of_zones_have_their_countries_holidays() -> None:
    assert goes_as("PRC", date(2026, 10, 1)) == goes_as("Asia/Chongqing", date(2026, 10, 1)) == SUN
    assert goes_as("US/Eastern", date(2026, 11, 26)) == SUN


@pytest.mark.parametrize("timezone", ["UTC", "Etc/UTC", "Etc/GMT-8", "America/Coyhaique"])
def test_a_zone_of_no_known_country_has_none(timezone: str) -> None:
    assert off_days(timezone, date(2024, 1, 1), date(2027, 1, 1)) == {}
    assert find_off_day(timezone, date(2026, 1, 1)) is None


def test_every_zone_can_be_asked_for_any_year() -> None:
    first = date(2000, 1, 1)  # India's are not all known then
    for timezone in available_timezones():
        found = off_days(timezone, first, first + timedelta(days=366))
        assert all(first <= day <= date(2000, 12, 31) for day in found), timezone
    assert off_days(BERLIN, date(2242, 1, 1), date(2242, 12, 31)) == {}  # nobody knows those


def test_names_are_in_the_readers_language_or_in_english() -> None:
    national = date(2026, 10, 1)
    assert holiday_name(SHANGHAI, national, "zh_CN") == "国庆节"
    assert holiday_name(SHANGHAI, national, "en_GB") == "National Day"
    assert holiday_name(SHANGHAI, date(2026, 10, 5), "zh_CN") == "国庆节"  # without 补假
    assert holiday_name(SHANGHAI, date(2026, 10, 6), "en_GB") is None  # a day off that was swapped
    assert holiday_name(BERLIN, date(2026, 10, 3), "zh_CN") == "German Unity Day"


@pytest.mark.parametrize(
    ("timezone", "day", "english", "chinese"),
    [
        (
            SHANGHAI, date(2026, 10, 1),
            "Thu 1 Oct is a public holiday (National Day): reckoned as a Sunday.",
            "10月1日周四是公共假日（国庆节），按周日计算。",
        ),
        (
            SHANGHAI, date(2026, 9, 30),
            "Wed 30 Sept is the eve of a public holiday (National Day): reckoned as a Friday.",
            "9月30日周三是公共假日（国庆节）的前一天，按周五计算。",
        ),
        (
            SHANGHAI, date(2026, 9, 20),
            "Sun 20 Sept is worked, in place of a day off: reckoned as a Wednesday.",
            "9月20日周日调休上班，按周三计算。",
        ),
        (
            SHANGHAI, date(2026, 10, 6),
            "Tue 6 Oct is a public holiday: reckoned as a Sunday.",
            "10月6日周二是公共假日，按周日计算。",
        ),
        (
            "Europe/Dublin", date(2026, 3, 17),
            "Tue 17 Mar is a public holiday (Saint Patrick's Day): reckoned as a Sunday.",
            "3月17日周二是公共假日（Saint Patrick's Day），按周日计算。",
        ),
    ],
)  # fmt: skip
def test_why_says_what_the_day_goes_as(timezone: str, day: date, english: str, chinese: str) -> None:
    for language, words in (("en", english), ("zh", chinese)):
        assert words in why(timezone, day, language).splitlines()
        assert words not in why(timezone, day, language, members=None)  # where nothing is known, all days are alike
    for language in ("en", "zh"):
        assert "public holiday" not in why("UTC", day, language)
        assert "公共假日" not in why("UTC", day, language)


def why(timezone: str, day: date, language: str, members: float | None = 41) -> str:
    """Why eight in the evening of a day."""
    local = datetime(day.year, day.month, day.day, 20)  # noqa: DTZ001 - a wall time
    basis = (90, 60, 0.1, 1.0, 0.0, 0, 0, 1.0, False, 10)
    none = ForecastRecord(0, None, None, 0)
    reasons = TimeReasons(local, timezone, members, 33, 50, 38, *basis, none, find_off_day(timezone, day))
    return render_reasons(reasons, local - timedelta(days=1), get_catalog(language))


def best_hour(outlook: Outlook, day: date) -> float:
    """The hour of a day after which most are expected."""
    figures = outlook.day(day)
    return max(range(96), key=lambda quarter: figures[quarter]) / 4


@pytest.fixture
def late_risers(any_store: Store) -> int:
    """A group of Shanghai since June: there at nine in the evening, on days off at eleven in the morning."""
    since = datetime(2026, 6, 1, tzinfo=ZoneInfo(SHANGHAI))
    seen = ChatSeen(CHAT, "supergroup", "Days off", False, int(since.timestamp()))
    community = any_store.write_now(lambda session: create(session, seen, seen.at, SHANGHAI))
    said, message = Facts(), 0
    for day in range(150):
        midnight = since + timedelta(days=day)
        is_off = goes_as(SHANGHAI, midnight.date()) > FRI
        for member in range(1, 21):
            message += 1
            at = int((midnight + timedelta(hours=11 if is_off else 21, minutes=member)).timestamp())
            who = (at, Kind.TEXT, Actor.MEMBER, member)
            said.interactions.append(Interaction(CHAT, message, Slot.MESSAGE, 0, *who))
    any_store.write_now(lambda session: record(session, said))
    return community


def look(store: Store, community: int, day: date) -> Outlook:
    """The outlook of a group as it is made on a morning."""
    now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return store.read_now(lambda session: read_outlook(session, community, SHANGHAI, now=now))


def test_on_a_holiday_people_are_expected_when_they_come_on_sundays(any_store: Store, late_risers: int) -> None:
    outlook = look(any_store, late_risers, date(2026, 9, 28))
    assert best_hour(outlook, date(2026, 9, 29)) > 18
    assert best_hour(outlook, date(2026, 10, 1)) < 12  # a Thursday
    told = [one.minute < 12 * 60 for one in expect_days(outlook)]  # from Tuesday on
    assert told == [False, False, True, True, True, True]


def test_days_after_a_week_of_holidays_are_no_holidays(any_store: Store, late_risers: int) -> None:
    outlook = look(any_store, late_risers, date(2026, 10, 1))
    assert best_hour(outlook, date(2026, 10, 6)) < 12
    assert best_hour(outlook, date(2026, 10, 8)) > 18  # a Thursday, as the first of October was
    assert best_hour(outlook, date(2026, 10, 10)) > 18  # a Saturday that is worked
    assert best_hour(outlook, date(2026, 10, 17)) < 12  # one that is not


def test_past_holidays_say_less_of_working_days(any_store: Store, late_risers: int) -> None:
    outlook = look(any_store, late_risers, date(2026, 10, 9))
    for day in range(12, 16):
        expected = outlook.day(date(2026, 10, day))
        # 2.4 times where the holidays of the week before went as the weekdays they were.
        assert max(expected[80:88]) > 2.8 * max(expected[36:48])


def test_the_backtest_knows_the_holidays_of_its_zone() -> None:
    first = date(2025, 3, 3)
    off = off_days(BERLIN, first, first + timedelta(days=120))
    assert len(off) > 6
    rng = random.Random(6)
    visits = []
    for number in range(120):
        day = first + timedelta(days=number)
        hour = 11 if goes_as(BERLIN, day) > FRI else 21
        midnight = datetime.combine(day, datetime.min.time(), ZoneInfo(BERLIN))
        visits += [
            (int((midnight + timedelta(hours=hour, minutes=rng.randrange(60))).timestamp()) // QUARTER, who)
            for who in range(12)
        ]
    activity = gather(*np.array(visits, np.int64).T)
    scores = backtest(activity, BERLIN).hour
    holidays = [
        share
        for day, share in zip(scores.days, scores.shares["forecast"], strict=True)
        if off.get(first + timedelta(days=day)) == SUN
    ]
    assert len(holidays) >= 2
    assert min(holidays) == 1
