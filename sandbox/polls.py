"""Polls and quizzes: what they show, votes, and their end."""

from __future__ import annotations

from functools import partial

from sandbox import wire
from sandbox.entities import utf16_length
from sandbox.errors import ActionError, bad_request
from sandbox.model import CHANNEL_BOT_ID, Json, Message, Poll
from sandbox.notices import page_message
from sandbox.world import World

QUESTION_LIMIT, OPTION_LIMIT, EXPLANATION_LIMIT, DESCRIPTION_LIMIT = 300, 100, 200, 1024  # characters
MOST_OPTIONS = 12
LONGEST_OPEN = 2_628_000  # seconds
MOST_LINE_FEEDS = 2  # in an explanation


def check_poll(poll: Poll, now: float) -> Poll:
    """A poll that may be sent.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    if not poll.question["text"]:
        raise bad_request("text must be non-empty")
    if len(poll.question["text"]) > QUESTION_LIMIT:
        raise bad_request(f"poll question length must not exceed {QUESTION_LIMIT}")
    if not poll.options:
        raise bad_request("poll must have at least 1 option")
    if len(poll.options) > MOST_OPTIONS:
        raise bad_request(f"poll can't have more than {MOST_OPTIONS} options")
    for option in poll.options:
        if not option["text"]:
            raise bad_request("text must be non-empty")
        if len(option["text"]) > OPTION_LIMIT:
            raise bad_request(f"poll options length must not exceed {OPTION_LIMIT}")
    if poll.type == "quiz":
        right = poll.correct_option_ids
        several = len(right) > 1 and not poll.allows_multiple_answers
        if not right or several or right != sorted(set(right)) or right[0] < 0 or right[-1] >= len(poll.options):
            raise bad_request("wrong correct option ID specified")
        text = poll.explanation.get("text", "")
        if utf16_length(text) > EXPLANATION_LIMIT or text.count("\n") > MOST_LINE_FEEDS:
            raise bad_request("MESSAGE_TOO_LONG")
    if utf16_length(poll.description.get("text", "")) > DESCRIPTION_LIMIT:
        raise bad_request("message caption is too long")
    if poll.close_date and not 5 <= poll.close_date - now <= LONGEST_OPEN:
        raise bad_request("POLL_CLOSE_DATE_INVALID")
    return poll


def keep(world: World, poll: Poll) -> Json:
    """Remember a new poll; its content for a message."""
    world.polls[poll.id] = poll
    watch(world, poll)
    return {"poll": {"id": poll.id}}


def poll_of(world: World, message: Message) -> Poll | None:
    """The poll in a message, if it has one."""
    return world.polls.get(message.content.get("poll", {}).get("id", ""))


def vote(world: World, message: Message, user_id: int, chosen: list[int]) -> None:
    """Somebody votes; an empty list takes the vote back.

    Raises:
        ActionError: no poll, closed, or a vote it does not allow.
    """
    poll = poll_of(world, message)
    if poll is None:
        raise ActionError("the message has no poll")
    if poll.is_closed:
        raise ActionError("the poll is closed")
    if any(not isinstance(index, int) or not 0 <= index < len(poll.options) for index in chosen):
        raise ActionError("no such option")
    chosen = sorted(set(chosen))
    if len(chosen) > 1 and not poll.allows_multiple_answers:
        raise ActionError("only one answer is allowed")
    before = poll.votes.get(user_id, [])
    if chosen == before:
        return
    if before and not poll.allows_revoting:
        raise ActionError("an answer to this poll stays")
    if chosen:
        poll.votes[user_id] = chosen
    else:
        del poll.votes[user_id]
    _tell(world, poll)
    if poll.sender_id == world.bot_id and not poll.is_anonymous:
        _tell_answer(world, message, poll, user_id, chosen)


def _tell_answer(world: World, message: Message, poll: Poll, user_id: int, chosen: list[int]) -> None:
    chat = world.chat(message.chat_id)
    member = chat.members.get(user_id)
    voter: Json = {"user": wire.user_json(world.user(user_id), as_sender=True)}
    if member and member.is_anonymous:
        voter = {"voter_chat": wire.chat_json(world, chat), "user": wire.user_json(world.user(CHANNEL_BOT_ID))}
    lasting = [wire.persistent_id(index) for index in chosen]
    answer: Json = {"poll_id": poll.id} | voter | {"option_ids": chosen, "option_persistent_ids": lasting}
    world.updates.push("poll_answer", answer)


def close(world: World, poll: Poll) -> None:
    """End a poll: its votes stay as they are."""
    poll.is_closed = True
    _tell(world, poll)


def watch(world: World, poll: Poll) -> None:
    """Let a poll end when its time is over."""
    if poll.close_date and not poll.is_closed:
        world.timeline.at(world.clock() + poll.close_date - world.now(), partial(_end, world, poll))


def _end(world: World, poll: Poll) -> None:
    if not poll.is_closed:
        close(world, poll)


def _tell(world: World, poll: Poll) -> None:
    """The pages see it wherever it is shown; the bot is told of its own polls."""
    for chat_id, message_id in poll.places:
        message = world.chat(chat_id).messages.get(message_id)
        if message:
            world.broadcast.publish({"type": "edit", "chat_id": chat_id, "message": page_message(world, message)})
    if poll.sender_id == world.bot_id:
        world.updates.push("poll", wire.poll_json(poll, revealed=True))
