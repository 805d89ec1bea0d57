"""A digest that moves a drop, or asks for one at a free time, as a manager meets it in the sandbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from peakdrop.drops import Actor, confirm_drop
from rendering.catalog import get_catalog
from sandbox.model import Message
from storage.drop_content import Content
from storage.drops import OPEN, DropView, State, Timing, add_drop, find_drop
from storage.people import set_person
from storage.suggestions import Kind, add_suggestion, find_suggestion, suggestions_since
from tests.bot.conversation import Conversation, buttons, text_of
from tests.digests.talking import EARLY, MONDAY, digest_in, fill, local, until
from tests.drops.conftest import ZONE
from tests.drops.making import GROUP, drops, labels, press, say, shown
from tests.drops.test_compose_media import pictures, send


def lively(talk: Conversation) -> None:
    """A busy month with a drop last week: nothing is worth posting again."""
    weeks = fill(talk, busy=False)
    weeks.live(local(-5), 28, 200, people=80)
    weeks.drop(local(20, 20), "What we saw last week", 3)


def queued(talk: Conversation, at: datetime, text: str) -> int:
    """A drop of the manager's for a wall time."""
    by = Actor(talk.manager, is_manager=True)

    def put(session: Session) -> int:
        values: dict[str, Any] = {
            "content": Content(text),
            "timing": Timing.TIME,
            "local_time": at.isoformat(timespec="minutes"),
        }
        number = add_drop(session, GROUP, now=EARLY, author_id=by.person_id, **values)
        confirm_drop(session, GROUP, number, by, ZONE, now=EARLY)
        return number

    return talk.store.write_now(put)


def found(talk: Conversation, number: int) -> DropView:
    """A drop as it stands."""
    one = talk.store.read_now(lambda session: find_drop(session, GROUP, number))
    assert one is not None
    return one


def label_of(screen: Message, begin: str) -> str:
    """The whole of the button that begins so."""
    return next(one for one in labels(screen) if one.startswith(begin))


def suggested(talk: Conversation, digest: Message) -> datetime:
    """The suggested time."""
    key = next(data for label, data in buttons(digest) if label.startswith("New drop"))
    one = talk.store.read_now(lambda session: find_suggestion(session, GROUP, int(key.split(":")[-1])))
    assert one is not None
    return one.local


async def ask_for(talk: Conversation, digest: Message) -> Message:
    """The button of a free time is pressed; what the bot asks."""
    talk.tap(talk.manager, digest, "New drop")
    return await shown(talk, talk.manager, "Send me what shall be posted")


async def test_a_drop_at_noon_is_moved_and_back_by_two_buttons(talk: Conversation) -> None:
    lively(talk)
    number = queued(talk, local(24, 13), "A walk in the woods")
    digest = await say(talk, "/digest")
    text = text_of(digest)
    assert f"Suggestion: drop {number} “A walk in the woods” stands for tomorrow 13:00, about" in text
    label = label_of(digest, "Move to Tue ")
    popped = await talk.pop_up(talk.manager, digest, label)
    assert f"Drop {number} stands for tomorrow {label[-5:]} now. Undo moves it back." in popped
    assert found(talk, number).local_time == f"2026-11-24T{label[-5:]}"
    await talk._until(lambda: "Undo" in labels(digest))
    assert f"drop {number} stands for tomorrow 13:00 again" in await talk.pop_up(talk.manager, digest, "Undo")
    assert found(talk, number).local_time == "2026-11-24T13:00"
    await talk._until(lambda: label in labels(digest))


async def test_the_next_digest_tells_how_a_moved_drop_went(talk: Conversation) -> None:
    lively(talk)
    number = queued(talk, local(24, 13), "A walk in the woods")
    digest = await say(talk, "/digest")
    await talk.pop_up(talk.manager, digest, "Move to")
    due_at = found(talk, number).due_at
    assert due_at is not None
    await say(talk, "/digest daily 09:00")
    await until(talk, MONDAY + timedelta(days=1, minutes=1))
    before = text_of(await digest_in(talk, talk.manager, "Mon 23 Nov"))
    assert "Last time" not in before  # it is still to come: nothing to tell yet
    await until(talk, MONDAY + timedelta(days=2, minutes=1))
    text = text_of(await digest_in(talk, talk.manager, "Tue 24 Nov"))
    assert f"Last time you moved drop {number} to Tue {due_at + timedelta(hours=8):%H:%M}: 0 members answered" in text


async def test_what_is_sent_for_a_free_time_becomes_a_drop_with_it(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    assert "is free, about" in text_of(digest)
    assert "nothing is planned for that day" in text_of(digest)
    label = label_of(digest, "New drop ")
    asked = await ask_for(talk, digest)
    assert f"{label[-5:]} in " in text_of(asked)
    # Pressed once more it asks once more, and once only.
    talk.tap(talk.manager, digest, "New drop")
    await talk._until(lambda: asked.id not in talk.world.chat(talk.manager).messages)
    asked = await shown(talk, talk.manager, "Send me what shall be posted")
    assert drops(talk, *OPEN) == []

    screen = await say(talk, "A song of the sea")
    (made,) = drops(talk, *OPEN)
    assert "Post this?" in text_of(screen)
    assert label_of(screen, "Schedule ").endswith(label[-5:])
    assert made.local_time is not None
    assert made.local_time.endswith(label[-5:])
    await talk._until(lambda: asked.id not in talk.world.chat(talk.manager).messages)
    # An old button shows that drop's screen; the digest then leads to it.
    talk.tap(talk.manager, digest, "New drop")
    await talk._until(lambda: "Undo" in labels(digest))
    again = await shown(talk, talk.manager, "Post this?")
    assert again.id > screen.id
    await talk.press(talk.manager, again, "Schedule")
    (queued_one,) = drops(talk, State.SCHEDULED)
    assert queued_one.number == made.number
    assert queued_one.due_at is not None

    await say(talk, "/digest daily 09:00")
    days = (queued_one.due_at - MONDAY).days + 1
    await until(talk, MONDAY + timedelta(days=days, minutes=1))
    day = f"{queued_one.due_at + timedelta(hours=8):%a %-d %b}"
    text = text_of(await digest_in(talk, talk.manager, day))
    assert f"Last time you scheduled drop {made.number} for {day[:3]} {label[-5:]}" in text


async def test_an_album_gets_the_time_too(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    await ask_for(talk, digest)
    send(talk, "send_album", items=pictures(3), caption="Three bags")
    screen = await shown(talk, talk.manager, "Post this?")
    (made,) = drops(talk, *OPEN)
    assert len(made.content.pieces) == 3
    assert label_of(screen, "Schedule ").endswith(label_of(digest, "New drop ")[-5:])


async def test_cancelled_nothing_is_left_and_the_next_message_is_any_drop(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    asked = await ask_for(talk, digest)
    talk.tap(talk.manager, asked, "Cancel")
    await talk._until(lambda: asked.id not in talk.world.chat(talk.manager).messages)
    assert drops(talk, *OPEN) == []
    await say(talk, "A song of the sea")
    (made,) = drops(talk, *OPEN)
    assert made.timing is Timing.PEAK


async def test_a_command_turns_away_from_what_was_asked(talk: Conversation) -> None:
    lively(talk)
    await ask_for(talk, await say(talk, "/digest"))
    assert "group" in text_of(await say(talk, "/start drop"))  # no draft waits
    await say(talk, "A song of the sea")
    (made,) = drops(talk, *OPEN)
    assert made.timing is Timing.PEAK


async def test_suggestions_of_long_ago_go_with_the_digests(talk: Conversation) -> None:
    values: dict[str, Any] = {"occurrence": None, "kind": Kind.FREE, "source": None, "thread_id": 0, "trait": None}
    values |= {"figure": 0.0, "local_time": "2026-11-01T20:00", "members": 3.0}
    for days in (100, 2):
        talk.store.write_now(lambda s, at=EARLY - timedelta(days=days): add_suggestion(s, GROUP, at=at, **values))  # type: ignore[misc]

    def left() -> list[int]:
        found = talk.store.read_now(lambda session: suggestions_since(session, GROUP, EARLY - timedelta(days=1000)))
        return [one.number for one in found]

    assert left() == [2, 1]
    await until(talk, EARLY + timedelta(hours=2))
    await talk._until(lambda: left() == [2])


async def test_a_draft_thrown_away_leaves_nothing_and_the_button_asks_again(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    await ask_for(talk, digest)
    screen = await say(talk, "A song of the sea")
    await press(talk, screen, "Cancel", "Throw away")
    assert drops(talk, *OPEN) == []
    await ask_for(talk, digest)
    await say(talk, "A song of the woods")
    (made,) = drops(talk, *OPEN)
    assert made.timing is Timing.TIME


async def test_undone_the_digest_offers_it_again_and_the_words_are_a_draft(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    label = label_of(digest, "New drop ")
    await ask_for(talk, digest)
    screen = await say(talk, "A song of the sea")
    await talk.press(talk.manager, screen, "Schedule")
    assert "done already" in await talk.pop_up(talk.manager, digest, "New drop")
    await talk._until(lambda: "Undo" in labels(digest))
    assert "it is a draft again" in await talk.pop_up(talk.manager, digest, "Undo")
    await talk._until(lambda: label in labels(digest))
    assert [one.state for one in drops(talk, *OPEN)] == [State.DRAFT]


async def test_a_time_that_is_past_gives_way_when_pressed_and_when_written(talk: Conversation) -> None:
    lively(talk)
    digest = await say(talk, "/digest")
    first = label_of(digest, "New drop ")
    await until(talk, EARLY + timedelta(days=7))
    assert "past or taken. The next good one is" in await talk.pop_up(talk.manager, digest, "New drop")
    await talk._until(lambda: label_of(digest, "New drop ") != first)
    await ask_for(talk, digest)
    number = queued(talk, suggested(talk, digest), "Somebody was quicker")
    screen = await say(talk, "A song of the sea")
    assert "That time is past or taken by now. The next good one is" in text_of(screen)
    (made,) = drops(talk, State.DRAFT)
    assert made.local_time != found(talk, number).local_time


async def test_in_chinese(talk: Conversation) -> None:
    lively(talk)
    talk.store.write_now(lambda session: set_person(session, talk.manager, language="zh"))
    number = queued(talk, local(24, 13), "A walk in the woods")
    digest = await say(talk, "/digest")
    assert f"建议：投放 {number}“A walk in the woods”定在明天 13:00，届时约" in text_of(digest)
    assert "现已移到明天" in await talk.pop_up(talk.manager, digest, "移到")
    await talk._until(lambda: "撤销" in labels(digest))
    free = await say(talk, "/digest")
    assert "空闲，届时约" in text_of(free)
    assert "，当天还没有安排。" in text_of(free)
    talk.tap(talk.manager, free, "新投放")
    asked = await shown(talk, talk.manager, "请把要在")
    assert labels(asked) == [get_catalog("zh").gettext("Cancel")]
