"""Backups and drops: nothing that may be out already is posted again unasked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from peakdrop.backup import backup, restore
from rendering.catalog import get_catalog
from rendering.keeping import render_restore
from storage.drop_content import Content
from storage.drop_people import drop_data
from storage.drops import State, add_drop, find_drop
from storage.store import Store
from tests.drops.conftest import NOW
from tests.drops.test_figures_people import LIN, involve

LATER = NOW + timedelta(days=2)


@pytest.fixture
def target(tmp_path: Path) -> Store:
    (tmp_path / "second").mkdir()
    return Store(f"sqlite:///{tmp_path / 'second' / 'peakdrop.db'}")


def queue(store: Store, community: int, hours: float, state: State = State.SCHEDULED) -> int:
    due = NOW + timedelta(hours=hours)
    return store.write_now(
        lambda session: add_drop(
            session, community, now=NOW, author_id=1, content=Content("x"), state=state, due_at=due
        )
    )


def test_what_was_due_since_a_backup_is_asked_about(
    any_store: Store, community: int, target: Store, tmp_path: Path
) -> None:
    involve(any_store, community, LIN)
    overdue, coming, paused = (
        queue(any_store, community, 1),
        queue(any_store, community, 24 * 5),
        queue(any_store, community, 1, State.PAUSED),
    )
    backup(any_store, tmp_path / "a.backup", now=NOW)
    report = restore(target, tmp_path / "a.backup", overwrite=False, now=LATER)
    assert report.drops_in_doubt == 1
    assert "1 drop was due" in render_restore(report, get_catalog("en"))
    found = {n: target.read_now(lambda s, n=n: find_drop(s, community, n)) for n in (overdue, coming, paused)}  # type: ignore[misc]
    assert [one and one.state for one in found.values()] == [State.UNCERTAIN, State.SCHEDULED, State.PAUSED]
    assert target.read_now(lambda session: drop_data(session, community, LIN))["reminders"]
    target.close()
