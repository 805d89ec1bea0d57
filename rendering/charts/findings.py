"""What an activity picture shows, in one sentence: said only where the figures carry it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, median

from babel import dates

from peakdrop.stats import DayBar, OverviewReport
from rendering.catalog import Catalog
from rendering.charts.bars import WEEK, Bar, Bars

# A change is worth a title from 5 % on, and where it is no chance of small counts (three Poisson deviations).
SMALL_CHANGE, DEVIATIONS = 0.05, 3
# A bar leads that is a sixth above the others' mean; a weekday that does so and wins three weeks of four.
LEAD, WEEKS_WON, FEWEST_WEEKS = 7 / 6, 0.75, 4
# And it is ahead of the second weekday, or the two lead together.
AHEAD = 1.05


@dataclass(frozen=True, slots=True)
class Finding:
    """A title, and the indices of the bars it speaks of."""

    title: str
    lit: frozenset[int] = frozenset()


def find(report: OverviewReport, bars: Bars, catalog: Catalog) -> Finding:
    """The picture's message: what is asked for first, else what stands out, else the measure."""
    if not bars.known:
        return Finding(catalog.gettext("No data for these days"))
    if not any(bars.known):
        return Finding(catalog.gettext("No messages or reactions"))
    seekers: list[Callable[[], Finding | None]] = [
        lambda: _weekday(report.days, bars, catalog),
        lambda: _busiest(bars, catalog),
        lambda: _change(report, catalog),
    ]
    if report.compared or bars.step != "day":
        seekers.insert(0, seekers.pop())
    return next((found for seek in seekers if (found := seek()) is not None), Finding(measure(bars, catalog)))


def measure(bars: Bars, catalog: Catalog) -> str:
    """What the bars measure, where nothing stands out."""
    titles = {
        "day": catalog.gettext("Activity by day"),
        "week": catalog.gettext("Activity by week"),
        "month": catalog.gettext("Activity by month"),
    }
    return titles[bars.step]


def moved(now: float, before: float) -> float | None:
    """The relative change between two counts, or None where it is small or could be chance."""
    if before <= 0 or abs(now - before) < DEVIATIONS * math.sqrt(now + before):
        return None
    change = now / before - 1
    return change if abs(change) >= SMALL_CHANGE else None


def _change(report: OverviewReport, catalog: Catalog) -> Finding | None:
    """Up or down on the window before, over the days that both windows saw."""
    pairs = [
        (now.activity, then.activity)
        for now, then in zip(report.days, report.days_before, strict=False)
        if now.activity is not None and then.activity is not None
    ]
    if len(pairs) < 3 or len(pairs) < 0.8 * len(report.days):
        return None
    change = moved(sum(now for now, _ in pairs), sum(then for _, then in pairs))
    if change is None:
        return None
    share = catalog.number(abs(change) * 100) + ("%" if catalog.is_chinese else " %")
    n = len(report.days)
    if report.figures.window.name == "1y":
        up = catalog.gettext("Activity up {share} on the year before")
        down = catalog.gettext("Activity down {share} on the year before")
    else:
        up = catalog.gettext("Activity up {share} on the {n} days before")
        down = catalog.gettext("Activity down {share} on the {n} days before")
    return Finding((up if change > 0 else down).format(share=share, n=n))


def _busiest(bars: Bars, catalog: Catalog) -> Finding | None:
    """The one bar that leads the others."""
    if len(bars.known) < 3 or 2 * len(bars.known) < len(bars.bars):
        return None
    value, index = max((bar.value, -i) for i, bar in enumerate(bars.bars) if bar.value is not None)
    rest = list(bars.known)
    rest.remove(value)
    if value < LEAD * mean(rest) or value in rest:
        return None
    return Finding(_lead(bars, bars.bars[-index], amount(value, catalog), catalog), frozenset({-index}))


def _lead(bars: Bars, bar: Bar, n: str, catalog: Catalog) -> str:
    if not bar.is_finished:
        titles = {
            "day": catalog.gettext("Today already leads: {n}"),
            "week": catalog.gettext("This week leads: {n} a day"),
            "month": catalog.gettext("This month leads: {n} a day"),
        }
        return titles[bars.step].format(n=n)
    if bars.step == "month":
        pattern = "y年M月" if catalog.is_chinese else "MMMM y"
        name = dates.format_date(bar.first, pattern, locale=catalog.locale)
        return catalog.gettext("{month} was busiest: {n} a day").format(month=name, n=n)
    if bars.step == "week":
        span = catalog.days(bar.first, bar.last, bar.first)
        return catalog.gettext("{days} was busiest: {n} a day").format(days=span, n=n)
    day = full_weekday(bar, catalog) if len(bars.bars) <= WEEK else catalog.day(bar.first)
    return catalog.gettext("{day} was busiest: {n}").format(day=day, n=n)


def _weekday(days: Sequence[DayBar], bars: Bars, catalog: Catalog) -> Finding | None:
    """The weekday, or the weekend, that leads week after week; for bars of single days."""
    weeks = _whole_weeks(days)
    if bars.step != "day" or len(weeks) < FEWEST_WEEKS:
        return None
    by_weekday: defaultdict[int, list[int]] = defaultdict(list)
    for one in (one for week in weeks for one in week):
        by_weekday[one.day.weekday()].append(one.activity or 0)
    means = {weekday: mean(values) for weekday, values in by_weekday.items()}
    best, second = sorted(means, key=lambda weekday: -means[weekday])[:2]
    weekend = _weekend(weeks, bars, catalog)
    if weekend is not None and {best, second} == {5, 6}:
        return weekend
    wins = Counter(max(week, key=lambda one: one.activity or 0).day.weekday() for week in weeks)
    # One huge day is no habit: it lifts the mean and leaves the median.
    steady = means[best] <= 1.5 * median(by_weekday[best])
    ahead = means[best] >= max(LEAD * mean(means.values()), AHEAD * means[second])
    if steady and ahead and wins[best] >= WEEKS_WON * len(weeks):
        lit = frozenset(i for i, bar in enumerate(bars.bars) if bar.first.weekday() == best)
        name = full_weekday(bars.bars[min(lit)], catalog)
        title = catalog.gettext("{weekday}s lead: {n} a day on average")
        return Finding(title.format(weekday=name, n=amount(means[best], catalog)), lit)
    return weekend


def _weekend(weeks: Sequence[Sequence[DayBar]], bars: Bars, catalog: Catalog) -> Finding | None:
    """Weekends busier, or quieter, than working days in every single week."""
    off = [[one.activity or 0 for one in week if one.day.weekday() >= 5] for week in weeks]
    work = [[one.activity or 0 for one in week if one.day.weekday() < 5] for week in weeks]
    off_mean, work_mean = (mean(n for week in part for n in week) for part in (off, work))
    busier = _leads(off, work)
    if not busier and not _leads(work, off):
        return None
    lit = frozenset(i for i, bar in enumerate(bars.bars) if (bar.first.weekday() >= 5) == busier)
    title = (
        catalog.gettext("Weekends lead: {weekend} a day, weekdays {work}")
        if busier
        else catalog.gettext("Weekdays lead: {work} a day, weekends {weekend}")
    )
    return Finding(title.format(weekend=amount(off_mean, catalog), work=amount(work_mean, catalog)), lit)


def _leads(ones: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> bool:
    """Whether the ones lead week by week, and in their middle as well as in their mean."""
    always = all(mean(one) > mean(other) for one, other in zip(ones, others, strict=True))
    flat = [[n for week in part for n in week] for part in (ones, others)]
    return always and all(middle(flat[0]) >= LEAD * middle(flat[1]) for middle in (mean, median))


def _whole_weeks(days: Sequence[DayBar]) -> list[list[DayBar]]:
    """Seven days at a time back from the last finished one, those seen on every day."""
    done = [one for one in days if one.is_finished]
    weeks = [list(done[end - WEEK : end]) for end in range(len(done), WEEK - 1, -WEEK)]
    return [week for week in weeks if all(one.activity is not None for one in week)]


def full_weekday(bar: Bar, catalog: Catalog) -> str:
    """Thursday, 周四."""
    return str(dates.format_date(bar.first, "EEE" if catalog.is_chinese else "EEEE", locale=catalog.locale))


def amount(value: float, catalog: Catalog, room: int = 7) -> str:
    """A bar's value: whole, with a decimal below ten, short (12万, 120K) where it has more than `room` characters."""
    text = catalog.number(value, 0 if value >= 10 or value == round(value) else 1)
    return text if len(text) <= room else catalog.compact(value)


def month(day: date, catalog: Catalog) -> str:
    """Nov, 11月."""
    return str(dates.format_date(day, "M月" if catalog.is_chinese else "MMM", locale=catalog.locale))
