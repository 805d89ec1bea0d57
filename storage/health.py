"""Whether a database can be used: small probes for `doctor`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, false, update
from sqlmodel import Session

from storage.disk import database_file
from storage.models import Hidden
from storage.privacy import KEY_FILE

HIDDEN: Any = Hidden.__table__  # type: ignore[attr-defined]


def probe_writing(session: Session) -> None:
    """Do what a write does, and change nothing. Raises what the database answers."""
    session.connection().execute(update(HIDDEN).where(false()).values(opted_out=False))


def find_damage(engine: Engine) -> str | None:
    """What is wrong inside a SQLite file, None where it is whole (a server looks after itself)."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.connect() as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return None if found == "ok" else " ".join(found.split())


def free_bytes(engine: Engine) -> int | None:
    """Room left on the disk of a SQLite file; None for a server, whose disk is not ours to see."""
    path = database_file(engine)
    return None if path is None else shutil.disk_usage(path.parent).free


def key_mode(folder: Path) -> int | None:
    """The rights on the privacy key's file (as in chmod); None where there is none yet."""
    try:
        return (folder / KEY_FILE).stat().st_mode & 0o777
    except FileNotFoundError:
        return None
