"""The real process, killed two hundred times at random moments under a stream of updates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.killing import survive


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_killed_two_hundred_times(tmp_path: Path) -> None:
    outcome = await survive(tmp_path, seed=7, kills=200)
    assert outcome.interactions == outcome.updates
