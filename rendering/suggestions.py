"""Words of suggestions: what to post next and why, the button for it, and how the last one went."""

from __future__ import annotations

from datetime import datetime

from peakdrop.suggestion_deeds import WRITTEN, Aftermath, Press, Taken
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
    when = bold(time_words(one.local, now_local, catalog))
    if one.kind is Kind.MOVE and source is not None:
        return _move(one, source, topic, when, now_local, catalog)
    if one.kind is Kind.FREE:
        return _free(one, when, catalog)
    deed = _deed(one, source, topic, catalog)
    if one.members is None:
        said = catalog.gettext("Suggestion: {deed}, {when}.").format(deed=deed, when=when)
    else:
        text = catalog.gettext("Suggestion: {deed}, {when}, about {n} there then.")
        if topic is not None:  # they are counted in the topic alone
            text = catalog.gettext("Suggestion: {deed}, {when}, about {n} in {topic} then.")
        number, place = catalog.number(one.members), topic_name(topic, catalog)
        said = text.format(deed=deed, when=when, n=number, topic=place)
    why = _why(one, topic, catalog)
    return said + (("" if catalog.is_chinese else " ") + why if why else "")


def _move(
    one: SuggestionView, source: DropView, topic: str | None, when: str, now_local: datetime, catalog: Catalog
) -> str:
    """A queued drop, and a time at which many more are there."""
    text = catalog.gettext(
        "Suggestion: drop {n} “{name}” stands for {stands}, about {few} there then; {when} has about {many}."
    )
    if topic is not None:
        text = catalog.gettext(
            "Suggestion: drop {n} “{name}” in {topic} stands for {stands}, about {few} there then; "
            "{when} has about {many}."
        )
    return text.format(
        n=one.source,
        topic=topic_name(topic, catalog),
        name=named(source.content, catalog),
        stands=time_words(datetime.fromisoformat(one.trait or ""), now_local, catalog),
        few=catalog.number(one.figure),
        when=when,
        many=catalog.number(one.members),
    )


def _free(one: SuggestionView, when: str, catalog: Catalog) -> str:
    """A time that is free, and what else its day has."""
    planned = round(one.figure or 0)
    there = catalog.gettext("Suggestion: {when} is free, about {n} there then")
    said = there.format(when=when, n=catalog.number(one.members))
    if not planned:
        return catalog.gettext("{there}: nothing is planned for that day.").format(there=said)
    text = catalog.ngettext("{there}. That day has {n} other drop.", "{there}. That day has {n} other drops.", planned)
    return text.format(there=said, n=catalog.number(planned))


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
        return [[(_label(one.kind, catalog).format(when=when), f"digest:take:{key}")]]
    drop = catalog.gettext("Drop {n}").format(n=one.drop_number)
    open_drop = f"queue:show:{one.community_id}:{one.drop_number}"
    return [[(f"✓ {drop}", open_drop), (catalog.gettext("Undo"), f"digest:undo:{key}")]]


def _label(kind: Kind, catalog: Catalog) -> str:
    """What the button does."""
    labels = {
        Kind.PROPOSAL: catalog.gettext("Approve {when}"),
        Kind.MOVE: catalog.gettext("Move to {when}"),
        Kind.FREE: catalog.gettext("New drop {when}"),
    }
    return labels.get(kind, catalog.gettext("Schedule {when}"))


def render_asks(one: SuggestionView, title: str, now_local: datetime, catalog: Catalog) -> str:
    """What shall be posted at a free time? In the group of this title."""
    when, group = time_words(one.local, now_local, catalog), escape(ellipsis(title, NAME_WIDTH))
    head = catalog.gettext("Send me what shall be posted {when} in {group}").format(when=when, group=group)
    text = catalog.gettext("About {n} are there then. Nothing is posted before you confirm.")
    kinds = catalog.gettext("Text, a photo, a video, an album, a file, a voice message or a poll; forwarded ones too.")
    return "\n".join([bold(head), kinds, text.format(n=catalog.number(one.members))])


def asks_buttons(one: SuggestionView, catalog: Catalog) -> Buttons:
    """Nothing, after all."""
    return [[(catalog.gettext("Cancel"), f"digest:leave:{one.community_id}:{one.number}")]]


def render_other_time(press: Press, now_local: datetime, catalog: Catalog) -> list[str]:
    """Why what was sent for a free time stands for another one."""
    when = time_words(press.suggestion.local, now_local, catalog) if press.suggestion is not None else ""
    words = {
        Taken.MOVED: catalog.gettext("That time is past or taken by now. The next good one is {when}."),
        Taken.ALREADY: catalog.gettext("Another drop was made for that time meanwhile; this one goes out at the peak."),
        Taken.NO_TIME: catalog.gettext("That time is past or taken by now, and no other is left."),
    }
    return [words[press.taken].format(when=when)] if press.taken in words else []


def render_press(press: Press, now_local: datetime, catalog: Catalog) -> str:
    """What a press did, for a pop-up."""
    one, drop = press.suggestion, press.drop
    when = time_words(one.local, now_local, catalog) if one is not None else ""
    number = drop.number if drop is not None else 0
    words = {
        Taken.DONE: _done(one, catalog),
        Taken.ALREADY: catalog.gettext("That was done already."),
        Taken.MOVED: catalog.gettext("That time is past or taken. The next good one is {when}: press again."),
        Taken.WARNED: catalog.gettext("Something speaks against it. Drop {n} is a draft now: press it to look."),
        Taken.NO_TIME: catalog.gettext("The group's rules leave no time in the next seven days: /schedule."),
        Taken.GONE: catalog.gettext("What was suggested has changed meanwhile; nothing was done. See /queue."),
    }
    return words[press.taken].format(n=number, when=when)


def _done(one: SuggestionView | None, catalog: Catalog) -> str:
    if one is not None and one.kind is Kind.MOVE:
        return catalog.gettext("Drop {n} stands for {when} now. Undo moves it back.")
    return catalog.gettext("Drop {n} is scheduled for {when}. Undo takes it back.")


def render_undone(press: Press, now_local: datetime, catalog: Catalog) -> str:
    """What undoing did, for a pop-up."""
    one = press.suggestion
    if press.taken is not Taken.DONE or one is None:
        return catalog.gettext("It cannot be taken back any more: see /queue.")
    if one.kind is Kind.MOVE:
        when = time_words(datetime.fromisoformat(one.trait or ""), now_local, catalog)
        return catalog.gettext("Taken back: drop {n} stands for {when} again.").format(n=one.source, when=when)
    if one.kind in WRITTEN:
        return catalog.gettext("Taken back: it is a draft again.")
    return catalog.gettext("Taken back: nothing is scheduled.")


def render_aftermath(one: Aftermath, reader: int, now_local: datetime, catalog: Catalog) -> str:
    """How the last suggestion went; `reader` is who is told."""
    number = one.suggestion.drop_number or 0
    when = time_words(one.local, now_local, catalog)
    drop = one.drop
    if drop is None or drop.state == State.CANCELLED:
        return catalog.gettext("Last time: the drop for {when} was taken back.").format(when=when)
    if drop.state == State.FAILED:
        return catalog.gettext("Last time: drop {n} could not be posted; /queue tells why.").format(n=number)
    text = _did(one.suggestion, catalog, is_own=one.suggestion.accepted_by == reader)
    return text.format(n=number, when=_past(one.local, catalog), result=_result(one, catalog))


def _did(one: SuggestionView, catalog: Catalog, *, is_own: bool) -> str:
    """What was done, by the reader or somebody else."""
    if one.kind is Kind.MOVE:
        own = catalog.gettext("Last time you moved drop {n} to {when}: {result}")
        return own if is_own else catalog.gettext("Last time drop {n} was moved to {when}: {result}")
    own = catalog.gettext("Last time you scheduled drop {n} for {when}: {result}")
    return own if is_own else catalog.gettext("Last time drop {n} was scheduled for {when}: {result}")


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
