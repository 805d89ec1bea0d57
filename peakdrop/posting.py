"""When a group may be posted to: its rules, and what speaks against a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from storage.posting_rules import Rules

QUARTERS = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 15)]


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a time. `kind`: past, quiet, blocked, too_near, too_many.

    `other` is the number of the drop it is too near to.
    """

    kind: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A drop that has its time already: a naive local time, and its number."""

    local: datetime
    number: int


def is_quiet(local: datetime, rules: Rules) -> bool:
    """Whether a local time lies in the quiet hours, which may go over midnight."""
    if rules.quiet_from is None or rules.quiet_to is None or rules.quiet_from == rules.quiet_to:
        return False
    minute = local.hour * 60 + local.minute
    if rules.quiet_from < rules.quiet_to:
        return rules.quiet_from <= minute < rules.quiet_to
    return minute >= rules.quiet_from or minute < rules.quiet_to


def objections(local: datetime, rules: Rules, taken: Sequence[Taken], now_local: datetime) -> list[Objection]:
    """All that speaks against posting at a naive local time."""
    found = []
    if local < now_local:
        found.append(Objection("past"))
    if is_quiet(local, rules):
        found.append(Objection("quiet"))
    if local.weekday() in rules.blocked_days:
        found.append(Objection("blocked"))
    gap = timedelta(minutes=rules.gap_minutes)
    nearest = min(taken, key=lambda one: abs(one.local - local), default=None)
    if nearest is not None and abs(nearest.local - local) < gap:
        found.append(Objection("too_near", nearest.number))
    if rules.most_a_day and sum(one.local.date() == local.date() for one in taken) >= rules.most_a_day:
        found.append(Objection("too_many"))
    return found


def candidates(rules: Rules, now_local: datetime, days: int) -> list[datetime]:
    """The local times among which a peak is looked for: the slots, or every quarter hour, of the next days."""
    times = [time.fromisoformat(slot) for slot in rules.slots] or QUARTERS
    dates = [now_local.date() + timedelta(days=day) for day in range(days + 1)]
    end = now_local + timedelta(days=days)
    found = (datetime.combine(date, at) for date in dates for at in times)
    return sorted(one for one in found if now_local < one <= end)


def free_times(
    rules: Rules, taken: Sequence[Taken], now_local: datetime, days: int, apart: timedelta
) -> list[datetime]:
    """The candidates that the rules and the queue leave, none nearer than `apart` to another drop."""
    near = timedelta(minutes=rules.gap_minutes) + timedelta(days=1)
    around: dict[date, list[Taken]] = {}
    free = []
    for local in candidates(rules, now_local, days):
        day = local.date()
        if day not in around:
            noon = datetime.combine(day, time(12))
            around[day] = [one for one in taken if abs(one.local - noon) <= near]
        others = around[day]
        if not objections(local, rules, others, now_local) and all(abs(one.local - local) >= apart for one in others):
            free.append(local)
    return free
