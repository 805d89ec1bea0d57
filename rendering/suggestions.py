"""Words of suggestions: what to post next and why, the button for it, and how the last one went."""

from __future__ import annotations

from datetime import datetime

from peakdrop.suggestion_deeds import WAITING, Aftermath, Press, Taken
from peakdrop.suggestions import HOURS
from rendering.catalog import Catalog, bold, ellipsis, escape
from rendering.drop_figures import against, short_name
from rendering.drop_words import short_time, time_words
from storage.drop_content import Content
from storage.drops import DropView, State
from storage.suggestions import Kind, SuggestionView

Buttons = list[list[tuple[str, str]]]
NAME_WIDTH = 24
BUTTON_WIDTH = 20


def render_suggestion(
    one: SuggestionView, source: DropView | None, topic: str | None, now_local: datetime, catalog: Catalog
) -> str:
    """What to post, when, how many are there then, and why. `topic` is the name of the topic it is about."""
    deed = _deed(one, source, topic, catalog)
    when = bold(time_words(one.local, now_local, catalog))
    if one.members is None:
        said = catalog.gettext("Suggestion: {deed}, {when}.").format(deed=deed, when=when)
    else:
        text = catalog.gettext("Suggestion: {deed}, {when}, about {n} there then.")
        said = text.format(deed=deed, when=when, n=catalog.number(one.members))
    why = _why(one, topic, catalog)
    return said + (("" if catalog.is_chinese else " ") + why if why else "")


def _deed(one: SuggestionView, source: DropView | None, topic: str | None, catalog: Catalog) -> str:
    if source is None:
        return catalog.gettext("ask “{question}”").format(question=escape(question(topic, catalog)))
    name = escape(short_name(source.content, catalog))
    if one.kind is Kind.PROPOSAL:
        text = catalog.gettext("approve drop {n} “{name}”")
    elif one.kind is Kind.DRAFT:
        text = catalog.gettext("post draft {n} “{name}”")
    else:
        text = catalog.gettext("post drop {n} “{name}” once more")
    return text.format(n=source.number, name=name)


def question(topic: str | None, catalog: Catalog) -> str:
    """What members are asked where there is nothing to repeat; in the group's language it is posted."""
    if topic is None:
        return catalog.gettext("What would you like to see here next?")
    return catalog.gettext("What would you like to see in {topic} next?").format(topic=topic)


def _why(one: SuggestionView, topic: str | None, catalog: Catalog) -> str:
    times = catalog.significant(one.figure) if one.figure is not None else ""
    trait = one.trait or ""
    if one.kind is Kind.TOPIC:
        now, _, before = trait.partition("/")
        text = catalog.gettext("{topic} is fading: {now} messages after {before}.")
        return text.format(topic=topic_name(topic, catalog), now=now, before=before)
    if one.kind is Kind.HOURS:
        start = int(trait or 0)
        span = f"{start:02}:00–{(start + HOURS) % 24:02}:00"
        text = catalog.gettext("Drops at {span} are answered {times} times as much as others, and were rare lately.")
        return text.format(span=span, times=times)
    if one.kind in (Kind.TAG, Kind.FORM):
        name = f"#{escape(trait)}" if one.kind is Kind.TAG else _form(trait, catalog)
        text = catalog.gettext("{trait}: answered {times} times as much as others, and rare lately.")
        return text.format(trait=name, times=times)
    words = {
        Kind.PROPOSAL: catalog.gettext("An editor waits for an answer."),
        Kind.BEST: catalog.gettext("It had {times} times the usual answers.").format(times=times),
        Kind.QUESTION: catalog.gettext("No drop was posted lately, and none is coming."),
    }
    return words.get(one.kind, "")


def _form(kind: str, catalog: Catalog) -> str:
    """A kind of content, of many."""
    names = {
        "text": catalog.gettext("Texts"),
        "photo": catalog.gettext("Photos"),
        "video": catalog.gettext("Videos"),
        "album": catalog.gettext("Albums"),
        "poll": catalog.gettext("Polls"),
        "quiz": catalog.gettext("Quizzes"),
    }
    return names.get(kind, catalog.gettext("This kind of content"))


def topic_name(name: str | None, catalog: Catalog) -> str:
    """A topic's name, escaped; the one without is General."""
    return catalog.gettext("General") if name is None else escape(ellipsis(name, NAME_WIDTH))


def suggestion_buttons(one: SuggestionView, now_local: datetime, catalog: Catalog) -> Buttons:
    """The one button that does it; once it is done, undo and the drop itself."""
    key = f"{one.community_id}:{one.number}"
    if one.drop_number is None:
        when = short_time(one.local, now_local, catalog)
        label = catalog.gettext("Approve {when}") if one.kind is Kind.PROPOSAL else catalog.gettext("Schedule {when}")
        return [[(label.format(when=when), f"digest:take:{key}")]]
    drop = catalog.gettext("Drop {n}").format(n=one.drop_number)
    open_drop = f"queue:show:{one.community_id}:{one.drop_number}"
    return [[(f"✓ {drop}", open_drop), (catalog.gettext("Undo"), f"digest:undo:{key}")]]


def render_press(press: Press, now_local: datetime, catalog: Catalog) -> str:
    """What a press did, for a pop-up."""
    one, drop = press.suggestion, press.drop
    when = time_words(one.local, now_local, catalog) if one is not None else ""
    number = drop.number if drop is not None else 0
    words = {
        Taken.DONE: catalog.gettext("Drop {n} is scheduled for {when}. Undo takes it back."),
        Taken.ALREADY: catalog.gettext("That was done already."),
        Taken.MOVED: catalog.gettext("That time is past or taken. The next good one is {when}: press again."),
        Taken.WARNED: catalog.gettext("Something speaks against it. Drop {n} is a draft now: press it to look."),
        Taken.NO_TIME: catalog.gettext("The group's rules leave no time in the next seven days: /schedule."),
        Taken.GONE: catalog.gettext("What was suggested has changed meanwhile; nothing was done. See /queue."),
    }
    return words[press.taken].format(n=number, when=when)


def render_undone(press: Press, catalog: Catalog) -> str:
    """What undoing did, for a pop-up."""
    if press.taken is not Taken.DONE:
        return catalog.gettext("It cannot be taken back any more: see /queue.")
    if press.suggestion is not None and press.suggestion.kind in WAITING:
        return catalog.gettext("Taken back: it is a draft again.")
    return catalog.gettext("Taken back: nothing is scheduled.")


def render_aftermath(one: Aftermath, reader: int, now_local: datetime, catalog: Catalog) -> str:
    """How the last suggestion went; `reader` is who is told."""
    number = one.suggestion.drop_number or 0
    when = time_words(one.suggestion.local, now_local, catalog)
    drop, report = one.drop, one.report
    if drop is None or drop.state == State.CANCELLED:
        return catalog.gettext("Last time: the drop for {when} was taken back.").format(when=when)
    if drop.state == State.FAILED:
        return catalog.gettext("Last time: drop {n} could not be posted; /queue tells why.").format(n=number)
    if report is None or report.sent is None:
        words = {
            State.SCHEDULED: catalog.gettext("Last time: drop {n} is still to come, {when}."),
            State.UNCERTAIN: catalog.gettext("Last time: it is not certain that drop {n} was posted."),
        }
        text = words.get(drop.state, catalog.gettext("Last time: drop {n} waits and was not posted yet."))
        return text.format(n=number, when=when)
    if one.suggestion.accepted_by == reader:
        text = catalog.gettext("Last time you scheduled drop {n} for {when}: {result}")
    else:
        text = catalog.gettext("Last time drop {n} was scheduled for {when}: {result}")
    return text.format(n=number, when=_past(one.suggestion.local, catalog), result=_result(one, catalog))


def _past(local: datetime, catalog: Catalog) -> str:
    return f"{catalog.weekday(local.date())} {catalog.clock(local)}"


def _result(one: Aftermath, catalog: Catalog) -> str:
    """41 members answered, active members +30 % (64 / 49) against that hour's usual."""
    report = one.report
    if report is None or report.sent is None:
        return ""
    figures, lift = report.sent.figures, report.lift
    n = figures.answers if figures.members is None else figures.members
    if figures.members is None:
        said = catalog.ngettext("{n} answer", "{n} answers", n)
    else:
        said = catalog.ngettext("{n} member answered", "{n} members answered", n)
    parts = [said.format(n=bold(catalog.number(n)))]
    if lift is not None and lift.usual_members is not None:
        text = catalog.gettext("active members {change} against that hour's usual")
        parts.append(text.format(change=against(lift.members, lift.usual_members, catalog)))
    elif lift is not None:
        text = catalog.gettext("{n} active in its two hours")
        parts.append(text.format(n=catalog.number(lift.members)))
    return catalog.gettext(", ").join(parts)


def named(content: Content, catalog: Catalog) -> str:
    """A drop's first words, escaped."""
    return escape(short_name(content, catalog))
