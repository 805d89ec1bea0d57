"""Windows of time that people ask about, in the community's own days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORDS = ("today", "24h", "7d", "30d", "90d", "1y", "all")
DAYS_OF = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
RANGE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\.\.|…|至|~)(\d{4}-\d{1,2}-\d{1,2})")


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in UTC, seen from a time zone; `name` is how it was asked for. `as_of` is when it is looked at."""

    name: str
    start: datetime
    end: datetime
    timezone: str
    as_of: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its days are days."""
        return ZoneInfo(self.timezone)

    @property
    def first_day(self) -> date:
        """The first local day."""
        return self.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last local day that belongs to it."""
        return (self.end - timedelta(seconds=1)).astimezone(self.zone).date()

    @property
    def seen_end(self) -> datetime:
        """Its end, or now where it is not over yet."""
        return max(self.start, min(self.end, self.as_of + timedelta(seconds=1)))

    @property
    def imports_end(self) -> datetime:
        """Until when imported figures count: in a window that is not over, those dated tomorrow too.

        The day of an import is already the next one further east: a change of zone must not hide it.
        """
        return self.end + timedelta(days=1) if self.as_of < self.end else self.end

    def days(self) -> list[date]:
        """Its local days, first to last."""
        return [self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, as an aware time (DST days have 23 or 25 hours)."""
    return datetime.combine(day, time(0), zone)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def parse_window(text: str, timezone: str, now: datetime, first_at: datetime | None = None) -> Window | None:
    """The window that a word (`7d`) or a range (`2026-10-01..2026-10-31`, both days included) means.

    Day windows are whole local days and end with today; `24h` ends now; `all` begins at `first_at`.
    None where the text is neither, or the range is backwards.
    """
    zone = ZoneInfo(timezone)
    word = text.strip().lower()
    today = now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    if word in DAYS_OF:
        start = midnight(tomorrow - timedelta(days=DAYS_OF[word]), zone)
        return Window(word, start, midnight(tomorrow, zone), timezone, now)
    if word == "24h":
        end = now.replace(microsecond=0) + timedelta(seconds=1)
        return Window(word, end - timedelta(hours=24), end, timezone, now)
    if word == "1y":
        return Window(word, midnight(_add_months(tomorrow, -12), zone), midnight(tomorrow, zone), timezone, now)
    if word == "all":
        first = today if first_at is None else min(today, first_at.astimezone(zone).date())
        return Window(word, midnight(first, zone), midnight(tomorrow, zone), timezone, now)
    return _parse_range(word, zone, timezone, now)


def _parse_range(word: str, zone: ZoneInfo, timezone: str, now: datetime) -> Window | None:
    match = RANGE.fullmatch(word)
    if match is None:
        return None
    try:
        first, last = (date(*map(int, part.split("-"))) for part in match.groups())
        end = midnight(last + timedelta(days=1), zone)
    except (ValueError, OverflowError):
        return None
    return None if last < first else Window(f"{first}..{last}", midnight(first, zone), end, timezone, now)


def window_before(window: Window) -> Window | None:
    """The window just before, of the same length; of a window not over yet, only as far as this one has come.

    None for `all`, which has none.
    """
    if window.name == "all":
        return None
    zone = window.zone
    if window.name == "24h":
        start = window.start - timedelta(hours=24)
        return Window("24h", start, window.start, window.timezone, window.start - timedelta(seconds=1))
    if window.name == "1y":
        start = midnight(_add_months(window.first_day, -12), zone)
    else:
        start = midnight(window.first_day - timedelta(days=len(window.days())), zone)
    as_of = window.start - timedelta(seconds=1)
    if window.as_of < window.end:
        local = window.as_of.astimezone(zone)
        gone = (local.date() - window.first_day).days
        day = start.date() + timedelta(days=gone)
        as_of = min(as_of, datetime.combine(day, local.time(), zone))
    return Window(window.name, start, window.start, window.timezone, as_of)


def nearest_forms(text: str, now: datetime, timezone: str) -> list[str]:
    """The three valid forms nearest to what someone typed."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    word = text.strip().lower()
    digits = re.match(r"(\d+)", word)
    if re.search(r"\d{4}|\.\.", word):
        month = today.replace(day=1) - timedelta(days=1)
        return [f"{month.replace(day=1)}..{month}", "30d", "7d"]
    if digits is not None:
        count = int(digits.group(1)) * {"w": 7, "m": 30, "y": 365}.get(word[len(digits.group(1)) :][:1], 1)
        return sorted(("today", "7d", "30d", "90d", "1y"), key=lambda form: abs(_length(form) - count))[:3]
    starts = [form for form in WORDS if word and form.startswith(word[0])]
    return [*starts, *(form for form in ("7d", "30d", "today") if form not in starts)][:3]


def _length(form: str) -> int:
    return 365 if form == "1y" else DAYS_OF[form]
