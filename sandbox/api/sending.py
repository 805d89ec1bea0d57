"""Methods that write: texts, photos, documents, chat actions, and answers to buttons."""

from __future__ import annotations

from sandbox import buttons, media, posting
from sandbox.api.call import Call, method
from sandbox.entities import utf16_length
from sandbox.errors import bad_request, forbidden
from sandbox.model import Chat, Json, StoredFile
from sandbox.wire import message_json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def checked_text(call: Call) -> Json:
    """Content for `text`, within Telegram's limits."""
    text, entities = call.formatted("text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return posting.text_content(text, entities)


def captioned(call: Call, content: Json, source: Json | None = None) -> Json:
    """Media content with `caption`, within Telegram's limits."""
    caption, entities = call.formatted("caption", "caption_entities", source)
    if utf16_length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return posting.caption_content(content, caption, entities)


def photo_content(stored: StoredFile) -> Json:
    """Content for a photo; what is no picture is refused."""
    if not stored.width or len(stored.data) > media.PHOTO_LIMIT:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if stored.width + stored.height > 10_000 or max(stored.width, stored.height) > 20 * min(
        stored.width, stored.height
    ):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": media.photo_json(stored)}


def deliver(call: Call, chat: Chat, content: Json) -> Json:
    """Post with the parameters all sending methods share."""
    world = call.world
    thread_id = call.integer("message_thread_id") or None
    if thread_id == 1 and chat.is_forum:
        thread_id = None  # General
    if thread_id is not None and thread_id not in (chat.topics if chat.is_forum else chat.messages):
        raise bad_request("message thread not found")
    topic = chat.topics.get(thread_id or 0)
    if topic and topic.is_closed and not world.bot_may(chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    if chat.type == "channel" and not world.bot_may(chat, "can_post_messages"):
        raise (
            forbidden("bot is not a member of the channel chat")
            if not world.bot_present(chat)
            else bad_request("need administrator rights in the channel chat")
        )
    reply_to = _reply_target(call, chat)
    markup = buttons.check_markup(call.value("reply_markup"), chat)
    message = posting.post(
        world,
        chat,
        world.bot_id,
        content,
        thread_id=thread_id if chat.is_forum else None,
        reply_to=reply_to if reply_to else None if chat.is_forum else thread_id,
        markup=markup,
    )
    return message_json(world, message)


def _reply_target(call: Call, chat: Chat) -> int | None:
    wanted = call.value("reply_parameters")
    if isinstance(wanted, dict):
        message_id, lenient = int(wanted.get("message_id", 0)), bool(wanted.get("allow_sending_without_reply"))
    else:
        message_id, lenient = call.integer("reply_to_message_id"), call.flag("allow_sending_without_reply")
    if not message_id:
        return None
    if message_id not in chat.messages:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    return message_id


@method("sendMessage")
def send_message(call: Call) -> Json:
    chat = call.writable_chat()
    return deliver(call, chat, checked_text(call))


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    chat = call.writable_chat()
    content = photo_content(call.file("photo"))
    if call.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return deliver(call, chat, captioned(call, content))


@method("sendDocument")
def send_document(call: Call) -> Json:
    chat = call.writable_chat()
    return deliver(call, chat, captioned(call, {"document": media.document_json(call.file("document"))}))


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    chat = call.writable_chat()
    action = call.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.broadcast.publish(
        {
            "type": "typing",
            "chat_id": chat.id,
            "thread_id": call.integer("message_thread_id") or None,
            "action": action,
        }
    )
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    text = call.text("text")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = call.text("callback_query_id")
    buttons.answer(call.world, query_id, text, call.text("url"), show_alert=call.flag("show_alert"))
    return True
