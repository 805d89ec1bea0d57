"""300 kills at random moments of sending, a thousand drops shared by two processes, three years of daily series."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from storage.communities import create
from storage.facts import ChatSeen
from storage.store import Store
from tests.drops.killing import survive
from tests.drops.test_send_times import CHANGES, check_daily_series
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


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("at", ["02:30", "09:00"])
def test_three_years_of_a_daily_series_each_local_day_once(store: Store, zone: str, at: str) -> None:
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store.engine.dispose()
    seen = ChatSeen(-1002000000009, "supergroup", "Daily", False, 1)
    community = store.write_now(lambda session: create(session, seen, seen.at, zone))
    check_daily_series(store, community, zone, at, date(2026, 1, 2), days=3 * 365)
