"""Small pictures made by arithmetic, so that the seeded photos are something to look at."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from random import Random

WIDTH, HEIGHT = 480, 600
Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((255, 183, 107), (236, 96, 113)),
    ((140, 197, 255), (238, 241, 255)),
    ((64, 58, 120), (240, 140, 140)),
    ((255, 214, 165), (255, 245, 225)),
    ((90, 170, 160), (225, 240, 210)),
)


def _mix(a: Colour, b: Colour, share: float) -> bytes:
    return bytes(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))


@cache
def landscape(seed: int) -> bytes:
    """A sun over water as PNG bytes; the same for the same seed."""
    rng = Random(seed)
    top, low = rng.choice(SKIES)
    horizon, radius = round(HEIGHT * rng.uniform(0.55, 0.72)), rng.randrange(50, 90)
    centre, height = rng.randrange(120, WIDTH - 120), horizon - rng.randrange(20, 140)
    rows: list[bytes] = []
    for y in range(HEIGHT):
        in_water = y >= horizon
        base = _mix(low, top, (y - horizon) / (HEIGHT - horizon)) if in_water else _mix(top, low, y / horizon)
        if in_water:
            base = bytes(round(c * 0.78) for c in base)
        mirrored = 2 * horizon - y if in_water else y
        square = radius**2 - (mirrored - height) ** 2
        half = round(square**0.5) if square > 0 else 0
        if in_water:
            half = half * (y // 5 % 2)
        sun = _mix((255, 244, 214), (base[0], base[1], base[2]), 0.45 if in_water else 0.0)
        left = max(0, centre - half)
        width = min(WIDTH, centre + half) - left
        rows.append(b"\0" + base * left + sun * width + base * (WIDTH - left - width))
    return _png(b"".join(rows))


def _png(raw: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
