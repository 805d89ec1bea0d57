"""Words about drops that many screens share: what it is, when it goes out, where, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rendering.catalog import Catalog, ellipsis, escape
from storage.drop_content import Content, Repeat

FIRST_WORDS = 60
_LINK = re.compile(r"https?:|www\.|t\.me/", re.IGNORECASE)


def kind_words(content: Content, catalog: Catalog) -> str:
    """What a drop is: Photo, Album of 3, Poll."""
    if content.kind == "album":
        return catalog.gettext("Album of {n}").format(n=catalog.number(len(content.pieces)))
    return {
        "text": catalog.gettext("Text"),
        "photo": catalog.gettext("Photo"),
        "video": catalog.gettext("Video"),
        "animation": catalog.gettext("GIF"),
        "document": catalog.gettext("File"),
        "audio": catalog.gettext("Audio"),
        "voice": catalog.gettext("Voice message"),
        "video_note": catalog.gettext("Round video"),
        "sticker": catalog.gettext("Sticker"),
        "poll": catalog.gettext("Poll"),
        "quiz": catalog.gettext("Quiz"),
    }[content.kind]


def first_words(content: Content, width: int = FIRST_WORDS) -> str:
    """How a drop begins, on one line, as plain text; empty where it has no words."""
    text = content.poll.question if content.poll is not None else content.text
    tidy = " ".join(text.split())
    cut = ellipsis(tidy, width)
    if cut == tidy:
        return tidy
    whole, _, last = cut.removesuffix("…").rpartition(" ")
    word = tidy[len(cut) - 1 - len(last) :].split(" ")[0]
    return f"{whole}…" if _LINK.match(word) else cut  # half an address would be a link to nowhere


def drop_title(content: Content, catalog: Catalog, width: int = FIRST_WORDS) -> str:
    """Kind and first words, escaped: Photo · New arrivals on Friday."""
    begins = escape(first_words(content, width))
    return " · ".join([kind_words(content, catalog), *([begins] if begins else [])])


def day_words(day: date, today: date, catalog: Catalog) -> str:
    """Today, tomorrow, Thu; from a week on Tue 1 Dec; with the year where it is another."""
    ahead = (day - today).days
    if ahead in (0, 1):
        return (catalog.gettext("today"), catalog.gettext("tomorrow"))[ahead]
    weekday = catalog.weekday(day)
    if 1 < ahead < 7:
        return weekday
    named = catalog.days(day, day, today)
    return f"{named}{weekday}" if catalog.is_chinese else f"{weekday} {named}"


def time_words(local: datetime, now_local: datetime, catalog: Catalog) -> str:
    """Thu 20:00, tomorrow 09:00, Tue 1 Dec 20:30: a naive local time as people say it."""
    return f"{day_words(local.date(), now_local.date(), catalog)} {catalog.clock(local)}"


def opening(words: str) -> str:
    """The same words at the beginning of a line: Today 20:00."""
    return words[:1].upper() + words[1:]


def zone_words(timezone: str, local: datetime, catalog: Catalog) -> str:
    """Shanghai, escaped; a group that lives by UTC, mostly for want of a choice, also reads where it chooses."""
    zone = catalog.zone(timezone, local)
    return escape(zone) + (catalog.brackets("/timezone") if zone == "UTC" else "")


def short_time(local: datetime, now_local: datetime, catalog: Catalog) -> str:
    """Today 20:00, Thu 20:00, 12 Dec 20:30: as short as a button needs it; 明天 is short enough, tomorrow is not."""
    ahead = (local.date() - now_local.date()).days
    if ahead == 0 or (ahead == 1 and catalog.is_chinese):
        return time_words(local, now_local, catalog)
    day = catalog.weekday(local.date()) if 0 < ahead < 7 else catalog.day(local.date())
    return f"{day} {catalog.clock(local)}"


def ahead_words(local: datetime, now_local: datetime, catalog: Catalog) -> str:
    """In 7 days, tomorrow, in 2 h: how far off a time is; empty where it is past."""
    span, days = local - now_local, (local.date() - now_local.date()).days
    if span <= timedelta(0):
        return ""
    if days == 1:
        return catalog.gettext("tomorrow")
    span = timedelta(days=days) if days else span
    return catalog.gettext("in {span}").format(span=catalog.duration(span))


def place_words(title: str, topic: str | None, catalog: Catalog) -> str:
    """The group (or channel) and its topic, escaped: Fawn Daily › Deals."""
    return escape(title) + (f" › {escape(topic)}" if topic else "")


def weekday_words(days: Iterable[int], catalog: Catalog) -> str:
    """Mon, Thu; 周一、周四."""
    names = [catalog.weekday_at(day) for day in sorted(days)]
    return ("、" if catalog.is_chinese else ", ").join(names)


def repeat_words(repeat: Repeat | None, catalog: Catalog) -> str:
    """Once; every day; Mon to Fri; weekly on Mon, Thu; every 3 days; by its cron rule; until when."""
    if repeat is None:
        return catalog.gettext("once")
    kind = repeat.kind
    if kind == "cron":
        said = catalog.gettext("by rule {cron}").format(cron=f"<code>{escape(repeat.cron or '')}</code>")
    elif kind == "weekly":
        said = catalog.gettext("weekly on {days}").format(days=weekday_words(repeat.days, catalog))
    elif kind == "every":
        said = catalog.gettext("every {n} days").format(n=catalog.number(repeat.every))
    else:
        said = catalog.gettext("every day") if kind == "daily" else catalog.gettext("Mon to Fri")
    if repeat.until is None:
        return said
    return catalog.gettext("{repeat}, until {day}").format(repeat=said, day=catalog.days(repeat.until, repeat.until))
