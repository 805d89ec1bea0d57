"""Methods that change, remove or react to messages."""

from __future__ import annotations

from sandbox import buttons, posting, reacting
from sandbox.api.call import Call, method
from sandbox.api.copying import message_ids
from sandbox.api.media import input_media
from sandbox.api.sending import CAPTIONED, captioned, checked_text
from sandbox.errors import bad_request
from sandbox.model import Chat, Json, Message
from sandbox.wire import message_json

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
DELETABLE = 48 * 3600  # seconds in which a bot may delete its own messages without rights
MEDIA_KINDS = ("photo", "document", "video", "animation", "audio")
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")


def _editable(call: Call) -> Message:
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = call.message(call.writable_chat(), "message to edit not found")
    if message.sender_id != call.world.bot_id or message.is_service or "forward_origin" in message.extra:
        raise bad_request("message can't be edited")
    if message.markup and "inline_keyboard" not in message.markup:
        raise bad_request("message can't be edited")
    return message


def _apply(call: Call, message: Message, content: Json) -> Json:
    world = call.world
    markup = buttons.check_inline(call.value("reply_markup"), world.chat(message.chat_id))
    if content == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    return message_json(world, posting.edit(world, message, content, markup))


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    content = checked_text(call)
    message = _editable(call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _apply(call, message, content)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    message = _editable(call)
    if not any(kind in message.content for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    bare = {k: v for k, v in message.content.items() if k not in CAPTION_FIELDS}
    return _apply(call, message, captioned(call, bare))


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    message = _editable(call)
    wanted = call.value("media")
    if wanted is None:
        raise bad_request('parameter "media" is required')
    content = input_media(call, wanted, for_album=False)
    if not any(kind in message.content for kind in (*MEDIA_KINDS, "text")):
        raise bad_request("message media can't be edited")
    if "media_group_id" in message.extra and not _same_album_kind(message.content, content):
        raise bad_request("can't change media type in the album")
    return _apply(call, message, content)


def _same_album_kind(old: Json, new: Json) -> bool:
    """Photos and videos may take each other's place; documents and sounds only their own."""
    return bool({"photo", "video"} & old.keys() and {"photo", "video"} & new.keys()) or any(
        kind in old and kind in new for kind in ("audio", "document")
    )


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    message = _editable(call)
    return _apply(call, message, message.content)


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    """Own messages and all private ones for 48 hours, others with the right to delete."""
    world = call.world
    fresh = world.now() - message.date < DELETABLE
    return (fresh and (message.sender_id == world.bot_id or chat.is_private)) or world.bot_may(
        chat, "can_delete_messages"
    )


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted")
    posting.delete(call.world, message)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Up to a hundred at once; those that are not there are passed over."""
    chat, wanted = call.chat(), message_ids(call)
    found = [chat.messages[one] for one in dict.fromkeys(wanted) if one in chat.messages]
    if not all(_deletable(call, chat, message) for message in found):
        raise bad_request("message can't be deleted")
    for message in found:
        posting.delete(call.world, message)
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    message = call.message(call.writable_chat(), "message to react not found")
    given = call.value("reaction") or []
    for reaction in given:
        if reaction.get("type") != "emoji" or reacting.plain(str(reaction.get("emoji"))) not in reacting.REACTIONS:
            raise bad_request("REACTION_INVALID")
    if len(given) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chosen: list[Json] = [{"type": "emoji", "emoji": reacting.plain(str(r["emoji"]))} for r in given]
    reacting.set_reactions(call.world, message, call.world.bot_id, chosen)
    return True
