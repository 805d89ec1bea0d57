"""The faces that pictures are written in: Noto Sans SC for everything, DejaVu Sans for letters it lacks.

Matplotlib is imported at first use: it costs half a second and most answers have no picture.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

MAIN, SPARE = "Noto Sans SC", "DejaVu Sans"
# Joiners, variation selectors, keycaps, controls, surrogates and private use mean nothing without their glyph.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Me"})


@cache
def coverage() -> tuple[frozenset[int], frozenset[int]]:
    """Code points of the main and of the spare face; both are known to matplotlib from then on."""
    from matplotlib import font_manager
    from pylopdf_fonts_zh_cn import sans_path

    main = str(sans_path())
    font_manager.fontManager.addfont(main)
    spare = font_manager.findfont(SPARE, fallback_to_default=False)
    return tuple(frozenset(font_manager.get_font(path).get_charmap()) for path in (main, spare))  # type: ignore[return-value]


def drawable(text: str) -> str:
    """The part of a text that our faces can write: emoji and scripts without a glyph are left out, never boxed."""
    main, spare = coverage()
    kept: list[str] = []
    has_base = False
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
            has_base = False
        elif category in _UNSEEN or not (ord(char) in main or ord(char) in spare) or 0xFE00 <= ord(char) <= 0xFE0F:
            # A mark that stood on what is left out goes with it; a joiner leaves the letter before it as it is.
            has_base = has_base and category == "Cf"
        elif has_base or not category.startswith("M"):
            kept.append(char)
            has_base = True
    return " ".join("".join(kept).split())


def face(text: str) -> dict[str, Any]:
    """Matplotlib's text properties for a drawable text, so that each word comes out of one face."""
    main, _ = coverage()
    # A face that has only half of a word's letters sets accents beside them.
    family = [MAIN, SPARE] if all(ord(char) in main for char in text) else [SPARE, MAIN]
    if any(unicodedata.east_asian_width(char) in "WF" for char in text):
        return {"fontfamily": family}
    # Between Latin letters the Chinese face's quotes and dots would be as wide as a character.
    return {"fontfamily": family, "fontfeatures": ["pwid", "palt"]}
