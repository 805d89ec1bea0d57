"""Copies of everything, made while the bot runs and checked by reading them back; and the way back from one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import backup as copies
from storage import schema
from storage.backup import Label, Unreadable
from storage.disk import database_file
from storage.drop_restoring import doubt_overdue
from storage.store import Store
from storage.wishes import carry_wishes, key_check

LAST = "last-backup"


class BackupRefused(Exception):
    """A backup or restore that was not done; its text says why and what to do."""


class NotABackup(BackupRefused):
    """The file is none that `peakdrop backup` wrote."""


class DamagedBackup(BackupRefused):
    """The file is a backup, but not whole."""


class NewerBackup(BackupRefused):
    """The backup was written by a newer PeakDrop."""


class WouldOverwrite(BackupRefused):
    """Something is there already."""


class DatabaseInUse(BackupRefused):
    """Another program has the database open."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was written and read back: its size in bytes, and rows by table."""

    path: Path
    size: int
    created_at: datetime
    schema: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored. `kept_as` is where the data that was there before is kept, None where there was none.

    `needs_key` says that the backup holds wishes to be forgotten or not recorded, made with another privacy key
    than the one here: they cannot be honoured until that key's file is put back. `wishes_lost` says that the
    database replaced could not be read, so that wishes noted only there are gone. `drops_in_doubt` were due between
    the backup and now: whether they were posted, a manager is asked.
    """

    created_at: datetime
    rows: dict[str, int]
    kept_as: Path | None
    erased_again: int
    needs_key: bool
    wishes_lost: bool
    drops_in_doubt: int = 0


def backup(store: Store, path: Path, *, now: datetime) -> BackupReport:
    """Write everything, as of one moment, into one file; an older backup of that name is replaced when all is well.

    Raises WouldOverwrite where the name is taken by anything else, BackupRefused where the copy does not read back,
    OSError where the file cannot be written, StoreUnavailable.
    """
    path = path.absolute()
    if path.exists() and _label(path) is None:
        raise WouldOverwrite(f"{path} exists and is no PeakDrop backup: choose another name")
    with _draft(path.parent, path.name) as draft:
        rows = store.tend_now(lambda engine: copies.copy_out(engine, draft))
        copies.write_label(draft, Label(now, schema.HEAD, key_check(store.privacy_key), rows))
        if not copies.is_whole(draft, rows):
            raise DamagedBackup("the copy did not read back as it was written: check the disk, then try again")
        size = draft.stat().st_size
        draft.replace(path)
    _settle(path.parent)
    note = store.folder / LAST
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(now.isoformat())
    return BackupReport(path, size, now, schema.HEAD, rows)


def restore(store: Store, path: Path, *, overwrite: bool, now: datetime) -> RestoreReport:
    """Put a backup in the place of what the database holds; the bot must be stopped.

    What was there is kept beside it. Wishes noted in either are honoured: whoever asked to be forgotten is erased
    again. Raises NotABackup, DamagedBackup, NewerBackup, WouldOverwrite, DatabaseInUse, OSError, StoreUnavailable.
    """
    label = _inspect(path)
    if not store.is_sqlite:
        store.tend_now(schema.current)  # a server that is away is told from one that is full
    occupied = copies.holds_data(store.engine)
    if occupied and not overwrite:
        raise WouldOverwrite("the database holds data already: --overwrite replaces it, and keeps it beside")
    wishes = copies.find_wishes(store.engine)
    key = store.privacy_key
    with _draft(store.folder, "restore") as draft:
        shutil.copyfile(path, draft)
        copies.take_label_off(draft)
        erased = carry_wishes(draft, key, wishes or ())
        in_doubt = doubt_overdue(draft, now)
        file = database_file(store.engine)
        stamp = f"before-restore-{now:%Y%m%dT%H%M%SZ}"
        if file is None:
            kept = store.folder / f"{stamp}.backup" if occupied else None
            if kept is not None:
                backup(store, kept, now=now)
            store.prepare()
            store.tend_now(lambda engine: copies.copy_in(draft, engine))
        else:
            kept = file.with_name(f"{file.name}.{stamp}") if occupied else None
            _swap(store, draft, file, kept)
    needs_key = label.rows.get("hidden", 0) > 0 and label.key_check != key_check(key)
    return RestoreReport(label.created_at, label.rows, kept, erased, needs_key, wishes is None, in_doubt)


def last_backup_at(store: Store) -> datetime | None:
    """When the last backup was made from here, None where that is not known."""
    try:
        return datetime.fromisoformat((store.folder / LAST).read_text().strip())
    except (OSError, ValueError):
        return None


def _label(path: Path) -> Label | None:
    try:
        return copies.read_label(path)
    except Unreadable:
        return None


def _inspect(path: Path) -> Label:
    if not path.is_file():
        raise NotABackup(f"there is no file {path}: give one that `backup` wrote")
    damaged = DamagedBackup(f"{path} is damaged, nothing was changed: use another backup")
    try:
        label = copies.read_label(path)
        if label is None:
            raise NotABackup(f"{path} is no PeakDrop backup: give a file that `backup` wrote")
        if label.schema not in schema.known():
            raise NewerBackup(f"{path} was written by a newer PeakDrop ({label.schema}): update the program first")
        if not copies.is_whole(path, label.rows):
            raise damaged
    except Unreadable as error:
        if copies.bears_our_mark(path):
            raise damaged from error
        raise NotABackup(f"{path} is no PeakDrop backup: give a file that `backup` wrote") from error
    return label


def _swap(store: Store, draft: Path, file: Path, kept: Path | None) -> None:
    """Put a file in a SQLite database's place in one step; the old one stays under another name."""
    if file.exists():
        if not copies.stand_alone(store.engine):
            raise DatabaseInUse("another program has the database open: stop the bot, then restore again")
        _resemble(draft, file)
        if kept is not None:
            try:
                os.link(file, kept)
            except OSError:  # a disk that knows no links
                shutil.copy2(file, kept)
        for rest in ("-wal", "-shm"):
            beside = file.with_name(file.name + rest)
            if beside.exists() and kept is not None:
                beside.replace(kept.with_name(kept.name + rest))
    draft.replace(file)
    _settle(file.parent)


def _resemble(draft: Path, file: Path) -> None:
    """Give a file the owner and rights of another, so that the bot may go on with it whoever restores."""
    shutil.copymode(file, draft)
    if os.name == "posix":
        owner = file.stat()
        with suppress(PermissionError):
            os.chown(draft, owner.st_uid, owner.st_gid)


@contextmanager
def _draft(folder: Path, name: str) -> Iterator[Path]:
    """A file that is removed unless it was moved elsewhere: whatever stops us, nothing half-done looks whole."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=f".{name}.", suffix=".partial", dir=folder)
    os.close(handle)
    draft = Path(made)
    try:
        yield draft
    finally:
        for beside in folder.glob(f"{draft.name}*"):
            beside.unlink()


def _settle(folder: Path) -> None:
    """Make a rename in a folder outlast a power cut."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
