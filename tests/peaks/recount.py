"""The plain methods' scores counted anew: slowly, with sets and loops, and nothing of the program's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo


class Recount:
    """People by local day and hour of the rows that count."""

    def __init__(self, rows: Iterable[tuple[int, str, str]], zone: str, hours: int) -> None:
        self.people: dict[tuple[date, int], set[str]] = defaultdict(set)
        for at, author, kind in rows:
            if kind in ("message", "reaction"):
                local = datetime.fromtimestamp(at, ZoneInfo(zone))
                self.people[local.date(), local.hour].add(author)
        self.hours = hours
        self.reached = cache(self._reached)
        self.choose = cache(self._choose)
        self.first = min(day for day, _ in self.people)
        self.last = max(day for day, _ in self.people)

    def _reached(self, day: date, hour: int, known_before: date | None = None) -> int:
        """People in the hour, or in it and the next; as known at a midnight, where one is given."""
        found = set(self.people.get((day, hour), ()))
        if self.hours == 2:
            next_day, next_hour = (day, hour + 1) if hour < 23 else (day + timedelta(days=1), 0)
            if known_before is None or next_day < known_before:
                found |= self.people.get((next_day, next_hour), set())
        return len(found)

    def _mean(self, midnight: date, hour: int, half_life: float | None, weekday: int | None) -> float:
        total = weight = 0.0
        day = self.first
        while day < midnight:
            if weekday is None or day.weekday() == weekday:
                known = midnight if (midnight - day).days == 1 else None
                one = 1.0 if half_life is None else 2.0 ** -((midnight - day).days / 7 / half_life)
                total += one * self.reached(day, hour, known)
                weight += one
            day += timedelta(days=1)
        return round(total / weight, 9)

    def _choose(self, name: str, day: date, midnight: date) -> int:
        if name == "fixed_19":
            return 19
        if name == "last_week":
            values = [float(self.reached(day - timedelta(days=7), hour, midnight)) for hour in range(24)]
        else:
            span, memory = name.split("_")
            weekday = day.weekday() if span == "week" else None
            half_life = None if memory == "all" else float(memory.removeprefix("hl"))
            values = [self._mean(midnight, hour, half_life, weekday) for hour in range(24)]
        return values.index(max(values))

    def score(self, name: str) -> tuple[int, float]:
        """How many days were scored, and the mean share of the best hour."""
        shares = []
        midnight = self.first + timedelta(weeks=8)
        while midnight <= self.last:
            for day in (midnight + timedelta(days=ahead) for ahead in range(7)):
                best = max(self.reached(day, hour) for hour in range(24))
                if day <= self.last and best >= 3:
                    shares.append(self.reached(day, self.choose(name, day, midnight)) / best)
            midnight += timedelta(weeks=1)
        return len(shares), sum(shares) / len(shares)
