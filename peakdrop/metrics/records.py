"""What a metrics file says once it is read: rows, notices, bad rows, or a refusal. No words, only codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Param: TypeAlias = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricsRow:
    """A video's cumulative figures on a day. Unknown figures are None, never 0; watch time in seconds."""

    line: int
    platform: str
    video: str
    title: str
    date: dt.date
    published_on: dt.date | None = None
    watch_seconds: float | None = None
    watch_estimated: bool = False
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    followers: int | None = None
    buyers: int | None = None


@dataclass(frozen=True, slots=True)
class FollowerTotal:
    """How many followers the account on a platform had in all on a day."""

    line: int
    platform: str
    date: dt.date
    followers: int


@dataclass(frozen=True, slots=True)
class NewBuyers:
    """How many customers of a shop paid for the first time (in this file) on a local day."""

    source: str
    date: dt.date
    buyers: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the sender: what could not be had, what is an estimate, what was left out."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line (from 1), the column as headed in the file, the value, why."""

    line: int
    column: str
    value: str
    reason: str
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class MetricsFile:
    """A file, understood. `layout` names the kind of file, `digest` its bytes; days are in `timezone`."""

    layout: str
    digest: str
    rows: tuple[MetricsRow, ...] = ()
    followers: tuple[FollowerTotal, ...] = ()
    buyers: tuple[NewBuyers, ...] = ()
    notices: tuple[Notice, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    timezone: str = "UTC"


class MetricsRefused(Exception):
    """The file cannot be taken at all: `code` says why, in machine words; the renderer says what to do."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Param] = params
