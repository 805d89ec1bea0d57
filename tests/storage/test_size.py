"""The log and its rollups stay small on disk."""

from __future__ import annotations

from pathlib import Path

from storage.disk import clean, size_on_disk
from tests.bench.stores import busy_store


def test_an_interaction_takes_less_than_120_bytes(tmp_path: Path) -> None:
    store = busy_store(tmp_path / "peakdrop.db", 20_000)
    store.tend_now(clean)
    assert store.tend_now(size_on_disk) / 20_000 < 120
    store.close()
