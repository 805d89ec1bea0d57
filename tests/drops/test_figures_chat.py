"""A drop's buttons and figures as people meet them, with the real bot in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.drop_buttons import share_key
from handlers.incoming import read_update
from peakdrop.drop_figures import Figures, report_drop
from sandbox.community import build_world
from storage.communities import find_community
from storage.drop_content import Content, PollContent
from storage.facts import Facts, PollCount, PollSeen
from storage.interactions import record
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import Conversation, bot_in, buttons, text_of
from tests.drops.conftest import NOW as NOON
from tests.drops.posted import put_up
from tests.sandbox.telegram import NOW


@pytest.fixture
async def talk(store: Store) -> AsyncIterator[Conversation]:
    """The bot in an empty group."""
    async with bot_in(build_world(3, True, NOW), store) as conversation:
        yield conversation


def figures(talk: Conversation, number: int) -> Figures:
    def reading(session: Any) -> Any:
        community = find_community(session, talk.group.id)
        assert community is not None
        return report_drop(session, community, number, "UTC", now=from_epoch(talk.world.now()))

    found = talk.store.read_now(reading)
    assert found is not None
    assert found.sent is not None
    return found.sent.figures  # type: ignore[no-any-return]


async def test_likes_stand_on_the_button_after_a_while_and_once_a_person(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    ann, bob = talk.members[:2]
    edits = len(talk.world.calls.since(0, "editMessageReplyMarkup"))
    assert await talk.pop_up(ann, message, "Like") == "You like this."
    assert await talk.pop_up(bob, message, "Like") == "You like this."
    changed = await talk.answer()
    assert any("Like 2" in label for label, _ in buttons(changed))
    talk.world.timeline.speed = 10  # the post changes again after a while
    assert await talk.pop_up(bob, changed, "Like") == "Your like is taken back."
    changed = await talk.answer()
    assert any("Like 1" in label for label, _ in buttons(changed))
    # Four presses, two changes of the post.
    assert len(talk.world.calls.since(0, "editMessageReplyMarkup")) - edits == 2
    assert figures(talk, drop.number).likes == 1


async def test_comment_says_how_and_a_reply_counts(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    assert "Reply to this post" in await talk.pop_up(talk.members[0], message, "Comment")
    reply = talk.act("send", chat_id=talk.group.id, user_id=talk.members[0], text="lovely", reply_to=message.id)[
        "message_id"
    ]
    talk.act("send", chat_id=talk.group.id, user_id=talk.members[1], text="yes", reply_to=reply)
    talk.act("react", chat_id=talk.group.id, user_id=talk.members[1], message_id=message.id, emoji="👍")
    await talk._until(lambda: figures(talk, drop.number).answers == 3)
    found = figures(talk, drop.number)
    assert (found.replies, found.reactions, found.members) == (2, 1, 2)


async def test_share_opens_the_private_chat_where_inline_mode_is_off(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    talk.tap(talk.members[0], message, "Share")
    await talk._until(
        lambda: [one for one in talk.world.calls.since(0, "answerCallbackQuery") if one.params.get("url")]
    )
    link = talk.world.calls.since(0, "answerCallbackQuery")[-1].params["url"]
    assert link.endswith(f"?start=share_{share_key(drop)}")
    gone = await talk.ask(talk.members[0], "/start share_1-99-zz", chat_id=talk.members[0])
    assert "cannot be taken along" in text_of(gone)
    assert figures(talk, drop.number).shares == 0


async def test_a_button_whose_drop_nobody_posted_counts_for_nothing(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    message.markup = {"inline_keyboard": [[{"text": "Like", "callback_data": f"do:like:{drop.community_id}:99:zz"}]]}
    talk._look()
    # The message itself is a drop's: that tells which one was meant.
    assert await talk.pop_up(talk.members[0], message, "Like") == "You like this."
    assert figures(talk, drop.number).likes == 1
    await talk.answer()  # the count on the button
    other = await talk.ask(talk.members[0], "/stats")
    other.markup = {"inline_keyboard": [[{"text": "Like", "callback_data": f"do:like:{drop.community_id}:99:zz"}]]}
    assert "not kept here" in await talk.pop_up(talk.members[0], other, "Like")


async def test_its_figures_say_where_a_drops_time_was_to_learn(talk: Conversation) -> None:
    drop, _ = await put_up(talk, explores=True)
    said = text_of(await talk.ask(talk.manager, f"/drop {drop.number}"))
    assert said.splitlines()[0].endswith(" · to learn")
    other, _ = await put_up(talk)
    assert "to learn" not in text_of(await talk.ask(talk.manager, f"/drop {other.number}"))


async def test_a_manager_asks_for_a_drops_figures(talk: Conversation) -> None:
    drop, message = await put_up(talk, tags=("新片",))
    talk.act("react", chat_id=talk.group.id, user_id=talk.members[1], message_id=message.id, emoji="👍")
    await talk._until(lambda: figures(talk, drop.number).answers == 1)
    answer = await talk.ask(talk.manager, f"/drop {drop.number}")
    assert "photo" in answer.content
    text = text_of(answer)
    assert f"Drop {drop.number}" in text
    assert "1 answer from 1 member" in text
    assert "#新片" in text
    assert "Lift –" in text
    assert "managers" in text_of(await talk.ask(talk.members[0], f"/drop {drop.number}"))
    assert "no drop 77" in text_of(await talk.ask(talk.manager, "/drop 77"))
    private = await talk.ask(talk.manager, f"/drop {drop.number}", chat_id=talk.manager)
    labels = [label for label, _ in buttons(private)]
    assert "Duplicate" in labels
    assert "Open the post" in labels


async def test_stats_drops_ranks_and_opens(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    talk.act("react", chat_id=talk.group.id, user_id=talk.members[1], message_id=message.id, emoji="👍")
    await talk._until(lambda: figures(talk, drop.number).answers == 1)
    answer = await talk.ask(talk.manager, "/stats drops")
    assert "1 drop, median 1 answers from 1 members" in text_of(answer)
    opened = await talk.press(talk.manager, answer, f"Drop {drop.number}")
    assert "1 answer from 1 member" in text_of(opened)
    assert "managers" in text_of(await talk.ask(talk.members[0], "/stats drops"))
    assert "No drop was posted" in text_of(await talk.ask(talk.manager, "/stats drops 2020-01-01..2020-01-02"))


async def test_chinese(talk: Conversation) -> None:
    drop, message = await put_up(talk)
    await talk.ask(talk.manager, "/language zh")
    assert await talk.pop_up(talk.members[0], message, "Like") == "已点赞。"
    await talk.answer()  # the count on the button
    assert "1 位成员" in text_of(await talk.ask(talk.manager, f"/drop {drop.number}"))


@pytest.mark.parametrize(
    ("query", "is_ours"),
    [("drop 3-12-zik0zj", True), ("1-1-a", True), ("drop something else", False), ("my secret words", False)],
)
def test_only_what_a_share_button_asks_is_kept_for_an_answer(query: str, is_ours: bool) -> None:
    raw = f'{{"update_id": 5, "inline_query": {{"id": "9", "from": {{"id": 7}}, "query": "{query}", "offset": ""}}}}'
    taken = read_update(raw.encode(), now=NOON, bot_username="PeakDropBot")
    assert taken.broken is None
    assert (taken.payload is not None) is is_ours
    assert taken.lane == (7 if is_ours else 0)


async def test_anonymous_answers_are_nobodys(talk: Conversation) -> None:
    poll = Content(poll=PollContent("Which cover?", ("A", "B")))
    drop, message = await put_up(talk, poll, buttons=())
    seen = PollSeen(7, message.chat_id, message.id, 0, 0)
    told = Facts(polls=[seen], poll_counts=[PollCount(7, 9, talk.world.now())])
    talk.store.write_now(lambda session: record(session, told))
    assert "9 answers, all anonymous" in text_of(await talk.ask(talk.manager, f"/drop {drop.number}"))
    assert ": 9 · –" in text_of(await talk.ask(talk.manager, "/stats drops"))
