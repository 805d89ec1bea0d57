"""Words of /health: how sending stands in a group, and what mends what is wrong."""

from __future__ import annotations

from datetime import datetime

from peakdrop.local_times import local_of
from rendering.catalog import DASH, Catalog, bold, escape
from rendering.delivery import Buttons, reason_words
from rendering.drop_words import drop_title, time_words
from rendering.start import Rights
from storage.drops import DropView
from storage.sending_health import SendingHealth

SHOWN_DOUBTS = 3


def render_health(
    health: SendingHealth, rights: Rights, title: str, timezone: str, now: datetime, catalog: Catalog
) -> str:
    """Queue, oldest due, last post, last error, rights that are missing."""

    def when(at: datetime | None) -> str:
        return DASH if at is None else time_words(local_of(at, timezone), local_of(now, timezone), catalog)

    lines = [bold(f"{_verdict(health, rights, catalog)} · {escape(title)}")]
    queue = catalog.gettext("In the queue: {n}, the next {when}") if health.next_at else _queued(health, catalog)
    lines.append(queue.format(n=health.queued, when=when(health.next_at)))
    if health.oldest is not None:
        late = catalog.gettext("Overdue: {n}, the oldest since {when}")
        lines.append(late.format(n=health.overdue, when=when(health.oldest.due_at)))
    last = health.last_post
    lines.append(
        catalog.gettext("Last post: {when}").format(when=when(last.sent_at))
        if last is not None
        else catalog.gettext("Nothing was posted yet.")
    )
    if health.halted is not None:
        stopped = catalog.gettext("Nothing is posted since {when}: {reason}")
        lines.append(stopped.format(when=when(health.halted_at), reason=reason_words(health.halted, catalog)))
    lines += [_doubt(one, catalog) for one in health.uncertain[:SHOWN_DOUBTS]]
    if health.failed is not None:
        words = catalog.gettext("Last failure: drop {n}, {what}. {reason}")
        what = drop_title(health.failed.content, catalog, 30)
        reason = reason_words(health.failed.failure or "", catalog)
        lines.append(words.format(n=health.failed.number, what=what, reason=reason))
    missing = missing_rights(rights, catalog)
    if not rights.inside and health.halted is None:
        lines.append(reason_words("not_member", catalog))
    if missing:
        joined = ("、" if catalog.is_chinese else ", ").join(missing)
        lines.append(catalog.gettext("Rights missing: {rights}").format(rights=joined))
    return "\n".join(lines)


def _verdict(health: SendingHealth, rights: Rights, catalog: Catalog) -> str:
    if health.halted is not None or not rights.inside:
        return catalog.gettext("Nothing can be posted")
    if health.uncertain or health.failed is not None or health.oldest is not None:
        return catalog.gettext("Something needs you")
    if missing_rights(rights, catalog):
        return catalog.gettext("Rights are missing")
    return catalog.gettext("All is well")


def _queued(health: SendingHealth, catalog: Catalog) -> str:
    """A queue in which nothing has a time to come."""
    return catalog.gettext("In the queue: {n}") if health.queued else catalog.gettext("The queue is empty.")


def _doubt(drop: DropView, catalog: Catalog) -> str:
    words = catalog.gettext("Drop {n} ({what}): posted or not? Look, and tell me below.")
    return words.format(n=drop.number, what=drop_title(drop.content, catalog, 30))


def missing_rights(rights: Rights, catalog: Catalog) -> list[str]:
    """What the bot may not do or see in the group, though drops and their figures ask for it."""
    wanted = (
        (rights.writes, catalog.gettext("write messages")),
        (rights.pins, catalog.gettext("pin messages")),
        (rights.deletes, catalog.gettext("delete messages")),
        (rights.admin, catalog.gettext("see reactions, joins and leaves (as admin)")),
    )
    return [words for given, words in wanted if rights.inside and not given]


def health_buttons(health: SendingHealth, rights: Rights, community_id: int, link: str, catalog: Catalog) -> Buttons:
    """For each thing that is wrong, what mends it; `link` gives rights."""
    rows: Buttons = []
    if health.halted is not None:
        rows.append([(catalog.gettext("Try again"), f"sent:resume:{community_id}")])
    for drop in health.uncertain[:SHOWN_DOUBTS]:
        key = f"{community_id}:{drop.number}:{drop.attempt}"
        there = catalog.gettext("{n} is there").format(n=drop.number)
        send = catalog.gettext("Send {n}").format(n=drop.number)
        rows.append([(there, f"sent:there:{key}"), (send, f"sent:again:{key}")])
    if health.failed is not None:
        here = f"{community_id}:{health.failed.number}"
        retry = catalog.gettext("Try {n} again").format(n=health.failed.number)
        show = catalog.gettext("Open {n}").format(n=health.failed.number)
        rows.append([(retry, f"sent:retry:{here}"), (show, f"queue:show:{here}")])
    if not rights.inside:
        rows.append([(catalog.gettext("Add me again"), link)])
    elif missing_rights(rights, catalog):
        rows.append([(catalog.gettext("Give me rights"), link)])
    again = (catalog.gettext("Look again"), f"health:{community_id}")
    return [*rows, [(catalog.gettext("Queue"), f"queue:page:{community_id}:0"), again]]
