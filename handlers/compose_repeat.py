"""The buttons that choose how often a drop comes again."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from handlers.making import Making, Shown
from peakdrop.composing import Awaits, set_repeat
from peakdrop.drops import Outcome
from peakdrop.local_times import local_of
from peakdrop.repeats import BadCron, check_cron
from peakdrop.said_times import read_said
from rendering import compose_repeat as words
from rendering.compose import back_button
from storage.drop_content import WEEKDAYS, Repeat

MOST_DAYS = 365


async def repeat(making: Making, _args: list[str]) -> Shown:
    """The kinds of repetition."""
    prospect = await making.prospect()
    return Shown(words.render_repeat(prospect, making.catalog), words.repeat_buttons(making.drop, making.catalog))


async def kind(making: Making, args: list[str]) -> Shown:
    """A kind was pressed: some count at once, others ask for more."""
    if args[0] == "every":
        return Shown(words.render_every(making.catalog), words.every_buttons(making.drop, making.catalog), Awaits.EVERY)
    if args[0] == "cron":
        return Shown(words.render_cron(making.catalog), [[_back(making)]], Awaits.CRON)
    if args[0] == "weekly":
        return await _weekly(making)
    simple = {"once": None, "daily": _new(making), "weekdays": _new(making, days=WEEKDAYS)}
    making, pop_up = await _keep(making, simple[args[0]])
    return await repeat(making, []) if pop_up is None else await _refused(making, pop_up)


def _new(making: Making, **values: object) -> Repeat:
    """A repetition from today on; an end that was set stays."""
    until = making.drop.repeat.until if making.drop.repeat is not None else None
    return Repeat(first=local_of(making.now, making.timezone).date(), until=until, **values)  # type: ignore[arg-type]


async def _weekly(making: Making) -> Shown:
    """Weekly begins with the weekday that the drop has."""
    if making.drop.repeat is None or not making.drop.repeat.days:
        prospect = await making.prospect()
        first = prospect.at_local or prospect.now_local
        making, pop_up = await _keep(making, _new(making, days=(first.weekday(),)))
        if pop_up is not None:
            return await _refused(making, pop_up)
    return await _weekdays(making)


async def _weekdays(making: Making, pop_up: str | None = None) -> Shown:
    prospect = await making.prospect()
    text = words.render_weekdays(prospect, making.catalog)
    return Shown(text, words.weekday_buttons(making.drop, making.catalog), pop_up=pop_up)


async def weekday(making: Making, args: list[str]) -> Shown:
    """A weekday was switched; the last one stays."""
    days = {*making.drop.repeat.days} if making.drop.repeat is not None else set()
    days ^= {int(args[0])}
    if not days:
        return await _weekdays(making)
    making, pop_up = await _keep(making, _new(making, days=tuple(sorted(days))))
    return await _weekdays(making, pop_up)


async def every(making: Making, args: list[str]) -> Shown:
    """A number of days was pressed."""
    return await _every(making, int(args[0]))


async def typed_every(making: Making, text: str) -> Shown:
    """A number of days was typed."""
    number = int(text) if text.isdecimal() and len(text) < 4 else 0
    if not 1 <= number <= MOST_DAYS:
        refusal = words.render_bad_number(text, making.catalog)
        return Shown(refusal, words.every_buttons(making.drop, making.catalog), Awaits.EVERY, is_refusal=True)
    return await _every(making, number)


async def _every(making: Making, number: int) -> Shown:
    making, pop_up = await _keep(making, _new(making, every=number))
    return await repeat(making, []) if pop_up is None else await _refused(making, pop_up)


async def typed_cron(making: Making, text: str) -> Shown:
    """A cron rule was typed."""
    try:
        cron = check_cron(text)
    except BadCron:
        refusal = words.render_bad_cron(text, making.catalog)
        return Shown(refusal, [[_back(making)]], Awaits.CRON, is_refusal=True)
    making, pop_up = await _keep(making, _new(making, cron=cron))
    return await repeat(making, []) if pop_up is None else await _refused(making, pop_up)


async def until(making: Making, _args: list[str]) -> Shown:
    """Ask for the end."""
    if making.drop.repeat is None:
        return await repeat(making, [])
    text = words.render_until(making.drop.repeat, making.catalog)
    return Shown(text, words.until_buttons(making.drop, making.catalog), Awaits.UNTIL)


async def weeks(making: Making, args: list[str]) -> Shown:
    """An end so many weeks from today was pressed, or none."""
    today = local_of(making.now, making.timezone).date()
    return await _until(making, today + timedelta(weeks=int(args[0])) if args[0] != "0" else None)


async def typed_until(making: Making, text: str) -> Shown:
    """An end was typed."""
    said = read_said(text, local_of(making.now, making.timezone))
    if said is None or making.drop.repeat is None:
        shown = await until(making, [])
        return Shown(words.render_bad_day(text, making.catalog), shown.buttons, shown.awaits, is_refusal=True)
    return await _until(making, said.local.date())


async def _until(making: Making, day: date | None) -> Shown:
    if making.drop.repeat is None:
        return await repeat(making, [])
    making, pop_up = await _keep(making, replace(making.drop.repeat, until=day))
    return await repeat(making, []) if pop_up is None else await _refused(making, pop_up)


async def _keep(making: Making, wanted: Repeat | None) -> tuple[Making, str | None]:
    """Keep a repetition; or why not, for a pop-up."""
    making, outcome = await making.write(
        lambda session: set_repeat(session, making.drop, making.by, wanted, making.timezone, making.now)
    )
    return making, None if outcome is Outcome.DONE else words.render_no_repeat(outcome, making.catalog)


async def _refused(making: Making, pop_up: str) -> Shown:
    shown = await repeat(making, [])
    return Shown(shown.text, shown.buttons, pop_up=pop_up)


def _back(making: Making) -> tuple[str, str]:
    return back_button(making.drop, making.catalog, "repeat")
