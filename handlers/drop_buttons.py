"""The buttons under a drop. Their callback data carries the attempt, so that pressing one proves what was posted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from rendering.catalog import Catalog
from rendering.delivery import deed_label
from storage.drop_content import DropButton
from storage.drops import DropView

ROW = 3
DATA = r"^do:(like|comment|share):\d+:\d+:[0-9a-z]+$"
SHARED = re.compile(r"(?:drop )?(\d{1,9})-(\d{1,9})-([0-9a-z]{1,13})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button under a drop says: which one, of which drop, posted by which attempt."""

    kind: str
    community_id: int
    number: int
    nonce: int


def drop_markup(
    drop: DropView, counts: Mapping[str, int], catalog: Catalog, *, inline: bool = False
) -> InlineKeyboardMarkup | None:
    """A drop's buttons with how often each kind was pressed (nothing shown at 0); None where it has none.

    `inline` (the bot's inline mode is on): the share button opens the choice of a chat at once.
    """
    shown = [_button(drop, one, counts.get(one.kind, 0), catalog, inline=inline) for one in drop.buttons]
    rows = [shown[at : at + ROW] for at in range(0, len(shown), ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(drop: DropView, button: DropButton, count: int, catalog: Catalog, *, inline: bool) -> InlineKeyboardButton:
    label = deed_label(button.kind, button.label, count, catalog)
    if button.kind == "link":
        return InlineKeyboardButton(label, url=button.url)
    if button.kind == "share" and inline:
        return InlineKeyboardButton(label, switch_inline_query=share_query(drop))
    data = f"do:{button.kind}:{drop.community_id}:{drop.number}:{base36(drop.nonce)}"
    return InlineKeyboardButton(label, callback_data=data)


def share_query(drop: DropView) -> str:
    """What stands behind the bot's name while somebody shares a drop: nobody can guess another drop's."""
    return f"drop {share_key(drop)}"


def share_key(drop: DropView) -> str:
    """Names a drop to whoever has seen its buttons."""
    return f"{drop.community_id}-{drop.number}-{base36(drop.nonce)}"


def read_shared(text: str) -> Pressed | None:
    """A share key, with or without the word before it; None for any other text."""
    found = SHARED.fullmatch(text.strip())
    return Pressed("share", int(found[1]), int(found[2]), int(found[3], 36)) if found else None


def read_pressed(data: str) -> Pressed:
    """Callback data that matches DATA."""
    _, kind, community_id, number, nonce = data.split(":")
    return Pressed(kind, int(community_id), int(number), int(nonce, 36))


def base36(number: int) -> str:
    """A number as short as callback data needs it."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
