"""Tables of drops: what managers queue, how it went, and the rules of a group's schedule. Times are UTC."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, SmallInteger, Text, text
from sqlmodel import Field, SQLModel

from storage.models import CLUSTERED, column, key
from storage.times import UtcDateTime

# Numbers of storage.drops.State: what is due and what is under way are found without a look at what is done.
_DUE = text("state = 3")
_UNDER_WAY = text("state IN (5, 7)")
_LEAVING = text("remove_at IS NOT NULL")
_UNTOLD = text("failure IS NOT NULL AND asked_at IS NULL")


class Drop(SQLModel, table=True):
    """A piece of content with its time and its fate; numbered from 1 within its community.

    `content`, `buttons`, `tags` and `repeat` are JSON of peakdrop.content and peakdrop.repeats. `local_time` is the
    wall time that was wanted, in the community's zone, so that a change of zone or of the clocks moves `due_at`.
    `after_id` is the newest message known in the chat when this attempt began. `explores`: the time it has was chosen
    to learn (peakdrop.exploring).
    """

    __tablename__ = "queued_drop"
    __table_args__ = (
        Index("ix_drop_due", "community_id", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_drop_under_way", "community_id", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
        Index("ix_drop_remove", "community_id", "remove_at", sqlite_where=_LEAVING, postgresql_where=_LEAVING),
        Index("ix_drop_untold", "community_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("ix_drop_state", "community_id", "state", "due_at"),
        Index("ix_drop_series", "community_id", "series", "occurrence"),
    )
    community_id: int = key()
    number: int = key()
    state: int = column(SmallInteger)
    author_id: int = column(BigInteger)
    created_at: datetime = column(UtcDateTime)
    changed_at: datetime = column(UtcDateTime)
    content: str = column(Text)
    content_key: str = column(Text)
    target_chat_id: int | None = column(BigInteger, default=None)
    thread_id: int = column(BigInteger, default=0)
    timing: int = column(SmallInteger)
    due_at: datetime | None = column(UtcDateTime, default=None)
    explores: bool = False
    local_time: str | None = column(Text, default=None)
    late_seconds: int
    repeat: str | None = column(Text, default=None)
    series: int | None = Field(default=None)
    occurrence: str | None = column(Text, default=None)
    pin: bool = False
    silent: bool = False
    delete_after: int | None = Field(default=None)
    replaces: bool = False
    is_ad: bool = False
    is_hidden: bool = False
    tags: str = column(Text, default="[]")
    campaign: str | None = column(Text, default=None)
    buttons: str = column(Text, default="[]")
    attempt: int = 0
    nonce: int = column(BigInteger, default=0)
    claimed_by: str | None = column(Text, default=None)
    claimed_until: datetime | None = column(UtcDateTime, default=None)
    claimed_at: datetime | None = column(UtcDateTime, default=None)
    after_id: int | None = column(BigInteger, default=None)
    sent_at: datetime | None = column(UtcDateTime, default=None)
    steps: int = column(SmallInteger, default=0)
    failure: str | None = column(Text, default=None)
    failure_detail: str | None = column(Text, default=None)
    asked_at: datetime | None = column(UtcDateTime, default=None)
    remove_at: datetime | None = column(UtcDateTime, default=None)
    approved_by: int | None = column(BigInteger, default=None)


class DropMessage(SQLModel, table=True):
    """A message that a drop became: what is done with it belongs to the drop. `position` counts an album's parts."""

    __tablename__ = "drop_message"
    __table_args__ = (Index("ix_drop_message_number", "community_id", "number"), CLUSTERED)
    community_id: int = key()
    chat_id: int = key(BigInteger)
    message_id: int = key(BigInteger)
    number: int
    position: int = column(SmallInteger)
    thread_id: int = column(BigInteger, default=0)
    at: datetime = column(UtcDateTime)
    removed_at: datetime | None = column(UtcDateTime, default=None)


class DropSign(SQLModel, table=True):
    """A message of the bot's own, seen in what somebody else sent while a drop's fate was open (peakdrop.signs).

    `nonce` is what its buttons carry, `likeness` tells its content; neither is a text.
    """

    __tablename__ = "drop_sign"
    __table_args__ = CLUSTERED
    community_id: int = key()
    chat_id: int = key(BigInteger)
    message_id: int = key(BigInteger)
    seen_at: datetime = column(UtcDateTime)
    posted_at: datetime = column(UtcDateTime)
    nonce: int | None = column(BigInteger, default=None)
    likeness: str | None = column(Text, default=None)


class OwnMessage(SQLModel, table=True):
    """What the bot itself posted in a group beside drops, for two days: never to be taken for a lost drop.

    A negative `message_id` is a call whose outcome is not known yet.
    """

    __tablename__ = "own_message"
    __table_args__ = CLUSTERED
    community_id: int = key()
    chat_id: int = key(BigInteger)
    message_id: int = key(BigInteger)
    at: datetime = column(UtcDateTime)


class DropDeed(SQLModel, table=True):
    """What a person did with a drop's own buttons, once each: a like, a share (storage.drop_deeds.Deed)."""

    __tablename__ = "drop_deed"
    __table_args__ = CLUSTERED
    community_id: int = key()
    number: int = key()
    deed: int = key(SmallInteger)
    member_id: int = key(BigInteger)
    at: datetime = column(UtcDateTime)


class Reminder(SQLModel, table=True):
    """Somebody wants to be told in private when a drop is out."""

    __table_args__ = CLUSTERED
    community_id: int = key()
    number: int = key()
    person_id: int = key(BigInteger)
    at: datetime = column(UtcDateTime)


class PostingRules(SQLModel, table=True):
    """When a group may be posted to. Minutes count from local midnight; `blocked_days` has bit 0 for Monday.

    `halted` says why nothing can be posted at all (kicked, no right to write), since `halted_at`; managers were told
    at `halt_told_at`.
    """

    __tablename__ = "posting_rules"
    __table_args__ = CLUSTERED
    community_id: int = key()
    quiet_from: int | None = column(SmallInteger, default=None)
    quiet_to: int | None = column(SmallInteger, default=None)
    gap_minutes: int = 0
    most_a_day: int = 0
    blocked_days: int = column(SmallInteger, default=0)
    slots: str = column(Text, default="[]")
    same_within_days: int = 14
    explored_percent: int = column(SmallInteger, default=10)
    needs_approval: bool = False
    next_shown: int = column(SmallInteger, default=1)
    next_words: bool = True
    halted: str | None = column(Text, default=None)
    halted_at: datetime | None = column(UtcDateTime, default=None)
    halt_told_at: datetime | None = column(UtcDateTime, default=None)


class Role(SQLModel, table=True):
    """A role that a manager gave (storage.roles.GivenRole), beside the rights that Telegram's admins have."""

    __table_args__ = CLUSTERED
    community_id: int = key()
    person_id: int = key(BigInteger)
    role: int = column(SmallInteger)
    given_by: int = column(BigInteger)
    at: datetime = column(UtcDateTime)


class AuditEntry(SQLModel, table=True):
    """Who did what to drops, roles and rules; kept for managers to read. `act` and `detail` are our words."""

    __tablename__ = "audit_entry"
    __table_args__ = CLUSTERED
    community_id: int = key()
    sequence: int = key(BigInteger)
    at: datetime = column(UtcDateTime)
    person_id: int = column(BigInteger)
    act: str = column(Text)
    number: int | None = Field(default=None)
    detail: str | None = column(Text, default=None)


class Composing(SQLModel, table=True):
    """The drop that someone is making in their private chat, and what the bot waits for them to type there."""

    __table_args__ = CLUSTERED
    person_id: int = key(BigInteger)
    community_id: int
    number: int
    awaits: str | None = column(Text, default=None)
    screen_id: int | None = column(BigInteger, default=None)
    changed_at: datetime = column(UtcDateTime)
