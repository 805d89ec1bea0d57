"""Words of /schedule: a group's posting rules and how they are changed."""

from __future__ import annotations

from datetime import datetime

from peakdrop.rule_changes import EXPLORED, GAPS, MOST, NEXT, QUIET, SAME
from rendering.catalog import Catalog, bold, ellipsis, escape, italic
from rendering.drop_words import weekday_words, zone_words
from storage.posting_rules import Rules

Buttons = list[list[tuple[str, str]]]


def render_rules(rules: Rules, title: str, timezone: str, now_local: datetime, catalog: Catalog) -> str:
    """All rules of a group, a line each."""
    lines = [bold(catalog.gettext("When drops may go out")) + f" · {escape(title)}"]
    lines += [f"{name}{_colon(catalog)}{bold(value)}" for name, value in _rows(rules, catalog)]
    zone = zone_words(timezone, now_local, catalog)
    lines.append(italic(catalog.gettext("{zone} time. Press a rule to change it.").format(zone=zone)))
    return "\n".join(lines)


def _colon(catalog: Catalog) -> str:
    return "：" if catalog.is_chinese else ": "


def _rows(rules: Rules, catalog: Catalog) -> list[tuple[str, str]]:
    names = rule_names(catalog)
    return [
        (names["quiet"], _quiet(rules.quiet_from, rules.quiet_to, catalog)),
        (names["day"], weekday_words(rules.blocked_days, catalog) or catalog.gettext("none")),
        (names["gap"], _gap(rules.gap_minutes, catalog)),
        (names["most"], _most(rules.most_a_day, catalog)),
        (names["slots"], " · ".join(rules.slots) or catalog.gettext("any quarter hour")),
        (names["tries"], _tries(rules.explored_percent, catalog)),
        (names["same"], _same(rules.same_within_days, catalog)),
        (names["approval"], catalog.gettext("needed") if rules.needs_approval else catalog.gettext("not needed")),
        (names["next"], _next(rules.next_shown, catalog)),
    ]


def rule_names(catalog: Catalog) -> dict[str, str]:
    """What each rule is called, on its line and its button."""
    return {
        "quiet": catalog.gettext("Quiet hours"),
        "day": catalog.gettext("Never on"),
        "gap": catalog.gettext("Least gap"),
        "most": catalog.gettext("Most a day"),
        "slots": catalog.gettext("Fixed times"),
        "tries": catalog.gettext("To learn"),
        "same": catalog.gettext("Warn of repeats"),
        "approval": catalog.gettext("Editors' approval"),
        "next": catalog.gettext("/next shows"),
        "words": catalog.gettext("Words in /next"),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _quiet(start: int | None, end: int | None, catalog: Catalog) -> str:
    if start is None or end is None:
        return catalog.gettext("none")
    return f"{_clock(start)}–{_clock(end)}"


def _gap(minutes: int, catalog: Catalog) -> str:
    if not minutes:
        return catalog.gettext("none")
    if minutes % 60:
        return catalog.gettext("{n} min").format(n=minutes)
    return catalog.gettext("{n} h").format(n=minutes // 60)


def _most(count: int, catalog: Catalog) -> str:
    return catalog.number(count) if count else catalog.gettext("no limit")


def _same(days: int, catalog: Catalog) -> str:
    if not days:
        return catalog.gettext("never")
    return catalog.gettext("within {n} days").format(n=catalog.number(days))


def _tries(percent: int, catalog: Catalog) -> str:
    if not percent:
        return catalog.gettext("never")
    return catalog.gettext("{share} of drops").format(share=catalog.whole_percent(percent))


def _next(count: int, catalog: Catalog) -> str:
    if not count:
        return catalog.gettext("nothing")
    return catalog.ngettext("{n} coming drop", "{n} coming drops", count).format(n=catalog.number(count))


def rules_buttons(community_id: int, catalog: Catalog) -> Buttons:
    """A button for each rule, two a row."""
    found = [(name, f"rules:ask-{key}:{community_id}") for key, name in rule_names(catalog).items()]
    rows = [found[at : at + 2] for at in range(0, len(found), 2)]
    return [*rows, [(catalog.gettext("‹ Queue"), f"queue:page:{community_id}:0")]]


def render_rule(key: str, rules: Rules, catalog: Catalog) -> str:
    """One rule: what it does, and how it may be typed."""
    words = {
        "quiet": catalog.gettext("In quiet hours nothing goes out. Choose, or type: {example}"),
        "day": catalog.gettext("Days on which nothing goes out. Press to switch."),
        "gap": catalog.gettext("The least time between two drops."),
        "most": catalog.gettext("So many drops a day at the most."),
        "slots": catalog.gettext("Peaks are then looked for at these times only. Type them: {example}"),
        "tries": catalog.gettext(
            "So many of the drops at a peak try a promising hour that is little known, so that your peaks are learned."
        ),
        "same": catalog.gettext("A drop that was posted before is warned of for so long."),
        "approval": catalog.gettext("Whether an editor's drop waits until a manager approves it."),
        "next": catalog.gettext("How many coming drops members see by /next."),
        "words": catalog.gettext("Whether /next tells how a coming drop begins, or only when it comes and its kind."),
    }
    examples = {"quiet": "/schedule quiet 23:00-08:00", "slots": "/schedule slots 9:00 12:30 20:30"}
    example = f"<code>{examples.get(key, '')}</code>"
    return f"{bold(rule_names(catalog)[key])}\n{words[key].format(example=example)}"


def rule_buttons(key: str, rules: Rules, community_id: int, catalog: Catalog) -> Buttons:
    """The choices of a rule, the one in force marked."""
    rows = [
        [(f"·{label}·" if chosen else label, f"rules:set-{key}:{community_id}:{value}") for label, value, chosen in row]
        for row in _choices(key, rules, catalog)
    ]
    return [*rows, [(catalog.gettext("‹ Rules"), f"rules:show:{community_id}")]]


def _choices(key: str, rules: Rules, catalog: Catalog) -> list[list[tuple[str, int, bool]]]:
    if key == "quiet":
        now = (rules.quiet_from, rules.quiet_to)
        spans = [(_quiet(*span, catalog), n, span == now) for n, span in enumerate(QUIET)]
        return [spans[:2], spans[2:]]
    if key == "day":
        days = [(weekday_words((day,), catalog), day, day in rules.blocked_days) for day in range(7)]
        return [days[:4], days[4:]]
    if key == "slots":
        return [[(catalog.gettext("any quarter hour"), 0, not rules.slots)]]
    if key == "approval":
        return [
            [
                (catalog.gettext("needed"), 1, rules.needs_approval),
                (catalog.gettext("not needed"), 0, not rules.needs_approval),
            ]
        ]
    if key == "words":
        shown_, left = catalog.gettext("shown"), catalog.gettext("left out")
        return [[(shown_, 1, rules.next_words), (left, 0, not rules.next_words)]]
    numbers = {"gap": (GAPS, rules.gap_minutes, _gap), "most": (MOST, rules.most_a_day, _most)}
    numbers |= {"tries": (EXPLORED, rules.explored_percent, _tries)}
    numbers |= {"same": (SAME, rules.same_within_days, _same), "next": (NEXT, rules.next_shown, _next)}
    values, now_, shown = numbers[key]
    found = [(shown(value, catalog), value, value == now_) for value in values]
    return [found[at : at + 3] for at in range(0, len(found), 3)]


def render_unreadable(text: str, key: str, catalog: Catalog) -> str:
    """What was typed is no such rule; nothing was changed."""
    examples = {"quiet": "/schedule quiet 23:00-08:00", "slots": "/schedule slots 9:00 12:30 20:30"}
    return catalog.gettext("I cannot read “{text}”; nothing was changed. Type it like {example}.").format(
        text=escape(ellipsis(text, 40)), example=f"<code>{examples[key]}</code>"
    )


def unreadable_buttons(community_id: int, catalog: Catalog) -> Buttons:
    """All rules, where each has its choices."""
    return [[(catalog.gettext("Rules"), f"rules:show:{community_id}")]]


def render_managers_rules(catalog: Catalog) -> str:
    """Rules are for managers to change."""
    return catalog.gettext("Only managers change the rules.")
