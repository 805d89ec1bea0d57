"""Series: on which local days, and at what wall time, a drop comes again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from cronsim import CronSim, CronSimError

from storage.drop_content import Repeat

LONGEST = 366 * 5  # days to look ahead for the next occurrence


class BadCron(ValueError):
    """A cron expression that cannot be read, or that never comes."""


def check_cron(expression: str) -> str:
    """A cron expression with five fields, tidied. Raises BadCron."""
    tidy = " ".join(expression.split())
    if len(tidy.split()) != 5:
        raise BadCron(expression)
    try:
        next(CronSim(tidy, datetime(2026, 1, 1)))  # noqa: DTZ001 - a wall time
    except (CronSimError, StopIteration) as error:
        raise BadCron(expression) from error
    return tidy


def next_occurrence(repeat: Repeat, after: datetime) -> datetime | None:
    """The first occurrence after a naive wall time; at midnight of its day where the peak decides. None: no more."""
    if repeat.cron is not None:
        start = max(after, datetime.combine(repeat.first, time()) - timedelta(minutes=1))
        found = next(CronSim(repeat.cron, start), None)
        return found if found is not None and (repeat.until is None or found.date() <= repeat.until) else None
    at = time() if repeat.at is None else time.fromisoformat(repeat.at)
    day = max(repeat.first, after.date())
    for _ in range(LONGEST):
        if repeat.until is not None and day > repeat.until:
            return None
        # Where the peak decides, a day has one occurrence: the day itself is what comes after.
        is_later = day > after.date() if repeat.at is None else datetime.combine(day, at) > after
        if _comes(repeat, day) and (is_later or day < repeat.first):
            return datetime.combine(day, at)
        day += timedelta(days=1)
    return None


def _comes(repeat: Repeat, day: date) -> bool:
    if repeat.days:
        return day.weekday() in repeat.days
    return (day - repeat.first).days % repeat.every == 0
