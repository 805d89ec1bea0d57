"""What a small Telegram consists of: people, chats, messages, files. Plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.measures import Measures

Json = dict[str, Any]

ANONYMOUS_ADMIN_ID = 1087968824  # GroupAnonymousBot: sender of what anonymous admins write
CHANNEL_BOT_ID = 136817688  # Channel_Bot: sender of what channels write in groups
SERVICE_ID = 777000  # Telegram: sender of automatic forwards from a linked channel

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
MEMBER_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})


@dataclass(slots=True)
class User:
    """A person or a bot. `bot_started` and `bot_blocked` tell how they stand to our bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    is_bot: bool = False
    is_premium: bool = False
    bot_started: bool = False
    bot_blocked: bool = False
    stars: int = 1_000  # test Stars

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Member:
    """One person's standing in one chat; `rights` count for administrators and restricted members."""

    user_id: int
    status: str = "member"
    rights: frozenset[str] = frozenset()
    is_anonymous: bool = False
    custom_title: str = ""
    until_date: int = 0
    promoted_by: int = 0
    is_member: bool = True  # a restricted person may be outside


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that opened it."""

    id: int
    name: str
    icon_color: int = 7322096
    is_closed: bool = False
    is_hidden: bool = False  # General only
    icon_custom_emoji_id: str = ""
    creator_id: int = 0


@dataclass(slots=True)
class InviteLink:
    """An invite link of a chat; `expire_date` in epoch seconds, 0 for never."""

    url: str
    creator_id: int
    name: str = ""
    is_primary: bool = False
    is_revoked: bool = False
    creates_join_request: bool = False
    expire_date: int = 0
    member_limit: int = 0
    joined: int = 0


@dataclass(slots=True)
class JoinRequest:
    """Somebody who asked to come in; `link` is the address of the invite link, if any; `date` in epoch seconds."""

    user_id: int
    date: int
    link: str = ""
    bio: str = ""


@dataclass(slots=True)
class Message:
    """A message; `content` holds the Bot API's own content fields (text, entities, photo, service …)."""

    id: int
    chat_id: int
    sender_id: int
    date: int
    content: Json
    sender_chat_id: int | None = None
    author_signature: str = ""
    thread_id: int | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    markup: Json | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    anonymous_reactions: bool = False
    is_automatic_forward: bool = False
    extra: Json = field(default_factory=dict)  # the Bot API's other fields: media_group_id, forward_origin, quote …

    @property
    def is_service(self) -> bool:
        return bool(SERVICE_FIELDS & self.content.keys())


SERVICE_FIELDS = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "group_chat_created",
        "supergroup_chat_created",
        "successful_payment",
        "refunded_payment",
        "web_app_data",
    }
)


@dataclass(slots=True)
class Chat:
    """A chat of any type; private chats have the person's id."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    description: str = ""
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    general: Topic = field(default_factory=lambda: Topic(1, "General"))
    invite_links: dict[str, InviteLink] = field(default_factory=dict)
    join_requests: dict[int, JoinRequest] = field(default_factory=dict)
    join_by_request: bool = False  # whoever comes without a link has to ask
    linked_chat_id: int | None = None  # a channel's discussion group, and the other way round
    signs_posts: bool = False  # a channel's posts carry their authors' names
    last_message_id: int = 0
    migrated_to: int | None = None
    bot_since: int = 0  # the last message before our bot came in
    permissions: frozenset[str] = frozenset(MEMBER_PERMISSIONS) - {"can_change_info", "can_manage_topics"}

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def status_of(self, user_id: int) -> str:
        member = self.members.get(user_id)
        return member.status if member else "left"

    def has(self, user_id: int) -> bool:
        """Whether somebody is in the chat, in whatever standing."""
        member = self.members.get(user_id)
        return member is not None and member.status in PRESENT and member.is_member

    def topic(self, thread_id: int | None) -> Topic | None:
        """A forum's topic; no id, or 1, is General."""
        if not self.is_forum:
            return None
        return self.general if thread_id in (None, 1) else self.topics.get(thread_id or 0)


@dataclass(slots=True)
class StoredFile:
    """Bytes somebody uploaded, under the unique id that file ids are made of."""

    unique_id: str
    data: bytes
    name: str
    mime_type: str
    width: int = 0  # of pictures only
    height: int = 0
    measures: Measures = field(default_factory=Measures)
    shown: dict[str, Json] = field(default_factory=dict)  # by kind, as it was first described


@dataclass(slots=True)
class Poll:
    """A poll and its votes, which all its forwards share; `close_date` in epoch seconds, 0 for open end."""

    id: str
    sender_id: int
    question: Json  # text and entities
    options: list[Json]
    is_anonymous: bool = True
    type: str = "regular"
    allows_multiple_answers: bool = False
    allows_revoting: bool = True
    correct_option_ids: list[int] = field(default_factory=list)
    explanation: Json = field(default_factory=dict)
    description: Json = field(default_factory=dict)
    open_period: int = 0
    close_date: int = 0
    is_closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)  # chat and message ids


@dataclass(slots=True)
class Payment:
    """A payment in Stars on its way: `state` is asked, failed, paid or refunded; asked `at` epoch seconds."""

    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    amount: int
    payload: str
    state: str = "asked"
    charge_id: str = ""
    at: float = 0.0


@dataclass(slots=True)
class InlineQuery:
    """What somebody typed after @bot; `results` None until the bot answers; `at` in epoch seconds."""

    id: str
    user_id: int
    chat_id: int
    query: str
    at: float
    results: list[Json] | None = None


@dataclass(slots=True)
class CallbackQuery:
    """A pressed button that waits for its answer; `at` in epoch seconds."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    at: float
    answered: bool = False
