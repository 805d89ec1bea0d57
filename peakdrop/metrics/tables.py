"""Bytes of a file to tables of cells: CSV in its many encodings and delimiters, and XLSX."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from python_calamine import CalamineWorkbook

from peakdrop.metrics.records import MetricsRefused

Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta

MAX_BYTES = 20_000_000  # what Telegram hands to a bot
MAX_UNPACKED = 200_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_CELLS = 5_000_000
DELIMITERS = (",", ";", "\t", "|", "，")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells and the line of the file where it begins (from 1)."""

    number: int
    cells: list[Cell]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, or a way to read a CSV file; which way is right shows in the headings."""

    lines: list[Line]
    decimal_comma: bool = False

    def texts(self, index: int) -> list[str]:
        """A row as text, for finding the headings."""
        return [cell if isinstance(cell, str) else "" for cell in self.lines[index].cells]


def read_tables(data: bytes) -> Iterator[Table]:
    """Every way to read the file, the likeliest first. Raises MetricsRefused for what is no table at all."""
    if len(data) > MAX_BYTES:
        raise MetricsRefused("too_large", megabytes=MAX_BYTES // 1_000_000)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise MetricsRefused("empty")
    if data.startswith(b"PK\x03\x04"):
        yield from _workbook(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise MetricsRefused("old_excel")
    elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")):
        raise MetricsRefused("no_table")
    else:
        yield from _text_tables(data)


def _text_tables(data: bytes) -> Iterator[Table]:
    for text in _decodings(data):
        start = text[:4000]
        for delimiter in sorted((one for one in DELIMITERS if one in start), key=start.count, reverse=True):
            try:
                lines = list(_csv_lines(text, delimiter))
            except csv.Error:
                continue
            yield Table(lines, decimal_comma=delimiter == ";")


def _decodings(data: bytes) -> Iterator[str]:
    """The text as each encoding that fits reads it. A wrong one gives headings that nobody knows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be", "utf-16-le", "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030", "cp1252"]
    for encoding in encodings:
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue


def _csv_lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    number = 1
    for cells in reader:
        if number > MAX_ROWS:
            raise MetricsRefused("too_many_rows", rows=MAX_ROWS)
        if len(cells) <= MAX_COLUMNS:
            yield Line(number, list(cells))
        number = reader.line_num + 1


def _workbook(data: bytes) -> Iterator[Table]:
    _check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Table([Line(number, list(row)) for number, row in enumerate(rows, start=1)])
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MetricsRefused):
        raise
    except BaseException as error:  # a panic inside the reader is no Exception
        raise MetricsRefused("damaged") from error


def _check_workbook(data: bytes) -> None:
    """Refuse what is no workbook, and one that would unpack to more than memory bears."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename for info in archive.infolist()]
            sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            if not sheets:
                raise MetricsRefused("zip_archive")
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise MetricsRefused("too_large", megabytes=MAX_BYTES // 1_000_000)
            for name in sheets:
                _check_extent(archive.read(name))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise MetricsRefused("damaged") from error


def _check_extent(sheet: bytes) -> None:
    # The reader lays the sheet out densely: one cell far out would cost gigabytes.
    columns = rows = 1
    for match in _CELL.finditer(sheet):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column_number(match[1]))
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise MetricsRefused("too_many_rows", rows=MAX_ROWS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
