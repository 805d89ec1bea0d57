"""The short form of tests/soak/test_send_soak.py: killed while sending, no drop is lost and none is there twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drops.killing import survive


@pytest.mark.timeout(240)
async def test_killed_a_few_times_while_sending_every_drop_is_there_once(tmp_path: Path) -> None:
    tally = await survive(tmp_path, f"sqlite:///{tmp_path}/peakdrop.db", seed=5, kills=4)
    assert tally.kills == 4
    # A drop that is killed twice is in doubt twice, and asked about once.
    assert 0 < tally.settled_by_sign + tally.asked <= tally.doubts
