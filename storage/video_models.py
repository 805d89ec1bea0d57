"""Tables of video figures. Each key starts with the community; days are local to the community."""

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Date, Float, Text
from sqlmodel import Field, SQLModel

from storage.models import CLUSTERED, column, key
from storage.times import UtcDateTime


class Video(SQLModel, table=True):
    """A video (or short) on a platform: `video` is its id there, or its title and time where it has none."""

    __table_args__ = CLUSTERED
    community_id: int = key()
    platform: str = Field(primary_key=True, sa_type=Text)
    video: str = Field(primary_key=True, sa_type=Text)
    title: str = column(Text)
    published_on: dt.date | None = column(Date, default=None)


class VideoSnapshot(SQLModel, table=True):
    """A video's figures from its publication up to a day, as an import told them; NULL is unknown."""

    __tablename__ = "video_snapshot"
    __table_args__ = CLUSTERED
    community_id: int = key()
    platform: str = Field(primary_key=True, sa_type=Text)
    video: str = Field(primary_key=True, sa_type=Text)
    date: dt.date = Field(primary_key=True, sa_type=Date)
    watch_seconds: float | None = column(Float, default=None)
    watch_estimated: bool = column(Boolean, default=False)
    views: int | None = column(BigInteger, default=None)
    likes: int | None = column(BigInteger, default=None)
    comments: int | None = column(BigInteger, default=None)
    shares: int | None = column(BigInteger, default=None)
    followers: int | None = column(BigInteger, default=None)
    buyers: int | None = column(BigInteger, default=None)


class FollowerSnapshot(SQLModel, table=True):
    """How many followers the account on a platform had in all on a day."""

    __tablename__ = "follower_snapshot"
    __table_args__ = CLUSTERED
    community_id: int = key()
    platform: str = Field(primary_key=True, sa_type=Text)
    date: dt.date = Field(primary_key=True, sa_type=Date)
    followers: int = column(BigInteger)


class BuyerDay(SQLModel, table=True):
    """How many customers of a shop paid for the first time on a day, by its order export; no names are kept."""

    __tablename__ = "buyer_day"
    __table_args__ = CLUSTERED
    community_id: int = key()
    source: str = Field(primary_key=True, sa_type=Text)
    date: dt.date = Field(primary_key=True, sa_type=Date)
    buyers: int


class MetricsImport(SQLModel, table=True):
    """A metrics file that was taken, by the hash of its bytes, so that taking it twice changes nothing."""

    __tablename__ = "metrics_import"
    __table_args__ = CLUSTERED
    community_id: int = key()
    digest: str = Field(primary_key=True, sa_type=Text)
    layout: str = column(Text)
    imported_at: dt.datetime = column(UtcDateTime)
