"""Words for who may work on drops, and where."""

from __future__ import annotations

from rendering.catalog import Catalog


def render_private_only(catalog: Catalog) -> str:
    """In the group: what is queued is not for everyone to read."""
    return catalog.gettext("What is queued stays between us: open the private chat.")


def private_button(catalog: Catalog) -> str:
    """Opens the private chat."""
    return catalog.gettext("Open it")


def render_no_desk(catalog: Catalog) -> str:
    """They run no group that the bot is in."""
    return catalog.gettext(
        "You run no group that I am in. Add me to one as admin, or ask its manager for a role (/role)."
    )


def render_not_yours(catalog: Catalog) -> str:
    """They may not work on this group's drops (any more)."""
    return catalog.gettext("This is for the group's managers and editors. Ask a manager for a role (/role).")
