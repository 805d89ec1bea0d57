"""Numbers and durations as people and platforms write them: 1,234 · 1.2万 · 12.3k · 85% · 5小时30分."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

MISSING = frozenset({"", "-", "--", "—", "–", "/", "undefined", "null", "none", "n/a", "na", "nan", "无", "暂无"})

# Case matters for m alone: 1.5M is a million and a half, 5m in a duration is five minutes.
SCALES: dict[str, int | Decimal] = {
    "": 1, "%": Decimal("0.01"), "k": 10**3, "K": 10**3, "千": 10**3, "w": 10**4, "W": 10**4, "万": 10**4,
    "萬": 10**4, "百万": 10**6, "M": 10**6, "m": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8,
    "B": 10**9, "b": 10**9, "bn": 10**9,
}  # fmt: skip
COUNTED = ("次", "人", "个", "条", "名", "位")
UNITS = {
    "秒": 1, "秒钟": 1, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "分": 60, "分钟": 60, "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "时": 3600, "小时": 3600, "个小时": 3600, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "天": 86400, "日": 86400, "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip

_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d+)?")
_COMMA_DECIMAL = re.compile(r"\d+,\d+|[1-9]\d{0,2}(\.\d{3})+,\d+|[1-9]\d{0,2}(\.\d{3}){2,}")
_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_DIGITS = r"\d+(?:\.\d+)?"
_NUMBER = re.compile(rf"([+-]?)({_DIGITS}|\.\d+)\s*([^\d\s.]*)")
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):([0-5]\d(?:\.\d+)?)")
_PART = re.compile(rf"({_DIGITS})\s*(万|亿|k|K)?\s*([a-z]+|个小时|小时|分钟|秒钟|[时分秒天日])\s*", re.IGNORECASE)


class Unreadable(ValueError):
    """The text is no number (or duration) in any form we know."""


def clean(text: str) -> str:
    """Full-width forms made plain, and the marks spreadsheets put before numbers taken off."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("\u200b", "").strip()
    return plain.lstrip("'’`").strip().replace("−", "-")


def is_missing(text: str) -> bool:
    """Whether the cell says that the platform has no figure here."""
    return clean(text).lower() in MISSING


def parse_number(text: str, *, decimal_comma: bool = False) -> Decimal:
    """The number written in `text`; 85% is 0.85. Raises Unreadable."""
    plain = _separators(clean(text), decimal_comma=decimal_comma)
    match = _NUMBER.fullmatch(plain)
    if match is None or len(match[2]) > 30:
        raise Unreadable(text)
    suffix = match[3]
    for word in COUNTED:
        suffix = suffix.removesuffix(word)
    if suffix not in SCALES:
        raise Unreadable(text)
    number = Decimal(match[2]) * SCALES[suffix]
    return -number if match[1] == "-" else number


def parse_count(text: str, *, decimal_comma: bool = False) -> int:
    """A whole number of things; may be negative, the caller judges. Raises Unreadable."""
    plain = clean(text)
    if decimal_comma and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", plain) is not None
    number = parse_number(plain, decimal_comma=decimal_comma and not grouped)
    if plain.endswith("%") or number != number.to_integral_value() or abs(number) >= 2**53:
        raise Unreadable(text)
    return int(number)


def parse_duration(text: str, *, unit: int = 1, decimal_comma: bool = False) -> float:
    """Seconds; a bare number counts in `unit` seconds (3600 under a heading in hours). Raises Unreadable."""
    plain = clean(text)
    clock = _CLOCK.fullmatch(plain)
    if clock is not None:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3])
    try:
        return _seconds(_worded_duration(plain, decimal_comma=decimal_comma), plain)
    except Unreadable:
        return _seconds(parse_number(plain, decimal_comma=decimal_comma) * unit, plain)


def _worded_duration(plain: str, *, decimal_comma: bool) -> Decimal:
    """Durations such as `1h 20m`, `5小时30分`, `1.2万小时`."""
    rest, total = _separators(plain, decimal_comma=decimal_comma), Decimal(0)
    if not rest:
        raise Unreadable(plain)
    while rest:
        part = _PART.match(rest)
        unit = UNITS.get(part[3] if part[3] == "M" else part[3].lower()) if part else None
        if part is None or unit is None or len(part[1]) > 30:
            raise Unreadable(plain)
        total += Decimal(part[1]) * SCALES[part[2] or ""] * unit
        rest = rest[part.end() :]
    return total


def _seconds(value: Decimal, text: str) -> float:
    if abs(value) >= 2**53 or text.endswith("%"):
        raise Unreadable(text)
    return round(float(value), 6)


def _separators(plain: str, *, decimal_comma: bool) -> str:
    """Grouping taken out, the decimal mark made a point: 1,234.5 · 1.234,5 · 44 531 · 62,1."""
    plain = _SPACE.sub("", plain)
    match = re.match(r"([+-]?)([\d.,]+)", plain)
    if match is None:
        return plain
    sign, written, rest = match[1], match[2], plain[match.end() :]
    forms = (_COMMA_DECIMAL, _COMMA_GROUPS) if decimal_comma else (_COMMA_GROUPS, _COMMA_DECIMAL)
    for form in forms:
        if form.fullmatch(written):
            groups, point = (",", ".") if form is _COMMA_GROUPS else (".", ",")
            return sign + written.replace(groups, "").replace(point, ".") + rest
    return plain
