"""Keeping a large store: bytes on disk, rebuild, backup, and how long it takes to forget someone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from peakdrop.backup import backup, restore
from peakdrop.privacy import forget_member, member_data
from peakdrop.rebuild import check, rebuild
from storage.disk import clean, size_on_disk
from storage.store import Store
from tests.bench.stores import NOW, busy_store

SIZE = 1_000_000
BYTES_AN_INTERACTION = 120
T = TypeVar("T")


def timed(what: str, act: Callable[[], T]) -> T:
    """Run something and say how long it took."""
    start = time.perf_counter()
    result = act()
    print(f"{what}: {time.perf_counter() - start:.2f} s")
    return result


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.mark.bench
def test_a_million_interactions_are_kept_small_and_quickly_tended(tmp_path: Path) -> None:
    store = busy_store(tmp_path / "peakdrop.db", SIZE)
    store.tend_now(clean)
    size = store.tend_now(size_on_disk) / SIZE
    print(f"\nbytes on disk per interaction at {SIZE:,}, rollups included: {size:.1f}")
    assert size < BYTES_AN_INTERACTION
    timed("check", lambda: check(store, progress=quiet))
    assert timed("rebuild (all days agree)", lambda: rebuild(store, progress=quiet)).mended == ()
    path = tmp_path / "copy.backup"
    report = timed("backup, verified", lambda: backup(store, path, now=NOW))
    print(f"backup: {report.size / SIZE:.1f} bytes an interaction")
    second = Store(f"sqlite:///{tmp_path}/second/peakdrop.db")
    timed("restore", lambda: restore(second, path, overwrite=False, now=NOW))
    second.close()
    busiest, rare = 5_000_000_000, 5_000_002_999
    timed("mydata of the busiest", lambda: store.read_now(lambda session: member_data(session, busiest, NOW)))
    for who in (rare, busiest):
        gone = timed(f"forget {who}", partial(asyncio.run, forget_member(store, who, NOW)))
        print(f"  of {gone.interactions:,} interactions")
        assert gone.off_disk
    assert check(store, progress=quiet).differences == ()
    store.close()
