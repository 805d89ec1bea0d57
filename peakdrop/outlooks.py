"""The outlook: a group's coming week as it was worked out last, to be read at once (without numpy)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from peakdrop.off_days import goes_as

WEEK, QUARTERS = 7, 96
REACH = 18  # hours between two drops from which on they reach each other's people no more than any others
BLOCK = 3  # hours that are told apart by how people answered in them
BLOCKS = 24 // BLOCK
HORIZON = timedelta(weeks=8)  # further ahead nobody knows who will still be there
_CURVE = struct.Struct(f"<{WEEK * QUARTERS}e")
_MOST = 60_000.0  # of a number of two bytes
_FINE = 250  # steps of a share


class AnswerHours(msgspec.Struct, frozen=True, array_like=True):
    """How much likelier members who are there answer, by block of three hours: 1 is as usual.

    `weights`: how far each block's own drops are believed (0-1), `spreads`: how unsure its factor is (of its
    logarithm), `drops`: how many drops it had.
    """

    factors: tuple[float, ...] = (1.0,) * BLOCKS
    weights: tuple[float, ...] = (0.0,) * BLOCKS
    spreads: tuple[float, ...] = (0.0,) * BLOCKS
    drops: tuple[int, ...] = (0,) * BLOCKS

    def factor_at(self, local: datetime) -> float:
        """The factor at a local time, without steps from block to block."""
        low, high, part = _between(local)
        return float(self.factors[low] ** (1 - part) * self.factors[high] ** part)

    def weight_at(self, local: datetime) -> float:
        """How far the drops of the blocks around a local time are believed."""
        low, high, part = _between(local)
        return self.weights[low] * (1 - part) + self.weights[high] * part

    def drops_at(self, local: datetime) -> int:
        """How many drops the blocks around a local time had."""
        return sum(self.drops[block] for block in {*_between(local)[:2]})


def block_of(hour: int) -> int:
    """The block of an hour: 0 is 22:00 to 1:00, 3 is 7:00 to 10:00, 7 is 19:00 to 22:00."""
    return (hour + 2) // BLOCK % BLOCKS


def _between(local: datetime) -> tuple[int, int, float]:
    """The blocks whose middles are before and after a local time, and how far it is on the way between them."""
    place = (local.hour + local.minute / 60 + 0.5) / BLOCK
    low = int(place)
    return low % BLOCKS, (low + 1) % BLOCKS, place - low


@dataclass(frozen=True, slots=True)
class Outlook:
    """Members expected in the two hours after each quarter hour of the seven weekdays from that of `first_day` on.

    `expected`, `low`, `high` have 7 x 96 figures each, day by day; the interval is of nominal 80 %. Any day, before or
    up to HORIZON after, has the figures of the weekday that it goes as. `days`, `members` and `prior_share` as in
    peakdrop.forecasts.
    `overlaps`: for each of 24 hours, of the members there in the two hours from it the share there in the two hours `n`
    later, too, n from -REACH to REACH; in 250ths.
    """

    first_day: date
    timezone: str
    expected: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    days: int
    members: int
    prior_share: float
    overlaps: bytes
    answers: AnswerHours

    @property
    def is_known(self) -> bool:
        """Whether anything was seen of the group yet; else it is the usual day of its zone, without a scale."""
        return self.days > 0

    def place(self, local: datetime) -> int:
        """Where a local time stands: on the weekday that its day goes as."""
        row = (goes_as(self.timezone, local.date()) - self.first_day.weekday()) % WEEK
        return row * QUARTERS + (local.hour * 60 + local.minute) // 15

    def day(self, day: date) -> Sequence[float]:
        """Members expected after each of the 96 quarter hours of a local day."""
        first = self.place(datetime.combine(day, time()))
        return self.expected[first : first + QUARTERS]

    def expected_at(self, local: datetime) -> float | None:
        """Members expected in the two hours after a local time; None where nothing was seen yet or it is too far."""
        return self.expected[self.place(local)] if self._tells(local) else None

    def interval_at(self, local: datetime) -> tuple[float, float] | None:
        """Between which figures they will be four times of five."""
        place = self.place(local)
        return (self.low[place], self.high[place]) if self._tells(local) else None

    def is_too_far(self, local: datetime) -> bool:
        """Whether a local time lies so far ahead that no figure would be honest."""
        return local.date() > self.first_day + HORIZON

    def _tells(self, local: datetime) -> bool:
        return self.is_known and not self.is_too_far(local)

    def usual_best(self) -> float | None:
        """The members expected at a day's best time, on the mean of the week."""
        return sum(max(day) for day in self._days()) / WEEK if self.is_known else None

    def best_hours(self, count: int = 3) -> set[int]:
        """The hours of a usual day at which most members are there; none where nothing was seen yet."""
        usual = [sum(day[hour * 4] for day in self._days()) for hour in range(24)]
        best = sorted(range(24), key=lambda hour: -usual[hour])[:count]
        return {hour for hour in best if usual[hour] > 0} if self.is_known else set()

    def new_share(self, local: datetime, others: Iterable[datetime]) -> float:
        """Of the members there after a local time, the share that drops at the other times do not reach."""
        # Between two hours the one that promises less: an hour with few people says little.
        hours = {local.hour, (local.hour + (local.minute > 0)) % 24}
        share = 1.0
        for other in others:
            lag = round((other - local).total_seconds() / 3600)
            if -REACH <= lag <= REACH:
                share *= 1 - max(self.overlaps[hour * (2 * REACH + 1) + REACH + lag] for hour in hours) / _FINE
        return share

    def _days(self) -> list[Sequence[float]]:
        return [self.expected[row * QUARTERS : (row + 1) * QUARTERS] for row in range(WEEK)]


class _Packed(msgspec.Struct, array_like=True):
    first_day: date
    timezone: str
    curves: tuple[bytes, bytes, bytes]
    days: int
    members: int
    prior_share: float
    overlaps: bytes
    answers: AnswerHours


_ENCODE, _DECODE = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(_Packed).decode


def pack_shares(shares: Iterable[float]) -> bytes:
    """Shares (0-1) of one byte each."""
    return bytes(round(min(max(share, 0.0), 1.0) * _FINE) for share in shares)


def pack_outlook(outlook: Outlook) -> bytes:
    """An outlook in some 5,000 bytes; figures keep three digits."""
    curves = (outlook.expected, outlook.low, outlook.high)
    low, middle, high = (_CURVE.pack(*(min(max(value, 0.0), _MOST) for value in curve)) for curve in curves)
    one = outlook
    basis = one.days, one.members, one.prior_share
    return _ENCODE(_Packed(one.first_day, one.timezone, (low, middle, high), *basis, one.overlaps, one.answers))


def unpack_outlook(content: bytes) -> Outlook | None:
    """The outlook again; None where an earlier release packed it in another way."""
    try:
        one = _DECODE(content)
        expected, low, high = (_CURVE.unpack(curve) for curve in one.curves)
    except (msgspec.DecodeError, struct.error):
        return None
    basis = one.days, one.members, one.prior_share
    return Outlook(one.first_day, one.timezone, expected, low, high, *basis, one.overlaps, one.answers)
