"""Persons in the tables of drops: what is kept of one, and how it is taken out. What they made stays the group's."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true, update
from sqlmodel import Session

from storage.audit import AUDIT, FORGOTTEN
from storage.digests import DELIVERY, READER, Delivery
from storage.drop_content import Content
from storage.drop_deeds import DEED, Deed
from storage.drop_models import Composing, Reminder
from storage.drops import DROP, State
from storage.roles import ROLE, GivenRole
from storage.suggestions import SUGGESTION
from storage.times import epoch

COMPOSING: Any = Composing.__table__  # type: ignore[attr-defined]
REMINDER: Any = Reminder.__table__  # type: ignore[attr-defined]
TABLES = (
    "audit_entry", "composing", "digest_delivery", "digest_reader", "digest_suggestion", "drop_deed", "queued_drop",
    "reminder", "role",
)  # fmt: skip
UNKNOWN = 0  # author of a drop whose author is forgotten
# Where a person's id stands.
PEOPLE: tuple[Any, ...] = (
    DEED.c.member_id,
    REMINDER.c.person_id,
    ROLE.c.person_id,
    ROLE.c.given_by,
    AUDIT.c.person_id,
    COMPOSING.c.person_id,
    DROP.c.author_id,
    DROP.c.approved_by,
    READER.c.person_id,
    DELIVERY.c.person_id,
    SUGGESTION.c.accepted_by,
)


def erase_from_drops(session: Session, person_id: int, until: int | None) -> int:
    """Take a person out up to a moment (None: altogether); returns how many rows spoke of them.

    Drops, roles given to others and the audit log stay, without the name of who made them.
    """
    changes = [
        delete(DEED).where(DEED.c.member_id == person_id, _old(DEED.c.at, until)),
        delete(REMINDER).where(REMINDER.c.person_id == person_id, _old(REMINDER.c.at, until)),
        delete(ROLE).where(ROLE.c.person_id == person_id, _old(ROLE.c.at, until)),
        delete(COMPOSING).where(COMPOSING.c.person_id == person_id, _old(COMPOSING.c.changed_at, until)),
        delete(READER).where(READER.c.person_id == person_id, _old(READER.c.at, until)),
        delete(DELIVERY).where(DELIVERY.c.person_id == person_id, _old(DELIVERY.c.due_at, until)),
        update(SUGGESTION)
        .where(SUGGESTION.c.accepted_by == person_id, _old(SUGGESTION.c.accepted_at, until))
        .values(accepted_by=UNKNOWN),
        update(ROLE).where(ROLE.c.given_by == person_id, _old(ROLE.c.at, until)).values(given_by=UNKNOWN),
        update(AUDIT).where(AUDIT.c.person_id == person_id, _old(AUDIT.c.at, until)).values(person_id=FORGOTTEN),
        update(DROP).where(DROP.c.author_id == person_id, _old(DROP.c.created_at, until)).values(author_id=UNKNOWN),
        update(DROP).where(DROP.c.approved_by == person_id, _old(DROP.c.created_at, until)).values(approved_by=UNKNOWN),
    ]
    count = sum(session.connection().execute(one).rowcount for one in changes)
    count += _erase_details(session, person_id, until)
    return count + _erase_mentions(session, person_id, until)


def _old(column: Any, until: int | None) -> ColumnElement[bool]:
    return true() if until is None else epoch(column) <= until


def _erase_details(session: Session, person_id: int, until: int | None) -> int:
    here = (_tells_role_of(person_id), _old(AUDIT.c.at, until))
    nobody = func.replace(AUDIT.c.detail, str(person_id), str(FORGOTTEN))
    return session.connection().execute(update(AUDIT).where(*here).values(detail=nobody)).rowcount


def _erase_mentions(session: Session, person_id: int, until: int | None) -> int:
    """A mention without a username carries the person's id and name: the text stays, the mention goes."""
    here = (DROP.c.content.contains(str(person_id)), _old(DROP.c.created_at, until))
    rows = session.connection().execute(select(DROP.c.community_id, DROP.c.number, DROP.c.content).where(*here)).all()
    count = 0
    for community_id, number, raw in rows:
        content = msgspec.json.decode(raw, type=Content)
        kept = tuple(one for one in content.entities if one.get("user", {}).get("id") != person_id)
        if len(kept) < len(content.entities):
            whole = msgspec.json.encode(msgspec.structs.replace(content, entities=kept)).decode()
            this = (DROP.c.community_id == community_id, DROP.c.number == number)
            count += session.connection().execute(update(DROP).where(*this).values(content=whole)).rowcount
    return count


def people_in_drops(session: Session) -> set[int]:
    """Everybody of whom these tables speak."""
    found: set[int] = set()
    for column in PEOPLE:
        found |= set(session.connection().execute(select(column).where(column.is_not(None)).distinct()).scalars())
    details = session.connection().execute(select(AUDIT.c.detail).where(AUDIT.c.act == "role").distinct()).scalars()
    return found | {int(one.split()[0]) for one in details if one}


def communities_in_drops(session: Session, person_id: int) -> set[int]:
    """The communities in which these tables speak of someone."""
    found: set[int] = set()
    for column in PEOPLE:
        query = select(column.table.c.community_id).where(column == person_id).distinct()
        found |= set(session.connection().execute(query).scalars())
    told = select(AUDIT.c.community_id).where(_tells_role_of(person_id)).distinct()
    return found | set(session.connection().execute(told).scalars())


def _tells_role_of(person_id: int) -> ColumnElement[bool]:
    """Entries about a role name whose it is."""
    return and_(AUDIT.c.act == "role", AUDIT.c.detail.startswith(f"{person_id} "))


def drop_data(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """What these tables hold of someone in a community, for themselves to read."""

    def rows(*columns: Any, where: Any) -> list[Any]:
        query = select(*columns).where(columns[0].table.c.community_id == community_id, where)
        return list(session.connection().execute(query.order_by(*columns[:1])))

    roles = rows(ROLE.c.at, ROLE.c.role, where=ROLE.c.person_id == person_id)
    given = rows(ROLE.c.at, ROLE.c.role, where=ROLE.c.given_by == person_id)
    deeds = rows(DEED.c.at, DEED.c.deed, DEED.c.number, where=DEED.c.member_id == person_id)
    reminders = rows(REMINDER.c.at, REMINDER.c.number, where=REMINDER.c.person_id == person_id)
    mine = or_(AUDIT.c.person_id == person_id, _tells_role_of(person_id))
    acts = rows(AUDIT.c.at, AUDIT.c.act, AUDIT.c.number, where=mine)
    made = or_(DROP.c.author_id == person_id, DROP.c.approved_by == person_id)
    drops = rows(DROP.c.created_at, DROP.c.number, DROP.c.state, DROP.c.author_id, DROP.c.approved_by, where=made)
    reads = rows(READER.c.at, where=READER.c.person_id == person_id)
    sent = rows(DELIVERY.c.due_at, DELIVERY.c.state, where=DELIVERY.c.person_id == person_id)
    taken = rows(SUGGESTION.c.accepted_at, SUGGESTION.c.drop_number, where=SUGGESTION.c.accepted_by == person_id)
    composing = rows(COMPOSING.c.changed_at, COMPOSING.c.number, where=COMPOSING.c.person_id == person_id)
    return {
        "roles": [{"at": at.isoformat(), "role": GivenRole(role).name.lower()} for at, role in roles],
        "roles_given": [{"at": at.isoformat(), "role": GivenRole(role).name.lower()} for at, role in given],
        "drop_buttons": [
            {"at": at.isoformat(), "drop": number, "what": Deed(deed).name.lower()} for at, deed, number in deeds
        ],
        "reminders": [{"at": at.isoformat(), "drop": number} for at, number in reminders],
        "acts": [{"at": at.isoformat(), "act": act, "drop": number} for at, act, number in acts],
        "drops": [
            {
                "at": at.isoformat(),
                "drop": number,
                "state": State(state).name.lower(),
                "author": author == person_id,
                "approved": approver == person_id,
            }
            for at, number, state, author, approver in drops
        ],
        "digests_wanted": [{"at": at.isoformat()} for (at,) in reads],
        "digests": [{"at": at.isoformat(), "state": Delivery(state).name.lower()} for at, state in sent],
        "suggestions_taken_up": [{"at": at.isoformat(), "drop": number} for at, number in taken],
        "drop_in_the_making": [{"at": at.isoformat(), "drop": number} for at, number in composing],
    }
