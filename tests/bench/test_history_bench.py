"""A million messages of history against `json.load` of the same file, and the memory that takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from tests.history.generate import write_export

ROUNDS = 3
# The peak from /proc: getrusage's begins with what the parent process had.
MEASURE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
def load(path):
    with path.open(encoding="utf-8") as file:
        return len(json.load(file)["messages"])
def bring(path):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    report = import_history(store, path, chat_id=None, timezone=None, now=now, progress=lambda step: None)
    return report.messages
import json
from peakdrop.history.imports import import_history
from storage.store import Store
store = Store(f"sqlite:///{sys.argv[3]}")
store.prepare()
begun = time.perf_counter()
count = {"load": load, "bring": bring}[sys.argv[1]](Path(sys.argv[2]))
print(count, time.perf_counter() - begun, peak())
"""


class Run(NamedTuple):
    """One run in a fresh process: messages, seconds, peak memory in MB."""

    messages: int
    seconds: float
    memory: float


def run(what: str, path: Path, database: Path) -> Run:
    """Measure `json.load` ("load") or an import into a new database ("bring")."""
    if what == "bring":
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
    arguments = [sys.executable, "-c", MEASURE, what, str(path), str(database)]
    root = Path(__file__).parents[2]
    words = subprocess.run(arguments, capture_output=True, text=True, check=True, cwd=root).stdout.split()
    return Run(int(words[0]), float(words[1]), float(words[2]))


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_a_million_messages(tmp_path: Path) -> None:
    database = tmp_path / "bench.db"
    small = run("bring", write_export(tmp_path / "small.json", 100_000), database)
    ratios: dict[str, float] = {}
    peak = 0.0
    for layout in ("pretty", "compact"):
        path = write_export(tmp_path / "large.json", 1_000_000, compact=layout == "compact")
        pairs = [(run("bring", path, database), run("load", path, database)) for _ in range(ROUNDS)]
        assert {one.messages for pair in pairs for one in pair} == {1_000_000}
        ratios[layout] = median(ours.seconds / theirs.seconds for ours, theirs in pairs)
        peak = max([peak, *(ours.memory for ours, _ in pairs)])
        seconds = [median(one.seconds for one in column) for column in zip(*pairs, strict=True)]
        print(
            f"\nhistory import, 1,000,000 messages, {layout}, {path.stat().st_size / 1e6:.0f} MB: "
            f"{seconds[0]:.1f} s, json.load {seconds[1]:.1f} s, ratio {ratios[layout]:.2f} (at most 1.0); "
            f"{database.stat().st_size / 1e6:.0f} MB on disk"
        )
    print(f"peak memory {small.memory:.0f} MB at 100,000, {peak:.0f} MB at 1,000,000 (under 150)")
    assert ratios["pretty"] <= 1.0
    assert peak < 150
    assert peak < small.memory + 20
