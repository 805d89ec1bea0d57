"""How the making of a drop ends: asked once more, scheduled, proposed, posted, thrown away; and where it began."""

from __future__ import annotations

from peakdrop.prospects import Prospect
from rendering.catalog import Catalog, bold
from rendering.compose import Buttons, back_button, data, marked_remarks, target_words, when_words
from rendering.drop_words import drop_title, repeat_words
from storage.drops import DropView, State


def render_scheduled(prospect: Prospect, told: int | None, catalog: Catalog) -> str:
    """It is in the queue: what, when, where, and where to change it; or before the managers, of whom `told` heard."""
    drop = prospect.drop
    head = catalog.gettext("Scheduled as drop {number}")
    if drop.state == State.PROPOSED:
        head = catalog.gettext("Proposed as drop {number}")
    lines = [bold(head.format(number=catalog.number(drop.number))), drop_title(drop.content, catalog), ""]
    lines.append(catalog.gettext("Where: {place}").format(place=bold(target_words(prospect, catalog))))
    lines.append(catalog.gettext("When: {time}").format(time=when_words(prospect, catalog)))
    if drop.repeat is not None:
        lines.append(catalog.gettext("Repeats: {repeat}").format(repeat=repeat_words(drop.repeat, catalog)))
    if told == 0:
        lines += ["", catalog.gettext("No manager has opened a private chat with me yet: ask one to see /queue.")]
    elif told is not None:
        lines += ["", catalog.gettext("The managers are told; it is posted once one approves. /queue shows it.")]
    else:
        lines += ["", catalog.gettext("/queue changes or cancels it.")]
    return "\n".join(lines)


def scheduled_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Back to its screen, or take it back."""
    return [[(catalog.gettext("Change"), data(drop, "open")), (catalog.gettext("Cancel drop"), data(drop, "cancel"))]]


def render_now(prospect: Prospect, catalog: Catalog) -> str:
    """Post it now? With what will happen, and what speaks against it."""
    question = catalog.gettext("Post it in {place} now?").format(place=target_words(prospect, catalog))
    lines = [bold(question), drop_title(prospect.drop.content, catalog)]
    lines.append(catalog.gettext("Everyone there sees it at once."))
    lines += marked_remarks(prospect, catalog)
    return "\n".join(lines)


def now_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Yes, or back."""
    return [[(catalog.gettext("Post it now"), data(drop, "now", "sure"))], [back_button(drop, catalog)]]


def posting_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """What it does from now on."""
    return [[(catalog.gettext("What it did"), f"did:{drop.community_id}:{drop.number}")]]


def render_posting(prospect: Prospect, catalog: Catalog) -> str:
    """It is being posted."""
    head = catalog.gettext("Drop {number} is being posted").format(number=catalog.number(prospect.drop.number))
    return "\n".join([bold(head), drop_title(prospect.drop.content, catalog), target_words(prospect, catalog)])


def render_cancel(drop: DropView, catalog: Catalog) -> str:
    """Really? With what will happen."""
    title = drop_title(drop.content, catalog)
    if drop.state == State.DRAFT:
        return "\n".join([bold(catalog.gettext("Throw this draft away?")), title])
    head = catalog.gettext("Cancel drop {number}?").format(number=catalog.number(drop.number))
    lines = [bold(head), title]
    if drop.repeat is not None:
        lines.append(catalog.gettext("It repeats: this one alone, or all that would follow?"))
    else:
        lines.append(catalog.gettext("It will not be posted; you can undo that."))
    return "\n".join(lines)


def cancel_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Yes (of a series this one or all), or back."""
    if drop.state == State.DRAFT:
        rows = [[(catalog.gettext("Throw away"), data(drop, "cancel", "sure"))]]
    elif drop.repeat is not None:
        one = (catalog.gettext("This one"), data(drop, "cancel", "one"))
        rows = [[one, (catalog.gettext("The whole series"), data(drop, "cancel", "sure"))]]
    else:
        rows = [[(catalog.gettext("Cancel it"), data(drop, "cancel", "sure"))]]
    return [*rows, [back_button(drop, catalog)]]


def render_undone(catalog: Catalog) -> str:
    """A cancelled drop was brought back, as a draft; for a pop-up."""
    return catalog.gettext("It is a draft again. Schedule it to put it back into the queue.")


def render_cancelled(drop: DropView, catalog: Catalog) -> str:
    """It is gone."""
    if drop.state == State.DRAFT:
        head = catalog.gettext("Thrown away. Nothing was posted.")
    else:
        head = catalog.gettext("Drop {number} is cancelled.").format(number=catalog.number(drop.number))
    return f"{bold(head)}\n{drop_title(drop.content, catalog)}"


def cancelled_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Undo, where something can be undone."""
    return [] if drop.state == State.DRAFT else [[(catalog.gettext("Undo"), data(drop, "undo"))]]


def render_kept(prospect: Prospect, catalog: Catalog) -> str:
    """All changes of a queued drop are kept; the screen is closed."""
    number = catalog.number(prospect.drop.number)
    head = catalog.gettext("Drop {number} is saved").format(number=number)
    return "\n".join([bold(head), drop_title(prospect.drop.content, catalog), when_words(prospect, catalog)])


def render_locked(catalog: Catalog) -> str:
    """An editor at what a manager has approved, or at another's drop."""
    return catalog.gettext("It is another's, or approved already: only managers change it now.")


def render_empty_drop(catalog: Catalog) -> str:
    """/drop in private: how a drop is made."""
    return "\n".join(
        [
            bold(catalog.gettext("Send me what shall be posted")),
            catalog.gettext("Text, a photo, a video, an album, a file, a voice message or a poll; forwarded ones too."),
            catalog.gettext("Then choose where and when. Nothing is posted before you confirm."),
        ]
    )


def render_reply_with_drop(catalog: Catalog) -> str:
    """/drop in a group that answers nothing."""
    return catalog.gettext("Reply to a message with /drop, or send me in private what shall be posted.")


def render_waits_in_private(catalog: Catalog) -> str:
    """/drop in a group: the draft waits in private."""
    return catalog.gettext("The draft waits for you in private.")


def render_open_private(catalog: Catalog) -> str:
    """/drop by someone who never opened the private chat."""
    return catalog.gettext("I may not write to you yet. Open our private chat, press Start, then /drop again here.")


def render_anonymous(catalog: Catalog) -> str:
    """/drop by an anonymous admin, whose private chat nobody knows."""
    return catalog.gettext("You write as the group, so I cannot tell whose draft it is. Forward it to me in private.")


def render_part_only(catalog: Catalog) -> str:
    """/drop on an album's part: Telegram shows the bot that part alone."""
    return catalog.gettext("Only this part of the album came along. For all of it, forward the album to me here.")


def aside_button(catalog: Catalog) -> str:
    """Makes a new drop of what was typed and not understood."""
    return catalog.gettext("Make it a new drop")


def as_file_button(catalog: Catalog) -> str:
    """Posts a table that is none of figures as a file."""
    return catalog.gettext("Post it as a file")


def render_preview_pressed(catalog: Catalog) -> str:
    """A button under a preview was pressed."""
    return catalog.gettext("This is a preview: the button works once it is posted.")


def render_no_preview(reason: str, catalog: Catalog) -> str:
    """Telegram does not take it as it is."""
    return catalog.gettext("Telegram does not take it like this: {reason}").format(reason=reason)
