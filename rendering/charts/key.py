"""What colours mean, and the line under a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peakdrop.windows import Window
from rendering.catalog import Catalog
from rendering.charts.canvas import MARGIN, SMALL, TEXT, Canvas
from rendering.stats import window_title

SWATCH, SPACE = 26, 36


@dataclass(frozen=True, slots=True)
class Entry:
    """A colour (hatched, or a point, full or hollow) and its meaning; a note has no colour."""

    colour: str
    words: str
    hatched: bool = False
    dot: bool = False
    hollow: bool = False


def draw_key(canvas: Canvas, y: float, entries: Sequence[Entry], *, left: float = MARGIN) -> None:
    """A row of colours and words on the base line `y`; smaller, then cut, where it would not fit."""
    room = canvas.width - MARGIN - left
    size = TEXT if _width(canvas, entries, TEXT) <= room else SMALL
    x = left
    for entry in entries:
        top = y - SWATCH + 3
        lead = SWATCH + 12 if entry.colour else 0
        if entry.dot:
            canvas.dot(x + SWATCH / 2, top + SWATCH / 2, 10, entry.colour, hollow=entry.hollow)
        elif entry.hatched:
            canvas.hatched(x, top, SWATCH, SWATCH, entry.colour)
        elif entry.colour:
            canvas.rectangle(x, top, SWATCH, SWATCH, entry.colour)
        x += lead
        words = canvas.fit(entry.words, canvas.width - MARGIN - x, size)
        canvas.text(x, y, words, size=size, colour=canvas.palette.grey)
        x += canvas.measure(words, size) + SPACE


def _width(canvas: Canvas, entries: Sequence[Entry], size: float) -> float:
    return sum(SWATCH + 12 + canvas.measure(entry.words, size) for entry in entries) + SPACE * (len(entries) - 1)


def subtitle(window: Window, catalog: Catalog) -> str:
    """Window, zone, as of: "Last 7 days · 16–22 Nov · as of 21:05 Shanghai"."""
    local = window.as_of.astimezone(window.zone)
    time = catalog.clock(local) if local.date() == window.last_day else catalog.moment(local)
    seen = catalog.gettext("as of {time}").format(time=f"{time} {catalog.zone(window.timezone, local)}")
    return f"{window_title(window, catalog)} · {seen}"
