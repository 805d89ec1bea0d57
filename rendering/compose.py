"""The screen on which a drop is made: what it is, where, when, and how it is posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peakdrop.composing import Attempt
from peakdrop.drops import Outcome
from peakdrop.prospects import Prospect
from rendering.catalog import Catalog, bold, escape, italic
from rendering.delivery import deed_label
from rendering.drop_words import drop_title, repeat_words, short_time, time_words, zone_words
from rendering.hopes import hope_words
from rendering.lint import render_warnings
from rendering.objections import render_objections, render_problem
from storage.drop_content import DropButton
from storage.drops import COMING, DropView, State

Buttons = list[list[tuple[str, str]]]
LABEL_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Maker:
    """Who sees a screen, in which zone: a manager decides, an editor proposes."""

    is_manager: bool
    timezone: str


def data(drop: DropView, verb: str, *more: object) -> str:
    """What a button of a drop's screen sends."""
    return ":".join(["drop", verb, str(drop.community_id), str(drop.number), *map(str, more)])


def back_button(drop: DropView, catalog: Catalog, to: str = "open") -> tuple[str, str]:
    """The way back, always the last row."""
    return ("‹ " + catalog.gettext("Back"), data(drop, to))


def render_screen(prospect: Prospect, maker: Maker, catalog: Catalog) -> str:
    """A drop, a line each: what is as usual is left out."""
    drop = prospect.drop
    lines = [bold(_heading(drop, catalog)), drop_title(drop.content, catalog), ""]
    lines.append(catalog.gettext("Where: {place}").format(place=bold(target_words(prospect, catalog))))
    lines.append(catalog.gettext("When: {time}").format(time=when_words(prospect, catalog)))
    if drop.repeat is not None:
        lines.append(catalog.gettext("Repeats: {repeat}").format(repeat=repeat_words(drop.repeat, catalog)))
    lines += _details(drop, catalog)
    remarks = marked_remarks(prospect, catalog)
    lines += ["", *remarks] if remarks else []
    lines += ["", italic(_clock(prospect, maker, catalog))]
    return "\n".join(lines)


def _heading(drop: DropView, catalog: Catalog) -> str:
    number = catalog.number(drop.number)
    words = {
        State.DRAFT: catalog.gettext("Post this?"),
        State.PROPOSED: catalog.gettext("Drop {number} · waits for approval"),
        State.SCHEDULED: catalog.gettext("Drop {number} · scheduled"),
        State.PAUSED: catalog.gettext("Drop {number} · paused"),
        State.FAILED: catalog.gettext("Drop {number} · could not be posted"),
    }
    return words[drop.state].format(number=number)


def target_words(prospect: Prospect, catalog: Catalog) -> str:
    """The group and its topic, or the channel, escaped."""
    place = prospect.place
    if prospect.drop.target_chat_id is not None:
        name = escape(place.title) or catalog.gettext("linked channel")
        return catalog.gettext("{channel} (channel)").format(channel=name)
    return escape(place.title) + (f" › {escape(place.topic)}" if place.topic else "")


def when_words(prospect: Prospect, catalog: Catalog) -> str:
    """Thu 20:30, the peak: about 41 people then (33–50); usual best 38."""
    if prospect.at_local is None:
        return catalog.gettext("no time yet")
    time, hope = bold(time_words(prospect.at_local, prospect.now_local, catalog)), prospect.hope
    at_peak = prospect.drop.local_time is None
    if hope is None:
        return catalog.gettext("{time}, the peak as far as is known").format(time=time) if at_peak else time
    said = catalog.gettext("{time}, {people}")
    if at_peak:
        tries, peak = catalog.gettext("{time}, to learn: {people}"), catalog.gettext("{time}, the peak: {people}")
        said = tries if hope.explores else peak
    return said.format(time=time, people=hope_words(hope, catalog))


def _details(drop: DropView, catalog: Catalog) -> list[str]:
    lines = []
    manner = manner_words(drop, catalog)
    comma = "、" if catalog.is_chinese else ", "
    if manner:
        lines.append(catalog.gettext("How: {manner}").format(manner=comma.join(manner)))
    if drop.buttons:
        labels = comma.join(escape(button_label(one, catalog)) for one in drop.buttons)
        lines.append(catalog.gettext("Buttons: {labels}").format(labels=labels))
    if drop.tags:
        lines.append(catalog.gettext("Tags: {tags}").format(tags=escape(comma.join(drop.tags))))
    if drop.campaign:
        lines.append(catalog.gettext("Campaign: {campaign}").format(campaign=escape(drop.campaign)))
    return lines


def manner_words(drop: DropView, catalog: Catalog) -> list[str]:
    """How a drop is posted, where that is not as usual."""
    found = {
        catalog.gettext("pinned"): drop.pin,
        catalog.gettext("silent"): drop.silent,
        catalog.gettext("replaces the previous one"): drop.replaces,
        catalog.gettext("paid content"): drop.is_ad,
        catalog.gettext("not in /next"): drop.is_hidden,
    }
    words = [word for word, is_so in found.items() if is_so]
    if drop.delete_after is not None:
        words.append(catalog.gettext("deleted after {span}").format(span=span_words(drop.delete_after, catalog)))
    return words


def span_words(seconds: int, catalog: Catalog) -> str:
    """24 h, 48 h, 7 d."""
    hours = seconds // 3600
    words = {24: catalog.gettext("24 h"), 48: catalog.gettext("48 h"), 168: catalog.gettext("7 d")}
    return words.get(hours) or catalog.duration(timedelta(seconds=seconds))


def button_label(button: DropButton, catalog: Catalog) -> str:
    """What stands on a drop's button, as plain text."""
    return deed_label(button.kind, button.label, 0, catalog)


def remark_lines(prospect: Prospect, catalog: Catalog) -> list[str]:
    """All that speaks against posting it so: no time, the rules, the lint."""
    problem = prospect.problem
    lines = render_objections(prospect.objections, prospect.rules, catalog)
    if problem is not None and problem is not Outcome.PAST:  # the rules say past, too
        lines.insert(0, render_problem(problem, catalog))
    return lines + render_warnings(prospect.warnings, catalog)


def marked_remarks(prospect: Prospect, catalog: Catalog) -> list[str]:
    """The same, as a list under one sign."""
    lines = remark_lines(prospect, catalog)
    return [f"⚠ {line}" if at == 0 else f"· {line}" for at, line in enumerate(lines)]


def _clock(prospect: Prospect, maker: Maker, catalog: Catalog) -> str:
    zone = zone_words(maker.timezone, prospect.now_local, catalog)
    return catalog.gettext("{zone} time, {time} now").format(zone=zone, time=catalog.clock(prospect.now_local))


def screen_buttons(prospect: Prospect, maker: Maker, catalog: Catalog) -> Buttons:
    """What can be changed, then what can be done."""
    drop = prospect.drop
    marked = {
        "repeat": drop.repeat is not None,
        "options": bool(manner_words(drop, catalog)),
        "buttons": bool(drop.buttons),
        "tags": bool(drop.tags or drop.campaign),
    }
    words = {
        "when": catalog.gettext("When"),
        "where": catalog.gettext("Where"),
        "repeat": catalog.gettext("Repeat"),
        "options": catalog.gettext("Options"),
        "buttons": catalog.gettext("Buttons"),
        "tags": catalog.gettext("Tags"),
        "content": catalog.gettext("Change content"),
        "preview": catalog.gettext("Preview"),
    }
    shown = [(f"✓ {label}" if marked.get(verb) else label, data(drop, verb)) for verb, label in words.items()]
    return [shown[:3], shown[3:6], shown[6:], *_deeds(prospect, maker, catalog)]


def _deeds(prospect: Prospect, maker: Maker, catalog: Catalog) -> Buttons:
    drop = prospect.drop
    now = (catalog.gettext("Post now"), data(drop, "now"))
    if drop.state in COMING or drop.state == State.PAUSED:
        cancel = (catalog.gettext("Cancel drop"), data(drop, "cancel"))
        rows = [[(catalog.gettext("Done"), data(drop, "done"))]]
        if drop.state == State.PROPOSED and maker.is_manager:
            approve = (catalog.gettext("Approve"), f"queue:approve:{drop.community_id}:{drop.number}")
            back = (catalog.gettext("Give back"), f"queue:return:{drop.community_id}:{drop.number}")
            rows = [[approve, back]]
    else:
        cancel = (catalog.gettext("Cancel"), data(drop, "cancel"))
        rows = [[(confirm_label(prospect, maker, catalog), data(drop, "confirm", shown_time(prospect)))]]
    return [*rows, [cancel, now] if may_post_now(prospect, maker) else [cancel]]


def may_post_now(prospect: Prospect, maker: Maker) -> bool:
    """Managers post at once; editors where nobody need approve and nothing speaks against it."""
    return maker.is_manager or not (prospect.rules.needs_approval or prospect.remarks)


def render_not_now(catalog: Catalog) -> str:
    """An editor may not post at once."""
    return catalog.gettext("Only a manager posts this at once. Mend what is warned of, or ask one.")


def shown_time(prospect: Prospect) -> str:
    """The time that a screen promises, as its confirmation carries it."""
    return f"{prospect.at_local:%Y%m%d%H%M}" if prospect.at_local is not None else "none"


def confirm_label(prospect: Prospect, maker: Maker, catalog: Catalog) -> str:
    """Schedule Thu 20:00; for editors whose group wants approval, Propose. Too long a time stays in the text above."""
    proposes = not maker.is_manager and prospect.rules.needs_approval
    bare = catalog.gettext("Propose") if proposes else catalog.gettext("Schedule")
    if prospect.at_local is None:
        return bare
    label = catalog.gettext("Propose {time}") if proposes else catalog.gettext("Schedule {time}")
    label = label.format(time=short_time(prospect.at_local, prospect.now_local, catalog))
    return label if len(label) <= LABEL_LIMIT else bare


def render_confirm(prospect: Prospect, maker: Maker, catalog: Catalog) -> str:
    """What speaks against it, before it is confirmed all the same; nothing: the bare question."""
    remarks = remark_lines(prospect, catalog)
    lines = [bold(_question(prospect, maker, catalog)), drop_title(prospect.drop.content, catalog)]
    lines += [catalog.gettext("Where: {place}").format(place=bold(target_words(prospect, catalog)))]
    lines += [catalog.gettext("When: {time}").format(time=when_words(prospect, catalog)), ""]
    lines += marked_remarks(prospect, catalog)
    if remarks and not maker.is_manager and not prospect.rules.needs_approval:
        lines += ["", catalog.gettext("Mend it, or let a manager decide.")]
    return "\n".join(lines).rstrip()


def _question(prospect: Prospect, maker: Maker, catalog: Catalog) -> str:
    if not maker.is_manager and prospect.rules.needs_approval:
        return catalog.gettext("Propose it like this?")
    return catalog.gettext("Schedule it like this?")


def confirm_buttons(prospect: Prospect, maker: Maker, catalog: Catalog) -> Buttons:
    """Confirm (against warnings where there are any), another time, back."""
    drop = prospect.drop
    at = shown_time(prospect)
    rows: Buttons = []
    if prospect.at_local is not None and prospect.problem is None:
        if not remark_lines(prospect, catalog):
            rows.append([(confirm_label(prospect, maker, catalog), data(drop, "confirm", at, "sure"))])
        elif maker.is_manager:
            rows.append([(catalog.gettext("Schedule anyway"), data(drop, "confirm", at, "sure"))])
        else:
            rows.append([(catalog.gettext("Ask a manager"), data(drop, "confirm", at, "sure"))])
    rows.append([(catalog.gettext("Another time"), data(drop, "when"))])
    return [*rows, [back_button(drop, catalog)]]


def render_not_confirmed(attempt: Attempt, prospect: Prospect, catalog: Catalog) -> str:
    """Why a press on the confirming button did nothing, for a pop-up."""
    if attempt is Attempt.GONE:
        return render_gone(catalog)
    if prospect.problem is not None:
        return render_problem(prospect.problem, catalog)
    return catalog.gettext("The time has changed meanwhile. Look at it and confirm again.")


def render_posted(drop: DropView, catalog: Catalog) -> str:
    """A button of a drop that is out; for a notice that goes by itself."""
    if drop.state == State.SENDING:
        return catalog.gettext("It is being posted.")
    return catalog.gettext("It is posted: /drop {n} shows what it did.").format(n=drop.number)


def render_gone(catalog: Catalog) -> str:
    """A drop that has moved on, or is no more."""
    return catalog.gettext("This drop was posted, cancelled or thrown away meanwhile. /queue shows what is coming.")
