"""Words and numbers by language: gettext catalogs (English is the source), CLDR formats through Babel."""

from __future__ import annotations

import gettext
import html
import io
import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("en", "zh")
_LOCALE_OF = {"en": "en_GB", "zh": "zh_CN"}
DASH = "–"
JOINER = "\u200d"
# What belongs to the character before it: joiner, variation selector, skin tones.
JOINING = "\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_A_MONDAY = date(2026, 1, 5)
# Below this a percentage says more than the count does.
SMALL = 20
BUTTON, WIDE = 20, 8  # letters on a button, Chinese characters


def language_of(code: str | None) -> str | None:
    """Our language for a Telegram or BCP 47 code ("zh-hans", "en-US"); None where we have none."""
    short = (code or "").lower().split("-")[0].split("_")[0]
    return short if short in LANGUAGES else None


def escape(text: str) -> str:
    """Foreign text (a name, a title) made safe for Telegram HTML; lone surrogates and controls are dropped."""
    clean = "".join(char for char in text if char.isprintable() or char in "\n\u200d\ufe0f")
    return html.escape(clean.encode("utf-8", "ignore").decode(), quote=False)


def bold(text: str) -> str:
    """Telegram HTML that is safe already, in bold."""
    return f"<b>{text}</b>"


def italic(text: str) -> str:
    """Telegram HTML that is safe already, in italics."""
    return f"<i>{text}</i>"


def plain(text: str) -> str:
    """Telegram HTML as text for a terminal or a pop-up."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def ellipsis(text: str, width: int) -> str:
    """At most `width` characters, cut with an ellipsis, never inside a joined emoji."""
    if len(text) <= width:
        return text
    cut = width - 1
    while cut > 0 and (text[cut] in JOINING or text[cut - 1] == JOINER):
        cut -= 1
    return text[:cut].rstrip() + "…"


def button_name(name: str) -> str:
    """A name as it fits on a button: 20 letters or 8 Chinese characters, cut with an ellipsis."""
    taken = 0.0
    for at, char in enumerate(name):
        taken += BUTTON / WIDE if unicodedata.east_asian_width(char) in "WF" else 1
        if taken > BUTTON:
            return ellipsis(name, at)
    return name


class Catalog:
    """One language: its words, its numbers, its dates."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = _LOCALE_OF[language]
        self._translations = _load(language)

    def gettext(self, message: str) -> str:
        """A message in this language; placeholders stay for `.format`."""
        return self._translations.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """A message that depends on a number."""
        return self._translations.ngettext(one, many, n)

    @property
    def is_chinese(self) -> bool:
        """Whether punctuation is full-width and no space stands between words."""
        return self.language == "zh"

    def brackets(self, text: str) -> str:
        """Text in brackets, with the space that English puts before them."""
        return f"（{text}）" if self.is_chinese else f" ({text})"

    def number(self, value: float | None, digits: int = 0) -> str:
        """1,284; unknown is a dash."""
        if value is None:
            return DASH
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(numbers.format_decimal(round(value, digits), format=pattern, locale=self.locale))

    def compact(self, value: float) -> str:
        """A large figure where space is short: 120K, 12万."""
        return str(
            numbers.format_compact_decimal(value, locale=self.locale, fraction_digits=1 if value < 100_000 else 0)
        )

    def signed(self, value: int) -> str:
        """+37 or −12."""
        return ("+" if value >= 0 else "−") + self.number(abs(value))

    def significant(self, value: float, digits: int = 2) -> str:
        """A figure rounded to significant digits: 0.61, 4.6, 12, 128 (whole digits are never cut)."""
        if value == 0:
            return "0"
        places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return self.number(value, places)

    def percent(self, share: float | None) -> str:
        """0.046 as 4.6 %."""
        if share is None:
            return DASH
        return self.significant(share * 100) + ("%" if self.is_chinese else "\u00a0%")

    def whole_percent(self, percent: int) -> str:
        """5 as 5 %: a setting is exact, without the digits of a measure."""
        return self.number(percent) + ("%" if self.is_chinese else "\u00a0%")

    def change(self, now: float | None, before: float | None) -> str:
        """▲ 12 % against before; of small counts ▲ 2; nothing where there is nothing to compare with."""
        if now is None or before is None:
            return ""
        if before < SMALL:
            return "" if now == before else f"{'▲' if now > before else '▼'}\u00a0{self.number(abs(now - before))}"
        moved = now / before - 1
        if abs(moved) < 0.005:
            return ""
        arrow = "▲" if moved > 0 else "▼"
        return f"{arrow}\u00a0{self.number(abs(moved) * 100)}" + ("%" if self.is_chinese else "\u00a0%")

    def change_points(self, now: float | None, before: float | None) -> str:
        """▲ 0.3 pt: a rate's change in percentage points."""
        if now is None or before is None:
            return ""
        moved = (now - before) * 100
        arrow = "▲" if moved >= 0 else "▼"
        return self.gettext("{arrow}\u00a0{points}\u00a0pt").format(arrow=arrow, points=self.number(abs(moved), 1))

    def change_by(self, now: float | None, before: float | None, digits: int) -> str:
        """▲ 0.04: a figure's change in its own unit."""
        if now is None or before is None:
            return ""
        return f"{'▲' if now >= before else '▼'}\u00a0{self.number(abs(now - before), digits)}"

    def day(self, day: date) -> str:
        """16 Nov, 11月16日."""
        return dates.format_date(day, "M月d日" if self.is_chinese else "d MMM", locale=self.locale)

    def month(self, day: date, *, short: bool = False) -> str:
        """November 2026, 2026年11月; short: Nov, 11月."""
        patterns = ("y年M月", "M月") if self.is_chinese else ("MMMM y", "MMM")
        return dates.format_date(day, patterns[short], locale=self.locale)

    def weekday(self, day: date) -> str:
        """Thu, 周四."""
        return dates.format_date(day, "EEE", locale=self.locale)

    def weekday_at(self, number: int) -> str:
        """Mon for 0, 周一."""
        return self.weekday(_A_MONDAY + timedelta(days=number))

    def weekday_name(self, number: int) -> str:
        """Monday for 0, 周一."""
        day = _A_MONDAY + timedelta(days=number)
        return self.weekday(day) if self.is_chinese else dates.format_date(day, "EEEE", locale=self.locale)

    def days(self, first: date, last: date, today: date | None = None) -> str:
        """16–22 Nov, 11月16日–22日; with years where they differ from today's."""
        year = "" if today is not None and first.year == last.year == today.year else "y"
        if self.is_chinese:
            start = dates.format_date(first, "y年M月d日" if year else "M月d日", locale=self.locale)
            if first == last:
                return start
            same = (first.year, first.month) == (last.year, last.month)
            pattern = "d日" if same else "M月d日" if first.year == last.year else "y年M月d日"
            return f"{start}–{dates.format_date(last, pattern, locale=self.locale)}"
        end = dates.format_date(last, "d MMM y" if year else "d MMM", locale=self.locale)
        if first == last:
            return end
        same = (first.year, first.month) == (last.year, last.month)
        pattern = "d" if same else "d MMM" if first.year == last.year else "d MMM y"
        separator = "–" if same else " – "
        return dates.format_date(first, pattern, locale=self.locale) + separator + end

    def clock(self, moment: datetime) -> str:
        """21:05; give it a local time."""
        return f"{moment:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """16 Nov 21:05, of a local time."""
        return f"{self.day(moment.date())} {self.clock(moment)}"

    def zone(self, timezone: str, local: datetime) -> str:
        """Shanghai, 上海 for a zone that a city names; UTC+8 for another. `local` is a time in it, naive or not."""
        if "/" in timezone and not timezone.startswith("Etc/"):
            return str(dates.get_timezone_location(timezone, locale=self.locale, return_city=True))
        offset = local.replace(tzinfo=ZoneInfo(timezone)).utcoffset() or timedelta()
        minutes = int(offset.total_seconds() // 60)
        sign, minutes = ("+" if minutes > 0 else "-"), abs(minutes)
        rest = f":{minutes % 60:02}" if minutes % 60 else ""
        return f"UTC{sign}{minutes // 60}{rest}" if minutes else "UTC"

    def hour(self, hour: int) -> str:
        """20:00–21:00."""
        return f"{hour:02}:00–{(hour + 1) % 24:02}:00"

    def duration(self, span: timedelta) -> str:
        """2 h, 35 min, 3 days: the largest unit that fits."""
        minutes = max(1, round(span.total_seconds() / 60))
        if minutes < 60:
            return self.gettext("{n} min").format(n=minutes)
        if minutes < 48 * 60:
            return self.gettext("{n} h").format(n=round(minutes / 60))
        days = round(minutes / 1440)
        return self.ngettext("{n} day", "{n} days", days).format(n=self.number(days))


def _load(language: str) -> gettext.NullTranslations:
    """English is in the code; other languages are read from their .po, so that nothing needs compiling."""
    path = LOCALES / _LOCALE_OF[language] / "LC_MESSAGES" / "peakdrop.po"
    if not path.exists():
        return gettext.NullTranslations()
    buffer = io.BytesIO()
    with path.open("rb") as file:
        write_mo(buffer, read_po(file))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


@cache
def get_catalog(language: str) -> Catalog:
    """The catalog of a language (en, zh); an unknown one gets English."""
    return Catalog(language if language in LANGUAGES else "en")
