"""Stores history slice by slice, each with its progress in one short transaction: a running bot gets through."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from peakdrop.history.reports import ChatReport, Progress
from storage import bulk, communities, history
from storage.facts import ChatSeen, Facts, Migration
from storage.history import ImportProgress
from storage.store import Store

SLICE_MESSAGES = 20_000
_EDGE_BYTES = 1 << 16
_COLLECT_EVERY = 4


@dataclass(frozen=True, slots=True)
class Slice:
    """Facts to store in one transaction, and where to read on once they are."""

    facts: Facts
    offset: int

    @property
    def span(self) -> list[int]:
        """When the slice begins and ends, where it holds messages; edits and reactions may come later."""
        rows = self.facts.interactions
        last = next((row.at for row in reversed(rows) if not row.slot), None)
        return [] if last is None else [rows[0].at, last]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chat's history goes, and how far this file was imported into it before."""

    community_id: int
    timezone: str
    bots: frozenset[int]
    live_since: int | None
    progress: ImportProgress | None

    @property
    def resume_at(self) -> int:
        """Up to where an interrupted import has stored the file, 0 where there is none."""
        return self.progress.offset if self.progress and not self.progress.is_done else 0


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: `timezone` is for times without one, and for a new community; `default_timezone` else."""

    chat_id: int | None
    timezone: str | None
    default_timezone: str
    now: datetime
    progress: Callable[[Progress], None]


def file_key(path: Path) -> str:
    """What tells a file from another: its size, its beginning and its end."""
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as file:
        digest.update(file.read(_EDGE_BYTES))
        file.seek(max(0, size - _EDGE_BYTES))
        digest.update(file.read(_EDGE_BYTES))
    return digest.hexdigest()


def open_place(store: Store, chat: ChatSeen, options: Options, key: str, old_chat_id: int | None = None) -> Place:
    """Find or make the community of a chat, and how far this file was imported into it."""

    def open_in(session: Session) -> Place:
        found = communities.find_community(session, chat.chat_id)
        moves = [] if old_chat_id is None else [Migration(old_chat_id, chat.chat_id)]
        communities.settle(session, [chat], moves)
        found = communities.find_community(session, chat.chat_id)
        assert found is not None  # noqa: S101 - it was made just now
        if found.timezone is None and options.timezone is not None:
            communities.set_settings(session, found.id, timezone=options.timezone)
        return Place(
            found.id,
            options.timezone or found.timezone or options.default_timezone,
            history.known_bots(session, found.id),
            history.live_since(session, found.id),
            history.import_progress(session, found.id, key),
        )

    return store.write_now(open_in)


def store_slices(
    store: Store, slices: Iterator[Slice], place: Place, report: ChatReport, *, key: str, options: Options
) -> ImportProgress:
    """Store slice after slice, each with its progress; returns how far it came."""
    done = ImportProgress(place.community_id, 0, False, None, None, 0)
    if place.progress is not None and not place.progress.is_done:
        done = place.progress
    is_alone = place.live_since is None
    for number, piece in enumerate(slices):
        work = partial(_store_slice, piece=piece, done=done, chat_id=report.chat_id, key=key, now=options.now)
        try:
            taken, done = store.write_now(partial(work, is_alone=is_alone))
        except bulk.Overlap:  # something is known already; or, on PostgreSQL, came in at this very moment
            is_alone = False
            taken, done = store.write_now(partial(work, is_alone=False))
        report.kinds += taken.kinds
        report.reactions += taken.reactions
        report.known += taken.known
        report.hidden += taken.hidden
        del piece, work
        if number % _COLLECT_EVERY == 0:
            gc.collect()
    report.first_at, report.last_at = done.first_at, done.last_at
    return done


def close_place(store: Store, chat: ChatSeen, done: ImportProgress, key: str, options: Options) -> None:
    """Note that a chat's history is all there, and its title as of its end."""

    def close_in(session: Session) -> None:
        communities.settle(session, [chat], [])
        history.save_progress(session, key, replace(done, is_done=True), options.now)

    store.write_now(close_in)


def _store_slice(
    session: Session,
    *,
    piece: Slice,
    done: ImportProgress,
    chat_id: int,
    key: str,
    now: datetime,
    is_alone: bool,
) -> tuple[bulk.Taken, ImportProgress]:
    """The work of one transaction: a slice and the progress it makes. Raises bulk.Overlap."""
    taken = bulk.record_history(session, done.community_id, chat_id, piece.facts, is_alone=is_alone)
    times = piece.span + [at for at in (done.first_at, done.last_at) if at is not None]
    further = replace(
        done,
        offset=piece.offset,
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        taken=done.taken + taken.kinds.total(),
    )
    history.save_progress(session, key, further, now)
    return taken, further
