"""Reads a group's activity from a series: `.csv` or `.csv.gz` with the columns `ts` and `author`.

`ts` is epoch seconds, `author` any name. Where there is a column `kind`, only messages and reactions count; other
columns are passed over.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

import numpy as np

from peakdrop.activity import QUARTER, Activity, gather

ACTIVE = frozenset({"message", "reaction"})
_LATEST = 1 << 33


class BadSeries(StrEnum):
    """Why a file is not taken. `detail` of the refusal: the reason, the columns found, or the line."""

    UNREADABLE = "unreadable"
    COLUMNS = "columns"
    LINE = "line"
    NO_ROWS = "no_rows"


@dataclass(frozen=True, slots=True)
class SeriesRefusal:
    """A file that is not taken, and why."""

    reason: BadSeries
    file_name: str
    detail: str = ""


def read_series(path: Path) -> Activity | SeriesRefusal:
    """The activity in a file; a row that cannot be read refuses the whole of it, named by its line."""
    try:
        with _open(path) as file:
            found = _read(csv.reader(file))
    except (OSError, EOFError, zlib.error, UnicodeError, csv.Error) as fault:
        return SeriesRefusal(BadSeries.UNREADABLE, path.name, getattr(fault, "strerror", None) or str(fault))
    return found if isinstance(found, Activity) else SeriesRefusal(found[0], path.name, found[1])


def _open(path: Path) -> TextIO:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _read(rows: Iterable[Sequence[str]]) -> Activity | tuple[BadSeries, str]:
    lines = iter(rows)
    heading = [name.strip().lower() for name in next(lines, [])]
    if "ts" not in heading or "author" not in heading:
        return BadSeries.COLUMNS, ",".join(heading)[:80]
    at, author = heading.index("ts"), heading.index("author")
    kind = heading.index("kind") if "kind" in heading else None
    people: dict[str, int] = {}
    quarters: list[int] = []
    members: list[int] = []
    for number, cells in enumerate(lines, start=2):
        if not cells:
            continue
        try:
            if kind is not None and cells[kind].strip() not in ACTIVE:
                continue
            seconds, name = float(cells[at]), cells[author].strip()
        except (ValueError, IndexError):
            return BadSeries.LINE, str(number)
        if not (0 <= seconds < _LATEST and name):
            return BadSeries.LINE, str(number)
        quarters.append(int(seconds) // QUARTER)
        members.append(people.setdefault(name, len(people)))
    if not quarters:
        return BadSeries.NO_ROWS, ""
    return gather(np.array(quarters, np.int64), np.array(members, np.int64))
