"""Tables of digests: when a group's come, who reads them, what was sent, and what was suggested. Times are UTC."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, SmallInteger, Text, text
from sqlmodel import Field, SQLModel

from storage.models import CLUSTERED, column, key
from storage.times import UtcDateTime

# storage.digests.Delivery.WAITING, written out for the index.
_WAITING = text("state = 1")


class DigestPlan(SQLModel, table=True):
    """When a group's digest comes: each day, or on `weekday` (0 is Monday), at `minute` after local midnight.

    Only times after `since_at` count: a plan that was just made sends nothing for what is past. One that was turned off
    (not `is_on`) is kept, should digests come again.
    """

    __tablename__ = "digest_plan"
    __table_args__ = CLUSTERED
    community_id: int = key()
    every: int = column(SmallInteger)
    weekday: int = column(SmallInteger, default=0)
    minute: int = column(SmallInteger)
    to_group: bool = False
    since_at: datetime = column(UtcDateTime)
    is_on: bool = True


class DigestReader(SQLModel, table=True):
    """A manager who wants the whole digest in private."""

    __tablename__ = "digest_reader"
    __table_args__ = CLUSTERED
    community_id: int = key()
    person_id: int = key(BigInteger)
    at: datetime = column(UtcDateTime)


class DigestDelivery(SQLModel, table=True):
    """One digest to one chat (`person_id`; 0 is the group): its row is made once, so it is sent once at the most.

    `occurrence` is the wall time (ISO 8601) that the plan asked for: no change of zone or of the clocks makes it twice.
    """

    __tablename__ = "digest_delivery"
    __table_args__ = (
        Index("ix_digest_waiting", "community_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        CLUSTERED,
    )
    community_id: int = key()
    occurrence: str = Field(primary_key=True, sa_type=Text)
    person_id: int = key(BigInteger)
    state: int = column(SmallInteger)
    due_at: datetime = column(UtcDateTime)
    claimed_at: datetime | None = column(UtcDateTime, default=None)


class Suggestion(SQLModel, table=True):
    """What a digest suggested (storage.suggestions.Kind), and the drop that came of it.

    `source` is the drop whose content is posted, or that is moved; `trait` the tag, kind or hours that it is about, or
    the wall time from which a drop is moved; `figure` how much more was answered, the members expected at that time, or
    how many drops the day of a free time has. `occurrence` is that of its digest, None where somebody asked for one.
    `told_in` is the digest that reported how it went.
    """

    __tablename__ = "digest_suggestion"
    __table_args__ = CLUSTERED
    community_id: int = key()
    number: int = key()
    at: datetime = column(UtcDateTime)
    occurrence: str | None = column(Text, default=None)
    kind: int = column(SmallInteger)
    source: int | None = Field(default=None)
    thread_id: int = column(BigInteger, default=0)
    trait: str | None = column(Text, default=None)
    figure: float | None = Field(default=None)
    local_time: str = column(Text)
    members: float | None = Field(default=None)
    drop_number: int | None = Field(default=None)
    accepted_by: int | None = column(BigInteger, default=None)
    accepted_at: datetime | None = column(UtcDateTime, default=None)
    told_in: str | None = column(Text, default=None)
