"""forwardMessage(s) and copyMessage(s)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sandbox import forwarding, polls
from sandbox.api import sending
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Chat, Json, Message
from sandbox.wire import message_json

MOST_AT_ONCE = 100
NEVER_COPIED = frozenset({"invoice"})
CAPTION_FIELDS = frozenset({"caption", "caption_entities", "show_caption_above_media"})


def message_ids(call: Call) -> list[int]:
    """`message_ids`, 1 to 100 of them.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    given = call.value("message_ids")
    if given is None or given == []:
        raise bad_request("message identifiers are not specified")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if len(given) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found: list[int] = []
    for one in given:
        if isinstance(one, bool) or not isinstance(one, int | str):
            raise bad_request("message identifier must be a Number")
        if not str(one).lstrip("-").isdigit():
            raise bad_request("can't parse message identifier as Number")
        if int(one) <= 0:
            raise bad_request("invalid message identifier specified")
        found.append(int(one))
    return found


def _source(call: Call) -> Chat:
    if not call.text("from_chat_id"):
        raise bad_request('parameter "from_chat_id" is required')
    return call.chat("from_chat_id")


def _forwardable(message: Message) -> bool:
    return not message.is_service and "has_protected_content" not in message.extra


def _copyable(call: Call, message: Message) -> bool:
    """Not service messages and invoices; a quiz only where the right answer is known to the bot."""
    if message.is_service or NEVER_COPIED & message.content.keys():
        return False
    poll = polls.poll_of(call.world, message)
    known = poll is None or poll.is_closed or poll.sender_id == call.world.bot_id
    return known or call.world.chat(message.chat_id).is_private or (poll is not None and poll.type != "quiz")


def _copied(call: Call, message: Message) -> Json:
    """The same content anew: a poll without votes, a dice thrown again."""
    content = dict(message.content)
    poll = polls.poll_of(call.world, message)
    if poll is not None:
        fresh = replace(poll, id=call.world.next_id(), sender_id=call.world.bot_id, votes={}, places=[])
        fresh.is_closed, fresh.close_date, fresh.open_period = False, 0, 0
        return polls.keep(call.world, fresh)
    if "dice" in content:
        emoji = content["dice"]["emoji"]
        content["dice"] = {"emoji": emoji, "value": call.world.rng.randint(1, sending.DICE[emoji])}
    return content


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    message = call.message(_source(call), "message to forward not found")
    where = sending.place(call, call.writable_chat())
    if not _forwardable(message):
        raise bad_request("the message can't be forwarded")
    extra = forwarding.forward_fields(call.world, message)
    return message_json(call.world, sending.post(call, where, dict(message.content), extra))


@method("copyMessage")
def copy_message(call: Call) -> Json:
    message = call.message(_source(call), "message to copy not found")
    where = sending.place(call, call.writable_chat())
    if not _copyable(call, message):
        raise bad_request("the message can't be copied")
    content = _copied(call, message)
    if call.params.get("caption") is not None and any(kind in content for kind in sending.CAPTIONED):
        content = sending.captioned(call, {k: v for k, v in content.items() if k not in CAPTION_FIELDS})
    return {"message_id": sending.post(call, where, content).id}


def _several(call: Call, *, copies: bool) -> list[Json]:
    """Forward or copy in one go; what is missing or may not be sent on is left out, albums stay albums."""
    world, wanted = call.world, message_ids(call)
    source, chat = _source(call), call.writable_chat()
    if any(second <= first for first, second in pairwise(wanted)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    where = sending.place(call, chat)
    found = [source.messages[one] for one in wanted if one in source.messages]
    found = [message for message in found if (_copyable(call, message) if copies else _forwardable(message))]
    if not found:
        raise bad_request("there are no messages to forward")
    old = [message.extra.get("media_group_id") for message in found]
    groups = {group: world.next_id() for group in old if group and old.count(group) > 1}
    sent: list[Json] = []
    for message in found:
        extra: Json = {} if copies else forwarding.forward_fields(world, message)
        if message.extra.get("media_group_id") in groups:
            extra["media_group_id"] = groups[message.extra["media_group_id"]]
        content = _copied(call, message) if copies else dict(message.content)
        if copies and call.flag("remove_caption"):
            content = {k: v for k, v in content.items() if k not in CAPTION_FIELDS}
        sent.append({"message_id": sending.post(call, where, content, extra).id})
    return sent


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    return _several(call, copies=False)


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    return _several(call, copies=True)
