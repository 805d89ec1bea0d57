"""Dates as platforms and people write them, with and without a year, in the languages their exports use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from peakdrop.metrics.numbers import Unreadable, clean

# Three letters, accents off, tell the months of English, Spanish and French (but for June and July) apart.
MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "abr": 4, "avr": 4, "may": 5, "mai": 5,
    "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "ago": 8, "aou": 8, "sep": 9, "set": 9, "oct": 10,
    "nov": 11, "dec": 12, "dic": 12,
}  # fmt: skip

YEARS = range(1990, 2101)  # no platform, shop or spreadsheet of ours is older

_TIME = r"(?:[T\s日]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?)?"
_ZONE = r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?"
_NUMERIC = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}{_ZONE}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEARLESS_NUMERIC = re.compile(r"(\d{1,2})月(\d{1,2})日")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TIME}{_ZONE}")
_MONTH_FIRST = re.compile(r"([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?:,?\s+\d.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:er)?\.?\s+(?:de\s+)?([a-z]{3,})\.?(?:,?\s+(?:del?\s+)?(\d{4}))?(?:,?\s+\d.*)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's time has no zone
_EXCEL_SERIALS = range(36_526, 73_051)  # 2000 to 2099


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands in a file: `year` is None where it is not written, `time` has no zone."""

    year: int | None
    month: int
    day: int
    time: str = ""

    def __str__(self) -> str:
        """ISO 8601 as far as it is written."""
        return f"{self.year or ''}-{self.month:02}-{self.day:02} {self.time}".strip()

    def on_or_before(self, last: date) -> date:
        """The date itself, or without a year the latest such day up to `last`. Raises Unreadable."""
        years = [self.year] if self.year is not None else range(last.year, last.year - 9, -1)
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if self.year is not None or found <= last:
                return found
        raise Unreadable(str(self))


def parse_date(value: str | float | date | datetime) -> WrittenDate:
    """Read a cell's date. Raises Unreadable, also for 30 February and for 3/4/2026 (which is the day?)."""
    if isinstance(value, datetime):
        return _checked(value.year, value.month, value.day, f"{value:%H:%M:%S}")
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day)
    if isinstance(value, int | float):
        if int(value) not in _EXCEL_SERIALS:
            raise Unreadable(str(value))
        return parse_date(_EXCEL_EPOCH + timedelta(days=value))
    text = _without_accents(clean(value).lower())
    return _numeric(text) or _named(text) or _fail(value)


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """An aware moment such as `2021-05-13 11:01:13 +0200`; without one in `zone`. Raises Unreadable."""
    plain = re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", clean(text)).replace(" UTC", "Z")
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError as error:
        raise Unreadable(text) from error
    if moment.year not in YEARS:
        raise Unreadable(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def last_day(written: Sequence[WrittenDate], imported_on: date) -> date:
    """The last day of a run of days written without a year, however the rows are ordered.

    A run of days ends where the longest gap in the circle of the year begins; one of a whole year has no gap
    and ends with its last row. Its year is the latest that does not lie after the import.
    """
    slots = sorted({(day.month, day.day) for day in written})
    ordinals = [date(2024, month, day).toordinal() for month, day in slots]
    gaps = [(after - day) for day, after in zip(ordinals, [*ordinals[1:], ordinals[0] + 366], strict=True)]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    end = slots[widest] if gaps[widest] > 2 else (written[-1].month, written[-1].day)
    return WrittenDate(None, *end).on_or_before(imported_on)


def _numeric(text: str) -> WrittenDate | None:
    match = _NUMERIC.fullmatch(text.upper()) or _COMPACT.fullmatch(text)
    if match is not None:
        year, month, day, *time = match.groups()
        return _checked(int(year), int(month), int(day), _time(time))
    match = _YEARLESS_NUMERIC.fullmatch(text)
    if match is not None:
        return _checked(None, int(match[1]), int(match[2]))
    match = _YEAR_LAST.fullmatch(text.upper())
    if match is None:
        return None
    first, second, year, *time = match.groups()
    if int(first) <= 12 and int(second) <= 12 and first != second:
        raise Unreadable(text)
    day, month = (first, second) if int(first) > 12 else (second, first)
    return _checked(int(year), int(month), int(day), _time(time))


def _named(text: str) -> WrittenDate | None:
    match = _MONTH_FIRST.fullmatch(text)
    if match is not None:
        month, day, year = match[1], match[2], match[3]
    else:
        match = _DAY_FIRST.fullmatch(text)
        if match is None:
            return None
        day, month, year = match[1], match[2], match[3]
    number = MONTHS.get(month[:4]) or MONTHS.get(month[:3])
    return None if number is None else _checked(int(year) if year else None, number, int(day))


def _time(groups: Sequence[str | None]) -> str:
    return ":".join(f"{int(part):02}" for part in groups if part)


def _checked(year: int | None, month: int, day: int, time: str = "") -> WrittenDate:
    try:
        date(2024 if year is None else year, month, day)
    except ValueError as error:
        raise Unreadable(f"{year}-{month}-{day}") from error
    if year is not None and year not in YEARS:
        raise Unreadable(str(year))
    return WrittenDate(year, month, day, time)


def _without_accents(text: str) -> str:
    # Only combining marks go: 年 and 月 stay as they are.
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))


def _fail(value: object) -> WrittenDate:
    raise Unreadable(str(value))
