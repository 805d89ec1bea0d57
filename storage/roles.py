"""Roles that managers gave, beside the rights of Telegram's own admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from storage.dialects import upsert
from storage.drop_models import Role

ROLE: Any = Role.__table__  # type: ignore[attr-defined]


class GivenRole(IntEnum):
    """What somebody may do with drops: an editor makes drafts and proposes, a manager decides."""

    EDITOR = 1
    MANAGER = 2


@dataclass(frozen=True, slots=True)
class RoleView:
    """Somebody's role, who gave it, when."""

    person_id: int
    role: GivenRole
    given_by: int
    at: datetime


def get_role(session: Session, community_id: int, person_id: int) -> GivenRole | None:
    """The role somebody was given in a community."""
    here = (ROLE.c.community_id == community_id) & (ROLE.c.person_id == person_id)
    found = session.connection().execute(select(ROLE.c.role).where(here)).scalar()
    return None if found is None else GivenRole(found)


def give_role(
    session: Session, community_id: int, person_id: int, role: GivenRole | None, *, by: int, now: datetime
) -> None:
    """Give a role, or take it away (None)."""
    if role is None:
        here = (ROLE.c.community_id == community_id) & (ROLE.c.person_id == person_id)
        session.connection().execute(delete(ROLE).where(here))
        return
    row = {"community_id": community_id, "person_id": person_id, "role": int(role), "given_by": by, "at": now}
    upsert(session, ROLE, [row])


def list_roles(session: Session, community_id: int) -> list[RoleView]:
    """Everybody with a given role, managers first."""
    query = select(ROLE.c.person_id, ROLE.c.role, ROLE.c.given_by, ROLE.c.at).where(ROLE.c.community_id == community_id)
    rows = session.connection().execute(query.order_by(ROLE.c.role.desc(), ROLE.c.at))
    return [RoleView(row[0], GivenRole(row[1]), row[2], row[3]) for row in rows]


def roles_of(session: Session, person_id: int) -> dict[int, GivenRole]:
    """In which communities somebody was given a role."""
    query = select(ROLE.c.community_id, ROLE.c.role).where(ROLE.c.person_id == person_id)
    return {row[0]: GivenRole(row[1]) for row in session.connection().execute(query)}
