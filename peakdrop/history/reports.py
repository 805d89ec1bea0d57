"""What an import of history tells: progress on the way, a report at the end, or why there was nothing to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

BROKEN_SHOWN = 20


class RefusalReason(StrEnum):
    """Why a file is not taken."""

    MISSING = "missing"
    EMPTY = "empty"
    WEB_PAGE = "web_page"
    ARCHIVE = "archive"
    NOT_AN_EXPORT = "not_an_export"
    PRIVATE_ONLY = "private_only"
    OTHER_CHAT = "other_chat"
    COLUMNS = "columns"
    NO_ROWS = "no_rows"
    TIMEZONE = "timezone"


@dataclass(frozen=True, slots=True)
class HistoryRefusal:
    """A file that is not taken, and nothing stored. `detail` names what was found instead."""

    reason: RefusalReason
    file_name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: `done` of `total` bytes (rows of a series), `messages` so far, in which chat."""

    done: int
    total: int
    messages: int
    title: str


@dataclass(slots=True)
class BrokenEntry:
    """A message or row that could not be read: its id or line where known, its byte offset, the reason."""

    number: int | None
    offset: int | None
    reason: str


@dataclass(slots=True)
class ChatReport:
    """What one chat's history brought. Times are epoch seconds UTC.

    `kinds` counts the new interactions by kind; `known` were there already, `hidden` belong to people who are not
    recorded, `covered` is what the bot saw itself; `services` are service messages that nobody counts, by name.
    """

    chat_id: int
    title: str
    kinds: Counter[int] = field(default_factory=Counter)
    reactions: int = 0
    known: int = 0
    hidden: int = 0
    covered: int = 0
    unsupported: int = 0
    services: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    broken_entries: list[BrokenEntry] = field(default_factory=list)
    members: int = 0
    first_at: int | None = None
    last_at: int | None = None
    timezone: str = "UTC"
    local_times: bool = False
    resumed_at_byte: int | None = None
    was_done: bool = False

    @property
    def taken(self) -> int:
        """New interactions of all kinds."""
        return self.kinds.total()

    def note_broken(self, number: int | None, offset: int | None, reason: str) -> None:
        """Count something unreadable, and keep the first few to show."""
        self.broken += 1
        if len(self.broken_entries) < BROKEN_SHOWN:
            self.broken_entries.append(BrokenEntry(number, offset, reason))


@dataclass(slots=True)
class HistoryReport:
    """What a file brought: its chats, and what was passed over. `seconds` is how long it took."""

    file_name: str
    chats: list[ChatReport] = field(default_factory=list)
    private_chats: int = 0
    private_messages: int = 0
    truncated: bool = False
    messages: int = 0
    seconds: float = 0.0
