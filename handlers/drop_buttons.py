"""The buttons under a drop. Their callback data carries the attempt, so that pressing one proves what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from rendering.catalog import Catalog
from rendering.delivery import deed_label
from storage.drop_content import DropButton
from storage.drops import DropView

ROW = 3
DATA = r"^do:(like|comment|share):\d+:\d+:[0-9a-z]+$"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button under a drop says: which one, of which drop, posted by which attempt."""

    kind: str
    community_id: int
    number: int
    nonce: int


def drop_markup(drop: DropView, counts: Mapping[str, int], catalog: Catalog) -> InlineKeyboardMarkup | None:
    """A drop's buttons with how often each kind was pressed (nothing shown at 0); None where it has none."""
    shown = [_button(drop, one, counts.get(one.kind, 0), catalog) for one in drop.buttons]
    rows = [shown[at : at + ROW] for at in range(0, len(shown), ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(drop: DropView, button: DropButton, count: int, catalog: Catalog) -> InlineKeyboardButton:
    label = deed_label(button.kind, button.label, count, catalog)
    if button.kind == "link":
        return InlineKeyboardButton(label, url=button.url)
    data = f"do:{button.kind}:{drop.community_id}:{drop.number}:{base36(drop.nonce)}"
    return InlineKeyboardButton(label, callback_data=data)


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
