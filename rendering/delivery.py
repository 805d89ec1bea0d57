"""Words of delivery: what stands on a drop's buttons, and what managers are told about drops that did not go out."""

from __future__ import annotations

from rendering.catalog import Catalog


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
