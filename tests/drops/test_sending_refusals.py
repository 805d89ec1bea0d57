"""What goes wrong in a group while drops wait, done as people do it there: told once, with what mends it."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.model import Message
from sandbox.world import World
from storage.communities import find_community
from storage.drop_content import Content
from storage.drops import State
from storage.people import set_person
from storage.posting_rules import get_rules
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import SendingDesk, sending


def halted(desk: SendingDesk) -> str | None:
    return desk.store.read_now(lambda session: get_rules(session, desk.community)).halted


def ours(desk: SendingDesk, *words: str) -> list[str]:
    """The group's texts of the bot's among these."""
    return [text for text in desk.texts() if text in words]


async def press(desk: SendingDesk, message: Message, label: str) -> Message:
    """The manager presses a button; what the private chat shows then."""
    desk.talk._look()
    desk.talk.tap(desk.talk.manager, message, label)
    private = desk.talk.manager
    found: list[Message] = await desk.talk._until(lambda: [one for one in desk.talk._look() if one.chat_id == private])
    return found[-1]


@pytest.mark.parametrize(
    ("language", "told", "why"),
    [
        ("en", "I cannot post in", "I was removed from the group. Add me again."),
        ("zh", "我无法在", "我被移出了群。请重新添加我。"),
    ],
)
async def test_kicked_in_mid_queue_and_added_again(
    world: World, store: Store, language: str, told: str, why: str
) -> None:
    async with sending(world, store) as desk:
        store.write_now(lambda session: set_person(session, desk.talk.manager, language=language))
        first = desk.queue("one")
        await desk.until(first, State.SENT)
        manager = desk.talk.manager
        desk.talk.act("remove", chat_id=desk.chat.id, user_id=manager, target_id=world.bot_id)
        numbers = [desk.queue("two"), desk.queue("three")]
        message = await desk.told(told)
        assert why in text_of(message)
        assert [desk.find(number).state for number in numbers] == [State.SCHEDULED] * 2
        desk.talk.act("join", chat_id=desk.chat.id, user_id=world.bot_id, added_by=manager)
        for number in numbers:
            await desk.until(number, State.SENT)
        assert ours(desk, "one", "two", "three") == ["one", "two", "three"]
        private = desk.world.private_chat(manager)
        assert sum(told in text_of(one) for one in private.messages.values()) == 1
        assert halted(desk) is None


async def test_without_the_right_to_write_the_queue_waits_for_it(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        manager = desk.talk.manager
        desk.talk.act("demote", chat_id=desk.chat.id, user_id=manager, target_id=world.bot_id)
        desk.talk.act("restrict", chat_id=desk.chat.id, user_id=manager, target_id=world.bot_id, permissions=[])
        number = desk.queue("not yet")
        message = await desk.told("I cannot post in")
        assert "I may not write there." in text_of(message)
        await asyncio.sleep(0.3)
        assert (halted(desk), desk.tellings()) == ("no_right", 1)
        desk.talk.act("promote", chat_id=desk.chat.id, user_id=manager, target_id=world.bot_id)
        await desk.until(number, State.SENT)
        assert ours(desk, "not yet") == ["not yet"]


async def test_a_kind_that_members_may_not_send_fails_alone(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        manager = desk.talk.manager
        desk.talk.act("demote", chat_id=desk.chat.id, user_id=manager, target_id=world.bot_id)
        desk.chat.permissions -= {"can_send_photos"}
        photo = desk.queue(Content("look", pieces=desk.album(1).pieces))
        text = desk.queue("words go")
        await desk.until(text, State.SENT)
        message = await desk.told("Not posted")
        assert "I may not send this kind of media there." in text_of(message)
        assert desk.find(photo).state == State.FAILED
        desk.chat.permissions |= {"can_send_photos"}
        await desk.talk.press(manager, message, "Try again")
        await desk.until(photo, State.SENT)


@pytest.mark.parametrize("deed", ["close_topic", "delete_topic"])
async def test_a_topic_that_is_closed_or_gone_is_told_and_can_be_mended(world: World, store: Store, deed: str) -> None:
    async with sending(world, store) as desk:
        manager = desk.talk.manager
        place = {"chat_id": desk.chat.id, "user_id": manager}
        thread = desk.talk.act("open_topic", name="Films", **place)["thread_id"]
        desk.talk.act("demote", target_id=world.bot_id, **place)
        desk.talk.act(deed, thread_id=thread, **place)
        number = desk.queue("for the films", thread_id=thread)
        message = await desk.told("Not posted")
        assert "Its topic is closed or gone. Choose another." in text_of(message)
        assert [label for label, _ in buttons(message)] == ["Try again", "Move"]
        for label in ("Move", "Edit", "Where", "General", "Post now", "Post it now"):
            message = await press(desk, message, label)
        await desk.until(number, State.SENT)
        assert ours(desk, "for the films") == ["for the films"]


async def test_content_that_is_refused_is_told_once_and_moved(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        number = desk.queue(Content("a poster", pieces=(desk.piece("photo", b"no picture", "poster.txt"),)))
        message = await desk.told("Not posted")
        assert [label for label, _ in buttons(message)] == ["Try again", "Move"]
        await press(desk, message, "Try again")
        again = await desk.told("Not posted")
        assert again.id != message.id
        await asyncio.sleep(0.3)
        assert desk.tellings() == 2  # the first became the answer to its button
        for label in ("Move", "Edit", "When"):
            again = await press(desk, again, label)
        # Which hours are offered depends on the time of day, as does the peak, which is not asked about.
        named = next(label for label, data in buttons(again) if data.startswith("drop:at:"))
        for label in (named, "Yes", "Schedule"):
            again = await press(desk, again, label)
        moved = desk.find(number)
        assert moved.state == State.SCHEDULED
        assert moved.due_at is not None
        assert moved.due_at > desk.clock.now()


async def test_a_group_that_is_upgraded_while_drops_wait(world: World, store: Store) -> None:
    """The update about it and the drop's own call: whichever comes first, nothing is lost or twice."""
    async with sending(world, store) as desk:
        manager = desk.talk.manager
        made = desk.talk.act("add_group", user_id=manager, title="Basic")["chat_id"]
        desk.talk.act("join", chat_id=made, user_id=world.bot_id, added_by=manager)
        basic = desk.beside(made)
        first = basic.queue("before")
        await basic.until(first, State.SENT)
        numbers = [basic.queue(f"after {n}", due_in=0.3 * n) for n in range(3)]
        new = desk.talk.act("migrate", chat_id=made, user_id=manager)["chat_id"]
        for number in numbers:
            await basic.until(number, State.SENT)
        there = [text_of(one) for one in world.chat(new).messages.values() if one.sender_id == world.bot_id]
        here = [text_of(one) for one in world.chat(made).messages.values() if one.sender_id == world.bot_id]
        posted = [text for text in (*here, *there) if text.startswith("after")]
        assert posted == ["after 0", "after 1", "after 2"]
        found = store.read_now(lambda session: find_community(session, new))
        assert found is not None
        assert found.id == basic.community
