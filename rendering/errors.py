"""Words for when something went wrong."""

from __future__ import annotations

from rendering.catalog import Catalog


def render_failure(reference: str, catalog: Catalog) -> str:
    """An unexpected failure; nothing of it but a reference reaches the chat."""
    return catalog.gettext(
        "That did not work; nothing was lost. Try again; if it stays, tell whoever runs me this reference: {reference}"
    ).format(reference=reference)


def render_store_away(reference: str, catalog: Catalog) -> str:
    """The database cannot be used at the moment."""
    return catalog.gettext(
        "I cannot reach my database just now; nothing was lost. Try again in a minute. Reference: {reference}"
    ).format(reference=reference)
