"""Words about what speaks against a time: why, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from peakdrop.drops import Outcome
from peakdrop.posting import Objection
from rendering.catalog import Catalog
from rendering.drop_words import weekday_words
from storage.posting_rules import Rules


def minute_words(minute: int) -> str:
    """23:00 for minutes after midnight."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def render_objections(found: Sequence[Objection], rules: Rules, catalog: Catalog) -> list[str]:
    """A line for each objection."""
    return [_line(one, rules, catalog) for one in found]


def _line(one: Objection, rules: Rules, catalog: Catalog) -> str:
    if one.kind == "quiet" and rules.quiet_from is not None and rules.quiet_to is not None:
        return catalog.gettext("In the quiet hours ({start}–{end}). Take another time.").format(
            start=minute_words(rules.quiet_from), end=minute_words(rules.quiet_to)
        )
    if one.kind == "too_near":
        return catalog.gettext("Too near drop {number}: {gap} min apart is the rule. Take another time.").format(
            number=one.other, gap=catalog.number(rules.gap_minutes)
        )
    if one.kind == "too_many":
        return catalog.gettext("That day has its {n} drops already. Take another day.").format(
            n=catalog.number(rules.most_a_day)
        )
    if one.kind == "blocked":
        days = weekday_words(rules.blocked_days, catalog)
        return catalog.gettext("Nothing is posted on these days: {days}. Take another day.").format(days=days)
    return catalog.gettext("That time is past. Take another time.")


def render_problem(problem: Outcome, catalog: Catalog) -> str:
    """Why no time can be told."""
    if problem is Outcome.NO_PEAK:
        return catalog.gettext("The rules leave no time in the next 7 days. Name a time, or see /schedule.")
    if problem is Outcome.NO_TIME:
        return catalog.gettext("Choose a time first.")
    return catalog.gettext("That time is past. Take another time.")


def remark_name(kind: str, catalog: Catalog) -> str:
    """What was warned of, in two or three words: an objection of the rules, or a warning of the lint."""
    names = {
        "past": catalog.gettext("a time that is past"),
        "quiet": catalog.gettext("the quiet hours"),
        "blocked": catalog.gettext("a blocked day"),
        "too_near": catalog.gettext("too near another drop"),
        "too_many": catalog.gettext("too many drops that day"),
        "label": catalog.gettext("no label on paid content"),
        "absolute": catalog.gettext("absolute claims"),
        "medical": catalog.gettext("the promise of a cure"),
        "promise": catalog.gettext("the promise of a gain"),
        "dead_link": catalog.gettext("a dead link"),
        "many_links": catalog.gettext("many links"),
        "expired": catalog.gettext("an offer that has ended by then"),
        "same": catalog.gettext("a near repeat"),
    }
    return names.get(kind, kind)
