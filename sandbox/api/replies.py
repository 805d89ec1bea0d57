"""reply_parameters: replies within a chat, with a quote, and to another chat's message."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox import forwarding
from sandbox.api.call import Call
from sandbox.entities import utf16_length
from sandbox.errors import bad_request
from sandbox.model import Chat, Json, Message

QUOTE_LIMIT = 1024
KEPT_IN_QUOTES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji"})


@dataclass(slots=True)
class Reply:
    """What is replied to: a message of the same chat, or with `extra` one of another."""

    message_id: int | None = None
    extra: Json = field(default_factory=dict)


def read_reply(call: Call, chat: Chat) -> Reply:
    """What the new message replies to, by `reply_parameters` or the older `reply_to_message_id`.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    wanted = call.value("reply_parameters")
    if wanted is not None and not isinstance(wanted, dict):
        raise bad_request("can't parse reply parameters JSON object")
    given = Call(call.world, wanted) if wanted else call
    message_id = given.integer("message_id" if wanted else "reply_to_message_id")
    if not message_id:
        return Reply()
    other = chat
    if wanted and given.text("chat_id"):
        other = given.chat()
    target = other.messages.get(message_id)
    if target is None:
        if given.flag("allow_sending_without_reply"):
            return Reply()
        raise bad_request("message to be replied not found")
    quote = _quote(given, target) if wanted and given.text("quote") else {}
    if other.id == chat.id:
        return Reply(message_id, quote)
    return Reply(None, {"external_reply": forwarding.external_reply(call.world, target)} | (quote or _excerpt(target)))


def _excerpt(target: Message) -> Json:
    """What a reply across chats shows of the text by itself."""
    text = str(target.content.get("text") or target.content.get("caption") or "")[:QUOTE_LIMIT]
    return {"quote": {"text": text, "position": 0}} if text else {}


def _quote(given: Call, target: Message) -> Json:
    """The quoted part, which must stand in the message exactly."""
    text, entities = given.formatted("quote", "quote_entities", given.params | _quote_mode(given))
    if utf16_length(text) > QUOTE_LIMIT:
        raise bad_request("QUOTE_TEXT_INVALID")
    whole = str(target.content.get("text") or target.content.get("caption") or "")
    places = [index for index in range(len(whole)) if whole.startswith(text, index)] if text else []
    if not places:
        raise bad_request("QUOTE_TEXT_INVALID")
    wanted = given.integer("quote_position")
    index = min(places, key=lambda place: abs(utf16_length(whole[:place]) - wanted))
    body: Json = {"text": text}
    kept = [entity for entity in entities if entity["type"] in KEPT_IN_QUOTES]
    if kept:
        body["entities"] = kept
    return {"quote": body | {"position": utf16_length(whole[:index]), "is_manual": True}}


def _quote_mode(given: Call) -> Json:
    return {"parse_mode": given.text("quote_parse_mode")}
