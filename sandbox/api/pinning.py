"""Methods that pin messages, and take the pins away."""

from __future__ import annotations

from sandbox import posting
from sandbox.api.call import Call, method
from sandbox.errors import bad_request
from sandbox.model import Chat


def pinning_chat(call: Call) -> Chat:
    """The chat, where the bot may pin.

    Raises:
        ApiError: 400, the right is missing.
    """
    chat = call.chat()
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if not chat.is_private and not call.world.bot_may(chat, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    message = call.message(call.chat(), "message to pin not found")
    pinning_chat(call)
    posting.pin(call.world, message, call.world.bot_id)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    chat = pinning_chat(call)
    message_id = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.messages:
        raise bad_request("message to unpin not found")
    posting.unpin(call.world, chat, message_id)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> bool:
    chat = pinning_chat(call)
    for message_id in list(chat.pinned):
        posting.unpin(call.world, chat, message_id)
    return True
