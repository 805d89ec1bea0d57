"""Keeping the store: opened, rebuilt, backed up, restored, from the command line."""

from __future__ import annotations

from pathlib import Path

from bot.clock import Clock
from bot.console import progress_bar, refuse, say
from bot.settings import Settings
from peakdrop.backup import BackupRefused, backup, restore
from peakdrop.rebuild import check as check_rollups
from peakdrop.rebuild import rebuild
from rendering.catalog import get_catalog
from rendering.keeping import render_backup, render_check, render_rebuild, render_restore
from storage.schema import NewerSchema
from storage.store import Store, StoreUnavailable

UNUSABLE = "The database cannot be used: {}."


def open_store(settings: Settings) -> Store:
    """The store with its tables made; ends with one line where that cannot be."""
    store = find_store(settings)
    try:
        store.prepare()
    except StoreUnavailable as error:
        refuse(f"{UNUSABLE.format(error)} Check DATABASE_URL, free disk space and rights.")
    except NewerSchema as error:
        refuse(f"{error}.")
    return store


def find_store(settings: Settings) -> Store:
    """The store as it is, be it broken or empty: what a restore replaces."""
    try:
        return Store(settings.database_url)
    except StoreUnavailable as error:
        refuse(f"{UNUSABLE.format(error)} Check DATABASE_URL.")
    except OSError as error:
        refuse(f"The database's folder cannot be made: {error}. Check DATABASE_URL.")


def rebuild_rollups(settings: Settings, *, check: bool) -> None:
    """Recompute the rollups, or compare only."""
    store, catalog = open_store(settings), get_catalog(settings.default_language)
    with progress_bar(catalog.gettext("days")) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        checked = check_rollups(store, progress=show) if check else None
        rebuilt = None if check else rebuild(store, progress=show)
    store.close()
    if checked is not None and checked.differences:
        refuse(render_check(checked, catalog))
    if checked is not None:
        say(render_check(checked, catalog))
    if rebuilt is not None:
        say(render_rebuild(rebuilt, catalog))


def make_backup(settings: Settings, file: Path) -> None:
    """Copy the store to a file."""
    store, catalog = open_store(settings), get_catalog(settings.default_language)
    try:
        report = backup(store, file, now=Clock().now())
    except BackupRefused as refused:
        refuse(f"{refused}.")
    except OSError as error:
        refuse(f"The file cannot be written: {error}.")
    finally:
        store.close()
    say(render_backup(report, catalog))


def restore_backup(settings: Settings, file: Path, *, overwrite: bool) -> None:
    """Bring a backup back."""
    store, catalog = find_store(settings), get_catalog(settings.default_language)
    try:
        report = restore(store, file, overwrite=overwrite, now=Clock().now())
    except BackupRefused as refused:
        refuse(f"{refused}.")
    except StoreUnavailable as error:
        refuse(UNUSABLE.format(error))
    except OSError as error:
        refuse(f"The file cannot be read: {error}.")
    finally:
        store.close()
    say(render_restore(report, catalog))
