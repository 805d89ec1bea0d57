"""Tables of what is expected of a group's coming week, and of what became of it. Times are UTC."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Text
from sqlmodel import Field, SQLModel

from storage.models import CLUSTERED, column, key
from storage.times import UtcDateTime


class Outlook(SQLModel, table=True):
    """A group's coming week (or that of one topic; -1 is the whole group) as `content` (see peakdrop.outlooks).

    `content` is None while a process that has claimed it makes it.
    """

    __table_args__ = CLUSTERED
    community_id: int = key()
    topic_id: int = key(BigInteger)
    made_at: datetime | None = column(UtcDateTime, default=None)
    claimed_at: datetime | None = column(UtcDateTime, default=None)
    content: bytes | None = column(LargeBinary, default=None)


class DayForecast(SQLModel, table=True):
    """What was expected of a local day before it began, never changed after, and beside it what came; of a whole group
    (`topic_id` -1) or in one of its topics.

    `day` counts from 1970-01-01; `minute` (after midnight) is the hour that was chosen. `audience`, `best` and `fixed`
    are the members in the two hours from the chosen hour, from the day's best one and from 19:00; None where the day
    was not seen, or is not over (`scored_at` is None then, too).
    """

    __tablename__ = "day_forecast"
    __table_args__ = CLUSTERED
    community_id: int = key()
    topic_id: int = key(BigInteger)
    day: int = key()
    timezone: str = column(Text)
    stored_at: datetime = column(UtcDateTime)
    minute: int = column(SmallInteger)
    expected: float
    low: float
    high: float
    audience: int | None = Field(default=None)
    best: int | None = Field(default=None)
    fixed: int | None = Field(default=None)
    scored_at: datetime | None = column(UtcDateTime, default=None)
