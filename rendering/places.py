"""Words about which group is meant."""

from __future__ import annotations

import html

from rendering.catalog import Catalog, ellipsis, escape

BUTTON_WIDTH = 32


def button_title(title: str) -> str:
    """A group's name on a button."""
    return ellipsis(html.unescape(escape(title)), BUTTON_WIDTH)


def render_choice(catalog: Catalog) -> str:
    """Which group?"""
    return catalog.gettext("Which group is it about?")


def render_chosen(title: str, catalog: Catalog) -> str:
    """A group was chosen for the private chat."""
    return catalog.gettext("From now on this chat is about {group}. /group changes it.").format(
        group=f"<b>{escape(title)}</b>"
    )


def render_nothing_yet(catalog: Catalog) -> str:
    """A chat of which nothing is known yet."""
    return catalog.gettext("I have seen nothing of this chat yet. Write a message here and ask again.")


def render_no_group(catalog: Catalog) -> str:
    """Someone asks in private and manages no group."""
    return catalog.gettext(
        "In private I answer the managers of a group: its creator and the admins who may change its info. "
        "You manage none where I am. /start shows how to add me to one; members ask /next here, and /stats in the "
        "group itself."
    )


def render_not_joined(catalog: Catalog) -> str:
    """Someone asks what is coming, and was seen in no group."""
    return catalog.gettext(
        "I have not seen you in any group where I am. Write something in yours, then ask /next here again."
    )


def render_not_manager(catalog: Catalog) -> str:
    """Something that only managers may do."""
    return catalog.gettext("Only managers can do this: the group's creator and admins who may change its info.")
