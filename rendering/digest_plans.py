"""Words of the screen on which a digest's times and readers are set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from peakdrop.digest_plans import MORNING, PlanReport
from rendering.catalog import Catalog, bold, ellipsis, escape, italic
from rendering.drop_words import day_words, zone_words
from storage.digests import Every, PlanView

Buttons = list[list[tuple[str, str]]]
HOURS = (8, 9, 12, 18, 20, 21)
NAMES, NAME_WIDTH = 4, 20


def render_plan(
    report: PlanReport, names: Sequence[str], title: str, timezone: str, now_local: datetime, catalog: Catalog
) -> str:
    """When the digest comes and to whom; `names` are those who read it in private."""
    lines = [bold(catalog.gettext("Digest")) + f" · {escape(title)}"]
    plan = report.plan
    if plan is None or report.next_local is None:
        lines.append(
            catalog.gettext(
                "What happened, the best drop, who is new, and what to post next. It comes when you choose:"
            )
        )
    else:
        lines.append(bold(plan_words(plan, catalog)))
        lines.append(catalog.gettext("To: {readers}").format(readers=_readers(plan, names, catalog)))
        when = f"{day_words(report.next_local.date(), now_local.date(), catalog)} {catalog.clock(report.next_local)}"
        lines.append(catalog.gettext("Next: {when}").format(when=when))
    text, zone = catalog.gettext("{zone} time. Or type: {example}"), zone_words(timezone, now_local, catalog)
    lines.append(italic(text.format(zone=zone, example=f"<code>/digest {_examples(catalog)[0]}</code>")))
    return "\n".join(lines)


def _examples(catalog: Catalog) -> tuple[str, str, str]:
    """Plans as they may be typed."""
    return ("每周一 09:00", "每天 9点", "关") if catalog.is_chinese else ("weekly mon 09:00", "daily 9:00", "off")


def plan_words(plan: PlanView, catalog: Catalog) -> str:
    """Every day 09:00; weekly, Mon 09:00."""
    time = f"{plan.minute // 60:02}:{plan.minute % 60:02}"
    if plan.every is Every.DAY:
        return catalog.gettext("Every day at {time}").format(time=time)
    return catalog.gettext("Every {weekday} at {time}").format(weekday=catalog.weekday_at(plan.weekday), time=time)


def _readers(plan: PlanView, names: Sequence[str], catalog: Catalog) -> str:
    """The group, Ann, Bob; nobody yet."""
    shown = [escape(ellipsis(name, NAME_WIDTH)) for name in names[:NAMES]]
    found = [*([catalog.gettext("the group")] if plan.to_group else []), *shown]
    if len(names) > NAMES:
        found.append(f"+{len(names) - NAMES}")
    return ("、" if catalog.is_chinese else ", ").join(found) or catalog.gettext("nobody yet; choose below")


def plan_buttons(report: PlanReport, community_id: int, person_id: int, catalog: Catalog) -> Buttons:
    """How often, on which day, at which hour, to whom; what is in force is marked."""
    plan = report.plan

    def button(label: str, what: str, chosen: bool = False) -> tuple[str, str]:
        return (f"·{label}·" if chosen else label, f"digest:{what.replace('#', str(community_id))}")

    every = None if plan is None else plan.every
    rows = [
        [
            button(catalog.gettext("Weekly"), f"every:#:{int(Every.WEEK)}", every is Every.WEEK),
            button(catalog.gettext("Daily"), f"every:#:{int(Every.DAY)}", every is Every.DAY),
            button(catalog.gettext("Off"), "every:#:0", every is None),
        ]
    ]
    if plan is not None:
        days = [button(catalog.weekday_at(day), f"day:#:{day}", day == plan.weekday) for day in range(7)]
        rows += [days[:4], days[4:]] if every is Every.WEEK else []
        hours = [button(f"{hour:02}:00", f"at:#:{hour * 60}", hour * 60 == plan.minute) for hour in HOURS]
        rows += [hours[:3], hours[3:]]
        group, me = catalog.gettext("To the group"), catalog.gettext("To me")
        reads = person_id in report.readers
        rows.append(
            [
                button(f"✓ {group}" if plan.to_group else group, "group:#"),
                button(f"✓ {me}" if reads else me, "me:#"),
            ]
        )
    return [*rows, [button(catalog.gettext("Digest now"), "now:#")]]


def render_set(report: PlanReport, now_local: datetime, catalog: Catalog, *, in_group: bool, reads: bool) -> str:
    """It was typed and is in force."""
    plan = report.plan
    if plan is None or report.next_local is None:
        return catalog.gettext("No digest comes any more. /digest still sends one at once.")
    when = f"{day_words(report.next_local.date(), now_local.date(), catalog)} {catalog.clock(report.next_local)}"
    said = catalog.gettext("{plan} a digest comes; the next one: {when}.").format(
        plan=bold(plan_words(plan, catalog)), when=when
    )
    if not in_group:
        return said
    more = (
        catalog.gettext("This group gets what is for all; managers the whole of it in private.")
        if reads
        else catalog.gettext("This group gets what is for all; managers who ask me /digest in private get the whole.")
    )
    return f"{said}\n{more}"


def render_unreadable_plan(text: str, catalog: Catalog) -> str:
    """What was typed after /digest was not understood."""
    examples = "\n".join(f"<code>/digest {one}</code>" for one in _examples(catalog))
    words = catalog.gettext("I do not understand “{text}”; nothing was changed. For example:")
    return f"{words.format(text=escape(ellipsis(text, 40)))}\n{examples}"


def render_managers_digest(catalog: Catalog) -> str:
    """Somebody who is no manager asked for the whole digest, or for its settings."""
    return catalog.gettext("That is for the group's managers.")


def settings_button(catalog: Catalog) -> str:
    """Opens the screen with its times and readers."""
    return catalog.gettext("When and to whom")


def from_minute(minute: int) -> int:
    """A minute of the day that a button may ask for; anything else is the morning."""
    return minute if 0 <= minute < 24 * 60 else MORNING
