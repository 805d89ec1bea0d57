"""The short form of tests/soak/test_digest_soak.py: a night of two processes, each of which dies once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.digests.nights import share
from tests.postgres import PostgresServer


@pytest.mark.timeout(120)
async def test_two_processes_make_each_outlook_and_send_each_digest_once_though_both_die(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    tally, shared = await share(tmp_path, postgres.url(postgres.create(postgres_template)), groups=4, nights=1)
    assert tally.kills == 2
    assert tally.lapsed == 0
    assert shared.waits
