"""A content calendar as a table: rows read into drops, and drops written as rows of the same form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from peakdrop.drop_media import BadMedium, name_of, read_pieces
from peakdrop.local_times import local_of
from peakdrop.metrics.records import MetricsRefused
from peakdrop.metrics.tables import Cell, Line, Table, read_tables
from storage.drop_content import Content, DropButton, PollContent, Repeat
from storage.drops import DropView, Timing

COLUMNS = ("time", "text", "media", "tags", "buttons", "more")
# Headings as people write them.
NAMES = {
    "time": ("time", "when", "date", "时间", "发布时间"),
    "text": ("text", "caption", "content", "文案", "内容", "正文"),
    "media": ("media", "file", "files", "媒体", "素材", "文件"),
    "tags": ("tags", "tag", "标签"),
    "buttons": ("buttons", "button", "按钮"),
    "more": ("more",),
}
PEAKS = frozenset({"peak", "at the peak", "高峰", "峰值"})
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
MOST_BUTTONS = 20
HEADINGS_WITHIN = 5
# As spreadsheets write it: 2026/12/3 8:00.
SHORT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T]+(\d{1,2}):(\d{2})")


class More(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the other columns have no place for, in an export of ours."""

    entities: tuple[dict[str, Any], ...] = ()
    poll: PollContent | None = None
    buttons: tuple[DropButton, ...] = ()  # all of them, where the column cannot hold them
    pin: bool = False
    silent: bool = False
    delete_after: int | None = None
    replaces: bool = False
    is_ad: bool = False
    is_hidden: bool = False
    campaign: str | None = None
    thread_id: int = 0
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row that can be queued: its line, its content, a naive local time (None: the peak), and how it is posted."""

    line: int
    content: Content
    local: datetime | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot, and why: see rendering.drop_files for the problems."""

    line: int
    problem: str
    value: str = ""


class _Bad(ValueError):
    def __init__(self, problem: str, value: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value


def read_drops(
    data: bytes, *, base: Path, folder: Path, timezone: str, now: datetime
) -> tuple[list[FileRow], list[BadRow]]:
    """The rows of a table (CSV or XLSX), good and bad.

    `base` is where media paths start, `folder` the store's own; `timezone` is the group's (IANA). Raises
    MetricsRefused for what is no such table.
    """
    table, start, places = _find_headings(data)
    good: list[FileRow] = []
    bad: list[BadRow] = []
    for line in table.lines[start + 1 :]:
        if line.is_blank:
            continue
        try:
            good.append(_read_row(line, places, base, folder, timezone, now))
        except (_Bad, BadMedium) as error:
            bad.append(BadRow(line.number, error.problem, error.value))
    if not good and not bad:
        raise MetricsRefused("no_rows")
    return good, bad


def _find_headings(data: bytes) -> tuple[Table, int, Mapping[str, int]]:
    for table in read_tables(data):
        for index in range(min(HEADINGS_WITHIN, len(table.lines))):
            texts = [text.strip().lower() for text in table.texts(index)]
            places = {name: texts.index(one) for name, known in NAMES.items() for one in known if one in texts}
            if "time" in places and ("text" in places or "media" in places):
                return table, index, places
    raise MetricsRefused("no_drops_table")


def _read_row(line: Line, places: Mapping[str, int], base: Path, folder: Path, timezone: str, now: datetime) -> FileRow:
    cells = {name: line.cells[at] for name, at in places.items() if at < len(line.cells)}
    text = {name: str(cell).strip() for name, cell in cells.items()}
    more = _read_more(text.get("more", ""))
    pieces = read_pieces(text.get("media", ""), base, folder)
    content = Content(text.get("text", ""), more.entities, pieces, more.poll)
    if not content.text and not pieces and more.poll is None:
        raise _Bad("no_content")
    length, most = len(content.text.encode("utf-16-le")) // 2, LONGEST_CAPTION if pieces else LONGEST_TEXT
    if length > most:
        raise _Bad("too_long", f"{length} / {most}")
    kept = ("pin", "silent", "delete_after", "replaces", "is_ad", "is_hidden", "campaign", "thread_id", "repeat")
    values: dict[str, Any] = {name: getattr(more, name) for name in kept}
    values["tags"] = tuple(
        dict.fromkeys(tag.strip().lstrip("#") for tag in text.get("tags", "").split(";") if tag.strip())
    )
    values["buttons"] = more.buttons or tuple(_read_buttons(text.get("buttons", "")))
    return FileRow(line.number, content, _read_time(cells.get("time", ""), timezone, now), values)


def _read_more(text: str) -> More:
    try:
        return msgspec.json.decode(text, type=More) if text else More()
    except msgspec.MsgspecError as error:
        raise _Bad("bad_more", text[:40]) from error


def _read_time(cell: Cell, timezone: str, now: datetime) -> datetime | None:
    """A cell's time as a naive local one; None for the peak."""
    if isinstance(cell, str):
        text = cell.strip()
        if text.lower() in PEAKS:
            return None
        try:
            found = datetime.fromisoformat(SHORT.sub(_padded, text))
        except ValueError as error:
            raise _Bad("no_time" if not text else "bad_time", text[:40]) from error
        if len(text) <= len("2026-12-01"):
            raise _Bad("bad_time", text)
    elif isinstance(cell, datetime):
        found = cell
    else:
        raise _Bad("bad_time", str(cell)[:40])
    local = local_of(found, timezone) if found.tzinfo else found
    if local < local_of(now, timezone) - timedelta(seconds=60):
        raise _Bad("past", str(cell)[:40])
    return local.replace(second=0, microsecond=0)


def _padded(found: re.Match[str]) -> str:
    year, month, day, hour, minute = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}"


def _read_buttons(text: str) -> list[DropButton]:
    found = []
    for one in text.split(";"):
        label, bar, url = (part.strip() for part in one.partition("|"))
        if not label and not bar:
            continue
        if not label or not url.lower().startswith(("http://", "https://", "tg://")) or any(c.isspace() for c in url):
            raise _Bad("bad_button", one.strip()[:40])
        found.append(DropButton("link", label, url))
    if len(found) > MOST_BUTTONS:
        raise _Bad("bad_button", str(len(found)))
    return found


def write_drops(drops: Iterable[DropView], *, folder: Path, timezone: str) -> str:
    """Coming drops as CSV; read again by `read_drops` it gives the same drops. Times are local, with offset."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(drop, folder, timezone) for drop in drops)
    return buffer.getvalue()


def _row(drop: DropView, folder: Path, timezone: str) -> dict[str, str]:
    content = drop.content
    is_plain = all(one.kind == "link" and not {*";|"} & {*one.label, *one.url} for one in drop.buttons)
    more = More(
        entities=content.entities,
        poll=content.poll,
        buttons=() if is_plain else drop.buttons,
        pin=drop.pin,
        silent=drop.silent,
        delete_after=drop.delete_after,
        replaces=drop.replaces,
        is_ad=drop.is_ad,
        is_hidden=drop.is_hidden,
        campaign=drop.campaign,
        thread_id=drop.thread_id,
        repeat=drop.repeat,
    )
    raw = msgspec.json.encode(more).decode()
    return {
        "time": _time(drop, timezone),
        "text": content.text,
        "media": "; ".join(name_of(piece, folder) for piece in content.pieces),
        "tags": "; ".join(drop.tags),
        "buttons": "; ".join(f"{one.label}|{one.url}" for one in drop.buttons) if is_plain else "",
        "more": "" if raw == "{}" else raw,
    }


def _time(drop: DropView, timezone: str) -> str:
    if drop.timing == Timing.PEAK or drop.due_at is None:
        return "peak"
    return drop.due_at.astimezone(ZoneInfo(timezone)).isoformat(timespec="minutes")
