"""sendPoll and stopPoll."""

from __future__ import annotations

from sandbox import buttons, polls
from sandbox.api import sending
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Json, Poll
from sandbox.wire import message_json, poll_json

KEPT_ENTITIES = frozenset({"custom_emoji"})  # a question and its options show no other


def _text(call: Call, name: str, source: Json, entities: str = "", mode: str = "") -> Json:
    """A text with its own parse mode and entities, as `text` and `entities`."""
    given = source | {"parse_mode": source.get(mode or f"{name}_parse_mode") or ""}
    text, found = call.formatted(name, entities or f"{name}_entities", given)
    return {"text": text, "entities": found}


def _short(text: Json) -> Json:
    return text | {"entities": [e for e in text["entities"] if e["type"] in KEPT_ENTITIES]}


def _options(call: Call) -> list[Json]:
    given = call.value("options")
    if given is None:
        raise bad_request("can't parse options JSON object")
    if not isinstance(given, list):
        raise bad_request("expected an Array of String as options")
    options: list[Json] = []
    for option in given:
        if isinstance(option, dict):
            if not isinstance(option.get("text"), str):
                raise bad_request('can\'t find field "text"')
            options.append(_short(_text(call, "text", option)))
        elif isinstance(option, str):
            options.append({"text": option.strip()})
        else:
            raise bad_request("expected an option to be of type String")
    return options


def _right_answers(call: Call) -> list[int]:
    """By `correct_option_ids`, or the older `correct_option_id`."""
    given = call.value("correct_option_ids")
    if given is None:
        return [call.integer("correct_option_id", -1)]
    return [index for index in given if isinstance(index, int)] if isinstance(given, list) else []


def _read(call: Call) -> Poll:
    kind = call.text("type") or "regular"
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    world, quiz = call.world, kind == "quiz"
    poll = Poll(
        id=world.next_id(),
        sender_id=world.bot_id,
        question=_short(_text(call, "question", call.params)),
        options=_options(call),
        is_anonymous=call.flag("is_anonymous") or not call.text("is_anonymous"),
        type=kind,
        allows_multiple_answers=call.flag("allows_multiple_answers"),
        allows_revoting=call.flag("allows_revoting") if call.text("allows_revoting") else not quiz,
        correct_option_ids=_right_answers(call) if quiz else [],
        explanation=_text(call, "explanation", call.params) if quiz else {},
        description=_text(call, "description", call.params),
        open_period=min(max(call.integer("open_period"), 0), polls.LONGEST_OPEN),
        is_closed=call.flag("is_closed"),
    )
    poll.close_date = world.now() + poll.open_period if poll.open_period else call.integer("close_date")
    return polls.check_poll(poll, world.now())


@method("sendPoll")
def send_poll(call: Call) -> Json:
    chat = call.writable_chat()
    poll = _read(call)
    if chat.type == "channel" and not poll.is_anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    where = sending.place(call, chat)
    sending.require_right(call, chat, {"poll": {}})
    content = polls.keep(call.world, poll)
    return message_json(call.world, sending.post(call, where, content))


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    message = call.message(call.chat(), "message with poll to stop not found")
    poll = polls.poll_of(call.world, message)
    if poll is None:
        raise bad_request("message is not a poll")
    if poll.is_closed:
        raise bad_request("poll has already been closed")
    if message.sender_id != call.world.bot_id or "forward_origin" in message.extra:
        raise bad_request("poll can't be stopped")
    message.markup = buttons.check_inline(call.value("reply_markup"), call.world.chat(message.chat_id))
    polls.close(call.world, poll)
    return poll_json(poll, revealed=True)
