"""People in their private chat with the bot: language, chosen group. Global, no community's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from storage.dialects import upsert
from storage.kinds import Standing
from storage.models import Member, Person

PERSON: Any = Person.__table__  # type: ignore[attr-defined]
MEMBER: Any = Member.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PersonView:
    """How to speak to someone in private. `language` is what they chose, `app_language` what their Telegram showed
    when they last wrote or pressed; None where that is not known.
    """

    person_id: int
    language: str | None = None
    community_id: int | None = None
    app_language: str | None = None

    @property
    def speaks(self) -> str | None:
        """The language for what comes to them by itself."""
        return self.language or self.app_language


def find_person(session: Session, person_id: int) -> PersonView | None:
    """What is kept of someone's private chat, None where they never opened it."""
    query = select(PERSON.c.person_id, PERSON.c.language, PERSON.c.community_id, PERSON.c.app_language)
    row = session.connection().execute(query.where(PERSON.c.person_id == person_id)).first()
    return None if row is None else PersonView(*row)


def get_person(session: Session, person_id: int) -> PersonView:
    """`find_person`, empty where there is nothing."""
    return find_person(session, person_id) or PersonView(person_id)


def set_person(session: Session, person_id: int, **values: Any) -> None:
    """Keep someone's `language` (en, zh) or chosen `community_id`."""
    upsert(session, PERSON, [{"person_id": person_id} | values])


def keep_app_language(session: Session, person_id: int, language: str) -> None:
    """What the Telegram of someone who opened the private chat shows; of anybody else nothing is kept."""
    session.connection().execute(update(PERSON).where(PERSON.c.person_id == person_id).values(app_language=language))


def communities_of(session: Session, member_id: int) -> list[int]:
    """The communities in which someone was seen and not known to have left."""
    query = select(MEMBER.c.community_id).where(
        MEMBER.c.member_id == member_id,
        (MEMBER.c.standing.is_(None)) | (MEMBER.c.standing >= int(Standing.RESTRICTED)),
    )
    return [row[0] for row in session.connection().execute(query.order_by(MEMBER.c.community_id))]
