"""Polls and quizzes go out once; one that was lost is found again, and its votes count from the first on."""

from __future__ import annotations

from typing import Any

import pytest

from peakdrop.drop_figures import Figures, report_drop
from sandbox.model import Message
from sandbox.world import World
from storage.communities import find_community
from storage.drop_content import Content, DropButton, PollContent
from storage.drops import State
from storage.store import Store
from tests.bot.conversation import buttons
from tests.drops.sending_desk import SendingDesk, sending

OPEN = PollContent("Which cover?", ("The sea", "The wood"), is_anonymous=False, many_answers=True)
ANONYMOUS = PollContent("Which cover?", ("The sea", "The wood"))
QUIZ = PollContent("Capital?", ("Bonn", "Berlin"), correct=1, explanation="Since 1990", is_anonymous=False)
LIKE = (DropButton("like"),)


def figures(desk: SendingDesk, number: int) -> Figures:
    """What a drop did, as /drop shows it."""

    def reading(session: Any) -> Any:
        community = find_community(session, desk.chat.id)
        assert community is not None
        return report_drop(session, community, number, "UTC", now=desk.clock.now())

    found = desk.store.read_now(reading)
    assert found is not None
    assert found.sent is not None
    return found.sent.figures  # type: ignore[no-any-return]


def vote(desk: SendingDesk, message: Message, *options: int) -> None:
    """So many people vote, each for one of these."""
    for person, option in zip([*desk.talk.members, desk.talk.manager], options, strict=False):
        desk.talk.act("vote", chat_id=desk.chat.id, user_id=person, message_id=message.id, option_ids=[option])


async def lost(desk: SendingDesk, poll: PollContent, **values: Any) -> tuple[int, Message]:
    """A poll that was posted, of which the bot never heard."""
    desk.world.faults.add(kind="drop_after", method="sendPoll", nth=1)
    number = desk.queue(Content(poll=poll), **values)
    await desk.until(number, State.UNCERTAIN, State.SENT)
    (message,) = desk.posts()
    return number, message


async def test_a_poll_and_a_quiz_are_posted_as_they_were_given(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        numbers = [desk.queue(Content(poll=poll), buttons=LIKE) for poll in (OPEN, ANONYMOUS, QUIZ)]
        for number in numbers:
            await desk.until(number, State.SENT)
        shown, anonymous, quiz = (world.polls[one.content["poll"]["id"]] for one in desk.posts())
        assert (shown.question["text"], [one["text"] for one in shown.options]) == ("Which cover?", [*OPEN.options])
        assert (shown.is_anonymous, shown.allows_multiple_answers) == (False, True)
        assert (anonymous.is_anonymous, anonymous.allows_multiple_answers) == (True, False)
        assert (quiz.type, quiz.correct_option_ids, quiz.explanation["text"]) == ("quiz", [1], "Since 1990")
        assert all("👍" in buttons(one)[0][0] for one in desk.posts())
        vote(desk, desk.posts()[2], 1, 0)
        await desk.talk._until(lambda: figures(desk, numbers[2]).votes == 2)


async def test_a_lost_poll_with_buttons_is_found_by_them(world: World, store: Store, quick: None) -> None:
    async with sending(world, store) as desk:
        number, message = await lost(desk, OPEN, buttons=LIKE)
        await desk.until(number, State.SENT)
        assert [one.message_id for one in desk.messages(number)] == [message.id]
        assert (len(desk.posts()), desk.tellings()) == (1, 0)


@pytest.mark.parametrize("poll", [OPEN, ANONYMOUS, QUIZ])
async def test_a_reply_settles_a_lost_poll_and_earlier_votes_count(
    world: World, store: Store, quick: None, poll: PollContent
) -> None:
    async with sending(world, store) as desk:
        number, message = await lost(desk, poll)
        vote(desk, message, 1, 0)
        where = {"chat_id": desk.chat.id, "user_id": desk.talk.members[0]}
        desk.talk.act("send", text="the sea!", reply_to=message.id, **where)
        await desk.until(number, State.SENT)
        await desk.talk._until(lambda: figures(desk, number).votes == 2)
        vote(desk, message, 1, 0, 1)
        await desk.talk._until(lambda: figures(desk, number).votes == 3)
        assert (len(desk.posts()), desk.tellings()) == (1, 0)


async def test_votes_count_once_a_press_has_shown_a_poll_that_its_buttons_proved(
    world: World, store: Store, quick: None
) -> None:
    """Setting its buttons again proves the message and tells nothing of the poll in it."""
    async with sending(world, store) as desk:
        number, message = await lost(desk, OPEN, buttons=LIKE)
        vote(desk, message, 1, 0)
        await desk.until(number, State.SENT)
        assert figures(desk, number).votes == 0
        desk.talk.tap(desk.talk.members[0], message, "👍")
        await desk.talk._until(lambda: figures(desk, number).votes == 2)
