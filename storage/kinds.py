"""What can happen in a community, as small integers: the vocabulary of the interaction log."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """What an interaction is. Numbers are stored: never renumber, only add."""

    TEXT = 1
    PHOTO = 2
    VIDEO = 3
    VIDEO_NOTE = 4
    VOICE = 5
    AUDIO = 6
    DOCUMENT = 7
    ANIMATION = 8
    STICKER = 9
    POLL = 10
    LOCATION = 11
    STORY = 12
    OTHER = 13
    COMMAND = 20
    EDIT = 21
    REACTION_ADDED = 30
    REACTION_REMOVED = 31
    JOIN = 40
    LEAVE = 41
    REMOVAL = 42
    PRESS = 50
    VOTE = 51
    VOTE_RETRACTED = 52
    PIN = 60
    TOPIC_OPENED = 61
    TOPIC_CLOSED = 62
    BOOST = 63
    PAID_STAR = 64
    PAYMENT = 65
    # Counts that exist in rollups only, derived from an interaction's flags or totals.
    BOT_MESSAGE = 90
    REPLY = 91
    FORWARD = 92
    COMMENT = 93
    REACTION_UNNAMED = 94


MESSAGE_KINDS = tuple(kind for kind in Kind if kind <= Kind.OTHER)
# A member was there and did something: what DAU, WAU and MAU rest on.
ACTIVE_KINDS = frozenset({*MESSAGE_KINDS, Kind.COMMAND, Kind.REACTION_ADDED, Kind.VOTE, Kind.PRESS})


class Actor(IntEnum):
    """Who did it. Only MEMBER counts as an active person."""

    MEMBER = 0
    BOT = 1
    ANONYMOUS_ADMIN = 2
    CHANNEL = 3
    NOBODY = 4


class Slot(IntEnum):
    """Which fact about a message a row is; with the nonce it makes the row unique within its message."""

    MESSAGE = 0
    EDIT = 1
    REACTION = 2
    PRESS = 3
    VOTE = 4
    MEMBERSHIP = 5


class Flag(IntFlag):
    """Bits of an interaction."""

    REPLY = 1
    FORWARD = 2
    ALBUM = 4
    COMMENT = 8
    TOPIC = 16  # thread_id is a forum topic, not a mere reply thread
    AUTO_FORWARD = 32
    CHANNEL_POST = 64
    NOTICE = 128  # a join or leave told by a service message, not by chat_member
    DOUBLED = 256  # such a notice of what chat_member told already: not counted
    IMPORTED = 512
    FROM_EDIT = 1024  # known by its edit only: gives way to the message itself


class Standing(IntEnum):
    """How someone (or the bot) stands in a chat."""

    LEFT = 0
    BANNED = 1
    RESTRICTED = 2
    MEMBER = 3
    ADMIN = 4
    CREATOR = 5

    @property
    def inside(self) -> bool:
        """Whether one is in the chat."""
        return self >= Standing.RESTRICTED
