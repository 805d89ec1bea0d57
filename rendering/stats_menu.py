"""Buttons, pop-ups and help of /stats."""

from __future__ import annotations

from collections.abc import Sequence

from rendering.catalog import Catalog, bold, ellipsis, escape

BUTTON_WINDOWS = ("24h", "7d", "30d")


def window_button(word: str, catalog: Catalog) -> str:
    """A window on a button: "7 d"."""
    names = {"24h": catalog.gettext("24 h"), "7d": catalog.gettext("7 d"), "30d": catalog.gettext("30 d")}
    return names[word]


def render_why(catalog: Catalog) -> str:
    """How the figures come about, for a pop-up (at most 200 characters)."""
    return catalog.gettext(
        "Active: wrote, reacted, voted or pressed.\n"
        "Engagement: (likes + comments + shares) / seconds watched.\n"
        "Conversion: buyers gained / followers.\n"
        "– : not known; send video figures in private."
    )


def render_stats_help(catalog: Catalog) -> str:
    """Examples of /stats."""
    rows = (
        ("/stats", catalog.gettext("the last 7 days")),
        ("/stats today", catalog.gettext("since midnight")),
        ("/stats 30d", catalog.gettext("also 24h, 90d, 1y, all")),
        ("/stats 7d vs", catalog.gettext("beside the 7 days before")),
        ("/stats 2026-10-01..2026-10-31", catalog.gettext("from day to day")),
        ("/stats videos", catalog.gettext("engagement and conversion by video")),
        ("/stats drops", catalog.gettext("which drops were answered most")),
    )
    lines = [bold(catalog.gettext("What /stats can show"))]
    return "\n".join([*lines, *(f"<code>{form}</code> – {words}" for form, words in rows)])


def render_unknown_window(text: str, forms: Sequence[str], catalog: Catalog) -> str:
    """What to type instead of something that is no window."""
    shown = " · ".join(f"<code>/stats {form}</code>" for form in forms)
    return catalog.gettext("I do not know the span “{text}”. Try one of these: {forms}").format(
        text=escape(ellipsis(text, 40)), forms=shown
    )


def chosen(label: str) -> str:
    """A button that is the one in force."""
    return f"·{label}·"


def compare_button(catalog: Catalog, *, chosen: bool) -> str:
    """Switches the comparison on and off."""
    label = catalog.gettext("compare")
    return f"✓ {label}" if chosen else label


def why_button(catalog: Catalog) -> str:
    """Explains the figures."""
    return catalog.gettext("why?")


def rates_button(catalog: Catalog) -> str:
    """Shows managers the rates that the group keeps private."""
    return catalog.gettext("for managers")


def render_rates_refused(catalog: Catalog) -> str:
    """Someone who is no manager pressed the managers' button (pop-up)."""
    return catalog.gettext("These figures are for the group's managers.")


def render_videos_private(catalog: Catalog) -> str:
    """Video figures were asked for where they are not shown."""
    return catalog.gettext("Video figures are for managers: ask me /stats videos in private.")
