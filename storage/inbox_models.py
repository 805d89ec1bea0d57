"""The tables of updates as they come. They belong to no community."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from storage.models import CLUSTERED, column, key
from storage.times import UtcDateTime


class UpdateId(SQLModel, table=True):
    """Updates taken in, for seven days: each is counted once. Compared for equality only."""

    __tablename__ = "update_id"
    __table_args__ = CLUSTERED
    update_id: int = key(BigInteger)
    at: datetime = column(UtcDateTime)


class PendingUpdate(SQLModel, table=True):
    """A raw update that someone must answer; deleted once answered, or after ten minutes."""

    __tablename__ = "pending_update"
    update_id: int = key(BigInteger)
    lane: int = column(BigInteger)
    received_at: datetime = column(UtcDateTime)
    payload: str = column(Text)


class QuarantinedUpdate(SQLModel, table=True):
    """An update that could not be read: its kind and the reason, never its text."""

    __tablename__ = "quarantined_update"
    update_id: int = key(BigInteger)
    kind: str = column(Text)
    reason: str = column(Text)
    at: datetime = column(UtcDateTime)


class UnknownUpdate(SQLModel, table=True):
    """Kinds of updates we do not know: name and count."""

    __tablename__ = "unknown_update"
    kind: str = Field(primary_key=True, sa_type=Text)
    n: int
    last_at: datetime = column(UtcDateTime)
