"""Wishes (forget me, do not record me) carried from one database into another, and obeyed there."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage import rollups
from storage.dialects import WRITES, open_engine, upsert
from storage.disk import rewrite
from storage.drop_people import people_in_drops
from storage.erasure import PENDING_VOTE, PERSON, erase_until
from storage.members import MEMBER, is_person
from storage.models import Hidden
from storage.privacy import KEY, digest_of, load_privacy
from storage.times import epoch

HIDDEN: Any = Hidden.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wish:
    """A keyed hash and what its owner asked for; `forgotten_at` in epoch seconds."""

    digest: str
    opted_out: bool
    forgotten_at: int | None


def key_check(key: bytes) -> str:
    """A mark by which a key is recognised; it tells nothing of the key."""
    return hmac.new(key, b"peakdrop backup", hashlib.sha256).hexdigest()[:16]


def list_wishes(session: Session) -> list[Wish]:
    """All wishes that a database holds."""
    query = select(HIDDEN.c.digest, HIDDEN.c.opted_out, epoch(HIDDEN.c.forgotten_at)).order_by(HIDDEN.c.digest)
    return [Wish(*row) for row in session.connection().execute(query)]


def add_wishes(session: Session, wishes: Sequence[Wish]) -> None:
    """Take in wishes from elsewhere; where two databases differ, the stricter wish holds."""
    kept = {wish.digest: wish for wish in list_wishes(session)}
    rows = []
    for wish in wishes:
        held = kept.get(wish.digest, wish)
        times = [at for at in (wish.forgotten_at, held.forgotten_at) if at is not None]
        opted_out = wish.opted_out or held.opted_out
        rows.append({"digest": wish.digest, "opted_out": opted_out, "forgotten_at": max(times, default=None)})
    upsert(session, HIDDEN, rows)
    session.info.pop("privacy", None)


def carry_wishes(path: Path, key: bytes, wishes: Sequence[Wish]) -> int:
    """Bring wishes into a SQLite file that is no store yet, and erase there what people asked to be forgotten.

    Returns how many people were erased again.
    """
    engine = open_engine(f"sqlite:///{path}")
    try:
        with Session(engine.execution_options(**{WRITES: True}), info={KEY: key}) as session:
            add_wishes(session, wishes)
            found = obey(session)
            session.commit()
        if found:
            rewrite(engine)
    finally:
        engine.dispose()
    return found


def obey(session: Session) -> int:
    """Erase again what people had asked to be forgotten; returns how many of them were found."""
    privacy = load_privacy(session)
    if not privacy.forgotten:
        return 0
    people = people_in_drops(session)
    for column in (MEMBER.c.member_id, rollups.MEMBER_DAY.c.member_id, PENDING_VOTE.c.member_id, PERSON.c.person_id):
        people |= set(session.connection().execute(select(column).distinct()).scalars())
    found = 0
    for member_id in sorted(filter(is_person, people)):
        until = privacy.forgotten.get(digest_of(member_id, privacy.key))
        if until is not None:
            erased = erase_until(session, member_id, until)
            found += erased.interactions + erased.in_drops > 0
    return found
