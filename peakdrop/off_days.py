"""Local days that are not what their weekday says: public holidays of a zone's country, their eves, worked weekends.

A holiday goes as a Sunday, its eve as a Friday, a day of the weekend that is worked as a Wednesday or, before a day
off, as a Friday; where weekends end on another day than Sunday, each as many days before or after that one. Holidays
of parts of a country are left out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel.core import get_global

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)
SUNDAY = 6
_EVE, _MIDWEEK = -2, 3  # days from the last of the weekend
_NOWHERE = ("ZZ", "001")
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]$")  # (observed), （补假）


class OffKind(StrEnum):
    """Why a day goes as another weekday."""

    HOLIDAY = "holiday"
    EVE = "eve"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class OffDay:
    """A day that goes as the weekday `goes_as` (0 is Monday); `holiday` is the day itself, or of its eve the next."""

    kind: OffKind
    goes_as: int
    holiday: date


def off_days(timezone: str, first: date, end: date) -> dict[date, int]:
    """The weekdays that local days from `first` to before `end` go as, where that is for a holiday."""
    country = _country_of(timezone)
    years = range(first.year, end.year + 1) if country else ()
    found = (pair for year in years for pair in _off_days(country, year).items())
    return {day: one.goes_as for day, one in found if first <= day < end}


def find_off_day(timezone: str, day: date) -> OffDay | None:
    """What a local day is, if not what its weekday says."""
    country = _country_of(timezone)
    return _off_days(country, day.year).get(day) if country else None


def goes_as(timezone: str, day: date) -> int:
    """The weekday (0 is Monday) that a local day goes as."""
    found = find_off_day(timezone, day)
    return day.weekday() if found is None else found.goes_as


def holiday_name(timezone: str, holiday: date, language: str) -> str | None:
    """What a public holiday is called in a language (zh_CN), or in English where it has no word; None: has no name."""
    name = _calendar(_country_of(timezone), [holiday.year], language).get(holiday)
    # A day that was swapped for another carries that one's date.
    return None if name is None or re.search(r"\d", name) else _IN_BRACKETS.sub("", name)


@cache
def _country_of(timezone: str) -> str:
    """The ISO 3166 code of the country that a zone lies in; empty where it lies in none."""
    zone = get_global("zone_aliases").get(timezone, timezone)
    country = get_global("zone_territories").get(zone, "")
    return "" if country in _NOWHERE else country


@lru_cache(maxsize=2000)
def _off_days(country: str, year: int) -> Mapping[date, OffDay]:
    calendar = _calendar(country, range(year - 1, year + 2))
    rest = SUNDAY if SUNDAY in calendar.weekend else max(calendar.weekend)
    eve, midweek = (rest + _EVE) % 7, (rest + _MIDWEEK) % 7
    found = {
        day: OffDay(OffKind.WORKED, midweek if calendar.is_working_day(day + DAY) else eve, day)
        for day in calendar.weekend_workdays
    }
    for holiday in calendar:
        if calendar.is_working_day(holiday - DAY):
            found.setdefault(holiday - DAY, OffDay(OffKind.EVE, eve, holiday))
    found |= {holiday: OffDay(OffKind.HOLIDAY, rest, holiday) for holiday in calendar}
    return {day: one for day, one in found.items() if day.year == year}


def _calendar(country: str, years: Iterable[int], language: str | None = None) -> HolidayBase:
    import holidays  # a twentieth of a second: only where it is needed

    # Of some countries far years are not known.
    warnings.filterwarnings("ignore", "Requested Holidays are available", UserWarning)
    known = getattr(holidays, country).supported_languages
    wished = language if language in known else "en_US"
    return holidays.country_holidays(country, years=years, expand=False, language=wished)
