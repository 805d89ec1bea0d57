"""Words about what is expected of a time: how many people, how surely, and why."""

from __future__ import annotations

from datetime import datetime

from peakdrop.forecast_records import WEEKS, ForecastRecord
from peakdrop.off_days import OffKind, holiday_name
from peakdrop.outlooks import HORIZON
from peakdrop.prospects import Hope
from peakdrop.time_reasons import TimeReasons
from rendering.catalog import Catalog, bold, escape, italic
from rendering.drop_words import time_words

PRIOR_TOLD = 0.2  # from which share on it is told that a forecast is partly its zone's usual day


def people_words(members: float, low: float, high: float, catalog: Catalog, *, in_topic: bool = False) -> str:
    """About 41 people then (33–50); in a topic: about 4 people in the topic then (2–7)."""
    n = round(members)
    words = (
        catalog.ngettext(
            "about {n} person in the topic then ({low}–{high})", "about {n} people in the topic then ({low}–{high})", n
        )
        if in_topic
        else catalog.ngettext("about {n} person then ({low}–{high})", "about {n} people then ({low}–{high})", n)
    )
    return words.format(n=bold(catalog.number(n)), low=catalog.number(round(low)), high=catalog.number(round(high)))


def hope_words(hope: Hope, catalog: Catalog) -> str:
    """About 41 people then (33–50); usual best 38."""
    people = people_words(hope.members, hope.low, hope.high, catalog, in_topic=hope.in_topic)
    best = catalog.number(round(hope.usual_best))
    return catalog.gettext("{people}; usual best {best}").format(people=people, best=best)


def explored_words(percent: int, catalog: Catalog) -> str:
    """So that something is learned, some drops go elsewhere."""
    return catalog.gettext("{share} of the drops try a promising hour that is little known (/schedule).").format(
        share=catalog.whole_percent(percent)
    )


def render_reasons(reasons: TimeReasons, now_local: datetime, catalog: Catalog) -> str:
    """Why a time was chosen: what the figure rests on, how good such figures were, what would change it."""
    time = time_words(reasons.local, now_local, catalog)
    lines = [bold(catalog.gettext("Why {time}?").format(time=time)), *_figure(reasons, catalog)]
    lines += _answers(reasons, catalog)
    if reasons.new_share < 0.95 and reasons.members is not None:
        new = catalog.percent(round(reasons.new_share, 2))
        lines.append(catalog.gettext("Other drops near that time leave {share} of them unreached.").format(share=new))
    if reasons.explores:
        lines.append(explored_words(reasons.explored_percent, catalog))
    if reasons.record.days or not reasons.in_topic:  # many topics never have days that can be scored
        lines.append(record_words(reasons.record, catalog))
    change = catalog.gettext("New weeks, holidays, answers to drops, your rules and your queue can change it.")
    return "\n".join([*lines, italic(change)])


def _figure(reasons: TimeReasons, catalog: Catalog) -> list[str]:
    if reasons.too_far:
        words = catalog.gettext("It is more than {n} weeks ahead: too far for an honest figure.")
        return [words.format(n=catalog.number(HORIZON.days // 7))]
    if reasons.members is None:
        return [basis_words(reasons, catalog)]
    low, high = catalog.number(round(reasons.low or 0)), catalog.number(round(reasons.high or 0))
    said = (
        catalog.gettext("Expected in the topic in the two hours after it: about {n}; four times of five {low}–{high}.")
        if reasons.in_topic
        else catalog.gettext("Expected in the two hours after it: about {n}; four times of five it is {low}–{high}.")
    )
    figure = said.format(n=bold(catalog.number(round(reasons.members))), low=low, high=high)
    best = catalog.number(round(reasons.usual_best or 0))
    usual = catalog.gettext("A day’s best time usually has {n}.").format(n=best)
    return [figure, *_off_day(reasons, catalog), usual, basis_words(reasons, catalog)]


def _off_day(reasons: TimeReasons, catalog: Catalog) -> list[str]:
    """Thu 1 Oct is a public holiday (National Day): reckoned as a Sunday."""
    one, day = reasons.off_day, reasons.local.date()
    if one is None:
        return []
    words = {
        OffKind.HOLIDAY: catalog.gettext("{weekday} {day} is a public holiday{name}: reckoned as a {usual}."),
        OffKind.EVE: catalog.gettext("{weekday} {day} is the eve of a public holiday{name}: reckoned as a {usual}."),
        OffKind.WORKED: catalog.gettext("{weekday} {day} is worked, in place of a day off: reckoned as a {usual}."),
    }
    name = holiday_name(reasons.timezone, one.holiday, str(catalog.locale))
    return [
        words[one.kind].format(
            weekday=catalog.weekday(day), day=catalog.day(day), usual=catalog.weekday_name(one.goes_as),
            name=catalog.brackets(escape(name)) if name else "",
        )
    ]  # fmt: skip


def basis_words(reasons: TimeReasons, catalog: Catalog) -> str:
    """What the figures rest on: weeks and members, or the usual day of the zone; for a topic or the group's week."""
    zone = catalog.zone(reasons.timezone, reasons.local)
    if reasons.members is None and reasons.in_topic:
        return catalog.gettext(
            "Nothing was seen in this topic yet: these are the hours of the whole group, until it shows its own."
        )
    if reasons.members is None:
        return catalog.gettext(
            "Nothing was seen here yet: this is the usual day of {zone} time, until the group shows its own."
        ).format(zone=zone)
    weeks = catalog.number(reasons.days // 7) if reasons.days >= 14 else None
    span = (
        catalog.gettext("{n} weeks").format(n=weeks)
        if weeks
        else catalog.ngettext("{n} day", "{n} days", reasons.days).format(n=catalog.number(reasons.days))
    )
    words = catalog.gettext("It rests on {span}, and {n} members of the last four weeks.").format(
        span=span, n=catalog.number(reasons.people)
    )
    return (" ", "")[catalog.is_chinese].join([words, *_prior(reasons, zone, catalog)])


def _prior(reasons: TimeReasons, zone: str, catalog: Catalog) -> list[str]:
    """Whose hours they are: the topic's own or still the group's; how far the zone's."""
    share, is_own = catalog.percent(round(reasons.prior_share, 2)), reasons.prior_share < PRIOR_TOLD
    if reasons.in_topic and is_own:
        return [catalog.gettext("These are the topic’s own hours.")]
    if reasons.in_topic:
        return [catalog.gettext("{share} of it is still the week of the whole group.").format(share=share)]
    words = catalog.gettext("{share} of it is still the usual day of {zone} time.").format(share=share, zone=zone)
    return [] if is_own else [words]


def _answers(reasons: TimeReasons, catalog: Catalog) -> list[str]:
    """How earlier drops of these hours were answered, and how far that counts."""
    if not reasons.all_drops:
        return []
    drops = catalog.ngettext("{n} drop", "{n} drops", reasons.drops).format(n=catalog.number(reasons.drops))
    if reasons.weight < 0.005:
        words = catalog.gettext("Answers to earlier drops ({drops} near this hour) do not speak for other hours yet.")
        return [words.format(drops=drops)]
    more = abs(reasons.factor - 1)
    said = (
        catalog.gettext("People answer drops at this hour {share} more than usual: {drops}, believed to {weight}.")
        if reasons.factor >= 1
        else catalog.gettext("People answer drops at this hour {share} less than usual: {drops}, believed to {weight}.")
    )
    weight, share = catalog.percent(round(reasons.weight, 2)), catalog.percent(round(more, 2))
    return [said.format(share=share, drops=drops, weight=weight)]


def record_words(record: ForecastRecord, catalog: Catalog) -> str:
    """How good forecasts were here: hit 87 % of the best possible hour."""
    if record.score is None or record.fixed is None:
        return catalog.gettext(
            "How good forecasts are is not known yet: their days must be over, with three members in two hours."
        )
    hit = catalog.gettext(
        "Forecasts hit {score} of the best possible hour over the last {weeks} weeks ({days}); "
        "fixed 19:00 would have hit {fixed}. {covered} of {n} lay in the span."
    )
    days = catalog.ngettext("{n} day", "{n} days", record.days).format(n=catalog.number(record.days))
    return hit.format(
        score=bold(catalog.percent(round(record.score, 2))), weeks=WEEKS, days=days,
        fixed=catalog.percent(round(record.fixed, 2)), covered=catalog.number(record.covered),
        n=catalog.number(record.days),
    )  # fmt: skip
