"""The screens on which it is chosen how often a drop comes again."""

from __future__ import annotations

from peakdrop.drops import Outcome
from peakdrop.prospects import Prospect
from rendering.catalog import Catalog, bold, escape
from rendering.compose import Buttons, back_button, data, when_words
from rendering.drop_words import repeat_words
from storage.drop_content import Repeat
from storage.drops import DropView

CRON_EXAMPLE = "0 20 * * 1,4"


def render_repeat(prospect: Prospect, catalog: Catalog) -> str:
    """How often it comes, and when first."""
    drop = prospect.drop
    lines = [bold(catalog.gettext("How often?"))]
    lines.append(catalog.gettext("Now: {repeat}").format(repeat=repeat_words(drop.repeat, catalog)))
    if drop.repeat is not None:
        lines.append(catalog.gettext("Next: {time}").format(time=when_words(prospect, catalog)))
        if drop.repeat.at is None and drop.repeat.cron is None:
            lines.append(catalog.gettext("Each day's peak is chosen when the day is near."))
    return "\n".join(lines)


def repeat_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """The kinds, the one in force marked; then until when."""
    kind = drop.repeat.kind if drop.repeat is not None else "once"
    words = {
        "once": catalog.gettext("Once"),
        "daily": catalog.gettext("Every day"),
        "weekdays": catalog.gettext("Mon to Fri"),
        "weekly": catalog.gettext("Weekly…"),
        "every": catalog.gettext("Every n days…"),
        "cron": catalog.gettext("By cron…"),
    }
    shown = [(f"·{label}·" if name == kind else label, data(drop, "rep", name)) for name, label in words.items()]
    rows = [shown[at : at + 2] for at in range(0, len(shown), 2)]
    if drop.repeat is not None:
        label = catalog.gettext("Until when…")
        rows.append([(f"✓ {label}" if drop.repeat.until else label, data(drop, "until"))])
    return [*rows, [back_button(drop, catalog)]]


def render_weekdays(prospect: Prospect, catalog: Catalog) -> str:
    """On which weekdays?"""
    when = catalog.gettext("Next: {time}").format(time=when_words(prospect, catalog))
    return "\n".join([bold(catalog.gettext("On which days?")), when])


def weekday_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """The seven weekdays, the chosen ones marked."""
    days = drop.repeat.days if drop.repeat is not None else ()
    shown = []
    for day in range(7):
        name = catalog.weekday_at(day)
        shown.append((f"✓ {name}" if day in days else name, data(drop, "wd", day)))
    return [shown[:4], shown[4:], [back_button(drop, catalog, "repeat")]]


def render_every(catalog: Catalog) -> str:
    """Every how many days?"""
    hint = catalog.gettext("Press one, or type a number (1 to 365).")
    return "\n".join([bold(catalog.gettext("Every how many days?")), hint])


def every_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Usual numbers of days."""
    now = drop.repeat.every if drop.repeat is not None and drop.repeat.kind == "every" else 0
    numbers = (2, 3, 4, 7, 10, 14, 30)
    shown = [(f"·{n}·" if n == now else str(n), data(drop, "every", n)) for n in numbers]
    return [shown, [back_button(drop, catalog, "repeat")]]


def render_cron(catalog: Catalog) -> str:
    """Type a cron rule."""
    example = f"<code>{CRON_EXAMPLE}</code>"
    return "\n".join(
        [
            bold(catalog.gettext("Type a cron rule")),
            catalog.gettext("Five fields: minute, hour, day, month, weekday. {example} is Mon and Thu 20:00.").format(
                example=example
            ),
        ]
    )


def render_until(repeat: Repeat, catalog: Catalog) -> str:
    """Until when does it go on?"""
    now = catalog.gettext("no end") if repeat.until is None else catalog.days(repeat.until, repeat.until)
    return "\n".join(
        [
            bold(catalog.gettext("Until when?")),
            catalog.gettext("Now: {repeat}").format(repeat=now),
            catalog.gettext("Press one, or type the last day (for example {example}).").format(
                example="12月31日" if catalog.is_chinese else "31 Dec"
            ),
        ]
    )


def until_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """No end, or so many weeks from now."""
    weeks = [
        (catalog.ngettext("{n} week", "{n} weeks", n).format(n=n), data(drop, "weeks", n)) for n in (1, 2, 4, 8, 12)
    ]
    return [
        [(catalog.gettext("No end"), data(drop, "weeks", 0)), *weeks[:2]],
        weeks[2:],
        [back_button(drop, catalog, "repeat")],
    ]


def render_no_repeat(outcome: Outcome, catalog: Catalog) -> str:
    """A repetition that never comes was refused; nothing was changed."""
    if outcome is Outcome.NO_PEAK:
        return catalog.gettext("The rules leave no time on these days; nothing was changed. See /schedule.")
    return catalog.gettext("It would never come; nothing was changed. Choose a later end.")


def render_bad_number(text: str, catalog: Catalog) -> str:
    """A number of days that is none."""
    return catalog.gettext("“{text}” is no number from 1 to 365. Nothing was changed.").format(text=escape(text[:20]))


def render_bad_cron(text: str, catalog: Catalog) -> str:
    """A cron rule that cannot be read."""
    return catalog.gettext("“{text}” is no cron rule that ever comes. Nothing was changed.").format(
        text=escape(text[:40])
    )


def render_bad_day(text: str, catalog: Catalog) -> str:
    """A last day that cannot be read."""
    return catalog.gettext("“{text}” is no day that I can read. Nothing was changed.").format(text=escape(text[:40]))
