"""Giving roles: who becomes an editor or a manager of drops."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from peakdrop.drops import Actor
from storage.audit import Act, note_act
from storage.members import MemberView, list_members
from storage.roles import GivenRole, get_role, give_role

# Words people type; None takes a role away.
WORDS: dict[str, GivenRole | None] = {
    "editor": GivenRole.EDITOR,
    "编辑": GivenRole.EDITOR,
    "manager": GivenRole.MANAGER,
    "管理者": GivenRole.MANAGER,
    "管理": GivenRole.MANAGER,
    "none": None,
    "remove": None,
    "取消": None,
    "无": None,
}


def find_member(session: Session, community_id: int, word: str) -> MemberView | None:
    """A member by @username or id."""
    wanted = word.removeprefix("@").lower()
    members = [one for one in list_members(session, community_id) if not one.is_bot]
    by_name = next((one for one in members if (one.username or "").lower() == wanted), None)
    return by_name or next((one for one in members if str(one.member_id) == wanted), None)


def set_role(
    session: Session, community_id: int, person_id: int, role: GivenRole | None, by: Actor, *, now: datetime
) -> bool:
    """Give somebody a role or take it away; False where they had it so already."""
    if get_role(session, community_id, person_id) == role:
        return False
    give_role(session, community_id, person_id, role, by=by.person_id, now=now)
    word = "none" if role is None else role.name.lower()
    note_act(session, community_id, Act.ROLE, by=by.person_id, now=now, detail=f"{person_id} {word}")
    return True
