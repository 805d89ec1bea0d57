"""Short clips and a voice message that really play, for seeded and lively members to send."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "clips"
CLIPS = 4


@cache
def clip(seed: int) -> bytes:
    """An MP4 of a few seconds, upright; the same for the same seed."""
    return (FOLDER / f"clip{seed % CLIPS + 1}.mp4").read_bytes()


@cache
def voice() -> bytes:
    """Four seconds of humming, OGG with Opus."""
    return (FOLDER / "voice.ogg").read_bytes()
