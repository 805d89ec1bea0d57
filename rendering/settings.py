"""Words of /language, /timezone and /figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rendering.catalog import Catalog, ellipsis, escape, language_of

Buttons = list[list[tuple[str, str]]]
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


def find_language(text: str) -> str | None:
    """The language that a code or a name means: zh, 中文, English."""
    names = {name.lower(): code for code, name in LANGUAGE_NAMES.items()} | {
        "chinese": "zh",
        "英文": "en",
        "英语": "en",
    }
    word = text.strip().lower()
    return names.get(word) or language_of(word)


def render_language(catalog: Catalog) -> str:
    """Which language?"""
    return catalog.gettext("Which language shall I speak here?")


def language_buttons(catalog: Catalog) -> Buttons:
    """A button for each language, the one in force marked."""
    names = LANGUAGE_NAMES.items()
    return [[(f"·{name}·" if code == catalog.language else name, f"language:{code}") for code, name in names]]


def render_language_set(catalog: Catalog) -> str:
    """In the new language: it is in force."""
    return catalog.gettext("From now on I speak English here.")


def _time(zone: str, now: datetime, catalog: Catalog) -> str:
    return catalog.clock(now.astimezone(ZoneInfo(zone)))


def _name(zone: str, now: datetime, catalog: Catalog) -> str:
    """Asia/Shanghai as it is; Etc/GMT-8, whose sign is turned round, as UTC+8."""
    return catalog.zone(zone, now.astimezone(ZoneInfo(zone))) if zone.startswith("Etc/") else escape(zone)


def render_timezone(zone: str, now: datetime, catalog: Catalog) -> str:
    """The zone in force, and how to change it."""
    return catalog.gettext(
        "Days and hours are shown in <b>{zone}</b>, where it is {time} now.\nPress another, or type a city: {example}"
    ).format(zone=_name(zone, now, catalog), time=_time(zone, now, catalog), example="<code>/timezone Shanghai</code>")


def render_timezone_set(zone: str, now: datetime, catalog: Catalog) -> str:
    """The new zone is in force."""
    return catalog.gettext("Days and hours are now shown in <b>{zone}</b>, where it is {time}.").format(
        zone=_name(zone, now, catalog), time=_time(zone, now, catalog)
    )


def render_unknown_zone(text: str, catalog: Catalog) -> str:
    """No such zone; the zone in force is kept."""
    return catalog.gettext("I know no time zone “{text}”; nothing was changed. Type a city like {example}.").format(
        text=escape(ellipsis(text, 40)), example="<code>/timezone Berlin</code>"
    )


def zone_buttons(zones: Sequence[str], current: str) -> Buttons:
    """A button for each zone, two a row."""
    buttons = [(f"·{_city(zone)}·" if zone == current else _city(zone), f"zone:{zone}") for zone in zones]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def _city(zone: str) -> str:
    return ellipsis(zone.rsplit("/", 1)[-1].replace("_", " "), 18)


def render_figures(catalog: Catalog, *, private: bool) -> str:
    """Who sees the rates in the group now."""
    if private:
        return catalog.gettext("Engagement and conversion stay with managers: /stats shows them by a button.")
    return catalog.gettext("When a manager asks /stats here, everyone sees engagement and conversion.")


def figures_buttons(catalog: Catalog, *, private: bool) -> Buttons:
    """Shown to all, or to managers alone."""
    shown = catalog.gettext("show to all")
    hidden = catalog.gettext("managers only")
    return [
        [
            (shown if private else f"·{shown}·", "figures:shown"),
            (f"·{hidden}·" if private else hidden, "figures:private"),
        ]
    ]
