"""Who may do what in a chat: administrators by their rights, members by the chat's permissions."""

from __future__ import annotations

from sandbox.errors import ActionError
from sandbox.model import ADMIN_RIGHTS, CHANNEL_RIGHTS, Chat
from sandbox.world import World

ADMINS = frozenset({"creator", "administrator"})
# What each kind of content needs, and how Telegram calls it when it refuses.
SENDING = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "animation": ("can_send_other_messages", "animations"),
    "audio": ("can_send_audios", "music"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video_note": ("can_send_video_notes", "video notes"),
    "sticker": ("can_send_other_messages", "stickers"),
    "document": ("can_send_documents", "documents"),
    "poll": ("can_send_polls", "polls"),
    "dice": ("can_send_other_messages", "dice"),
    "invoice": ("can_send_messages", "invoice messages"),
}


def is_admin(chat: Chat, user_id: int) -> bool:
    return chat.status_of(user_id) in ADMINS


def may(chat: Chat, user_id: int, right: str) -> bool:
    """Whether a person may use a right: an administrator's, or one that members have by the chat's permissions."""
    if chat.is_private:
        return True
    member = chat.members.get(user_id)
    if member is None or not chat.has(user_id):
        return False
    if member.status == "creator":
        return True
    if member.status == "administrator":
        named = right in ADMIN_RIGHTS or right in CHANNEL_RIGHTS
        return right in member.rights or right in chat.permissions or not named
    if chat.type == "channel":
        return False
    return right in chat.permissions and (member.status != "restricted" or right in member.rights)


def require(world: World, chat: Chat, user_id: int, right: str, doing: str) -> None:
    """Refuse a person who lacks a right.

    Raises:
        ActionError: "NAME may not DOING here".
    """
    if not may(chat, user_id, right):
        raise ActionError(f"{world.user(user_id).full_name} may not {doing} here")
