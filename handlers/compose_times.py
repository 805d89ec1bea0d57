"""The buttons that choose a drop's time, and typed times, which are read back before they count."""

from __future__ import annotations

from datetime import date, datetime

from handlers.making import Making, Shown, main_screen
from peakdrop.composing import Awaits, set_time
from peakdrop.drops import Outcome
from peakdrop.local_times import local_of, moment_of
from peakdrop.prospects import best_hours, busy_days, look_at, peaks
from peakdrop.said_times import read_said
from peakdrop.time_reasons import explain_drop
from rendering import compose_times as words
from rendering.compose import back_button, render_gone
from rendering.hopes import render_reasons
from rendering.objections import render_problem
from storage.drops import State

OFFERED = 4  # the peak and the three next best times


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M")  # noqa: DTZ007 - a wall time


async def when(making: Making, _args: list[str]) -> Shown:
    """The best times, the calendar, a typed one."""
    prospect = await making.prospect()
    best = await making.read(peaks, OFFERED)
    buttons = words.when_buttons(prospect, best, making.catalog)
    return Shown(words.render_when(prospect, making.catalog), buttons, Awaits.TIME)


async def why(making: Making, args: list[str]) -> Shown:
    """Why the drop's time was chosen."""
    reasons = await making.read(explain_drop, _moment(args[0]))
    text = render_reasons(reasons, local_of(making.now, making.timezone), making.catalog)
    return Shown(text, [[back_button(making.drop, making.catalog, "when")]], Awaits.TIME)


async def month(making: Making, args: list[str]) -> Shown:
    """A month of days."""
    year, number = map(int, args[0].split("-"))
    prospect = await making.prospect()
    busy = await making.read(busy_days)
    chosen = prospect.at_local.date() if prospect.at_local is not None else None
    today = prospect.now_local.date()
    buttons = words.month_buttons(making.drop, date(year, number, 1), today, busy, chosen, making.catalog)
    return Shown(words.render_month(making.catalog), buttons, Awaits.TIME)


async def day(making: Making, args: list[str]) -> Shown:
    """The hours of a day."""
    return await hours_of(making, datetime.strptime(args[0], "%Y%m%d").date())  # noqa: DTZ007 - a wall time


async def hours_of(making: Making, chosen: date) -> Shown:
    """The hours of a day, where members are most with a star."""
    now_local = local_of(making.now, making.timezone)
    best = await making.read(best_hours)
    text = words.render_hours(chosen, now_local.date(), making.catalog, best=best)
    return Shown(text, words.hour_buttons(making.drop, chosen, now_local, best, making.catalog), Awaits.TIME)


async def hour(making: Making, args: list[str]) -> Shown:
    """The minutes of an hour."""
    now_local, chosen = local_of(making.now, making.timezone), _moment(args[0] + "00")
    text = words.render_minutes(chosen, now_local, making.catalog)
    return Shown(text, words.minute_buttons(making.drop, chosen, now_local, making.catalog), Awaits.TIME)


async def type_(making: Making, _args: list[str]) -> Shown:
    """Ask for a typed time."""
    back = [[back_button(making.drop, making.catalog, "when")]]
    return Shown(words.render_type(making.catalog), back, Awaits.TIME)


async def typed(making: Making, text: str) -> Shown:
    """A typed time, read back; a day alone asks for its hour."""
    now_local = local_of(making.now, making.timezone)
    said = read_said(text, now_local)
    if said is None or said.is_past(now_local) or said.is_far(now_local):
        back = [[back_button(making.drop, making.catalog, "when")]]
        return Shown(words.render_not_taken(text, said, now_local, making.catalog), back, Awaits.TIME, is_refusal=True)
    if not said.has_time:
        return await hours_of(making, said.local.date())
    return await read_back(making, local_of(moment_of(said.local, making.timezone), making.timezone))


async def read_back(making: Making, local: datetime) -> Shown:
    """A time as it was understood, and what speaks against it."""
    prospect = await making.prospect()
    found, hope = await making.read(look_at, local)
    text = words.render_read_back(local, prospect, found, hope, making.catalog)
    return Shown(text, words.read_back_buttons(making.drop, local, found, making.catalog), Awaits.TIME)


async def at(making: Making, args: list[str]) -> Shown:
    """A time was pressed: a draft takes it; what is in the queue is asked about first."""
    if making.drop.state == State.DRAFT:
        return await _set(making, _moment(args[0]))
    return await read_back(making, _moment(args[0]))


async def sure(making: Making, args: list[str]) -> Shown:
    """A time that was read back is right."""
    return await _set(making, _moment(args[0]))


async def peak(making: Making, _args: list[str]) -> Shown:
    """The peak decides."""
    return await _set(making, None)


async def _set(making: Making, local: datetime | None) -> Shown:
    making, outcome = await making.write(
        lambda session: set_time(session, making.drop, making.by, local, making.timezone, making.now)
    )
    return await main_screen(making, refused(making, outcome))


def refused(making: Making, outcome: Outcome) -> str | None:
    """Why a change was not made, for a pop-up; None where it was."""
    if outcome is Outcome.GONE:
        return render_gone(making.catalog)
    return None if outcome is Outcome.DONE else render_problem(outcome, making.catalog)
