"""300 kills at random moments of sending, and a thousand drops shared by two processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drops.killing import survive
from tests.drops.test_send_two import share
from tests.postgres import PostgresServer


@pytest.mark.soak
@pytest.mark.timeout(4500)
async def test_killed_three_hundred_times_while_sending(tmp_path: Path) -> None:
    tally = await survive(tmp_path, f"sqlite:///{tmp_path}/peakdrop.db", seed=11, kills=300, groups=12)
    assert tally.kills == 300


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_two_processes_share_a_thousand_drops(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    name = postgres.create(postgres_template)
    tally = await share(tmp_path, postgres.url(name), drops=1000, groups=100)
    assert tally.sent == 1000
