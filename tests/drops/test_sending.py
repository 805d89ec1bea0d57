"""The running bot posts drops in the sandbox, at their time, once; each of Telegram's errors has its own answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from bot.clock import Clock
from handlers import signs
from sandbox.model import Member
from sandbox.world import World
from storage.communities import get_community
from storage.drop_content import Content, DropButton, Piece, Repeat
from storage.drops import DropView, State, Step, change_drop, list_drops
from storage.posting_rules import get_rules
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import SendingDesk, queue, sending

LIKE = (DropButton("like"),)


async def test_what_is_due_is_posted_once_and_recorded(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        later = desk.queue("tomorrow", due_in=86400)
        number = desk.queue("新片来了")
        drop = await desk.until(number, State.SENT)
        assert desk.texts() == ["新片来了"]
        assert [one.message_id for one in desk.messages(number)] == [desk.posts()[0].id]
        assert drop.sent_at is not None
        assert desk.find(later).state == State.SCHEDULED


async def test_a_drop_of_which_nobody_told_the_sender_is_found_all_the_same(
    world: World, store: Store, quick: None
) -> None:
    async with sending(world, store) as desk:
        number = queue(store, desk.community, Content("from elsewhere"), Clock().now())
        await desk.until(number, State.SENT)
        assert desk.texts() == ["from elsewhere"]


async def test_a_drop_leaves_within_a_second_of_its_time(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        number = desk.queue("on time", due_in=2)
        drop = await desk.until(number, State.SENT)
        call = next(one for one in desk.world.calls.since(0, "sendMessage"))
        assert drop.due_at is not None
        assert 0 <= call.at - drop.due_at.timestamp() < 1.0


async def test_formatting_silence_and_buttons_arrive_as_they_were_given(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        bold = Content("Big news", ({"type": "bold", "offset": 0, "length": 3},))
        links = (DropButton("like"), DropButton("link", "Shop", "https://example.com/"))
        number = desk.queue(bold, silent=True, buttons=links)
        drop = await desk.until(number, State.SENT)
        post = desk.posts()[0]
        assert post.content["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
        assert [label for label, _ in buttons(post)] == ["👍 赞", "Shop"] or len(buttons(post)) == 2
        assert buttons(post)[1] == ("Shop", "https://example.com/")
        assert buttons(post)[0][1].startswith(f"do:like:{desk.community}:{number}:")
        assert drop.nonce > 0


async def test_the_order_in_a_group_is_kept_through_a_flood_wait(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        other = desk.beside(_second_group(world).id)
        flood = world.faults.add(kind="flood", method="sendMessage", nth=2, retry_after=3)
        at = Clock().now()
        numbers = [desk.queue(f"post {n}", due_at=at) for n in range(4)]
        await desk.talk._until(lambda: flood.struck)
        there = other.queue("elsewhere")
        await other.until(there, State.SENT, limit=2.5)
        assert desk.find(numbers[1]).state == State.SCHEDULED
        for number in numbers:
            await desk.until(number, State.SENT)
        assert desk.texts() == [f"post {n}" for n in range(4)]


async def test_a_group_that_became_a_supergroup_is_followed_at_once(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        new = world.add_chat(-1002100000777, "supergroup", desk.chat.title)
        new.members = dict(desk.chat.members)
        desk.chat.migrated_to = new.id
        number = desk.queue("moved with you")
        await desk.until(number, State.SENT)
        assert [text_of(one) for one in new.messages.values() if one.sender_id == world.bot_id] == ["moved with you"]
        community = store.read_now(lambda session: get_community(session, desk.community))
        assert community is not None
        assert community.chat_id == new.id
        assert desk.messages(number)[0].chat_id == new.id


async def test_kicked_the_queue_waits_and_a_manager_is_told_once(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        desk.chat.members[world.bot_id] = Member(world.bot_id, "kicked")
        numbers = [desk.queue(f"post {n}") for n in range(3)]
        message = await desk.told("I cannot post in")
        assert "I was removed from the group" in text_of(message)
        await asyncio.sleep(1)
        assert desk.tellings() == 1
        assert [desk.find(number).state for number in numbers] == [State.SCHEDULED] * 3
        assert store.read_now(lambda session: get_rules(session, desk.community)).halted == "kicked"
        desk.chat.members[world.bot_id] = Member(world.bot_id, "administrator")
        await desk.talk.press(desk.talk.manager, message, "Try again")
        for number in numbers:
            await desk.until(number, State.SENT)
        assert desk.texts() == ["post 0", "post 1", "post 2"]


async def test_content_that_telegram_refuses_fails_and_the_next_one_goes_out(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        bad = desk.queue(Content(pieces=(Piece("photo", "nosuchfile"),)))
        good = desk.queue("still here")
        await desk.until(good, State.SENT)
        assert desk.find(bad).state == State.FAILED
        message = await desk.told("Not posted")
        assert "Drop 1 in" in text_of(message)
        assert "Telegram says:" in text_of(message)
        assert [label for label, _ in buttons(message)] == ["Try again", "Move"]
        await asyncio.sleep(0.5)
        assert desk.tellings() == 1


async def test_health_names_what_is_wrong_with_the_button_that_mends_it(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.manager, text="hello")
        well = await desk.talk.ask(desk.talk.manager, "/health", chat_id=desk.talk.manager)
        assert text_of(well).startswith("All is well")
        assert "The queue is empty.\nNothing was posted yet." in text_of(well)
        bad = desk.queue(Content(pieces=(Piece("photo", "nosuchfile"),)))
        desk.queue("later", due_in=86400)
        await desk.until(bad, State.FAILED)
        await desk.told("Not posted")
        health = await desk.talk.press(desk.talk.manager, well, "Look again")
        assert "Something needs you" in text_of(health)
        assert "In the queue: 1, the next tomorrow" in text_of(health)
        assert "Last failure: drop 1, Photo." in text_of(health)
        labels = [label for label, _ in buttons(health)]
        assert labels == ["Try 1 again", "Open 1", "Queue", "Look again"]


async def test_a_failed_occurrence_does_not_end_its_series(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        today = Clock().now().date()
        daily: dict[str, Any] = {"repeat": Repeat(today, at="09:00"), "series": 1, "occurrence": f"{today}T09:00"}
        number = desk.queue(Content(pieces=(Piece("photo", "nosuchfile"),)), **daily)
        await desk.until(number, State.FAILED)
        coming = store.read_now(lambda session: list_drops(session, desk.community, {State.SCHEDULED}))
        assert [one.series for one in coming] == [1]
        await desk.talk.press(desk.talk.manager, await desk.told("Not posted"), "Try again")
        await desk.until(number, State.FAILED)
        await asyncio.sleep(0.5)
        assert len(store.read_now(lambda session: list_drops(session, desk.community, {State.SCHEDULED}))) == 1


async def _in_doubt(desk: SendingDesk, content: Content | str = "did it arrive", **values: Any) -> DropView:
    """A post that arrived, of which the bot never heard."""
    desk.world.faults.add(kind="drop_after", method="sendMessage", nth=1)
    number = desk.queue(content, **values)
    return await desk.until(number, State.UNCERTAIN, State.SENT)


async def test_set_again_its_very_buttons_prove_a_lost_post(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.members[0], text="before")
        drop = await _in_doubt(desk, buttons=LIKE)
        drop = await desk.until(drop.number, State.SENT)
        assert len(desk.texts()) == 1
        assert [one.message_id for one in desk.messages(drop.number)] == [desk.posts()[0].id]
        assert desk.tellings() == 0


async def test_looking_for_a_post_never_changes_another_message(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        await desk.talk.ask(desk.talk.members[0], "/help")
        answer = desk.posts()[0]
        before = dict(answer.content), answer.markup
        world.faults.add(kind="drop_before", method="sendMessage", nth=1)
        number = desk.queue("never arrived", buttons=LIKE)
        await desk.told("Was this posted?")
        tried = [call.params["message_id"] for call in world.calls.since(0, "editMessageReplyMarkup")]
        assert str(answer.id) not in [str(one) for one in tried]
        assert (dict(answer.content), answer.markup) == before
        assert desk.find(number).state == State.UNCERTAIN


async def test_a_pressed_button_proves_a_lost_post(
    world: World, store: Store, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "PROBES_AT", ())
    async with sending(world, store) as desk:
        drop = await _in_doubt(desk, buttons=LIKE)
        post = desk.posts()[0]
        desk.talk.tap(desk.talk.members[0], post, buttons(post)[0][0])
        await desk.until(drop.number, State.SENT)
        assert [one.message_id for one in desk.messages(drop.number)] == [post.id]
        assert desk.tellings() == 0


async def test_a_reply_proves_a_lost_post(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        drop = await _in_doubt(desk)
        post = desk.posts()[0]
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.members[0], text="nice", reply_to=post.id)
        await desk.until(drop.number, State.SENT)
        assert [one.message_id for one in desk.messages(drop.number)] == [post.id]


async def test_without_a_sign_a_manager_is_asked_and_nothing_is_posted_unasked(
    world: World, store: Store, quick: None
) -> None:
    async with sending(world, store) as desk:
        drop = await _in_doubt(desk)
        question = await desk.told("Was this posted?")
        labels = dict(buttons(question))
        assert labels["Look there"].startswith("https://t.me/c/2100000042/")
        await asyncio.sleep(1)
        assert (desk.tellings(), desk.texts()) == (1, ["did it arrive"])
        await desk.talk.press(desk.talk.manager, question, "It is there")
        assert desk.find(drop.number).state == State.SENT
        assert desk.texts() == ["did it arrive"]


async def test_what_a_manager_says_is_not_there_is_sent_again(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        world.faults.add(kind="timeout_before", method="sendMessage", nth=1, seconds=0.1)
        world.faults.add(kind="drop_before", method="sendMessage", nth=1)
        number = desk.queue("lost", pin=True)
        question = await desk.told("Was this posted?")
        assert desk.texts() == []
        await desk.talk.press(desk.talk.manager, question, "Send it")
        drop = await desk.until(number, State.SENT)
        assert desk.texts() == ["lost"]
        assert drop.steps & Step.PINNED
        assert desk.chat.pinned == [desk.posts()[0].id]


async def test_a_weekly_poster_takes_the_last_one_away(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        today = Clock().now().date()
        daily: dict[str, Any] = {"repeat": Repeat(today, at="09:00"), "series": 1, "replaces": True}
        first = desk.queue("monday", occurrence=f"{today}T09:00", **daily)
        await desk.until(first, State.SENT)
        second = desk.queue("tuesday", occurrence=f"{today}T09:01", **daily)
        await desk.until(second, State.SENT)
        assert desk.texts() == ["tuesday"]


async def test_a_series_does_not_wait_for_one_in_doubt_and_keeps_its_newer_ones(
    world: World, store: Store, unprobed: None
) -> None:
    async with sending(world, store) as desk:
        today = Clock().now().date()
        daily: dict[str, Any] = {"repeat": Repeat(today, at="09:00"), "series": 1, "replaces": True}
        drop = await _in_doubt(desk, "monday", occurrence=f"{today}T09:00", **daily)
        (following,) = store.read_now(lambda session: list_drops(session, desk.community, {State.SCHEDULED}))
        await desk.told("Was this posted?")
        later = {"due_at": desk.clock.now(), "content": Content("tuesday")}
        desk.change(following.number, **later)
        await desk.until(following.number, State.SENT)
        post = desk.posts()[0]
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.members[0], text="nice", reply_to=post.id)
        await desk.until(drop.number, State.SENT)
        assert desk.texts() == ["monday", "tuesday"]
        coming = store.read_now(lambda session: list_drops(session, desk.community, {State.SCHEDULED}))
        assert len(coming) == 1


async def test_a_drop_leaves_the_group_when_its_time_is_over(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        number = desk.queue("gone soon", delete_after=2)
        await desk.until(number, State.SENT)
        assert desk.texts() == ["gone soon"]
        async with asyncio.timeout(10):
            while desk.texts() or desk.messages(number):
                await asyncio.sleep(0.1)


async def test_too_late_a_drop_moves_to_the_next_peak_and_the_manager_hears_of_it(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        inside = desk.queue("a little late", due_in=-3600, late_seconds=7200)
        outside = desk.queue("much too late", due_in=-3 * 86400, late_seconds=7200)
        await desk.until(inside, State.SENT)
        await desk.told("was too late")
        moved = desk.find(outside)
        assert moved.state == State.SCHEDULED
        assert moved.due_at is not None
        assert moved.due_at > Clock().now()
        assert desk.texts() == ["a little late"]


async def test_a_series_never_piles_up(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        first = (Clock().now() - timedelta(days=3)).date()
        daily: dict[str, Any] = {"repeat": Repeat(first, at="09:00"), "series": 1, "occurrence": f"{first}T09:00"}
        desk.queue("daily", due_in=-3 * 86400, late_seconds=3600, **daily)
        await desk.told("was too late")
        await asyncio.sleep(0.5)
        assert desk.texts() == []
        coming = store.read_now(lambda session: list_drops(session, desk.community, {State.SCHEDULED}))
        assert len(coming) == 1
        assert coming[0].due_at is not None
        assert timedelta(0) < coming[0].due_at - Clock().now() <= timedelta(days=1)


def _second_group(world: World) -> Any:
    chat = world.add_chat(-1002100000099, "supergroup", "Second")
    chat.members = dict(world.chat(world.group_id).members)
    return chat


async def test_many_in_doubt_are_asked_about_a_few_at_a_time(world: World, store: Store, quick: None) -> None:
    def lose(session: Session, number: int) -> None:
        now = Clock().now()
        values: dict[str, Any] = {"state": State.UNCERTAIN, "failure": "doubt"}
        change_drop(session, desk.community, number, {State.SCHEDULED}, now=now, **values)

    async with sending(world, store) as desk:
        for text in ("first", "second", "third", "fourth", "fifth"):
            number = desk.queue(text, due_in=3600)
            store.write_now(partial(lose, number=number))
        third = await desk.told("third")
        await asyncio.sleep(0.5)
        assert desk.tellings() == signs.MOST_ASKED
        await desk.talk.press(desk.talk.manager, third, "It is there")
        await desk.told("fourth")
        await asyncio.sleep(0.5)
        assert desk.tellings() == signs.MOST_ASKED + 1
