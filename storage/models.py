"""The tables. Each key of a per-community table starts with the community, so that a store can shard by it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, Text, text
from sqlmodel import Field, SQLModel

from storage.times import UtcDateTime

# Rows live in the primary key's tree itself: half the bytes and one look-up less on SQLite.
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
# Messages that answer another (`ref`), and the automatic forwards of channel posts: Flag.REPLY and Flag.AUTO_FORWARD.
# No condition on `ref` itself: SQLite would take it for the range to walk through.
ANSWERING = "slot = 0 AND (flags & 33) <> 0"


def column(type_: Any, **options: Any) -> Any:
    """A field of an explicit column type."""
    return Field(sa_type=type_, **options)


def key(type_: Any = Integer) -> Any:
    """A part of a primary key whose value we give."""
    return Field(primary_key=True, sa_type=type_, sa_column_kwargs={"autoincrement": False})


class Community(SQLModel, table=True):
    """A group or channel with its people, whatever Telegram calls its chats. Time zone is an IANA name."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = column(Text)
    title: str = column(Text)
    title_at: datetime = column(UtcDateTime)
    is_forum: bool = False
    timezone: str | None = column(Text, default=None)
    language: str | None = column(Text, default=None)
    private_figures: bool = False
    created_at: datetime = column(UtcDateTime)


class ChatAlias(SQLModel, table=True):
    """Which community a Telegram chat id stands for; a supergroup adds a row, nothing is re-keyed."""

    __tablename__ = "chat_alias"
    chat_id: int = key(BigInteger)
    community_id: int
    is_current: bool = True


class Interaction(SQLModel, table=True):
    """The log: append-only, compact, no text. See `storage.facts.Interaction`."""

    __table_args__ = (
        Index("ix_interaction_time", "community_id", "at"),
        Index(
            "ix_interaction_ref",
            "community_id",
            "chat_id",
            "ref",
            sqlite_where=text(ANSWERING),
            postgresql_where=text(ANSWERING),
        ),
        CLUSTERED,
    )
    community_id: int = key()
    chat_id: int = key(BigInteger)
    message_id: int = key(BigInteger)
    slot: int = key(SmallInteger)
    nonce: int = key(BigInteger)
    at: datetime = column(UtcDateTime)
    kind: int = column(SmallInteger)
    actor: int = column(SmallInteger)
    member_id: int = column(BigInteger)
    thread_id: int = column(BigInteger)
    flags: int = column(SmallInteger)
    size: int
    ref: int = column(BigInteger)
    detail: str | None = column(Text, default=None)


class ReactionTotal(SQLModel, table=True):
    """All reactions of a message as of a moment, where only counts are known; the newest wins.

    `unexplained` is what the named changes up to `as_of` do not account for: that part alone is counted, at `at`.
    """

    __tablename__ = "reaction_total"
    __table_args__ = (Index("ix_reaction_total_time", "community_id", "at"), CLUSTERED)
    community_id: int = key()
    chat_id: int = key(BigInteger)
    message_id: int = key(BigInteger)
    as_of: datetime = column(UtcDateTime)
    at: datetime = column(UtcDateTime)
    thread_id: int = column(BigInteger)
    total: int
    unexplained: int
    detail: str = column(Text)


class QuarterCount(SQLModel, table=True):
    """Rollup: interactions per UTC quarter hour (epoch // 900), topic and kind."""

    __tablename__ = "quarter_count"
    __table_args__ = CLUSTERED
    community_id: int = key()
    quarter: int = key()
    topic_id: int = key(BigInteger)
    kind: int = key(SmallInteger)
    n: int


class MemberDay(SQLModel, table=True):
    """Rollup: what a member did on a UTC day (epoch // 86400), and in which of its 96 quarter hours.

    `early_mask` has a bit for each quarter from 00:00 to 12:00, `late_mask` from 12:00 to 24:00.
    """

    __tablename__ = "member_day"
    __table_args__ = CLUSTERED
    community_id: int = key()
    day: int = key()
    member_id: int = key(BigInteger)
    early_mask: int = column(BigInteger)
    late_mask: int = column(BigInteger)
    messages: int
    replies: int
    reactions_added: int
    reactions_removed: int
    votes: int
    presses: int
    commands: int
    joins: int
    leaves: int
    others: int


class DayCache(SQLModel, table=True):
    """Closed local days, worked out once: counts by kind and by hour (JSON), DAU, WAU, MAU."""

    __tablename__ = "day_cache"
    __table_args__ = CLUSTERED
    community_id: int = key()
    ends_at: int = key(BigInteger)
    starts_at: int = column(BigInteger)
    kinds: str = column(Text)
    hours: str = column(Text)
    dau: int
    wau: int
    mau: int


class Member(SQLModel, table=True):
    """A person (or bot, or channel) of a community: the only place where names are kept."""

    __table_args__ = CLUSTERED
    community_id: int = key()
    member_id: int = key(BigInteger)
    name: str = column(Text)
    username: str | None = column(Text, default=None)
    is_bot: bool = False
    named_at: datetime = column(UtcDateTime)
    first_seen_at: datetime = column(UtcDateTime)
    first_active_at: datetime | None = column(UtcDateTime, default=None)
    standing: int | None = column(SmallInteger, default=None)
    standing_at: datetime | None = column(UtcDateTime, default=None)
    standing_sequence: int | None = column(BigInteger, default=None)


class MemberCount(SQLModel, table=True):
    """How many members a chat had at a moment, by Telegram's own count."""

    __tablename__ = "member_count"
    __table_args__ = CLUSTERED
    community_id: int = key()
    at: datetime = key(UtcDateTime)
    n: int


class Topic(SQLModel, table=True):
    """A forum topic's newest name and state."""

    __table_args__ = CLUSTERED
    community_id: int = key()
    topic_id: int = key(BigInteger)
    name: str | None = column(Text, default=None)
    named_at: datetime | None = column(UtcDateTime, default=None)
    is_closed: bool = False
    closed_at: datetime | None = column(UtcDateTime, default=None)


class BotStanding(SQLModel, table=True):
    """The bot's own standing in a community over time: what it could see when. `sequence` orders one second."""

    __tablename__ = "bot_standing"
    __table_args__ = CLUSTERED
    community_id: int = key()
    at: datetime = key(UtcDateTime)
    sequence: int = key(BigInteger)
    standing: int = column(SmallInteger)


class Poll(SQLModel, table=True):
    """Where a poll stands; answers name the poll only. Global: Telegram's poll ids are.

    `voters` is Telegram's own count as of `voters_at`: all that is told of an anonymous poll.
    """

    __table_args__ = (Index("ix_poll_message", "chat_id", "message_id"), CLUSTERED)
    poll_id: int = key(BigInteger)
    chat_id: int = column(BigInteger)
    message_id: int = column(BigInteger)
    thread_id: int = column(BigInteger)
    flags: int = column(SmallInteger)
    voters: int | None = Field(default=None)
    voters_at: datetime | None = column(UtcDateTime, default=None)


class PendingVote(SQLModel, table=True):
    """A vote that came before its poll was seen: kept until it can be placed, a week at the most."""

    __tablename__ = "pending_vote"
    __table_args__ = CLUSTERED
    poll_id: int = key(BigInteger)
    nonce: int = key(BigInteger)
    member_id: int = column(BigInteger)
    actor: int = column(SmallInteger)
    at: datetime = column(UtcDateTime)
    options: int = column(BigInteger)


class PollSpan(SQLModel, table=True):
    """A stretch in which the bot was listening to Telegram; gaps over 24 hours lose updates."""

    __tablename__ = "poll_span"
    id: int | None = Field(default=None, primary_key=True)
    start_at: datetime = column(UtcDateTime)
    end_at: datetime = column(UtcDateTime)


class HistoryImport(SQLModel, table=True):
    """An imported file's progress in one chat: where to resume, and what it covers."""

    __tablename__ = "history_import"
    __table_args__ = CLUSTERED
    community_id: int = key()
    file_key: str = Field(primary_key=True, sa_type=Text)
    offset: int = column(BigInteger, default=0)
    is_done: bool = False
    first_at: datetime | None = column(UtcDateTime, default=None)
    last_at: datetime | None = column(UtcDateTime, default=None)
    taken: int = 0
    updated_at: datetime = column(UtcDateTime)


class Person(SQLModel, table=True):
    """Someone who opened the private chat with the bot: how to speak to them. Global, no community's."""

    person_id: int = key(BigInteger)
    language: str | None = column(Text, default=None)
    community_id: int | None = Field(default=None)
    app_language: str | None = column(Text, default=None)


class Hidden(SQLModel, table=True):
    """Keyed hashes of those who asked to be forgotten (up to `until_at`) or not recorded (no end)."""

    __table_args__ = CLUSTERED
    digest: str = Field(primary_key=True, sa_type=Text)
    opted_out: bool = False
    forgotten_at: datetime | None = column(UtcDateTime, default=None)


# Tables that belong to no single community; every key of every other table starts with community_id.
GLOBAL_TABLES = frozenset(
    {
        "community",
        "chat_alias",
        "poll",
        "pending_vote",
        "update_id",
        "pending_update",
        "quarantined_update",
        "unknown_update",
        "poll_span",
        "person",
        "composing",
        "hidden",
    }
)
