"""The short form of tests/soak/test_kill_soak.py: the process is killed again and again, and nothing is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.intake.killing import survive


@pytest.mark.timeout(200)
async def test_killed_ten_times_every_interaction_counts_once_and_every_command_is_answered(tmp_path: Path) -> None:
    outcome = await survive(tmp_path, seed=3, kills=10)
    assert outcome.interactions == outcome.updates


@pytest.mark.timeout(200)
async def test_an_orderly_stop_under_load_loses_nothing_and_answers_nothing_twice(tmp_path: Path) -> None:
    outcome = await survive(tmp_path, seed=4, kills=4, how=signal.SIGTERM)
    assert outcome.interactions == outcome.updates
    assert outcome.answered_twice == 0
