"""The Bot API's JSON as far as we count it: typed, so that a broken update is caught alone and at once.

Only fields that become facts are named; the rest is skipped unread. Anything to be answered goes through
python-telegram-bot's own `Update` afterwards.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Id = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Seconds = Annotated[int, Meta(ge=0, le=2**33)]  # up to the year 2242


class User(Struct):
    id: Id
    first_name: str = ""
    last_name: str = ""
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None


class Chat(Struct):
    id: Id
    type: str = ""
    title: str = ""
    username: str | None = None
    is_forum: bool = False


class Entity(Struct):
    type: str
    offset: int
    length: int


class TopicEvent(Struct):
    name: str | None = None


class Poll(Struct):
    id: str
    total_voter_count: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None


class Origin(Struct):
    """Where a forwarded message comes from; of a channel's post also which one it is."""

    type: str = ""
    chat: Chat | None = None
    message_id: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0


class Stars(Struct):
    star_count: int = 0


class Boost(Struct):
    boost_count: int = 1


class Present(Struct):
    """An object of which only its presence counts."""


class Parent(Struct):
    """The message replied to, as far as we need it."""

    message_id: Id
    is_automatic_forward: bool = False
    forum_topic_created: Present | None = None


class Message(Struct):
    message_id: Id
    date: Seconds
    chat: Chat
    from_: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    message_thread_id: Id = 0
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    edit_date: Seconds = 0
    media_group_id: str | None = None
    reply_to_message: Parent | None = None
    external_reply: Present | None = None
    reply_to_story: Present | None = None
    forward_origin: Origin | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] = msgspec.field(default_factory=list)
    photo: list[Present] | None = None
    video: Present | None = None
    video_note: Present | None = None
    voice: Present | None = None
    audio: Present | None = None
    document: Present | None = None
    animation: Present | None = None
    sticker: Present | None = None
    poll: Poll | None = None
    location: Present | None = None
    venue: Present | None = None
    story: Present | None = None
    paid_media: Stars | None = None
    contact: Present | None = None
    dice: Present | None = None
    game: Present | None = None
    invoice: Present | None = None
    checklist: Present | None = None
    giveaway: Present | None = None
    giveaway_winners: Present | None = None
    new_chat_members: list[User] | None = None
    left_chat_member: User | None = None
    pinned_message: Present | None = None
    forum_topic_created: TopicEvent | None = None
    forum_topic_edited: TopicEvent | None = None
    forum_topic_closed: Present | None = None
    forum_topic_reopened: Present | None = None
    boost_added: Boost | None = None
    successful_payment: Present | None = None
    migrate_to_chat_id: Id = 0
    migrate_from_chat_id: Id = 0


class ReactionType(Struct):
    type: str
    emoji: str | None = None
    custom_emoji_id: str | None = None

    @property
    def name(self) -> str:
        """The emoji itself, `custom:ID`, or `paid`."""
        if self.type == "emoji":
            return self.emoji or ""
        return f"custom:{self.custom_emoji_id}" if self.type == "custom_emoji" else self.type


class MessageReaction(Struct):
    chat: Chat
    message_id: Id
    date: Seconds
    old_reaction: list[ReactionType]
    new_reaction: list[ReactionType]
    user: User | None = None
    actor_chat: Chat | None = None


class ReactionCount(Struct):
    type: ReactionType
    total_count: Annotated[int, Meta(ge=0, le=2**31 - 1)]


class MessageReactionCount(Struct):
    chat: Chat
    message_id: Id
    date: Seconds
    reactions: list[ReactionCount]


class ChatMember(Struct):
    status: str
    user: User
    is_member: bool = False


class InviteLink(Struct):
    invite_link: str


class ChatMemberUpdated(Struct):
    chat: Chat
    date: Seconds
    from_: User = msgspec.field(name="from")
    old_chat_member: ChatMember
    new_chat_member: ChatMember
    invite_link: InviteLink | None = None


class PressedMessage(Struct):
    """The message under a pressed button; `date` is 0 where it is too old to be shown."""

    message_id: Id
    chat: Chat
    message_thread_id: Id = 0
    is_topic_message: bool = False


class CallbackQuery(Struct):
    id: str
    from_: User = msgspec.field(name="from")
    message: PressedMessage | None = None


class PollAnswer(Struct):
    poll_id: str
    option_ids: list[Annotated[int, Meta(ge=0, le=62)]]
    user: User | None = None
    voter_chat: Chat | None = None


class InlineQuery(Struct):
    """What someone types behind the bot's name in any chat."""

    id: str
    from_: User = msgspec.field(name="from")
    query: str = ""


class ChosenInlineResult(Struct):
    result_id: str
    from_: User = msgspec.field(name="from")


class BoostUpdated(Struct):
    chat: Chat


class Update(Struct):
    """Kinds that we count; every other known kind is only passed on."""

    update_id: Id
    message: Message | None = None
    edited_message: Message | None = None
    channel_post: Message | None = None
    edited_channel_post: Message | None = None
    message_reaction: MessageReaction | None = None
    message_reaction_count: MessageReactionCount | None = None
    callback_query: CallbackQuery | None = None
    poll_answer: PollAnswer | None = None
    poll: Poll | None = None
    inline_query: InlineQuery | None = None
    chosen_inline_result: ChosenInlineResult | None = None
    my_chat_member: ChatMemberUpdated | None = None
    chat_member: ChatMemberUpdated | None = None


COUNTED = tuple(name for name in Update.__struct_fields__ if name != "update_id")
# Known, listened to, and answered or ignored without a count of their own.
PASSED = (
    "chat_boost",
    "removed_chat_boost",
    "pre_checkout_query",
    "chat_join_request",
)
# Always the full list: Telegram leaves reactions and members out of its default.
ALLOWED_UPDATES = (*COUNTED, *PASSED)
