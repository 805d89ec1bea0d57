"""What all sending methods share: place, reply, keyboard, rights; and texts, dice, chat actions, button answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox import buttons, posting, rights
from sandbox.api.call import Call, method
from sandbox.api.replies import Reply, read_reply
from sandbox.entities import utf16_length
from sandbox.errors import bad_request, forbidden
from sandbox.model import Chat, Json, Message
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
CAPTIONED = ("photo", "video", "animation", "audio", "voice", "document")
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def checked_text(call: Call, source: Json | None = None) -> Json:
    """Content for `text`, within Telegram's limits.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    given = call if source is None else Call(call.world, source)
    if not given.text("text"):
        raise bad_request("message text is empty")
    text, entities = call.formatted("text", "entities", source)
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    content = posting.text_content(text, entities)
    preview = given.value("link_preview_options")
    if isinstance(preview, dict) and preview:
        content["link_preview_options"] = preview
    elif given.flag("disable_web_page_preview"):
        content["link_preview_options"] = {"is_disabled": True}
    return content


def captioned(call: Call, content: Json, source: Json | None = None) -> Json:
    """Media content with `caption` and what else may stand with it, within Telegram's limits."""
    given = call if source is None else Call(call.world, source)
    caption, entities = call.formatted("caption", "caption_entities", source)
    if utf16_length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    content = posting.caption_content(content, caption, entities)
    visual = any(kind in content for kind in ("photo", "video", "animation"))
    if visual and caption and given.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if visual and given.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


@dataclass(slots=True)
class Placement:
    """Where and how something is sent."""

    chat: Chat
    thread_id: int | None = None
    reply: Reply = field(default_factory=Reply)
    markup: Json | None = None
    extra: Json = field(default_factory=dict)


def place(call: Call, chat: Chat) -> Placement:
    """Read the parameters all sending methods share.

    Raises:
        ApiError: 400 or 403, as Telegram words it.
    """
    world = call.world
    thread_id = call.integer("message_thread_id") or None
    if thread_id == 1 and chat.is_forum:
        thread_id = None  # General
    if thread_id is not None and thread_id not in (chat.topics if chat.is_forum else chat.messages):
        raise bad_request("message thread not found")
    topic = chat.topic(thread_id)
    if topic and topic.is_closed and not world.bot_may(chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    if chat.type == "channel" and not world.bot_may(chat, "can_post_messages"):
        raise (
            forbidden("bot is not a member of the channel chat")
            if not world.bot_present(chat)
            else bad_request("need administrator rights in the channel chat")
        )
    reply = read_reply(call, chat)
    markup = buttons.check_markup(call.value("reply_markup"), chat)
    extra: Json = dict(reply.extra)
    if call.flag("protect_content"):
        extra["has_protected_content"] = True
    if call.text("message_effect_id"):
        if not chat.is_private:
            raise bad_request("message effect can't be used in the chat")
        extra["effect_id"] = call.text("message_effect_id")
    if not chat.is_forum and thread_id and not reply.message_id:
        reply.message_id = thread_id
    return Placement(chat, thread_id if chat.is_forum else None, reply, markup, extra)


def require_right(call: Call, chat: Chat, content: Json) -> None:
    """Refuse what a plain or restricted member may not send.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    member = chat.members.get(call.world.bot_id)
    if chat.type not in ("group", "supergroup") or member is None or member.status not in ("member", "restricted"):
        return
    allowed = chat.permissions & member.rights if member.status == "restricted" else chat.permissions
    right, named = next(needed for kind, needed in rights.SENDING.items() if kind in content)
    if right not in allowed:
        raise bad_request(f"not enough rights to send {named} to the chat")


def post(call: Call, where: Placement, content: Json, extra: Json | None = None) -> Message:
    """Post content as the bot."""
    rows = (where.markup or {}).get("inline_keyboard", [])
    if "invoice" not in content and any("pay" in button for row in rows for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    require_right(call, where.chat, content)
    return posting.post(
        call.world,
        where.chat,
        call.world.bot_id,
        content,
        thread_id=where.thread_id,
        reply_to=where.reply.message_id,
        markup=where.markup,
        extra=where.extra | (extra or {}),
    )


def deliver(call: Call, chat: Chat, content: Json) -> Json:
    """Post with the parameters all sending methods share."""
    return message_json(call.world, post(call, place(call, chat), content))


@method("sendMessage")
def send_message(call: Call) -> Json:
    chat = call.writable_chat()
    return deliver(call, chat, checked_text(call))


@method("sendDice")
def send_dice(call: Call) -> Json:
    chat = call.writable_chat()
    emoji = call.text("emoji", "🎲").removesuffix("\ufe0f")
    if emoji not in DICE:
        raise bad_request("DICE_EMOJI_INVALID")
    return deliver(call, chat, {"dice": {"emoji": emoji, "value": call.world.rng.randint(1, DICE[emoji])}})


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
