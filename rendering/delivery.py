"""Words of delivery: what stands on a drop's buttons, and what managers are told about drops that did not go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from peakdrop.sending import FOLLOW_UPS, Job, Postponed
from rendering.catalog import Catalog, bold, escape, italic
from rendering.drop_words import drop_title
from storage.communities import CommunityView
from storage.drop_restoring import RESTORED
from storage.drops import DropView, Step

Buttons = list[list[tuple[str, str]]]
Said = tuple[str, Buttons]
LISTED = 5


def deed_label(kind: str, label: str, count: int, catalog: Catalog) -> str:
    """What stands on a button under a drop: its own words or the usual ones, and how often it was pressed."""
    usual = {
        "like": "👍 " + catalog.gettext("Like"),
        "comment": "💬 " + catalog.gettext("Comment"),
        "share": "↗ " + catalog.gettext("Share"),
        "link": catalog.gettext("Open"),
    }
    words = label or usual[kind]
    return f"{words} {catalog.compact(count)}" if count else words


def render_buttons_line(catalog: Catalog) -> str:
    """What stands over the buttons of an album, which need a message of their own."""
    return catalog.gettext("What do you think of it?")


def place_link(chat_id: int, message_id: int | None, thread_id: int = 0) -> str | None:
    """An address that opens a place in a supergroup or channel; Telegram has none for basic groups."""
    text = str(chat_id)
    if not text.startswith("-100"):
        return None
    parts = [text.removeprefix("-100"), *([str(thread_id)] if thread_id else []), str(message_id or 1)]
    return "https://t.me/c/" + "/".join(parts)


def _named(drop: DropView, community: CommunityView, catalog: Catalog) -> str:
    """Drop 12 in Fawn Daily, and what it is."""
    where = catalog.gettext("Drop {n} in {group}").format(n=drop.number, group=escape(community.title))
    return f"{where}\n{drop_title(drop.content, catalog)}"


def ask_doubt(job: Job, timezone: str, catalog: Catalog) -> Said:
    """Was it posted? The place to look at, and two answers."""
    drop = job.drop
    local = (drop.claimed_at or drop.changed_at).astimezone(ZoneInfo(timezone))
    buttons_only = bool(drop.steps & Step.POSTED)
    title = catalog.gettext("Are its buttons there?") if buttons_only else catalog.gettext("Was this posted?")
    told = catalog.gettext(
        "At {time} the connection broke while I was posting, and I found no sign that it arrived. I never post twice "
        "unasked: please look, and tell me."
    ).format(time=catalog.clock(local))
    if drop.failure == RESTORED:
        told = catalog.gettext(
            "A backup was restored after this was due, so it may have been posted already. I never post twice unasked: "
            "please look, and tell me."
        )
    has_failed_part = (drop.failure_detail or "").lower().startswith("failed to send message")
    if has_failed_part:
        told = catalog.gettext(
            "At {time} Telegram refused a part of this album; whether the other parts are there I do not know. I never "
            "post twice unasked: please look, and tell me."
        ).format(time=catalog.clock(local))
    lines = [bold(title), _named(drop, job.community, catalog), told]
    if has_failed_part:
        lines.append(italic(catalog.gettext("Telegram says: {words}").format(words=escape(drop.failure_detail or ""))))
    text = "\n".join(lines)
    key = f"{drop.community_id}:{drop.number}:{drop.attempt}"
    rows: Buttons = []
    link = place_link(job.chat_id, drop.after_id, drop.thread_id)
    if link is not None:
        rows.append([(catalog.gettext("Look there"), link)])
    rows.append(
        [(catalog.gettext("It is there"), f"sent:there:{key}"), (catalog.gettext("Send it"), f"sent:again:{key}")]
    )
    return text, rows


def settled(drop: DropView | None, catalog: Catalog, *, there: bool) -> str:
    """What became of the answer."""
    if drop is None:
        return catalog.gettext("That was settled already.")
    if there:
        return catalog.gettext("Good: drop {n} counts as posted.").format(n=drop.number)
    return catalog.gettext("Drop {n} is posted now.").format(n=drop.number)


def retried(catalog: Catalog, *, done: bool) -> str:
    """A failed drop is tried again, or has moved on meanwhile."""
    if done:
        return catalog.gettext("It waits in the queue and is tried now.")
    return catalog.gettext("That was settled already.")


def resumed(catalog: Catalog) -> str:
    """A group's queue goes on."""
    return catalog.gettext("I post there again.")


def reason_words(reason: str, catalog: Catalog) -> str:
    """Why something could not be posted, and what mends it."""
    known = {
        "kicked": catalog.gettext("I was removed from the group. Add me again."),
        "not_member": catalog.gettext("I am not in the group. Add me again."),
        "not_found": catalog.gettext("Telegram knows no such chat any more."),
        "no_right": catalog.gettext(
            "I may not write there. Allow me to in the group's permissions, or make me an admin."
        ),
        "channel": catalog.gettext("I may not post in the channel. Make me an admin there who may post messages."),
        "no_media_right": catalog.gettext(
            "I may not send this kind of media there. Allow it in the group's permissions."
        ),
        "too_long": catalog.gettext("The text is too long for Telegram. Shorten it."),
        "topic": catalog.gettext("Its topic is closed or gone. Choose another."),
        "file_gone": catalog.gettext("Telegram does not have its file any more. Send me the file again."),
        "file_missing": catalog.gettext("Its file is not on my disk any more. Send me the file again."),
        "address": catalog.gettext("Telegram could not load the file from its address. Check the address."),
        "too_large": catalog.gettext("Its file is too large or too small for Telegram. Send a smaller one."),
        "formatting": catalog.gettext("Telegram does not accept its formatting. Send me the text again."),
        "buttons": catalog.gettext("Telegram does not accept one of its buttons. Check their addresses."),
        "poll": catalog.gettext("Telegram does not accept this poll. Check its question and answers."),
        "broken": catalog.gettext("What is stored of it cannot be posted. Send it to me again."),
        "late": catalog.gettext("Its time went by while I could not post, and there is no later one."),
        "pin": catalog.gettext("It is posted, but I may not pin it. Give me the right to pin."),
        "replace": catalog.gettext(
            "It is posted, but the previous one could not be deleted. Give me the right to delete."
        ),
        "remove": catalog.gettext(
            "It could not be deleted at its time. Give me the right to delete, or delete it yourself."
        ),
        "buttons_below": catalog.gettext("The album is posted, but not the buttons below it."),
    }
    return known.get(reason) or catalog.gettext("Telegram does not accept it.")


def tell_failed(job: Job, catalog: Catalog) -> Said:
    """A drop was not posted (or something of it was not done), why, and what to do."""
    drop = job.drop
    is_posted = bool(drop.steps & Step.POSTED)
    title = catalog.gettext("Not everything worked") if is_posted else catalog.gettext("Not posted")
    lines = [bold(title), _named(drop, job.community, catalog), reason_words(drop.failure or "", catalog)]
    if drop.failure_detail and not is_posted:
        lines.append(italic(catalog.gettext("Telegram says: {words}").format(words=escape(drop.failure_detail))))
    here = f"{drop.community_id}:{drop.number}"
    retry = (catalog.gettext("Try again"), f"sent:retry:{here}")
    if is_posted:
        return "\n".join(lines), [[retry]] if drop.failure in FOLLOW_UPS.values() else []
    return "\n".join(lines), [[retry, (catalog.gettext("Move"), f"queue:show:{here}")]]


def tell_halted(community: CommunityView, reason: str, catalog: Catalog) -> Said:
    """Nothing can be posted in a group: its queue waits."""
    lines = [
        bold(catalog.gettext("I cannot post in {group}").format(group=escape(community.title))),
        reason_words(reason, catalog),
        catalog.gettext("Its queue waits; nothing is lost."),
    ]
    return "\n".join(lines), [[(catalog.gettext("Try again"), f"sent:resume:{community.id}")]]


def tell_late(moved: Sequence[Postponed], catalog: Catalog) -> Said:
    """Drops that were too late, and the times they have now."""
    community = moved[0].before.community
    title = catalog.ngettext("A drop was too late and has moved", "{n} drops were too late and have moved", len(moved))
    why = catalog.gettext("I could not post at their time, and they were later than allowed.")
    lines = [bold(title.format(n=len(moved))) + f" · {escape(community.title)}", why]
    for one in moved[:LISTED]:
        to = catalog.gettext("no later time") if one.after is None else _when(one.after.due_at, one.before, catalog)
        lines.append(f"{one.before.drop.number} · {drop_title(one.before.content, catalog, 30)} → {to}")
    if len(moved) > LISTED:
        lines.append(catalog.gettext("and {n} more").format(n=len(moved) - LISTED))
    shown = f"queue:page:{community.id}:0"
    return "\n".join(lines), [[(catalog.gettext("Queue"), shown)]]


def _when(at: datetime | None, job: Job, catalog: Catalog) -> str:
    return "–" if at is None else catalog.moment(at.astimezone(ZoneInfo(job.timezone)))
