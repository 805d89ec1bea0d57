"""The screens on which it is chosen where a drop goes, how it is posted, what stands under it and how it is filed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from peakdrop.contents import Refusal
from peakdrop.prospects import Prospect
from rendering.catalog import Catalog, bold, button_name, ellipsis, escape
from rendering.compose import Buttons, back_button, button_label, data, span_words, target_words
from rendering.places import button_title
from storage.drop_content import DropButton
from storage.drops import DropView, State

SPANS = (24, 48, 168)  # hours
LATE = (900, 3600, 7200, 21600, 86400)  # seconds
MOST_PLACES = 40
MOST_LINKS = 6
HALF_ROW = 16  # letters that half a phone's width takes


def _mark(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def render_where(prospect: Prospect, catalog: Catalog) -> str:
    """Where it goes now."""
    now = catalog.gettext("Now: {place}").format(place=target_words(prospect, catalog))
    return "\n".join([bold(catalog.gettext("Where?")), now])


def where_buttons(
    drop: DropView, topics: Mapping[int, str], channel: str | None, catalog: Catalog, *, is_forum: bool, others: bool
) -> Buttons:
    """The group or its topics, its linked channel, another group."""
    here = drop.target_chat_id is None
    places = {0: catalog.gettext("General") if is_forum else catalog.gettext("The group")} | dict(topics)
    shown = [
        (_dots(button_name(name), here and drop.thread_id == thread), data(drop, "topic", thread))
        for thread, name in list(places.items())[:MOST_PLACES]
    ]
    per_row = 1 if any(_width(label) > HALF_ROW for label, _ in shown) else 2
    rows = [shown[at : at + per_row] for at in range(0, len(shown), per_row)]
    if channel is not None:
        label = catalog.gettext("Channel: {name}").format(name=button_title(channel))
        label = label if channel else catalog.gettext("Linked channel")
        rows.append([(_dots(ellipsis(label, 32), not here), data(drop, "channel"))])
    if others and drop.state == State.DRAFT:
        rows.append([(catalog.gettext("Another group…"), data(drop, "groups"))])
    return [*rows, [back_button(drop, catalog)]]


def _width(label: str) -> int:
    """How wide a label is, in letters; a Chinese character is two."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in label)


def _dots(label: str, chosen: bool) -> str:
    return f"·{label}·" if chosen else label


def render_groups(catalog: Catalog) -> str:
    """Which group is it for?"""
    return bold(catalog.gettext("Which group is it for?"))


def group_buttons(drop: DropView, groups: Sequence[tuple[int, str]], catalog: Catalog) -> Buttons:
    """A button for each group."""
    rows: Buttons = [
        [(_dots(button_title(title), number == drop.community_id), data(drop, "group", number))]
        for number, title in groups[:MOST_PLACES]
    ]
    return [*rows, [back_button(drop, catalog)]]


def render_channel_closed(catalog: Catalog) -> str:
    """The bot may not post in the linked channel."""
    return catalog.gettext("I may not post in that channel. Make me an admin there who may post, then choose it again.")


def render_now_anonymous(catalog: Catalog) -> str:
    """A poll with names goes to a channel."""
    return catalog.gettext("In channels polls are anonymous: this one is, too, from now on.")


def render_options(drop: DropView, catalog: Catalog) -> str:
    """How it is posted."""
    lines = [bold(catalog.gettext("How is it posted?"))]
    if drop.repeat is not None:
        lines.append(catalog.gettext("“Replace” takes the previous one of the series away."))
    return "\n".join(lines)


def option_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Switches, the ones that are on with a tick."""
    switches = {
        "pin": (catalog.gettext("Pin it"), drop.pin),
        "silent": (catalog.gettext("Silent"), drop.silent),
        "ad": (catalog.gettext("Paid content"), drop.is_ad),
        "hidden": (catalog.gettext("Not in /next"), drop.is_hidden),
    }
    if drop.repeat is not None:
        switches["replaces"] = (catalog.gettext("Replace previous"), drop.replaces)
    shown = [(_mark(label, on), data(drop, "turn", name)) for name, (label, on) in switches.items()]
    rows = [shown[at : at + 2] for at in range(0, len(shown), 2)]
    if drop.delete_after is None:
        label = catalog.gettext("Delete after…")
    else:
        span = span_words(drop.delete_after, catalog)
        label = "✓ " + catalog.gettext("Delete after {span}").format(span=span)
    late = catalog.gettext("If late: up to {span}").format(span=span_words(drop.late_seconds, catalog))
    return [*rows, [(label, data(drop, "delete"))], [(late, data(drop, "late"))], [back_button(drop, catalog)]]


def render_late(catalog: Catalog) -> str:
    """How late may it still go out, after an outage?"""
    hint = catalog.gettext("After an outage it is posted if it is no later than that; else I choose a new time.")
    return "\n".join([bold(catalog.gettext("How late may it still be posted?")), hint])


def late_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """15 min to 24 h."""
    shown = [
        (_dots(span_words(seconds, catalog), drop.late_seconds == seconds), data(drop, "lateness", seconds))
        for seconds in LATE
    ]
    return [shown[:3], shown[3:], [back_button(drop, catalog, "options")]]


def render_needs_right(right: str, catalog: Catalog) -> str:
    """A right that the bot lacks for what was just chosen: said at once."""
    if right == "pin":
        return catalog.gettext("I may not pin messages there yet: give me that right, or it will not be pinned.")
    return catalog.gettext("After 48 h I need the right to delete messages there: give it to me, or it will stay.")


def render_delete(catalog: Catalog) -> str:
    """After how long is it deleted?"""
    note = catalog.gettext("From 48 h on I need the right to delete messages.")
    return "\n".join([bold(catalog.gettext("Delete it after how long?")), note])


def delete_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Never, 24 h, 48 h, 7 d."""
    now = (drop.delete_after or 0) // 3600
    shown = [(_dots(catalog.gettext("Never"), now == 0), data(drop, "keep", 0))]
    shown += [(_dots(span_words(hours * 3600, catalog), now == hours), data(drop, "keep", hours)) for hours in SPANS]
    return [shown, [back_button(drop, catalog, "options")]]


def render_buttons(drop: DropView, catalog: Catalog) -> str:
    """Which buttons stand under it."""
    lines = [bold(catalog.gettext("Buttons under it"))]
    lines += [
        f"{escape(button_label(one, catalog))}: {escape(ellipsis(one.url, 60))}"
        for one in drop.buttons
        if one.kind == "link"
    ]
    if drop.content.kind == "album":
        lines.append(catalog.gettext("An album carries none: they come in a message of their own under it."))
    return "\n".join(lines)


def buttons_buttons(drop: DropView, catalog: Catalog) -> Buttons:
    """Like, comment and share to switch; links to add and take away."""
    there = {one.kind for one in drop.buttons}
    shown = []
    for kind in ("like", "comment", "share"):
        label = button_label(DropButton(kind), catalog)
        shown.append((_mark(label, kind in there), data(drop, "button", kind)))
    links = [one for one in drop.buttons if one.kind == "link"]
    if len(links) < MOST_LINKS:
        shown.append((catalog.gettext("Add a link"), data(drop, "link")))
    rows: Buttons = [shown[:2], shown[2:]]
    rows += [
        [("✗ " + ellipsis(button_label(one, catalog), 18), data(drop, "unlink", at))] for at, one in enumerate(links)
    ]
    return [*rows, [back_button(drop, catalog)]]


def render_link(catalog: Catalog) -> str:
    """Type a link."""
    example = "<code>" + catalog.gettext("Shop") + " | https://example.com</code>"
    return "\n".join(
        [
            bold(catalog.gettext("Type the words and the address")),
            catalog.gettext("For example: {examples}").format(examples=example),
        ]
    )


def render_bad_link(text: str, catalog: Catalog) -> str:
    """A link without an address."""
    return "\n".join(
        [
            bold(catalog.gettext("“{text}” has no address that opens").format(text=escape(ellipsis(text, 40)))),
            catalog.gettext("Nothing was changed. Type words and an address: {example}").format(
                example="<code>" + catalog.gettext("Shop") + " | https://example.com</code>"
            ),
        ]
    )


def render_tags(drop: DropView, catalog: Catalog) -> str:
    """How it is filed."""
    comma = "、" if catalog.is_chinese else ", "
    none = catalog.gettext("none")
    return "\n".join(
        [
            bold(catalog.gettext("Tags and campaign")),
            catalog.gettext("Tags: {tags}").format(tags=escape(comma.join(drop.tags)) or none),
            catalog.gettext("Campaign: {campaign}").format(campaign=escape(drop.campaign or "") or none),
            catalog.gettext("Tags tell which kind of content works at which hour. Press, or type them."),
        ]
    )


def tag_buttons(drop: DropView, known: Mapping[str, str], catalog: Catalog) -> Buttons:
    """Tags used lately (by a short key), the chosen ones with a tick; the campaign; none of it."""
    shown = [(_mark(ellipsis(tag, 16), tag in drop.tags), data(drop, "tag", key)) for key, tag in known.items()]
    rows = [shown[at : at + 3] for at in range(0, len(shown), 3)]
    row = [(_mark(catalog.gettext("Campaign…"), bool(drop.campaign)), data(drop, "campaign"))]
    if drop.tags or drop.campaign:
        row.append((catalog.gettext("Remove all"), data(drop, "untag")))
    return [*rows, row, [back_button(drop, catalog)]]


def render_campaign(drop: DropView, campaigns: Collection[str], catalog: Catalog) -> str:
    """Type a campaign's name."""
    comma = "、" if catalog.is_chinese else ", "
    lines = [
        bold(catalog.gettext("Type the campaign's name")),
        catalog.gettext("Now: {place}").format(place=escape(drop.campaign or "") or catalog.gettext("none")),
    ]
    if campaigns:
        lines.append(catalog.gettext("Lately: {names}").format(names=escape(comma.join(campaigns))))
    return "\n".join(lines)


def render_content(drop: DropView, catalog: Catalog) -> str:
    """Send something else instead."""
    lines = [bold(catalog.gettext("Send the new content"))]
    if drop.content.pieces and drop.content.kind not in ("sticker", "video_note"):
        lines.append(catalog.gettext("A text becomes the new caption; a picture, video or poll takes its place."))
    else:
        lines.append(catalog.gettext("What you send takes the place of what is there."))
    return "\n".join(lines)


def render_refusal(refusal: Refusal, catalog: Catalog) -> str:
    """Why content cannot be posted; nothing was kept or changed."""
    if refusal.kind == "quiz":
        return "\n".join(
            [
                bold(catalog.gettext("This quiz cannot be posted")),
                catalog.gettext(
                    "Telegram tells me one right answer, and only of a quiz made in this chat. "
                    "Make it here: attach, then Poll."
                ),
            ]
        )
    over = refusal.length - refusal.limit
    return "\n".join(
        [
            bold(
                catalog.gettext("Too long: {length} of {limit} characters").format(
                    length=catalog.number(refusal.length), limit=catalog.number(refusal.limit)
                )
            ),
            catalog.ngettext(
                "Telegram lets me post {limit}. Shorten it by {n} and send it again.",
                "Telegram lets me post {limit}. Shorten it by {n} and send it again.",
                over,
            ).format(limit=catalog.number(refusal.limit), n=catalog.number(over)),
        ]
    )


def render_unpostable(catalog: Catalog) -> str:
    """Something that bots cannot post."""
    return catalog.gettext(
        "That I cannot post. I take text, photos, videos, albums, GIFs, files, audio, voice, stickers and polls."
    )
