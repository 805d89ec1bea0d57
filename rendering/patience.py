"""Words for those who ask very often."""

from __future__ import annotations

from rendering.catalog import Catalog


def render_enough(catalog: Catalog) -> str:
    """The chat had several answers just now; said once."""
    return catalog.gettext("That was a lot at once. Ask again in two minutes; the buttons above still work then.")
