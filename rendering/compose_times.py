"""The screens on which a drop's time is chosen: the best times, a calendar of buttons, a typed time read back."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from babel import dates

from peakdrop.peaks import BestTime
from peakdrop.posting import Objection
from peakdrop.prospects import Hope, Prospect
from peakdrop.said_times import FARTHEST, Said
from rendering.catalog import Catalog, bold, ellipsis, escape
from rendering.compose import Buttons, back_button, data, when_words
from rendering.drop_words import ahead_words, day_words, time_words
from rendering.hopes import explored_words, hope_words
from rendering.objections import render_objections
from storage.drops import DropView, State

NOTHING = "drop:nothing"  # a button that only fills its place
BLANK = "\u2800"  # Telegram takes no empty words on a button
EXAMPLES = {"en": "tomorrow 9pm · in 2h · 2026-12-01 20:30", "zh": "明晚8点 · 2小时后 · 12月1日20:30"}


def render_when(prospect: Prospect, catalog: Catalog) -> str:
    """The time as it stands, and what the buttons offer."""
    lines = [bold(catalog.gettext("When?")), catalog.gettext("Now: {time}").format(time=when_words(prospect, catalog))]
    if prospect.drop.repeat is not None and prospect.drop.state != State.DRAFT:
        lines.append(catalog.gettext("Only this one moves; the series keeps its times."))
    if prospect.hope is not None and prospect.hope.explores:
        lines.append(explored_words(prospect.rules.explored_percent, catalog))
    if prospect.hope is not None:
        in_group = catalog.gettext("The number behind a time: people expected in the two hours after it.")
        in_topic = catalog.gettext("The number behind a time: people expected in the topic in the two hours after it.")
        lines.append(in_topic if prospect.hope.in_topic else in_group)
    lines.append(
        catalog.gettext("Press one, or type it: {examples}").format(examples=f"<i>{EXAMPLES[catalog.language]}</i>")
    )
    return "\n".join(lines)


def when_buttons(prospect: Prospect, best: Sequence[BestTime], catalog: Catalog) -> Buttons:
    """The peak, the next best times, why, the calendar, a typed one."""
    drop = prospect.drop
    peak = catalog.gettext("At the peak")
    if best:
        named = catalog.gettext("To learn: {time}") if best[0].explores else catalog.gettext("Peak: {time}")
        peak = named.format(time=time_words(best[0].local, prospect.now_local, catalog))
    rows: Buttons = [[(f"·{peak}·" if drop.local_time is None else peak, data(drop, "peak"))]]
    for one in best[1:]:
        label = time_words(one.local, prospect.now_local, catalog)
        if one.members is not None:
            label = f"{label} · {catalog.number(round(one.members))}"
        rows.append([(label, data(drop, "at", f"{one.local:%Y%m%d%H%M}"))])
    if prospect.at_local is not None:
        rows.append([(catalog.gettext("Why this time?"), data(drop, "why", f"{prospect.at_local:%Y%m%d%H%M}"))])
    shown = prospect.at_local or prospect.now_local
    rows.append(
        [
            (catalog.gettext("Calendar"), data(drop, "month", f"{shown:%Y-%m}")),
            (catalog.gettext("Type a time"), data(drop, "type")),
        ]
    )
    return [*rows, [back_button(drop, catalog)]]


def render_month(catalog: Catalog) -> str:
    """Which day?"""
    hint = catalog.gettext("• something is scheduled there")
    return "\n".join([bold(catalog.gettext("Which day?")), hint])


def month_buttons(
    drop: DropView, month: date, today: date, busy: Collection[date], chosen: date | None, catalog: Catalog
) -> Buttons:
    """A month as buttons, weeks from Monday; days that are past are empty, and after two years it ends."""
    before, after = month - timedelta(days=1), month + timedelta(days=31)
    title = dates.format_date(month, "y年M月" if catalog.is_chinese else "MMM y", locale=catalog.locale)
    is_first = (month.year, month.month) <= (today.year, today.month)
    back = (BLANK, NOTHING) if is_first else ("‹", data(drop, "month", f"{before:%Y-%m}"))
    onward = ("›", data(drop, "month", f"{after:%Y-%m}")) if after <= today + FARTHEST else (BLANK, NOTHING)
    rows: Buttons = [[back, (title, NOTHING), onward]]
    monday = date(2026, 11, 23)
    names = [monday + timedelta(days=day) for day in range(7)]
    short = "EEEEE" if catalog.is_chinese else "EEEEEE"  # 一, Mo
    rows.append([(dates.format_date(day, short, locale=catalog.locale), NOTHING) for day in names])
    for week in calendar.Calendar().monthdatescalendar(month.year, month.month):
        if week[-1] >= today:
            rows.append([_day_button(drop, day, month, today, busy, chosen) for day in week])
    return [*rows, [back_button(drop, catalog, "when")]]


def _day_button(
    drop: DropView, day: date, month: date, today: date, busy: Collection[date], chosen: date | None
) -> tuple[str, str]:
    if day.month != month.month or day < today:
        return (BLANK, NOTHING)
    label = f"{day.day}✓" if day == chosen else f"{day.day}•" if day in busy else str(day.day)
    return (label, data(drop, "day", f"{day:%Y%m%d}"))


def render_hours(day: date, today: date, catalog: Catalog, *, best: Collection[int]) -> str:
    """At which hour of that day?"""
    line = bold(catalog.gettext("{day}, at which hour?").format(day=_begin(day_words(day, today, catalog))))
    return "\n".join([line, catalog.gettext("★ most members are there")]) if best else line


def hour_buttons(drop: DropView, day: date, now_local: datetime, best: Collection[int], catalog: Catalog) -> Buttons:
    """The 24 hours; those that are past are empty, the best ones have a star."""
    shown = []
    for hour in range(24):
        is_past = day == now_local.date() and hour < now_local.hour
        label = f"{hour:02}★" if hour in best else f"{hour:02}"
        shown.append((BLANK, NOTHING) if is_past else (label, data(drop, "hour", f"{day:%Y%m%d}{hour:02}")))
    rows = [shown[at : at + 6] for at in range(0, 24, 6)]
    rows = [row for row in rows if any(target != NOTHING for _, target in row)]
    return [*rows, [(("‹ " + catalog.gettext("Back")), data(drop, "month", f"{day:%Y-%m}"))]]


def render_minutes(hour: datetime, now_local: datetime, catalog: Catalog) -> str:
    """At which minute?"""
    day = _begin(day_words(hour.date(), now_local.date(), catalog))
    return bold(catalog.gettext("{day} at {hour}: which minute?").format(day=day, hour=f"{hour:%H}"))


def minute_buttons(drop: DropView, hour: datetime, now_local: datetime, catalog: Catalog) -> Buttons:
    """Every five minutes of an hour; those that are past are empty."""
    times = [hour + timedelta(minutes=minute) for minute in range(0, 60, 5)]
    shown = [
        (catalog.clock(one), data(drop, "at", f"{one:%Y%m%d%H%M}")) if one > now_local else (BLANK, NOTHING)
        for one in times
    ]
    rows = [shown[at : at + 4] for at in range(0, 12, 4)]
    rows = [row for row in rows if any(target != NOTHING for _, target in row)]
    return [*rows, [(("‹ " + catalog.gettext("Back")), data(drop, "day", f"{hour:%Y%m%d}"))]]


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]


def render_type(catalog: Catalog) -> str:
    """Type a time."""
    return "\n".join(
        [
            bold(catalog.gettext("Type the time")),
            catalog.gettext("For example: {examples}").format(examples=EXAMPLES[catalog.language]),
        ]
    )


def render_not_taken(text: str, said: Said | None, now_local: datetime, catalog: Catalog) -> str:
    """Why a typed time cannot be taken."""
    if said is None:
        return _unread(text, catalog)
    return _far(said, now_local, catalog) if said.is_far(now_local) else render_past(said, now_local, catalog)


def _unread(text: str, catalog: Catalog) -> str:
    """A typed time was not understood; nothing was changed."""
    return "\n".join(
        [
            bold(catalog.gettext("“{text}” is no time that I can read").format(text=escape(ellipsis(text, 40)))),
            catalog.gettext("Nothing was changed. For example: {examples}").format(examples=EXAMPLES[catalog.language]),
        ]
    )


def render_past(said: Said, now_local: datetime, catalog: Catalog) -> str:
    """A time or day that is over; nothing was changed."""
    head = catalog.gettext("{time} is past").format(time=_named(said, now_local, catalog))
    advice = catalog.gettext("Nothing was changed. Type a time to come, for example: {examples}")
    return "\n".join([bold(head), advice.format(examples=EXAMPLES[catalog.language])])


def _far(said: Said, now_local: datetime, catalog: Catalog) -> str:
    """A time too far ahead; nothing was changed."""
    head = catalog.gettext("{time} is more than two years ahead").format(time=_named(said, now_local, catalog))
    advice = catalog.gettext("Nothing was changed. Type a nearer time, for example: {examples}")
    return "\n".join([bold(head), advice.format(examples=EXAMPLES[catalog.language])])


def _named(said: Said, now_local: datetime, catalog: Catalog) -> str:
    day = said.local.date()
    return full_time(said.local, now_local, catalog) if said.has_time else catalog.days(day, day, now_local.date())


def render_read_back(
    local: datetime, prospect: Prospect, found: Sequence[Objection], hope: Hope | None, catalog: Catalog
) -> str:
    """Tue 1 Dec 20:30, in 7 days. Right?"""
    now_local = prospect.now_local
    time = full_time(local, now_local, catalog)
    if any(one.kind == "past" for one in found):
        return render_past(Said(local, True), now_local, catalog)
    lines = [
        bold(catalog.gettext("{time}, {ahead}. Right?").format(time=time, ahead=ahead_words(local, now_local, catalog)))
    ]
    if hope is not None:
        lines.append(hope_words(hope, catalog)[:1].upper() + hope_words(hope, catalog)[1:])
    if prospect.drop.repeat is not None and prospect.drop.state != State.DRAFT:
        lines.append(catalog.gettext("Only this one moves; the series keeps its times."))
    lines += [f"⚠ {line}" for line in render_objections(found, prospect.rules, catalog)]
    return "\n".join(lines)


def full_time(local: datetime, now_local: datetime, catalog: Catalog) -> str:
    """Tue 1 Dec 20:30: always with its date, so that nobody mistakes it."""
    named = catalog.days(local.date(), local.date(), now_local.date())
    weekday = catalog.weekday(local.date())
    return (
        f"{named}{weekday} {catalog.clock(local)}"
        if catalog.is_chinese
        else f"{weekday} {named} {catalog.clock(local)}"
    )


def read_back_buttons(drop: DropView, local: datetime, found: Sequence[Objection], catalog: Catalog) -> Buttons:
    """Yes, or type it again."""
    rows: Buttons = []
    if not any(one.kind == "past" for one in found):
        yes = catalog.gettext("Yes, all the same") if found else catalog.gettext("Yes, that is it")
        rows.append([(yes, data(drop, "sure", f"{local:%Y%m%d%H%M}"))])
    rows.append(
        [(catalog.gettext("Type another"), data(drop, "type")), (catalog.gettext("Choose"), data(drop, "when"))]
    )
    return [*rows, [back_button(drop, catalog)]]
