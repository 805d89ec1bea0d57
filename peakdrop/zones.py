"""Time zones by what people call them: IANA names, cities, UTC+8."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

COMMON = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
# Cities that people type and that name no zone of their own.
CITIES = {
    "beijing": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "杭州": "Asia/Shanghai",
    "成都": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul",
    "曼谷": "Asia/Bangkok",
    "吉隆坡": "Asia/Kuala_Lumpur",
    "伦敦": "Europe/London",
    "巴黎": "Europe/Paris",
    "柏林": "Europe/Berlin",
    "莫斯科": "Europe/Moscow",
    "纽约": "America/New_York",
    "洛杉矶": "America/Los_Angeles",
    "旧金山": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "多伦多": "America/Toronto",
    "悉尼": "Australia/Sydney",
}
OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?")


@dataclass(frozen=True, slots=True)
class FoundZone:
    """The zone meant, or where there is none, some that sound alike."""

    zone: str | None
    near: tuple[str, ...] = ()


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/")):
            names.setdefault(zone.rsplit("/", 1)[-1].replace("_", " ").lower(), zone)
    names |= {zone.lower(): zone for zone in available_timezones()}
    return names | CITIES


def find_zone(text: str) -> FoundZone:
    """The IANA zone that a name, a city or an offset means."""
    word = " ".join(text.strip().lower().split())
    names = _names()
    found = names.get(word) or names.get(word.replace(" ", "_")) or names.get(word.replace("_", " "))
    if found is not None:
        return FoundZone(found)
    offset = OFFSET.fullmatch(word)
    if offset is not None and int(offset.group(2)) <= (14 if offset.group(1) == "+" else 12):
        hours = int(offset.group(2))
        # POSIX names count westwards: Etc/GMT-8 is eight hours ahead.
        sign = "-" if offset.group(1) == "+" else "+"
        return FoundZone("UTC" if hours == 0 else f"Etc/GMT{sign}{hours}")
    if " " in word:  # a country behind the city: "London UK"
        shorter = find_zone(word.rsplit(" ", 1)[0])
        if shorter.zone is not None:
            return shorter
    near = dict.fromkeys(names[name] for name in difflib.get_close_matches(word, names, n=8, cutoff=0.75))
    return FoundZone(None, tuple(near)[:4] or COMMON[:4])


def likely_zones(current: str) -> tuple[str, ...]:
    """Zones to offer by buttons, the one in force among them."""
    return COMMON if current in COMMON else (current, *COMMON)
