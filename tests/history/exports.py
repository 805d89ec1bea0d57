"""Builders of exports, in the shape that Telegram Desktop writes. Times are epoch seconds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from time import gmtime, strftime
from typing import Any

from peakdrop.history.imports import import_history
from peakdrop.history.reports import ChatReport, HistoryRefusal, HistoryReport
from storage.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BARE_ID = 1_500_000_000
GROUP = -1_001_500_000_000
ANN, BEN, CHO = 7_000_000_001, 7_000_000_002, 7_000_000_003
NAMES = {ANN: "Ann", BEN: "Ben", CHO: "Cho 🌊"}
NOON = 1_760_529_600  # 2025-10-15 12:00 UTC
SENT_FROM = 2 * 3600  # the exporting machine's offset from UTC


def local(at: int) -> str:
    """A time as the exporting machine's clock shows it."""
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(at + SENT_FROM))


def message(number: int, user: int = ANN, *, at: int | None = None, **fields: Any) -> dict[str, Any]:
    """A message of someone; one a minute from noon on, unless `at` is given."""
    at = NOON + 60 * number if at is None else at
    entry = {"id": number, "type": "message", "date": local(at), "date_unixtime": str(at)}
    entry |= {"from": NAMES.get(user, f"User {user}"), "from_id": f"user{user}", "text": "hello"}
    return entry | fields


def service(number: int, action: str, user: int = ANN, *, at: int | None = None, **fields: Any) -> dict[str, Any]:
    """A service message by someone."""
    at = NOON + 60 * number if at is None else at
    entry = {"id": number, "type": "service", "date": local(at), "date_unixtime": str(at)}
    entry |= {"actor": NAMES.get(user, f"User {user}"), "actor_id": f"user{user}", "action": action, "text": ""}
    return entry | fields


def without_zone(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as Telegram Desktop wrote it before 2022: local times only."""
    return {key: value for key, value in entry.items() if not key.endswith("_unixtime")}


def chat(
    *messages: dict[str, Any], kind: str = "private_supergroup", bare_id: int = BARE_ID, name: str = "Peak Lab"
) -> dict[str, Any]:
    """A chat with its messages."""
    return {"name": name, "type": kind, "id": bare_id, "messages": list(messages)}


def account(*chats: dict[str, Any], left: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A whole account's export, with the parts that come before the chats."""
    found: dict[str, Any] = {"about": 'Here is the data you "requested".', "contacts": {"list": [{"user_id": 1}]}}
    found["chats"] = {"about": "This page lists all chats.", "list": list(chats)}
    if left:
        found["left_chats"] = {"about": "Left.", "list": list(left)}
    return found


def write(folder: Path, export: dict[str, Any], *, compact: bool = False, name: str = "result.json") -> Path:
    """Write an export as Telegram Desktop does (one space a level), or without white space."""
    path = folder / name
    text = json.dumps(export, ensure_ascii=False, **({"separators": (",", ":")} if compact else {"indent": 1}))
    path.write_text(text, encoding="utf-8")
    return path


def bring(store: Store, path: Path, *, chat_id: int | None = None, timezone: str | None = None) -> HistoryReport:
    """Import a file that is one."""
    report = try_to_bring(store, path, chat_id=chat_id, timezone=timezone)
    assert isinstance(report, HistoryReport), report
    return report


def bring_chat(store: Store, folder: Path, *messages: dict[str, Any], **options: Any) -> ChatReport:
    """Import one chat of these messages."""
    report = bring(store, write(folder, chat(*messages)), **options)
    return report.chats[0]


def try_to_bring(
    store: Store, path: Path, *, chat_id: int | None = None, timezone: str | None = None
) -> HistoryReport | HistoryRefusal:
    """Import a file, or hear why not."""
    return import_history(store, path, chat_id=chat_id, timezone=timezone, now=NOW, progress=lambda _: None)
