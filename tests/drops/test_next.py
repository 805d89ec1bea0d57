"""/next and "remind me": what members see of what is coming, and who is told when it is out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from peakdrop.coming import Wish, claim_reminder, report_coming, wish_reminder
from sandbox.community import build_world
from storage.communities import find_community
from storage.drop_content import Content
from storage.drops import State, Timing, add_drop, change_drop
from storage.people import set_person
from storage.posting_rules import set_rules
from storage.reminders import drop_vain_reminders, due_reminders
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.conftest import CHAT, NOW, ZONE
from tests.drops.posted import community_of, read_drop, show
from tests.sandbox.telegram import NOW as STARTED

ANN, BOB = 5_000_000_001, 5_000_000_002


def plan(store: Store, community: int, in_hours: float = 2, text: str = "新片来了", **values: Any) -> int:
    """A drop in the queue; returns its number."""
    now = values.pop("now", NOW)
    given = {"state": State.SCHEDULED, "timing": Timing.TIME, "due_at": now + timedelta(hours=in_hours)}
    given |= {"content": Content(text), "author_id": 1} | values
    return store.write_now(lambda session: add_drop(session, community, now=now, **given))


def shown(store: Store) -> list[int]:
    def reading(session: Any) -> list[int]:
        found = find_community(session, CHAT)
        assert found is not None
        return [one.number for one in report_coming(session, found, ZONE, now=NOW).drops]

    return store.read_now(reading)


def rules(store: Store, community: int, **values: Any) -> None:
    store.write_now(lambda session: set_rules(session, community, **values))


def test_as_many_as_the_rules_show_and_none_that_is_hidden(any_store: Store, community: int) -> None:
    hidden, later = plan(any_store, community, 1, is_hidden=True), plan(any_store, community, 5)
    soon, past = plan(any_store, community, 3), plan(any_store, community, -1)
    plan(any_store, community, 2, state=State.PAUSED)
    plan(any_store, community, 2, state=State.PROPOSED)
    assert shown(any_store) == [soon]
    rules(any_store, community, next_shown=5)
    assert shown(any_store) == [soon, later]
    rules(any_store, community, next_shown=0)
    assert shown(any_store) == []
    assert {hidden, past}.isdisjoint([soon, later])


def wish(store: Store, community: int, number: int, person: int) -> Wish:
    return store.write_now(lambda session: wish_reminder(session, community, number, person, now=NOW))


def test_once_notes_it_twice_takes_it_back(any_store: Store, community: int) -> None:
    number = plan(any_store, community)
    assert wish(any_store, community, number, ANN) is Wish.NEEDS_PRIVATE
    any_store.write_now(lambda session: set_person(session, ANN, language="zh"))
    assert wish(any_store, community, number, ANN) is Wish.TAKEN_BACK
    assert wish(any_store, community, number, ANN) is Wish.NOTED
    assert wish(any_store, community, plan(any_store, community, is_hidden=True), ANN) is Wish.GONE
    assert wish(any_store, community, 99, ANN) is Wish.GONE


def test_due_when_it_is_out_and_given_once(any_store: Store, community: int) -> None:
    number, other = plan(any_store, community), plan(any_store, community, 4)
    any_store.write_now(lambda session: set_person(session, ANN, language="zh"))
    for person in (ANN, BOB):
        wish(any_store, community, number, person)
    wish(any_store, community, other, ANN)
    assert any_store.read_now(due_reminders) == []
    any_store.write_now(
        lambda session: change_drop(session, community, number, {State.SCHEDULED}, now=NOW, state=State.SENT)
    )
    due = any_store.read_now(due_reminders)
    assert {(one.number, one.person_id) for one in due} == {(number, ANN), (number, BOB)}
    given = [any_store.write_now(lambda session, one=one: claim_reminder(session, one)) for one in (*due, *due)]  # type: ignore[misc]
    assert [one is not None for one in given] == [True, True, False, False]
    assert given[0] is not None
    assert any_store.read_now(due_reminders) == []


def test_reminders_of_what_comes_no_more_are_let_go(any_store: Store, community: int) -> None:
    number, other = plan(any_store, community), plan(any_store, community, 4)
    for one in (number, other):
        wish(any_store, community, one, ANN)
    any_store.write_now(
        lambda session: change_drop(session, community, number, {State.SCHEDULED}, now=NOW, state=State.CANCELLED)
    )
    assert any_store.write_now(drop_vain_reminders) == 1
    assert any_store.write_now(drop_vain_reminders) == 0


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, STARTED), store) as conversation:
        yield conversation


async def coming(talk: Conversation, text: str = "The lighthouse film", **values: Any) -> int:
    community = await community_of(talk)
    return plan(talk.store, community, 48, text, now=from_epoch(talk.world.now()), **values)


async def test_members_see_when_and_what(talk: Conversation) -> None:
    assert "Nothing is planned" in text_of(await talk.ask(talk.members[0], "/next"))
    await coming(talk)
    text = text_of(await talk.ask(talk.members[0], "/next"))
    assert "The lighthouse film" in text
    assert "in 2 days" in text
    community = await community_of(talk)
    rules(talk.store, community, next_words=False)
    text = text_of(await talk.ask(talk.members[0], "/next"))
    assert "Text" in text
    assert "lighthouse" not in text
    rules(talk.store, community, next_shown=0)
    assert "surprise" in text_of(await talk.ask(talk.members[0], "/next"))


async def test_a_group_without_a_language_is_answered_in_the_askers(talk: Conversation) -> None:
    await coming(talk)
    ann, bob = talk.members[:2]
    talk.world.user(ann).language_code = "zh-hans"
    assert "接下来" in text_of(await talk.ask(ann, "/next"))
    assert text_of(await talk.ask(bob, "/next")).startswith("Next in")


async def test_whoever_has_not_opened_the_private_chat_is_told_how_and_reminded_then(talk: Conversation) -> None:
    number = await coming(talk)
    ann = talk.members[0]
    answer = await talk.ask(ann, "/next")
    assert "press “Private chat” below, then Start" in await talk.pop_up(ann, answer, "Remind me")
    link = next(data for label, data in buttons(answer) if label == "Private chat")
    kept = await talk.ask(ann, f"/start {link.split('start=')[1]}", chat_id=ann)
    assert "I will tell you here when it is out" in text_of(kept)
    reminder = await out(talk, number)
    assert reminder.chat_id == ann
    assert "Just out" in text_of(reminder)
    assert buttons(reminder)[0][0] == "Open the post"
    assert await talk.silence()


async def out(talk: Conversation, number: int) -> Any:
    """The drop is posted; the next message of the bot's in private. Time goes faster from then on."""
    community = await community_of(talk)
    now = from_epoch(talk.world.now())
    talk.world.timeline.speed = 600  # reminders are looked for ten times a second
    show(talk, read_drop(talk, community, number))
    talk._look()
    await talk.store.write(
        lambda session: change_drop(
            session, community, number, {State.SCHEDULED}, now=now, state=State.SENT, sent_at=now
        )
    )
    return await talk.answer()


async def test_in_private_members_see_their_groups(talk: Conversation) -> None:
    await coming(talk)
    ann = talk.members[0]
    assert "The lighthouse film" in text_of(await talk.ask(ann, "/next", chat_id=ann))
    outside = (one.id for one in talk.world.users.values() if not one.is_bot and one.id not in talk.group.members)
    stranger = next(outside)
    assert "lighthouse" not in text_of(await talk.ask(stranger, "/next", chat_id=stranger))
    link = f"/start remind_{await community_of(talk)}_1"
    assert "comes no more" in text_of(await talk.ask(stranger, link, chat_id=stranger))


async def test_whoever_left_is_not_told(talk: Conversation) -> None:
    number = await coming(talk)
    ann, bob = talk.members[:2]
    for one in (ann, bob):
        talk.act("send", chat_id=one, user_id=one, text="/start")
        await talk.answer()
    answer = await talk.ask(ann, "/next")
    for one in (ann, bob):
        assert "when it is out" in await talk.pop_up(one, answer, "Remind me")
    talk.act("leave", chat_id=talk.group.id, user_id=ann)
    assert (await out(talk, number)).chat_id == bob
    assert await talk.silence()
