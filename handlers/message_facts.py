"""Messages as facts: media types, replies, forwards, topics, service messages, edits. No text passes this point."""

from __future__ import annotations

import re

from handlers.sightings import clean, nonce_of, see_chat, see_person
from handlers.updates import Message
from storage.facts import Facts, Interaction, MemberSeen, Migration, PollSeen, TopicSeen
from storage.kinds import Actor, Flag, Kind, Slot

ANONYMOUS_ADMIN_BOT = 1087968824
COMMAND = re.compile(r"/[a-zA-Z0-9_]{1,32}(?:@(\w+))?")
# The order matters: an animation is also told as a document, a venue also as a location.
MEDIA = (
    ("photo", Kind.PHOTO),
    ("video", Kind.VIDEO),
    ("video_note", Kind.VIDEO_NOTE),
    ("voice", Kind.VOICE),
    ("audio", Kind.AUDIO),
    ("animation", Kind.ANIMATION),
    ("document", Kind.DOCUMENT),
    ("sticker", Kind.STICKER),
    ("poll", Kind.POLL),
    ("venue", Kind.LOCATION),
    ("location", Kind.LOCATION),
    ("story", Kind.STORY),
    ("paid_media", Kind.OTHER),
    ("contact", Kind.OTHER),
    ("dice", Kind.OTHER),
    ("game", Kind.OTHER),
    ("invoice", Kind.OTHER),
    ("checklist", Kind.OTHER),
    ("giveaway", Kind.OTHER),
    ("giveaway_winners", Kind.OTHER),
)


def _sender(facts: Facts, message: Message) -> tuple[int, int]:
    """Actor and member id of whoever wrote: a person, a bot, an anonymous admin, or a channel as itself."""
    chat = message.sender_chat
    if chat is not None:
        is_group = chat.id == message.chat.id and message.chat.type != "channel"
        facts.members.append(
            MemberSeen(message.chat.id, chat.id, clean(chat.title), chat.username, False, message.date)
        )
        return (Actor.ANONYMOUS_ADMIN if is_group else Actor.CHANNEL), chat.id
    if message.from_ is None:
        return Actor.CHANNEL, message.chat.id
    if message.from_.id == ANONYMOUS_ADMIN_BOT:
        return Actor.ANONYMOUS_ADMIN, message.chat.id
    see_person(facts, message.chat, message.from_, message.date)
    return (Actor.BOT if message.from_.is_bot else Actor.MEMBER), message.from_.id


def _flags(message: Message) -> int:
    flags = Flag(0)
    parent = message.reply_to_message
    # In a topic every message replies to the topic's first one, unless it replies to something else.
    is_root = (
        message.is_topic_message
        and parent is not None
        and (parent.message_id == message.message_thread_id or parent.forum_topic_created is not None)
    )
    if (parent is not None and not is_root) or message.external_reply or message.reply_to_story:
        flags |= Flag.REPLY
    if parent is not None and parent.is_automatic_forward:
        flags |= Flag.COMMENT
    if message.is_automatic_forward:
        flags |= Flag.AUTO_FORWARD
    elif message.forward_origin:
        flags |= Flag.FORWARD
    if message.media_group_id:
        flags |= Flag.ALBUM
    if message.is_topic_message:
        flags |= Flag.TOPIC
    if message.chat.type == "channel":
        flags |= Flag.CHANNEL_POST
    return int(flags)


def is_command(message: Message) -> bool:
    """Whether a message is a command to a bot (it starts with one)."""
    if not message.text or not any(one.type == "bot_command" and one.offset == 0 for one in message.entities):
        return False
    return COMMAND.match(message.text) is not None


def _content_kind(message: Message) -> Kind | None:
    """The kind of a message by its content; None for a service message."""
    for name, kind in MEDIA:
        if getattr(message, name) is not None:
            return kind
    if message.text is not None:
        return Kind.COMMAND if is_command(message) else Kind.TEXT
    return None


def _service_kind(message: Message) -> Kind | None:
    for name, kind in (
        ("pinned_message", Kind.PIN),
        ("forum_topic_created", Kind.TOPIC_OPENED),
        ("forum_topic_reopened", Kind.TOPIC_OPENED),
        ("forum_topic_closed", Kind.TOPIC_CLOSED),
        ("boost_added", Kind.BOOST),
        ("successful_payment", Kind.PAYMENT),
    ):
        if getattr(message, name) is not None:
            return kind
    return None


def read_message(facts: Facts, message: Message, update_id: int, now: int) -> None:
    """A message (or channel post) as facts; private chats leave none."""
    if message.chat.type == "private":
        return
    see_chat(facts, message.chat, message.date)
    if message.migrate_to_chat_id:
        facts.migrations.append(Migration(message.chat.id, message.migrate_to_chat_id))
        return
    if message.migrate_from_chat_id:
        facts.migrations.append(Migration(message.migrate_from_chat_id, message.chat.id))
        return
    actor, member_id = _sender(facts, message)
    if message.new_chat_members is not None or message.left_chat_member is not None:
        _read_notice(facts, message, member_id)
        return
    kind = _content_kind(message) or _service_kind(message)
    _read_topic(facts, message)
    if kind is None:
        return  # a service message that nobody counts (a new photo, a timer)
    size = len(message.text or message.caption or "")
    place = (message.message_thread_id, _flags(message))
    facts.interactions.append(
        Interaction(
            message.chat.id,
            message.message_id,
            Slot.MESSAGE,
            0,
            message.date,
            kind,
            actor,
            member_id,
            *place,
            size,
            _answered(message),
        )
    )
    if message.paid_media is not None:
        stars = (message.date, Kind.PAID_STAR, actor, member_id, *place, message.paid_media.star_count)
        facts.interactions.append(Interaction(message.chat.id, message.message_id, Slot.MESSAGE, 1, *stars))
    # A forwarded poll is the same poll elsewhere: its votes belong where it was first posted.
    if message.poll is not None and message.poll.id.isdigit() and message.forward_origin is None:
        facts.polls.append(PollSeen(int(message.poll.id) % 2**63, message.chat.id, message.message_id, *place))


def _answered(message: Message) -> int:
    """The message that this one answers; of an automatic forward the channel's post that it is."""
    origin, parent = message.forward_origin, message.reply_to_message
    if message.is_automatic_forward:
        return origin.message_id if origin is not None else 0
    return parent.message_id if parent is not None else 0


def _read_topic(facts: Facts, message: Message) -> None:
    topic = message.message_thread_id
    created, edited = message.forum_topic_created, message.forum_topic_edited
    named = created or edited
    if named is not None and named.name is not None:
        facts.topics.append(
            TopicSeen(message.chat.id, topic or message.message_id, clean(named.name), False, message.date)
        )
    if message.forum_topic_closed or message.forum_topic_reopened:
        closed = message.forum_topic_closed is not None
        facts.topics.append(TopicSeen(message.chat.id, topic, None, closed, message.date))


def _read_notice(facts: Facts, message: Message, actor_id: int) -> None:
    """Joins and leaves as service messages tell them: counted where chat_member does not tell them too."""
    came = [(user, Kind.JOIN) for user in message.new_chat_members or ()]
    left = message.left_chat_member
    gone = [] if left is None else [(left, Kind.LEAVE if left.id == actor_id else Kind.REMOVAL)]
    for user, kind in (*came, *gone):
        see_person(facts, message.chat, user, message.date)
        actor = Actor.BOT if user.is_bot else Actor.MEMBER
        facts.interactions.append(
            Interaction(
                message.chat.id,
                -user.id,
                Slot.MEMBERSHIP,
                message.message_id,
                message.date,
                kind,
                actor,
                user.id,
                flags=int(Flag.NOTICE),
            )
        )


def read_edit(facts: Facts, message: Message, update_id: int, now: int) -> None:
    """An edit; the message itself too, in case its first form was never seen."""
    if message.chat.type == "private" or _content_kind(message) is None or message.location is not None:
        return  # a live location moves by edits: nobody edits anything
    before = len(facts.interactions)
    read_message(facts, message, update_id, now)
    told = facts.interactions[before:]
    if not told or told[0].slot != Slot.MESSAGE:
        return
    # Its first length is not known: only what every edit of it says alike.
    facts.interactions[before:] = [
        row._replace(flags=row.flags | Flag.FROM_EDIT, size=row.size if row.kind == Kind.PAID_STAR else 0)
        for row in told
    ]
    actor, member_id = told[0].actor, told[0].member_id
    at = message.edit_date or message.date
    who = (at, Kind.EDIT, actor, member_id, message.message_thread_id, _flags(message) & Flag.TOPIC)
    nonce = nonce_of(update_id, at)
    facts.interactions.append(Interaction(message.chat.id, message.message_id, Slot.EDIT, nonce, *who))
