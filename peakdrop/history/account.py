"""Imports Telegram Desktop's JSON export: one chat, or every group and channel of an account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from peakdrop.history.chats import ExportChat, open_chat
from peakdrop.history.export import ChatHeader, Run
from peakdrop.history.facts import FactReader
from peakdrop.history.identity import clean, epoch_of
from peakdrop.history.reports import ChatReport, HistoryRefusal, HistoryReport, Progress, RefusalReason
from peakdrop.history.slices import (
    SLICE_MESSAGES,
    Options,
    Place,
    Slice,
    close_place,
    file_key,
    open_place,
    store_slices,
)
from peakdrop.history.stream import ExportReader
from storage import communities
from storage.facts import ChatSeen
from storage.history import is_interrupted
from storage.store import Store

_TAIL_BYTES = 1 << 16
_UNIX_TIME = re.compile(rb'"date_unixtime":\s*"?(\d{1,10})')
_ONE_CHAT = re.compile(rb'\s*\{\s*"(?:name|type|id)"\s*:')


def import_export(store: Store, path: Path, options: Options) -> HistoryReport | HistoryRefusal:
    """Import the chosen chat of an export, or all its groups and channels."""
    return _AccountImport(store, path, options).run()


class _AccountImport:
    """One reading of a file, in which each chat goes into its own community."""

    def __init__(self, store: Store, path: Path, options: Options) -> None:
        self.store = store
        self.path = path
        self.options = options
        self.key = file_key(path)
        self.is_resumed = store.read_now(lambda session: is_interrupted(session, self.key))
        self.reader = ExportReader(path)
        self.report = HistoryReport(path.name)
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.is_one_chat = _ONE_CHAT.match(file.read(_TAIL_BYTES).removeprefix(b"\xef\xbb\xbf")) is not None
        self.ends_at = _last_times(path, self.is_one_chat)
        self.passed: list[str] = []

    def run(self) -> HistoryReport | HistoryRefusal:
        """Read the file; a refusal comes before anything is stored."""
        for header, runs in groupby(self.reader, key=lambda run: run.chat):
            self._take_chat(header, runs)
        self.report.truncated = self.reader.truncated
        if not self.reader.chats:
            return HistoryRefusal(RefusalReason.NOT_AN_EXPORT, self.path.name)
        if self.passed and not self.report.chats:
            return HistoryRefusal(RefusalReason.OTHER_CHAT, self.path.name, ", ".join(self.passed[:5]))
        if self.report.private_chats and not self.report.chats:
            return HistoryRefusal(RefusalReason.PRIVATE_ONLY, self.path.name)
        return self.report

    def _take_chat(self, header: ChatHeader, runs: Iterator[Run]) -> None:
        first = next(runs)
        chat = open_chat(header, first.messages)
        runs = chain([first], runs)
        if chat is None:
            self.report.private_chats += 1
            self.report.private_messages += sum(_size(run) for run in runs)
        elif self._is_wanted(chat):
            self._import_chat(chat, first, runs)
        else:
            self.passed.append(f"{header.name} ({chat.chat_id})")

    def _is_wanted(self, chat: ExportChat) -> bool:
        """Whether this is the chosen chat, or the basic group that became it."""
        wanted = self.options.chat_id
        if wanted is None or wanted in (chat.chat_id, chat.old_chat_id):
            return True
        if chat.kind != "group" or not self.is_one_chat:
            return False
        target = self.store.read_now(lambda session: communities.find_community(session, wanted))
        if target is None or target.kind != "supergroup":
            return False
        chat.old_chat_id, chat.chat_id, chat.kind = chat.chat_id, wanted, "supergroup"
        return True

    def _import_chat(self, chat: ExportChat, first: Run, runs: Iterable[Run]) -> None:
        title = clean(chat.header.name or "")
        dated = [one for one in first.messages if one.date_unixtime or one.date]
        zone = ZoneInfo(self.options.timezone or self.options.default_timezone)
        first_at = epoch_of(dated[0], zone) if dated else int(self.options.now.timestamp())
        ends_at = self.ends_at.get(None if self.is_one_chat else chat.header, first_at)
        as_of = max(first_at, ends_at)
        seen = ChatSeen(chat.chat_id, chat.kind, title, False, first_at)
        place = open_place(self.store, seen, self.options, self.key, chat.old_chat_id)
        report = ChatReport(chat.chat_id, title, timezone=place.timezone)
        report.local_times = bool(dated) and not dated[0].date_unixtime
        self.report.chats.append(report)
        if self.is_resumed and place.progress and place.progress.is_done:
            report.was_done = True
            self.report.messages += sum(_size(run) for run in runs)
            return
        reader = FactReader(
            chat, zone=ZoneInfo(place.timezone), as_of=as_of, bots=place.bots, live_since=place.live_since
        )
        slices = self._slices(runs, reader, place, report)
        done = store_slices(self.store, slices, place, report, key=self.key, options=self.options)
        final = ChatSeen(chat.chat_id, chat.kind, title, bool(chat.threads), as_of)
        close_place(self.store, final, done, self.key, self.options)
        report.covered, report.unsupported = reader.omitted.covered, reader.omitted.unsupported
        report.services, report.members = reader.omitted.services, reader.people
        for number, reason in reader.omitted.broken:
            report.note_broken(number, None, reason)

    def _slices(self, runs: Iterable[Run], reader: FactReader, place: Place, report: ChatReport) -> Iterator[Slice]:
        """Facts by the slice. What an interrupted import stored is read again, for what hangs together with it."""
        stored = place.resume_at
        report.resumed_at_byte = stored or None
        count = offset = 0
        for run in runs:
            reader.read(run.messages)
            self.report.messages += _size(run)
            self.options.progress(Progress(run.end_offset, self.size, self.report.messages, report.title))
            if run.end_offset <= stored:
                reader.take()
                continue
            for broken in run.broken:
                report.note_broken(broken.message_id, broken.offset, broken.reason)
            count, offset = count + _size(run), run.end_offset
            if count >= SLICE_MESSAGES:
                yield Slice(reader.take(), offset)
                count = 0
        reader.finish()
        yield Slice(reader.take(), offset or stored)


def _size(run: Run) -> int:
    return len(run.messages) + len(run.broken)


def _last_times(path: Path, is_one_chat: bool) -> dict[ChatHeader | None, int]:
    """When each chat's history ends (epoch seconds), which dates its totals; of a single chat from the file's end.

    Chats without such totals (before 2022, times without a zone) may be missing.
    """
    if is_one_chat:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            times = [int(found) for found in _UNIX_TIME.findall(file.read())]
        return {None: max(times)} if times else {}
    ends: dict[ChatHeader | None, int] = {}
    for run in ExportReader(path):
        dated = [one.date_unixtime for one in run.messages[-20:] if str(one.date_unixtime).isdigit()]
        if dated:
            ends[run.chat] = int(dated[-1])
    return ends
