"""Cells to figures, each failure kept as a reason for the one who sent the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from peakdrop.metrics.dates import WrittenDate, parse_date
from peakdrop.metrics.headings import Meaning
from peakdrop.metrics.layouts import Column
from peakdrop.metrics.numbers import Unreadable, is_missing, parse_count, parse_duration
from peakdrop.metrics.records import BadRow
from peakdrop.metrics.tables import Cell, Line


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one line; what cannot be read is added to `problems` and comes back as None."""

    line: Line
    columns: dict[Meaning, Column]
    decimal_comma: bool = False
    problems: list[BadRow] = field(default_factory=list)

    def text(self, meaning: Meaning) -> str:
        """What is written, trimmed; numbers without the `.0` spreadsheets give them."""
        return as_text(self._cell(meaning))

    def count(self, meaning: Meaning, *, may_be_negative: bool = False) -> int | None:
        """A whole number, or None where the platform gave none."""
        written = self.text(meaning)
        if is_missing(written):
            return None
        try:
            value = parse_count(written, decimal_comma=self.decimal_comma)
        except Unreadable:
            self.fail(meaning, "not_a_count")
            return None
        if value < 0 and not may_be_negative:
            self.fail(meaning, "negative")
            return None
        return value

    def seconds(self, meaning: Meaning) -> float | None:
        """A duration in seconds, by the unit its column is headed with."""
        cell, written = self._cell(meaning), self.text(meaning)
        if isinstance(cell, timedelta):
            return round(cell.total_seconds(), 3)
        if isinstance(cell, time):
            return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
        if is_missing(written):
            return None
        try:
            value = parse_duration(written, unit=self.columns[meaning].unit, decimal_comma=self.decimal_comma)
        except Unreadable:
            self.fail(meaning, "not_a_duration")
            return None
        if value < 0:
            self.fail(meaning, "negative")
            return None
        return value

    def written_date(self, meaning: Meaning) -> WrittenDate | None:
        """A date as written, or None where there is none."""
        cell, written = self._cell(meaning), self.text(meaning)
        if is_missing(written):
            return None
        try:
            return parse_date(cell if isinstance(cell, date | datetime | float | int) else written)
        except Unreadable:
            self.fail(meaning, "no_such_date")
            return None

    def fail(self, meaning: Meaning, reason: str) -> None:
        """Note that this line cannot be taken, and why."""
        column = self.columns.get(meaning)
        heading = column.heading if column else ""
        self.problems.append(BadRow(self.line.number, heading, self.text(meaning)[:60], reason))

    def _cell(self, meaning: Meaning) -> Cell:
        column = self.columns.get(meaning)
        if column is None or column.index >= len(self.line.cells):
            return ""
        return self.line.cells[column.index]


def as_text(cell: Cell) -> str:
    """A cell as a person would write it."""
    if isinstance(cell, str):
        return cell.replace("\x00", "").strip()  # no database keeps a NUL in text
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    return str(cell)
