"""Words between an editor who proposes a drop and a manager who decides."""

from __future__ import annotations

from datetime import datetime

from peakdrop.prospects import Prospect
from rendering.catalog import DASH, Catalog, bold, escape
from rendering.compose import marked_remarks
from rendering.drop_words import drop_title, time_words
from storage.drops import DropView

Buttons = list[list[tuple[str, str]]]


def render_question(prospect: Prospect, author: str, title: str, catalog: Catalog) -> str:
    """To a manager: whose drop waits for them, and what speaks against it, so that nothing passes unseen."""
    drop, local = prospect.drop, prospect.at_local
    when = DASH if local is None else time_words(local, prospect.now_local, catalog)
    head = catalog.gettext("Drop {n} waits for your approval").format(n=drop.number)
    remarks = marked_remarks(prospect, catalog)
    by = [catalog.gettext("From {name}").format(name=escape(author))] if author else []
    lines = [f"{bold(head)} · {escape(title)}", drop_title(drop.content, catalog, 80), *by, bold(when)]
    return "\n".join([*lines, *(["", *remarks] if remarks else [])])


def question_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Look at it, let it pass, or give it back."""
    here = f"{drop.community_id}:{drop.number}"
    return [
        [(catalog.gettext("Approve"), f"queue:approve:{here}"), (catalog.gettext("Give back"), f"queue:return:{here}")],
        [(catalog.gettext("Look at it"), f"drop:open:{here}")],
    ]


def render_decided(
    drop: DropView, local: datetime | None, now_local: datetime, catalog: Catalog, *, approved: bool
) -> str:
    """To the editor: what was decided."""
    if approved:
        when = DASH if local is None else time_words(local, now_local, catalog)
        return catalog.gettext("Drop {n} is approved; it goes out {when}.").format(n=drop.number, when=bold(when))
    return catalog.gettext(
        "Drop {n} was given back to you: it is a draft again. Change it and propose it anew."
    ).format(n=drop.number)


def decided_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Opens the drop."""
    return [[(catalog.gettext("Open drop {n}").format(n=drop.number), f"drop:open:{drop.community_id}:{drop.number}")]]
