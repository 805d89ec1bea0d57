"""Imports a series: activity of a community as `.csv` or `.csv.gz`, without texts and without message ids.

Columns, in any order: `ts` (epoch seconds UTC), `author` (a pseudonym), `kind` (message, join, leave, reaction),
and where known `length` (characters), `is_reply` (0 or 1), `reactions` (how many the message got).
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from peakdrop.history.identity import clean, timed_key
from peakdrop.history.reports import (
    ChatReport,
    HistoryRefusal,
    HistoryReport,
    Progress,
    RefusalReason,
)
from peakdrop.history.slices import SLICE_MESSAGES, Options, Slice, close_place, file_key, open_place, store_slices
from storage.facts import ChatSeen, Facts, Interaction, MemberSeen, ReactionTotal, StandingSeen
from storage.kinds import Actor, Flag, Kind, Slot, Standing
from storage.members import pseudonym_id
from storage.store import Store

NEEDED = ("ts", "author", "kind")
KINDS = {"message": Kind.TEXT, "join": Kind.JOIN, "leave": Kind.LEAVE, "reaction": Kind.REACTION_ADDED}
TRUE = frozenset({"1", "true", "yes"})
_LATEST = 1 << 33
_FLAGS = int(Flag.IMPORTED)
_NOTICE = int(Flag.IMPORTED | Flag.NOTICE)


class Row(NamedTuple):
    """A row of a series; `line` is its line in the file."""

    at: int
    author: str
    kind: str
    length: int
    is_reply: bool
    reactions: int
    line: int


class _Span(NamedTuple):
    first_at: int
    last_at: int
    rows: int
    is_sorted: bool
    is_cut: bool


def import_series(store: Store, path: Path, options: Options) -> HistoryReport | HistoryRefusal:
    """Import a series into `options.chat_id`'s community, or into one of its own, named after the file."""
    with _open(path) as file:
        columns = _columns(file)
    if isinstance(columns, str):
        return HistoryRefusal(RefusalReason.COLUMNS, path.name, columns)
    span = _look_through(path, columns)
    if span is None:
        return HistoryRefusal(RefusalReason.NO_ROWS, path.name)
    title = path.name.removesuffix(".gz").removesuffix(".csv")
    chat_id = options.chat_id if options.chat_id is not None else pseudonym_id(f"series {title}")
    key = file_key(path)
    chat = ChatSeen(chat_id, "supergroup", title, False, span.first_at)
    place = open_place(store, chat, options, key)
    part = ChatReport(chat_id, title, timezone=place.timezone, resumed_at_byte=place.resume_at or None)
    report = HistoryReport(path.name, chats=[part], truncated=span.is_cut, messages=span.rows)
    rows: Iterable[Row] = _rows(path, columns, part)
    if not span.is_sorted:
        rows = sorted(rows)
    reader = _SeriesReader(chat_id, span.last_at)
    slices = _slices(rows, reader, place.resume_at)

    def told() -> Iterator[Slice]:
        for piece in slices:
            yield piece
            options.progress(Progress(piece.offset, span.rows, piece.offset, title))

    done = store_slices(store, told(), place, part, key=key, options=options)
    close_place(store, chat, done, key, options)
    part.members = len(reader.people)
    return report


def _open(path: Path) -> TextIO:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _columns(file: TextIO) -> dict[str, int] | str:
    """Where each column stands; the headings found instead where a needed one is missing."""
    try:
        heading = next(csv.reader(file), [])
    except (OSError, EOFError, zlib.error, csv.Error) as fault:
        return str(fault)
    columns = {name.strip().lower(): index for index, name in enumerate(heading)}
    return columns if all(name in columns for name in NEEDED) else ",".join(heading)[:200]


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines after the heading; a file that was cut short ends where it ends."""
    with _open(path) as file:
        reader = csv.reader(file)
        try:
            next(reader, None)
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
        except (OSError, EOFError, zlib.error, csv.Error):
            return


def _look_through(path: Path, columns: dict[str, int]) -> _Span | None:
    """The span of a series, and whether its rows are in order of time."""
    first = last = before = rows = 0
    is_sorted = True
    place = columns["ts"]
    for _, cells in _lines(path):
        rows += 1
        try:
            at = int(float(cells[place]))
        except (ValueError, IndexError, OverflowError):
            continue
        if not 0 < at < _LATEST:
            continue
        is_sorted = is_sorted and at >= before
        before = at
        first, last = min(first or at, at), max(last, at)
    return _Span(first, last, rows, is_sorted, _is_cut(path)) if first else None


def _is_cut(path: Path) -> bool:
    """Whether a compressed file ends too early."""
    if not path.name.endswith(".gz"):
        return False
    try:
        with gzip.open(path, "rb") as file:
            while file.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error):
        return True
    return False


def _rows(path: Path, columns: dict[str, int], report: ChatReport) -> Iterator[Row]:
    """The rows that can be read; the others are noted in the report with their line."""
    places = [columns.get(name, -1) for name in ("ts", "author", "kind", "length", "is_reply", "reactions")]
    for line, cells in _lines(path):
        try:
            at, author, kind, length, is_reply, reactions = (
                cells[place].strip() if 0 <= place < len(cells) else "" for place in places
            )
            row = Row(
                int(float(at)),
                author,
                kind,
                int(float(length or 0)),
                is_reply.lower() in TRUE,
                int(float(reactions or 0)),
                line,
            )
            if not 0 < row.at < _LATEST or not 0 <= row.length < 1 << 31 or row.kind not in KINDS:
                raise ValueError(f"{kind or 'no kind'} at {at}")
            if not author:
                raise ValueError("no author")
        except (ValueError, OverflowError) as fault:
            report.note_broken(line, None, str(fault))
            continue
        yield row


class _SeriesReader:
    """Turns rows into facts; `as_of` dates what messages got in reactions."""

    def __init__(self, chat_id: int, as_of: int) -> None:
        self.chat_id = chat_id
        self.as_of = as_of
        self.people: dict[str, int] = {}
        self.facts = Facts()
        self._taken: set[int] = set()
        self._second = 0

    def read(self, row: Row) -> None:
        """Add what a row says to `facts`."""
        if row.at != self._second:
            self._second, self._taken = row.at, set()
        member_id = self.people.get(row.author)
        if member_id is None:
            member_id = self.people[row.author] = pseudonym_id(f"{self.chat_id} {row.author}")
        self.facts.members.append(MemberSeen(self.chat_id, member_id, clean(row.author), None, False, row.at))
        key = timed_key(row.at, *row[1:6], taken=self._taken)
        kind = KINDS[row.kind]
        who = (row.at, int(kind), int(Actor.MEMBER), member_id, 0)
        if kind in (Kind.JOIN, Kind.LEAVE):
            standing = Standing.MEMBER if kind == Kind.JOIN else Standing.LEFT
            self.facts.standings.append(StandingSeen(self.chat_id, member_id, standing, row.at))
            one = Interaction(self.chat_id, -member_id, Slot.MEMBERSHIP, key, *who, _NOTICE)
        elif kind == Kind.REACTION_ADDED:
            one = Interaction(self.chat_id, key, Slot.REACTION, 0, *who, _FLAGS)
        else:
            flags = _FLAGS | int(Flag.REPLY) if row.is_reply else _FLAGS
            one = Interaction(self.chat_id, key, Slot.MESSAGE, 0, *who, flags, row.length)
            if row.reactions > 0:
                total = ReactionTotal(self.chat_id, key, self.as_of, row.at, row.reactions, "")
                self.facts.reaction_totals.append(total)
        self.facts.interactions.append(one)

    def take(self) -> Facts:
        """The facts gathered since the last call."""
        facts, self.facts = self.facts, Facts()
        return facts


def _slices(rows: Iterable[Row], reader: _SeriesReader, skip: int) -> Iterator[Slice]:
    """Slices end where the time changes: what is alike in one second is told apart by its order there."""
    count = total = before = 0
    for row in rows:
        total += 1
        if total <= skip:
            continue
        if count >= SLICE_MESSAGES and row.at != before:
            yield Slice(reader.take(), total - 1)
            count = 0
        reader.read(row)
        count, before = count + 1, row.at
    if count:
        yield Slice(reader.take(), total)
