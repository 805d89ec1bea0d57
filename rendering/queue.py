"""Words of /queue: what is coming, one drop and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from peakdrop.drops import Done, Outcome
from peakdrop.queue import QueuePage
from rendering.catalog import DASH, Catalog, bold, escape, italic
from rendering.drop_words import ahead_words, drop_title, kind_words, opening, place_words, repeat_words, time_words
from storage.drops import DropView, State, Timing

Buttons = list[list[tuple[str, str]]]
MARKS = {State.PAUSED: "⏸", State.PROPOSED: "✋", State.FAILED: "⚠", State.UNCERTAIN: "❓", State.SENDING: "➤"}


def render_queue(page: QueuePage, locals_: dict[int, datetime], now_local: datetime, catalog: Catalog) -> str:
    """A page of the queue; `locals_` has each drop's local time by number."""
    head = catalog.ngettext("{n} drop in the queue", "{n} drops in the queue", page.total)
    head = head.format(n=catalog.number(page.total)) if page.total else catalog.gettext("Nothing is queued")
    lines = [f"{bold(head)} · {escape(page.community.title)}"]
    if page.rules.halted is not None:
        lines.append("⚠ " + catalog.gettext("Nothing is posted now: /health says why and how to mend it."))
    if not page.drops:
        lines.append(catalog.gettext("Send me a text, a picture or a video, and I queue it."))
    for drop in page.drops:
        local = locals_.get(drop.number)
        when = DASH if local is None else time_words(local, now_local, catalog)
        mark = f"{MARKS[drop.state]} " if drop.state in MARKS else ""
        again = " 🔁" if drop.repeat is not None else ""
        lines.append(f"{mark}<b>{drop.number}</b> {when}{again} · {drop_title(drop.content, catalog, 32)}")
    if any(drop.state in MARKS for drop in page.drops):
        lines.append(italic(_key(page, catalog)))
    return "\n".join(lines)


def _key(page: QueuePage, catalog: Catalog) -> str:
    """What the marks on this page mean."""
    words = {
        State.PAUSED: catalog.gettext("paused"),
        State.PROPOSED: catalog.gettext("waits for approval"),
        State.FAILED: catalog.gettext("could not be posted"),
        State.UNCERTAIN: catalog.gettext("perhaps posted"),
        State.SENDING: catalog.gettext("on its way"),
    }
    states = dict.fromkeys(drop.state for drop in page.drops if drop.state in MARKS)
    return " · ".join(f"{MARKS[state]} {words[state]}" for state in states)


def queue_buttons(page: QueuePage, catalog: Catalog) -> Buttons:
    """A button for each drop, the pages, the calendar and the rules."""
    community = page.community.id
    numbers = [(str(drop.number), f"queue:show:{community}:{drop.number}") for drop in page.drops]
    rows = [numbers[at : at + 6] for at in range(0, len(numbers), 6)]
    if page.pages > 1:
        shown = f"{page.page + 1}/{page.pages}"
        turns = (("◀", page.page - 1), (shown, page.page), ("▶", page.page + 1))
        rows.append([(label, f"queue:page:{community}:{to}") for label, to in turns if 0 <= to < page.pages])
    rows.append(
        [
            (catalog.gettext("Calendar"), f"month:now:{community}"),
            (catalog.gettext("Rules"), f"rules:show:{community}"),
        ]
    )
    return rows


def render_drop(
    drop: DropView, title: str, topic: str | None, local: datetime | None, now_local: datetime, catalog: Catalog
) -> str:
    """One drop of the queue: what, when, where, how."""
    lines = [bold(catalog.gettext("Drop {n}").format(n=drop.number)) + f" · {drop_title(drop.content, catalog, 80)}"]
    lines.append(_when(drop, local, now_local, catalog))
    lines.append(catalog.gettext("Where: {place}").format(place=place_words(title, topic, catalog)))
    if drop.repeat is not None:
        lines.append(catalog.gettext("Repeats: {repeat}").format(repeat=repeat_words(drop.repeat, catalog)))
    options = _options(drop, catalog)
    if options:
        lines.append(" · ".join(options))
    if drop.tags:
        lines.append(" ".join(f"#{escape(tag)}" for tag in drop.tags))
    return "\n".join(lines)


def _when(drop: DropView, local: datetime | None, now_local: datetime, catalog: Catalog) -> str:
    states = {
        State.PAUSED: catalog.gettext("paused"),
        State.PROPOSED: catalog.gettext("waits for a manager's approval"),
        State.FAILED: catalog.gettext("could not be posted"),
        State.UNCERTAIN: catalog.gettext("perhaps posted: nobody knows yet"),
        State.SENDING: catalog.gettext("on its way"),
        State.SENT: catalog.gettext("posted"),
        State.CANCELLED: catalog.gettext("cancelled"),
        State.DRAFT: catalog.gettext("draft, not scheduled"),
    }
    when = DASH if local is None else time_words(local, now_local, catalog)
    # A draft's peak is chosen when it is scheduled: the one it had is over.
    if drop.state == State.DRAFT and (local is None or drop.timing == Timing.PEAK):
        return opening(states[State.DRAFT])
    parts = [bold(opening(when))]
    if drop.timing == Timing.PEAK and drop.state in (State.SCHEDULED, State.PROPOSED):
        parts.append(catalog.gettext("at the peak"))
    ahead = ahead_words(local, now_local, catalog) if local is not None else ""
    parts += [ahead] if ahead and ahead not in when else []  # "tomorrow" is said already
    parts += [states[drop.state]] if drop.state in states else []
    return " · ".join(parts)


def _options(drop: DropView, catalog: Catalog) -> list[str]:
    """What else was chosen, in short words."""
    found = []
    if drop.pin:
        found.append(catalog.gettext("pinned"))
    if drop.silent:
        found.append(catalog.gettext("silent"))
    if drop.delete_after is not None:
        hours = catalog.number(drop.delete_after // 3600)
        found.append(catalog.gettext("deleted after {n} h").format(n=hours))
    if drop.replaces:
        found.append(catalog.gettext("replaces the one before"))
    if drop.is_ad:
        found.append(catalog.gettext("paid content"))
    if drop.campaign:
        found.append(catalog.gettext("campaign {name}").format(name=escape(drop.campaign)))
    return found


def drop_buttons(drop: DropView, catalog: Catalog, *, manager: bool) -> Buttons:
    """What can be done with a drop as it stands, by whom."""
    here = f"{drop.community_id}:{drop.number}"
    edit = [(catalog.gettext("Edit"), f"drop:open:{here}"), (catalog.gettext("Duplicate"), f"queue:copy:{here}")]
    rows: Buttons = []
    if drop.state == State.PROPOSED and manager:
        rows.append(
            [
                (catalog.gettext("Approve"), f"queue:approve:{here}"),
                (catalog.gettext("Give back"), f"queue:return:{here}"),
            ]
        )
    if drop.state in (State.SCHEDULED, State.PAUSED, State.PROPOSED, State.FAILED):
        rows.append(edit)
        is_paused = drop.state == State.PAUSED
        pause = (
            (catalog.gettext("Resume"), f"queue:resume:{here}")
            if is_paused
            else (catalog.gettext("Pause"), f"queue:pause:{here}")
        )
        post = (catalog.gettext("Post now"), f"queue:ask-now:{here}")
        if manager:
            rows.append([post] if drop.state in (State.PROPOSED, State.FAILED) else [post, pause])
        rows.append([(catalog.gettext("Cancel drop"), f"queue:ask-cancel:{here}")])
    elif drop.state == State.CANCELLED:
        rows.append([(catalog.gettext("Bring it back"), f"queue:undo:{here}"), edit[1]])
    elif drop.state == State.DRAFT:
        rows.append([(catalog.gettext("Schedule it"), edit[0][1]), edit[1]])
    else:
        rows.append([edit[1]])
    return [*rows, [back_button(drop.community_id, catalog)]]


def back_button(community_id: int, catalog: Catalog) -> tuple[str, str]:
    """Back to the queue."""
    return (catalog.gettext("‹ Queue"), f"queue:page:{community_id}:0")


def render_sure(drop: DropView, what: str, catalog: Catalog) -> str:
    """The question before something that shows: `what` is now or cancel."""
    words = {
        "now": catalog.gettext("Post drop {n} ({kind}) in the group right now?"),
        "cancel": catalog.gettext("Cancel drop {n} ({kind})? It will not be posted; you can bring it back."),
    }
    return words[what].format(n=drop.number, kind=kind_words(drop.content, catalog))


def sure_buttons(drop: DropView, what: str, catalog: Catalog) -> Buttons:
    """Yes or back; of a series this one or all."""
    here = f"{drop.community_id}:{drop.number}"
    back = [(catalog.gettext("‹ Back"), f"queue:show:{here}")]
    if what == "now":
        return [[(catalog.gettext("Post it now"), f"queue:now:{here}")], back]
    if drop.repeat is None:
        return [[(catalog.gettext("Cancel it"), f"queue:cancel:{here}")], back]
    return [
        [(catalog.gettext("Only this one"), f"queue:skip:{here}")],
        [(catalog.gettext("The whole series"), f"queue:cancel:{here}")],
        back,
    ]


def render_refused(done: Done, catalog: Catalog) -> str:
    """Why something could not be done, for a pop-up."""
    words = {
        Outcome.GONE: catalog.gettext("The drop has moved on meanwhile; the queue shows how it stands."),
        Outcome.NO_TIME: catalog.gettext("The drop has no time yet: choose one."),
        Outcome.NO_PEAK: catalog.gettext(
            "The rules leave no time in the next seven days. Choose a time, or change the rules."
        ),
        Outcome.NOT_YOURS: catalog.gettext("This is for a manager to decide."),
        Outcome.PAST: catalog.gettext("That time is past: choose a later one."),
    }
    return words[done.outcome]


def render_no_drop(number: int, catalog: Catalog) -> str:
    """There is no such number."""
    return catalog.gettext("There is no drop {n} here; /queue lists what is coming.").format(n=number)
