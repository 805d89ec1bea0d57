"""Who asked to be forgotten or not recorded: keyed hashes only, the key outside the database."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from storage.dialects import upsert
from storage.models import Hidden
from storage.times import to_epoch

HIDDEN = Hidden.__table__  # type: ignore[attr-defined]
_WISHES = select(HIDDEN.c.digest, HIDDEN.c.opted_out, HIDDEN.c.forgotten_at)
KEY_FILE = "privacy.key"
KEY = "privacy_key"  # where a session carries the key


@dataclass(frozen=True, slots=True)
class Privacy:
    """The wishes in force: `blocks` says whether something of a member at a time must not be kept."""

    key: bytes
    opted_out: frozenset[str] = frozenset()
    forgotten: dict[str, int] = field(default_factory=dict)

    def blocks(self, member_id: int, at: int) -> bool:
        """Whether the member opted out, or asked after `at` (epoch seconds) to be forgotten."""
        if not self.opted_out and not self.forgotten:
            return False
        digest = digest_of(member_id, self.key)
        return digest in self.opted_out or at <= self.forgotten.get(digest, -1)


def read_key(folder: Path) -> bytes:
    """The hashing key beside the database; made at the first use, readable by its owner alone."""
    path = folder / KEY_FILE
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    key = os.urandom(32)
    # Written aside and then linked: nobody, of another process or thread, ever meets a key half written.
    handle, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=folder)
    draft = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:  # someone else made it first
        return bytes.fromhex(path.read_text().strip())
    except OSError:  # a disk that knows no links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return key


def digest_of(member_id: int, key: bytes) -> str:
    """The keyed hash that stands for a member."""
    return hmac.new(key, str(member_id).encode(), hashlib.sha256).hexdigest()


def load_privacy(session: Session) -> Privacy:
    """The wishes in force, as of this transaction."""
    found: Privacy | None = session.info.get("privacy")
    if found is None:
        rows = session.connection().execute(_WISHES).all()
        found = Privacy(
            session.info[KEY],
            frozenset(digest for digest, opted_out, _ in rows if opted_out),
            {digest: to_epoch(at) for digest, _, at in rows if at is not None},
        )
        session.info["privacy"] = found
    return found


def set_opt_out(session: Session, member_id: int, opted_out: bool) -> None:
    """Stop (or take up again) recording someone in all communities."""
    _note(session, member_id, {"opted_out": opted_out})


def is_opted_out(session: Session, member_id: int) -> bool:
    """Whether someone asked not to be recorded."""
    privacy = load_privacy(session)
    return digest_of(member_id, privacy.key) in privacy.opted_out


def is_hidden(session: Session, member_id: int) -> bool:
    """Whether someone asked not to be recorded or to be forgotten, so that little or nothing is known of them."""
    privacy = load_privacy(session)
    digest = digest_of(member_id, privacy.key)
    return digest in privacy.opted_out or digest in privacy.forgotten


def note_forgotten(session: Session, member_id: int, at: datetime) -> None:
    """Remember, as a keyed hash, that nothing of someone up to `at` may come back."""
    _note(session, member_id, {"forgotten_at": at})


def _note(session: Session, member_id: int, values: dict[str, object]) -> None:
    digest = digest_of(member_id, session.info[KEY])
    row = {"digest": digest, "opted_out": False, "forgotten_at": None} | values
    changes = {name: row[name] for name in values}
    upsert(session, HIDDEN, [row], changes)
    session.info.pop("privacy", None)
