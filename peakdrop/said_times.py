"""Times as people type them, in English and Chinese: "tomorrow 9pm", "明晚8点", "in 2h", "2026-12-01 20:30"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DIGITS = str.maketrans("０１２３４５６７８９：／－．", "0123456789:/-.")
_NUMBER = "零一二三四五六七八九"
_DAY_WORDS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_MORNINGS = ("凌晨", "早上", "早晨", "上午", "早")
_EVENINGS = ("晚上", "夜里", "晚")
_PARTS = dict.fromkeys(_MORNINGS, 0) | dict.fromkeys(("中午", "下午", "傍晚", *_EVENINGS), 12)
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_WEEKDAY = "一二三四五六日天"
_CLOCK = re.compile(r"(\d{1,2})(?:[点时](?:(\d{1,2})分?|(半)|([一三])刻|整)?|:(\d{2}))$")
_DATE = re.compile(
    r"(?:(?P<word>大后|大前|今|明|后|昨|前)(?:天|日)?"
    r"|(?P<next>下下|下|上上|上|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?"
    r"|(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}))"
)
_LATER = re.compile(r"(?:(\d+)个?半?(分钟|小时|钟头|天|周|星期)|(半)个?(小时|钟头))(?:以|之)?(后|前)")
_UNITS = {"分钟": 1, "小时": 60, "钟头": 60, "天": 1440, "周": 10080, "星期": 10080}
_BARE_HOUR = re.compile(
    r"\b((?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|today|tomorrow)(?: at)? ([01]?\d|2[0-3])h?$",
    re.IGNORECASE,
)
_HAS_TIME = re.compile(r"\d\s*(?:[ap]\.?m\b|:\d|h\b|min|hour|o'?clock)|noon|midnight|\bat \d|T\d", re.IGNORECASE)
LONGEST = 60
FARTHEST = timedelta(days=731)  # two years: what is meant for later is a slip, mostly of the year


@dataclass(frozen=True, slots=True)
class Said:
    """A naive wall time; `has_time` is False where only a day was named (its hour is then 0)."""

    local: datetime
    has_time: bool

    def is_past(self, now: datetime) -> bool:
        """Whether it lies before a naive wall time; a day does once it is over."""
        return self.local < now.replace(second=0, microsecond=0) if self.has_time else self.local.date() < now.date()

    def is_far(self, now: datetime) -> bool:
        """Whether it lies more than two years after a naive wall time."""
        return self.local > now + FARTHEST


def read_said(text: str, now: datetime) -> Said | None:
    """What a text means at a naive wall time `now`; without a day the next such time. None: not understood."""
    tidy = " ".join(text.translate(DIGITS).split())
    if not tidy or len(tidy) > LONGEST:
        return None
    if re.search(r"[\u4e00-\u9fff]", tidy):
        return _read_chinese(_arabic(tidy.replace(" ", "")), now)
    return _read_other(tidy, now)


def _read_other(text: str, now: datetime) -> Said | None:
    if re.match(r"\d{4}-", text):
        return _read_iso(text)
    import dateparser  # slow to import, rarely needed

    text = re.sub(r"\btonight\b(?: at)?\s*(\d{1,2}(?::\d{2})?)?\s*(?:pm)?", _tonight, text, flags=re.IGNORECASE)
    text = _BARE_HOUR.sub(r"\1 \2:00", text)  # "Friday 9" is an hour; the library takes it for a date
    settings = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "DMY",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    found = dateparser.parse(text, languages=["en"], settings=settings)
    if found is None or found.tzinfo is not None:
        return None
    if not _HAS_TIME.search(text):
        return Said(datetime.combine(found.date(), time()), False)
    return Said(found.replace(second=0, microsecond=0), True)


def _read_iso(text: str) -> Said | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo else Said(found.replace(second=0, microsecond=0), ":" in text)


def _tonight(found: re.Match[str]) -> str:
    return f"today {found[1]} pm" if found[1] else "today"


def _arabic(text: str) -> str:
    """Chinese numerals up to 99 as digits, where a unit follows; 周一 and 一刻 stay."""

    def value(found: re.Match[str]) -> str:
        tens, has_ten, ones = found[1], found[2], found[3]
        ten = (_NUMBER.index(tens) if tens else 1) * 10 if has_ten else 0
        if not has_ten:
            return str(2 if (tens or ones) == "两" else _NUMBER.index(tens or ones))
        return str(ten + (_NUMBER.index(ones) if ones else 0))

    text = text.replace("两", "二")
    numeral = f"([{_NUMBER[1:]}])?(十)?([{_NUMBER[1:]}])?"
    return re.sub(f"(?<![周期拜])(?=[{_NUMBER}十]){numeral}(?=[点时月日号天分个小钟周星年])", value, text)


def _read_chinese(text: str, now: datetime) -> Said | None:
    later = _LATER.match(text)
    if later is not None:
        return _read_later(text, later, now)
    date_ = _DATE.match(text)
    rest = text[date_.end() :] if date_ else text
    day = _day_of(date_, now) if date_ else datetime.combine(now.date(), time())
    if day is None:
        return None
    part = re.match(_PART, rest)
    rest = rest[part.end() :] if part else rest
    if not rest and part and part[0] == "中午":
        return Said(day + timedelta(hours=12), True)
    if not rest:
        return Said(day, False) if date_ and not part else None
    minutes = _minutes_of(rest, part[0] if part else "")
    if minutes is None:
        return None
    moment = day + timedelta(minutes=minutes)
    if date_ is None and moment <= now:
        moment += timedelta(days=1)
    return Said(moment, True)


def _read_later(text: str, later: re.Match[str], now: datetime) -> Said | None:
    half = later[3] is not None or "半" in later[0]
    unit = later[2] or later[4]
    minutes = int(later[1] or 0) * _UNITS[unit] + (_UNITS[unit] // 2 if half else 0)
    minutes = -minutes if later[5] == "前" else minutes
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    rest = text[later.end() :]
    if not rest:
        return Said(moment, True)
    part = re.match(_PART, rest)
    at = _minutes_of(rest[part.end() :] if part else rest, part[0] if part else "")
    if at is None or minutes % 1440:
        return None
    return Said(datetime.combine(moment.date(), time()) + timedelta(minutes=at), True)


def _minutes_of(text: str, part: str) -> int | None:
    """Minutes after midnight of a clock time with its part of the day ("晚上" 8点半)."""
    found = _CLOCK.match(text)
    if found is None:
        return None
    hour = int(found[1])
    minute = (
        int(found[2] or found[5] or 0)
        + (30 if found[3] else 0)
        + (15 * (1 if found[4] == "一" else 3) if found[4] else 0)
    )
    if hour > 24 or minute > 59:
        return None
    if _PARTS.get(part) == 12 and hour < 12 and not (part == "中午" and hour >= 11):
        hour += 12
    elif part in _EVENINGS and hour == 12:
        hour = 24  # midnight of the evening named
    return hour * 60 + minute


def chinese_weekday(character: str) -> int:
    """The number of a weekday, Monday 0, that one of 一二三四五六日天 names. Raises ValueError for any other."""
    return min(_WEEKDAY.index(character), 6)


def _day_of(found: re.Match[str], now: datetime) -> datetime | None:
    today = datetime.combine(now.date(), time())
    if found["word"]:
        return today + timedelta(days=_DAY_WORDS[found["word"]])
    if found["weekday"]:
        wanted = chinese_weekday(found["weekday"])
        monday = today - timedelta(days=today.weekday())
        weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(found["next"] or "", 0)
        day = monday + timedelta(days=wanted + 7 * weeks)
        return day + timedelta(days=7) if day < today and not found["next"] else day
    try:
        if found["iso"]:
            return datetime(*map(int, re.split("[-/.]", found["iso"])))  # type: ignore[arg-type]  # noqa: DTZ001 - a wall time
        month, day_ = int(found["month"]), int(found["day"])
        day = datetime(int(found["year"] or now.year), month, day_)  # noqa: DTZ001 - a wall time
    except ValueError:
        return None
    return day.replace(year=day.year + 1) if day < today and not found["year"] else day
