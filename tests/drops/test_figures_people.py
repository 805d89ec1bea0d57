"""Persons in the tables of drops: shown to themselves, erased at their word; and two communities that become one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from peakdrop.privacy import member_data
from storage.audit import FORGOTTEN, Act, list_acts, note_act
from storage.communities import aliases
from storage.dialects import upsert
from storage.drop_content import Content, Repeat
from storage.drop_deeds import Deed, count_deeds, note_deed
from storage.drop_messages import drop_of_message, messages_of
from storage.drop_people import COMPOSING, REMINDER
from storage.drops import find_drop
from storage.erasure import erase_until, forget
from storage.people import set_person
from storage.roles import GivenRole, get_role, give_role, list_roles
from storage.store import Store
from storage.times import to_epoch
from storage.wishes import Wish, add_wishes, obey
from tests import facts
from tests.drops.conftest import CHAT, NOW
from tests.drops.posting import post

LIN, MIA = 5_000_000_001, 5_000_000_002
LATER = NOW + timedelta(days=2)


def involve(store: Store, community: int, person_id: int, at: datetime = NOW) -> int:
    """Somebody makes a drop, likes and awaits it, has a role and gave one; returns the drop's number."""
    mention = {"type": "text_mention", "offset": 0, "length": 2, "user": {"id": person_id, "first_name": "林"}}
    bold = {"type": "bold", "offset": 0, "length": 2}
    content = Content("新片来了", entities=(mention, bold))
    number = post(store, community, at, person_id % 100, content=content, author_id=person_id, approved_by=person_id)

    def involving(session: Any) -> None:
        note_deed(session, community, number, Deed.LIKE, person_id, at)
        reminder = {"community_id": community, "number": number, "person_id": person_id, "at": at}
        upsert(session, REMINDER, [reminder])
        making = {"person_id": person_id, "community_id": community, "number": number, "changed_at": at}
        upsert(session, COMPOSING, [making])
        give_role(session, community, person_id, GivenRole.MANAGER, by=1, now=at)
        give_role(session, community, person_id + 50, GivenRole.EDITOR, by=person_id, now=at)
        note_act(session, community, Act.SCHEDULED, by=person_id, now=at, number=number)

    store.write_now(involving)
    return number


def read(store: Store, fn: Any, *args: Any) -> Any:
    return store.read_now(lambda session: fn(session, *args))


def test_all_of_it_is_shown_to_themselves_alone(any_store: Store, community: int) -> None:
    number = involve(any_store, community, LIN)
    involve(any_store, community, MIA)
    (told,) = read(any_store, member_data, LIN, NOW)["communities"]
    at = NOW.isoformat()
    assert told["roles"] == [{"at": at, "role": "manager"}]
    assert told["roles_given"] == [{"at": at, "role": "editor"}]
    assert told["drop_buttons"] == [{"at": at, "drop": number, "what": "like"}]
    assert told["reminders"] == [{"at": at, "drop": number}]
    assert told["acts"] == [{"at": at, "act": "scheduled", "drop": number}]
    assert told["drops"] == [{"at": at, "drop": number, "state": "sent", "author": True, "approved": True}]
    assert told["drop_in_the_making"] == [{"at": at, "drop": number}]


def test_a_forgotten_persons_drops_stay_without_them(any_store: Store, community: int) -> None:
    mine, other = involve(any_store, community, LIN), involve(any_store, community, MIA)
    any_store.write_now(lambda session: forget(session, LIN, NOW))
    assert read(any_store, member_data, LIN, NOW)["communities"] == []
    drop = read(any_store, find_drop, community, mine)
    assert (drop.author_id, drop.approved_by) == (0, 0)
    assert [one["type"] for one in drop.content.entities] == ["bold"]
    assert drop.content.text == "新片来了"
    acts = read(any_store, list_acts, community)
    assert [one.person_id for one in acts] == [MIA, FORGOTTEN]
    assert read(any_store, get_role, community, LIN) is None
    assert {one.given_by for one in read(any_store, list_roles, community)} == {0, 1, MIA}
    assert read(any_store, count_deeds, community, mine, Deed.LIKE) == 0
    assert read(any_store, count_deeds, community, other, Deed.LIKE) == 1
    assert len(read(any_store, member_data, MIA, NOW)["communities"][0]["reminders"]) == 1


def test_entries_about_somebodys_role_name_them_no_more(any_store: Store, community: int) -> None:
    for person in (LIN, MIA):
        any_store.write_now(
            lambda session, person=person: note_act(  # type: ignore[misc]
                session, community, Act.ROLE, by=1, now=NOW, detail=f"{person} editor"
            )
        )
    assert read(any_store, member_data, LIN, NOW)["communities"][0]["acts"][0]["act"] == "role"
    any_store.write_now(lambda session: forget(session, LIN, NOW))
    details = {one.detail for one in read(any_store, list_acts, community)}
    assert details == {f"{MIA} editor", f"{FORGOTTEN} editor"}
    assert read(any_store, member_data, LIN, NOW)["communities"] == []


def test_a_restored_copy_forgets_again_what_is_older_than_the_wish(any_store: Store, community: int) -> None:
    old, new = involve(any_store, community, LIN), involve(any_store, community, MIA, LATER)
    until = to_epoch(NOW + timedelta(days=1))

    def restoring(session: Any) -> tuple[int, int]:
        from storage.privacy import digest_of, load_privacy

        key = load_privacy(session).key
        add_wishes(session, [Wish(digest_of(person, key), False, until) for person in (LIN, MIA)])
        found = obey(session)
        return found, obey(session)

    assert any_store.write_now(restoring) == (1, 0)
    assert read(any_store, find_drop, community, old).author_id == 0
    assert read(any_store, find_drop, community, new).author_id == MIA
    erased = any_store.write_now(lambda session: erase_until(session, MIA, until))
    assert erased.in_drops == 0


def test_drops_of_two_communities_that_are_one_keep_all_that_is_theirs(any_store: Store, community: int) -> None:
    newer = CHAT - 1
    facts.put(any_store, facts.message(1, chat_id=newer, at=to_epoch(NOW)))
    source = read(any_store, aliases, [newer])[newer]
    mine = [involve(any_store, community, LIN), post(any_store, community, NOW, 50)]
    theirs = involve(any_store, source, MIA)
    repeat = Repeat(NOW.date())
    again = post(any_store, source, NOW, 7, 8, chat_id=newer, series=theirs, repeat=repeat, occurrence="2026-11-24")
    any_store.write_now(lambda session: set_person(session, MIA, community_id=source))
    assert {theirs, again} <= set(mine)  # both numbered from 1
    facts.put(any_store, facts.migration(CHAT, newer, at=to_epoch(NOW)))
    assert read(any_store, aliases, [newer]) == {newer: community}
    moved = read(any_store, drop_of_message, community, newer, 7)
    assert moved not in mine
    drop = read(any_store, find_drop, community, moved)
    assert [one.message_id for one in read(any_store, messages_of, community, moved)] == [7, 8]
    first = read(any_store, find_drop, community, drop.series)
    assert first.author_id == MIA
    assert read(any_store, find_drop, community, mine[0]).author_id == LIN
    assert read(any_store, count_deeds, community, first.number, Deed.LIKE) == 1
    acts = {(one.person_id, one.number) for one in read(any_store, list_acts, community)}
    assert acts == {(LIN, mine[0]), (MIA, first.number)}
    (told,) = read(any_store, member_data, MIA, NOW)["communities"]
    assert told["drop_in_the_making"][0]["drop"] == first.number
    assert told["reminders"][0]["drop"] == first.number


@pytest.mark.parametrize("has_drops", [True, False])
def test_merging_where_one_side_has_none(any_store: Store, community: int, has_drops: bool) -> None:
    newer = CHAT - 1
    facts.put(any_store, facts.message(1, chat_id=newer, at=to_epoch(NOW)))
    source = read(any_store, aliases, [newer])[newer]
    number = involve(any_store, source if has_drops else community, LIN)
    facts.put(any_store, facts.migration(CHAT, newer, at=to_epoch(NOW)))
    found = [read(any_store, find_drop, community, n) for n in range(1, 2 * number + 1)]
    assert [one.author_id for one in found if one is not None] == [LIN]
