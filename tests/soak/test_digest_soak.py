"""The bot killed sixty times around the times of digests, and nights that two processes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.digests.killing import BUSY, FEW, survive
from tests.digests.nights import share
from tests.postgres import PostgresServer


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_killed_sixty_times_around_the_times_of_digests(tmp_path: Path) -> None:
    tally = await survive(tmp_path, seed=11, kills=60, groups=(*FEW, BUSY))
    assert tally.kills >= 60


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_two_processes_share_nights_in_each_of_which_both_die(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    tally, shared = await share(tmp_path, postgres.url(postgres.create(postgres_template)), groups=12, nights=10)
    assert tally.kills == 20
    assert shared.scored > 0
