"""Polls and quizzes: limits, votes, what the bot is told, their end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.telegram import Telegram

COLOURS = ["Red", "Green", "Blue"]
EMOJI = [{"type": "custom_emoji", "offset": 6, "length": 2, "custom_emoji_id": "5368324170671202286"}]
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"question": "  "}, "text must be non-empty"),
    ({"question": "x" * 301}, "poll question length must not exceed 300"),
    ({"options": []}, "poll must have at least 1 option"),
    ({"options": [str(n) for n in range(13)]}, "poll can't have more than 12 options"),
    ({"options": ["one", " "]}, "text must be non-empty"),
    ({"options": ["one", "x" * 101]}, "poll options length must not exceed 100"),
    ({"options": "[no"}, "can't parse options JSON object"),
    ({"options": {"one": 1}}, "expected an Array of String as options"),
    ({"options": [1, 2]}, "expected an option to be of type String"),
    ({"type": "vote"}, "unsupported poll type specified"),
    ({"type": "quiz"}, "wrong correct option ID specified"),
    ({"type": "quiz", "correct_option_id": 3}, "wrong correct option ID specified"),
    ({"type": "quiz", "correct_option_ids": [0, 1]}, "wrong correct option ID specified"),
    ({"type": "quiz", "correct_option_id": 0, "explanation": "x" * 201}, "MESSAGE_TOO_LONG"),
]


@pytest.mark.parametrize(("params", "description"), REFUSALS)
async def test_what_is_no_poll(telegram: Telegram, params: dict[str, Any], description: str) -> None:
    call = {"chat_id": telegram.group.id, "question": "Which?", "options": COLOURS} | params
    assert await telegram.refusal("sendPoll", **call) == f"Bad Request: {description}"


async def send(telegram: Telegram, **more: Any) -> dict[str, Any]:
    params = {"chat_id": telegram.group.id, "question": "Which?", "options": COLOURS} | more
    return dict(await telegram.call("sendPoll", **params))


def vote(telegram: Telegram, message: dict[str, Any], user_id: int, *options: int) -> None:
    telegram.act(
        "vote", chat_id=telegram.group.id, user_id=user_id, message_id=message["message_id"], option_ids=list(options)
    )


async def test_a_poll_is_shown_as_it_was_sent(telegram: Telegram) -> None:
    sent = await send(telegram, question="Which 😀?", question_entities=EMOJI, options=[{"text": " Red "}, "Blue"])
    poll = sent["poll"]
    assert (poll["question"], poll["question_entities"]) == ("Which 😀?", EMOJI)
    assert [(option["text"], option["voter_count"]) for option in poll["options"]] == [("Red", 0), ("Blue", 0)]
    assert (poll["is_anonymous"], poll["is_closed"], poll["type"]) == (True, False, "regular")


async def test_an_open_vote_is_told_with_its_voter_and_its_result(telegram: Telegram) -> None:
    sent = await send(telegram, is_anonymous=False)
    vote(telegram, sent, telegram.first, 2)
    vote(telegram, sent, telegram.first)
    updates = await telegram.updates()
    assert [list(update)[1] for update in updates] == ["poll", "poll_answer"] * 2
    assert updates[0]["poll"]["options"][2]["voter_count"] == 1
    assert updates[0]["poll"]["total_voter_count"] == 1
    answers = [update["poll_answer"] for update in updates[1::2]]
    assert [(a["poll_id"], a["user"]["id"], a["option_ids"]) for a in answers] == [
        (sent["poll"]["id"], telegram.first, [2]),
        (sent["poll"]["id"], telegram.first, []),
    ]


async def test_an_anonymous_vote_is_told_without_its_voter(telegram: Telegram) -> None:
    sent = await send(telegram, allows_multiple_answers=True)
    vote(telegram, sent, telegram.first, 0, 2)
    [update] = await telegram.updates()
    assert [option["voter_count"] for option in update["poll"]["options"]] == [1, 0, 1]


async def test_an_anonymous_administrator_votes_as_the_group(telegram: Telegram) -> None:
    sent = await send(telegram, is_anonymous=False)
    telegram.act("promote", chat_id=telegram.group.id, user_id=telegram.lin, target_id=telegram.second,
                 is_anonymous=True)  # fmt: skip
    vote(telegram, sent, telegram.second, 0)
    answer = (await telegram.updates())[-1]["poll_answer"]
    assert answer["voter_chat"]["id"] == telegram.group.id
    assert answer["user"]["username"] == "Channel_Bot"


async def test_votes_that_are_not_allowed(telegram: Telegram) -> None:
    sent = await send(telegram, type="quiz", correct_option_id=1)
    with pytest.raises(ValueError, match="only one answer"):
        vote(telegram, sent, telegram.first, 0, 1)
    with pytest.raises(ValueError, match="no such option"):
        vote(telegram, sent, telegram.first, 3)
    vote(telegram, sent, telegram.first, 0)
    with pytest.raises(ValueError, match="stays"):
        vote(telegram, sent, telegram.first)


async def test_the_right_answer_is_known_to_who_asked_and_to_all_at_the_end(telegram: Telegram) -> None:
    sent = await send(
        telegram, type="quiz", correct_option_id=1, explanation="<b>So</b>.", explanation_parse_mode="HTML"
    )
    assert sent["poll"]["correct_option_id"] == 1
    assert sent["poll"]["explanation_entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    place = {"chat_id": telegram.group.id, "user_id": telegram.lin}
    telegram.act("send_poll", **place, question="Mine?", options=["a", "b"], type="quiz", correct_option_id=0)
    theirs = (await telegram.updates())[-1]["message"]
    assert "correct_option_ids" not in theirs["poll"]


async def test_stopping(telegram: Telegram) -> None:
    sent = await send(telegram)
    place = {"chat_id": telegram.group.id, "message_id": sent["message_id"]}
    assert (await telegram.call("stopPoll", **place))["is_closed"] is True
    [update] = await telegram.updates()
    assert update["poll"]["is_closed"] is True
    with pytest.raises(ValueError, match="closed"):
        vote(telegram, sent, telegram.first, 0)
    assert await telegram.refusal("stopPoll", **place) == "Bad Request: poll has already been closed"
    telegram.act("send_poll", chat_id=telegram.group.id, user_id=telegram.lin, question="Mine?", options=["a", "b"])
    theirs = (await telegram.updates())[-1]["message"]["message_id"]
    refusal = await telegram.refusal("stopPoll", chat_id=telegram.group.id, message_id=theirs)
    assert refusal == "Bad Request: poll can't be stopped"
    refusal = await telegram.refusal("stopPoll", chat_id=telegram.group.id, message_id=telegram.say("hello"))
    assert refusal == "Bad Request: message is not a poll"
    refusal = await telegram.refusal("stopPoll", chat_id=telegram.group.id, message_id=999)
    assert refusal == "Bad Request: message with poll to stop not found"


async def test_people_see_who_voted_how(telegram: Telegram) -> None:
    sent = await send(telegram)
    vote(telegram, sent, telegram.first, 1)
    chat = (await telegram.client.get(f"/sandbox/chats/{telegram.group.id}")).json()
    assert chat["messages"][-1]["poll_votes"] == {str(telegram.first): [1]}


async def test_a_poll_ends_at_its_time(telegram: Telegram) -> None:
    sent = await send(telegram, open_period=60)
    assert sent["poll"]["close_date"] == sent["date"] + 60
    line = telegram.world.timeline
    assert line.take_due(telegram.world.clock() + 55) == []
    for event in line.take_due(telegram.world.clock() + 61):
        event()
    [update] = await telegram.updates()
    assert update["poll"]["is_closed"] is True
    refusal = await telegram.refusal(
        "sendPoll", chat_id=telegram.group.id, question="?", options=["a"], close_date=sent["date"] + 2
    )
    assert refusal == "Bad Request: POLL_CLOSE_DATE_INVALID"


async def test_the_last_of_a_poll_s_messages_takes_it_along(telegram: Telegram) -> None:
    sent = await send(telegram)
    place = {"chat_id": telegram.group.id, "message_id": sent["message_id"]}
    copy = await telegram.call("forwardMessage", from_chat_id=telegram.group.id, **place)
    await telegram.call("deleteMessage", **place)
    vote(telegram, copy, telegram.first, 0)
    await telegram.call("deleteMessage", **place | {"message_id": copy["message_id"]})
    assert telegram.world.polls == {}
