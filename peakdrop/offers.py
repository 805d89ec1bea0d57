"""Offers that end: a drop must not go out after the last day that its own words name."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_ISO = r"(?P<y{0}>\d{{4}})[-/.年](?P<m{0}>\d{{1,2}})[-/.月](?P<d{0}>\d{{1,2}})[日号]?"
_CHINESE = r"(?P<cm{0}>\d{{1,2}})月(?P<cd{0}>\d{{1,2}})[日号]?"
_DAY = f"(?:{_ISO}|{_CHINESE})"
_BEFORE = r"(?:截止(?:日期|时间)?(?:到|至|为)?|截至|有效期(?:至|到)|活动(?:时间)?(?:至|到)|优惠(?:至|到))"
_AFTER = r"(?:\s*(?:晚|24点|24:00)?\s*(?:截止|为止|前有效|结束|止))"
_ENGLISH = re.compile(
    r"\b(?:until|till|ends?(?: on)?|valid (?:until|through)|through|expires?(?: on)?|last day:?)\s+(?:\w{3,9},?\s+)?"
    rf"(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<em>{_NAME})|(?P<em2>{_NAME})\s+(?P<ed2>\d{{1,2}})(?:st|nd|rd|th)?"
    r"|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2}))",
    re.IGNORECASE,
)
_ZH = re.compile(rf"{_BEFORE}[:：]?\s*{_DAY.format(1)}|{_DAY.format(2)}{_AFTER}")


def ends_before(text: str, day: date, today: date) -> str:
    """The words that name a last day before `day`; empty where none do. A date without a year is the nearest one."""
    for found in (*_ZH.finditer(text), *_ENGLISH.finditer(text)):
        last = _last_day(found, today)
        if last is not None and last < day:
            return " ".join(found[0].split())
    return ""


def _last_day(found: re.Match[str], today: date) -> date | None:
    given = {name: value for name, value in found.groupdict().items() if value is not None}
    numbers = [given[name] for name in given if name[0] in "y" or name in ("iy",)]
    year = int(numbers[0]) if numbers else None
    month_name = given.get("em") or given.get("em2")
    if month_name is not None:
        month = _MONTHS.index(month_name[:3].lower()) + 1
        day = int(given.get("ed") or given["ed2"])
    else:
        month = int(next(given[name] for name in ("m1", "m2", "cm1", "cm2", "im") if name in given))
        day = int(next(given[name] for name in ("d1", "d2", "cd1", "cd2", "id") if name in given))
    years = [year] if year is not None else [today.year - 1, today.year, today.year + 1]
    dates = [made for one in years if (made := _date(one, month, day)) is not None]
    return min(dates, key=lambda one: abs(one - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
