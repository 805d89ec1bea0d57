"""Albums: parts, the buttons below them, and what follows are recorded apart; a retry does only what is missing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from bot.clock import Clock
from handlers import content_calls, signs
from sandbox.model import Message
from sandbox.world import World
from storage.drop_content import Content, DropButton, Repeat
from storage.drop_messages import MESSAGE
from storage.drops import State, Step
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import SendingDesk, sending

LIKE = (DropButton("like"),)
LINE = "What do you think of it?"


def pictures(desk: SendingDesk) -> list[Message]:
    """The album's parts in the group."""
    return [one for one in desk.posts() if "photo" in one.content]


def lines(desk: SendingDesk) -> list[Message]:
    """The messages that carry an album's buttons."""
    return [one for one in desk.posts() if text_of(one) == LINE]


async def test_an_album_with_buttons_becomes_its_parts_and_a_line_below(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        number = desk.queue(desk.album(3, "Three bags"), buttons=LIKE, pin=True)
        drop = await desk.until(number, State.SENT)
        parts, (line,) = pictures(desk), lines(desk)
        assert [text_of(one) for one in parts] == ["Three bags", "", ""]
        assert line.reply_to == parts[0].id
        assert [one.message_id for one in desk.messages(number)] == [*(one.id for one in parts), line.id]
        assert drop.steps & ~Step.BUTTONS_BEGUN == Step.POSTED | Step.BUTTONS | Step.PINNED
        assert desk.chat.pinned == [parts[0].id]


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "truncate", "timeout_after"])
async def test_buttons_that_were_lost_are_found_and_the_album_is_not_posted_again(
    world: World, store: Store, quick: None, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(content_calls, "SAID_SECONDS", 0.5)
    async with sending(world, store) as desk:
        world.faults.add(kind=fault, method="sendMessage", nth=1, seconds=0.8)
        number = desk.queue(desk.album(2), buttons=LIKE, pin=True)
        await desk.until(number, State.SENT)
        assert (len(pictures(desk)), len(lines(desk))) == (2, 1)
        assert [one.message_id for one in desk.messages(number)][2:] == [lines(desk)[0].id]
        assert desk.chat.pinned == [pictures(desk)[0].id]
        assert desk.tellings() == 0


async def test_a_press_below_an_album_settles_its_buttons(
    world: World, store: Store, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "PROBES_AT", ())
    async with sending(world, store) as desk:
        world.faults.add(kind="drop_after", method="sendMessage", nth=1)
        number = desk.queue(desk.album(2), buttons=LIKE)
        await desk.until(number, State.UNCERTAIN)
        (line,) = lines(desk)
        desk.talk.tap(desk.talk.members[0], line, buttons(line)[0][0])
        await desk.until(number, State.SENT)
        assert [one.message_id for one in desk.messages(number)][2:] == [line.id]
        assert (len(pictures(desk)), desk.tellings()) == (2, 0)


@pytest.mark.parametrize(("answer", "posted"), [("It is there", 1), ("Send it", 2)])
async def test_asked_about_an_albums_buttons_the_rest_is_done(
    world: World, store: Store, unprobed: None, answer: str, posted: int
) -> None:
    """Whatever the manager says, the album stands once and is pinned."""
    async with sending(world, store) as desk:
        world.faults.add(kind="drop_after", method="sendMessage", nth=1)
        number = desk.queue(desk.album(2), buttons=LIKE, pin=True)
        question = await desk.told("Are its buttons there?")
        await desk.talk.press(desk.talk.manager, question, answer)
        drop = await desk.until(number, State.SENT)
        assert (len(pictures(desk)), len(lines(desk))) == (2, posted)
        assert desk.chat.pinned == [pictures(desk)[0].id]
        assert drop.steps & Step.PINNED


async def test_an_album_of_which_a_part_failed_is_asked_about(world: World, store: Store, unprobed: None) -> None:
    async with sending(world, store) as desk:
        bad = desk.piece("photo", b"no picture", "notes.txt")
        album = desk.album(2)
        number = desk.queue(Content("Bags", pieces=(*album.pieces, bad)))
        question = await desk.told("Was this posted?")
        assert "Telegram refused a part of this album" in text_of(question)
        assert "Telegram says: Failed to send message #3" in text_of(question)
        assert desk.find(number).state == State.UNCERTAIN
        assert len(desk.world.calls.since(0, "sendMediaGroup")) == 1


async def test_a_reply_to_a_part_proves_a_lost_album(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        world.faults.add(kind="drop_after", method="sendMediaGroup", nth=1)
        number = desk.queue(desk.album(3, "Three bags"), buttons=LIKE)
        await desk.until(number, State.UNCERTAIN)
        second = pictures(desk)[1]
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.members[0], text="this one", reply_to=second.id)
        await desk.until(number, State.SENT)
        assert (len(pictures(desk)), len(lines(desk))) == (3, 1)
        found = desk.messages(number)
        assert [(one.message_id, one.position) for one in found] == [(second.id, 1), (lines(desk)[0].id, 3)]


async def test_an_album_takes_the_whole_previous_one_away(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        today = Clock().now().date()
        daily: dict[str, Any] = {"repeat": Repeat(today, at="09:00"), "series": 1, "replaces": True, "pin": True}
        first = desk.queue(desk.album(2), occurrence=f"{today}T09:00", buttons=LIKE, **daily)
        await desk.until(first, State.SENT)
        gone = [one.id for one in desk.posts()]
        second = desk.queue(desk.album(3), occurrence=f"{today}T09:01", buttons=LIKE, **daily)
        await desk.until(second, State.SENT)
        assert (len(pictures(desk)), len(lines(desk))) == (3, 1)
        assert not set(gone) & set(desk.chat.messages)
        assert desk.chat.pinned == [pictures(desk)[0].id]


async def test_what_an_ended_process_left_undone_is_done_and_nothing_else(world: World, store: Store) -> None:
    """Posted and recorded, then killed: the pin is missing."""
    async with sending(world, store) as desk:
        number = desk.queue("stands already", pin=True)
        await desk.until(number, State.SENT)
        desk.chat.pinned.clear()
        long_ago = Clock().now() - timedelta(minutes=5)
        orphan = {"state": State.SENDING, "steps": int(Step.POSTED), "claimed_by": "elsewhere:1:2"}
        desk.change(number, claimed_until=long_ago, **orphan)
        desk.talk.wake()
        drop = await desk.until(number, State.SENT)
        assert drop.steps == Step.POSTED | Step.PINNED
        assert desk.texts() == ["stands already"]
        assert desk.chat.pinned == [desk.posts()[0].id]
        await asyncio.sleep(0.2)
        assert len(world.calls.since(0, "sendMessage")) == 1


@pytest.mark.parametrize("is_there", [True, False])
async def test_killed_between_album_and_buttons(world: World, store: Store, quick: None, is_there: bool) -> None:
    """The process ended while it posted the line below: that alone is in doubt."""
    async with sending(world, store) as desk:
        number = desk.queue(desk.album(2), buttons=LIKE, pin=True)
        await desk.until(number, State.SENT)
        (line,) = lines(desk)
        desk.chat.pinned.clear()
        store.write_now(
            lambda session: session.connection().execute(delete(MESSAGE).where(MESSAGE.c.message_id == line.id))
        )
        if not is_there:
            del desk.chat.messages[line.id]
        values = {"steps": int(Step.POSTED | Step.BUTTONS_BEGUN), "claimed_by": "elsewhere:1:2"}
        desk.change(number, state=State.SENDING, claimed_until=Clock().now() - timedelta(minutes=5), **values)
        if not is_there:
            desk.talk.tap(desk.talk.manager, await desk.told("Are its buttons there?"), "Send it")
        await desk.talk._until(lambda: desk.chat.pinned)
        await desk.until(number, State.SENT)
        assert (len(pictures(desk)), len(lines(desk))) == (2, 1)
        assert [one.message_id for one in desk.messages(number)][2:] == [lines(desk)[0].id]
        assert desk.tellings() == (0 if is_there else 1)
        assert len(world.calls.since(0, "sendMediaGroup")) == 1


async def test_a_pin_that_failed_is_tried_again_alone(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        place = {"chat_id": desk.chat.id, "user_id": desk.talk.manager, "target_id": world.bot_id}
        desk.talk.act("promote", rights=["can_delete_messages"], **place)
        desk.chat.permissions -= {"can_pin_messages"}
        number = desk.queue(desk.album(2), buttons=LIKE, pin=True)
        message = await desk.told("Not everything worked")
        assert "It is posted, but I may not pin it." in text_of(message)
        assert (desk.find(number).state, desk.chat.pinned) == (State.SENT, [])
        desk.talk.act("promote", **place)
        desk.talk.tap(desk.talk.manager, message, "Try again")
        await desk.talk._until(lambda: desk.chat.pinned)
        assert await desk.until(number, State.SENT)
        assert desk.chat.pinned == [pictures(desk)[0].id]
        assert (len(pictures(desk)), len(lines(desk))) == (2, 1)
        assert desk.find(number).failure is None
