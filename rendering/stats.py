"""The words of /stats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from peakdrop.coverage import Coverage
from peakdrop.rates import Rate
from peakdrop.stats import Figures, OverviewReport
from peakdrop.windows import WORDS, Window
from rendering.catalog import DASH, Catalog, bold, ellipsis, escape, italic, plain

NAME_WIDTH = 24
ONE_DAY = ("today", "24h")


def render_overview(report: OverviewReport, catalog: Catalog, *, manager: bool, private: bool = False) -> str:
    """The overview as Telegram HTML. Members get no conversion; `private` leaves both rates to a button."""
    figures = report.figures
    title = bold(escape(window_title(figures.window, catalog)))
    if report.is_unseen:
        known = figures.engagement.value is not None or figures.conversion.value is not None
        rates = rate_lines(report, catalog, manager=manager) if known and not private else []
        return "\n".join([title, catalog.gettext("Nothing was recorded then."), *rates, fine_print(figures, catalog)])
    lines = [title, *volume_lines(report, catalog)]
    if report.busiest is not None:
        lines.append(catalog.gettext("Busiest: {when}").format(when=_busiest(report, catalog)))
    if not private:
        lines += rate_lines(report, catalog, manager=manager)
    details = "\n".join(line for line in _details(report, catalog) if line)
    lines += [f"<blockquote expandable>{details}</blockquote>", fine_print(figures, catalog)]
    return "\n".join(lines)


def volume_lines(report: OverviewReport, catalog: Catalog) -> list[str]:
    """Members, who of them was active, messages and reactions: a line each."""
    return [_members(report.figures, catalog), _active(report, catalog), _volume(report, catalog)]


def window_title(window: Window, catalog: Catalog) -> str:
    """What and when: "Last 7 days · 16–22 Nov"."""
    today = window.as_of.astimezone(window.zone).date()
    first = window.first_day
    last = min(window.last_day, today) if window.name in WORDS else window.last_day
    span = catalog.days(first, last, today)
    names = {
        "today": catalog.gettext("Today"),
        "24h": catalog.gettext("Last 24 hours"),
        "7d": catalog.gettext("Last 7 days"),
        "30d": catalog.gettext("Last 30 days"),
        "90d": catalog.gettext("Last 90 days"),
        "1y": catalog.gettext("Last year"),
        "all": catalog.gettext("All time"),
    }
    return f"{names[window.name]} · {span}" if window.name in names else span


def _members(figures: Figures, catalog: Catalog) -> str:
    gained = figures.joins - figures.leaves
    change = catalog.brackets(catalog.signed(gained)) if gained or figures.joins else ""
    return catalog.gettext("Members {members}{change}").format(
        members=bold(catalog.number(figures.members)), change=change
    )


def _active(report: OverviewReport, catalog: Catalog) -> str:
    figures, before = report.figures, report.compared_with
    if figures.window.name in ONE_DAY or len(figures.window.days()) == 1:
        then = before.active_members if before is not None else None
        text = catalog.gettext("Active {n}{change}, {wau} in the week")
        return text.format(
            n=bold(catalog.number(figures.active_members)),
            change=_moved(report, catalog.change(figures.active_members, then), catalog.number(then), catalog),
            wau=catalog.number(figures.wau),
        )
    dau = None if figures.dau is None else round(figures.dau)
    then_dau = before.dau if before is not None else None
    then_text = catalog.number(None if then_dau is None else round(then_dau))
    return catalog.gettext("Active {dau} a day{change}, {wau} in the week").format(
        dau=bold(catalog.number(dau)),
        change=_moved(report, catalog.change(figures.dau, then_dau), then_text, catalog),
        wau=catalog.number(figures.wau),
    )


def _moved(report: OverviewReport, change: str, then: str, catalog: Catalog) -> str:
    """A change behind its figure; where the comparison was asked for, also what it was before."""
    text = f" {change}" if change else ""
    if report.compared and report.compared_with is not None:
        text += catalog.brackets(catalog.gettext("{n} before").format(n=then))
    return text


def _volume(report: OverviewReport, catalog: Catalog) -> str:
    parts = (
        (catalog.gettext("Messages"), "messages"),
        (catalog.gettext("reactions"), "reactions"),
    )
    return " · ".join(_measure(report, label, name, catalog, strong=name == "messages") for label, name in parts)


def _measure(report: OverviewReport, label: str, name: str, catalog: Catalog, *, strong: bool = False) -> str:
    """A figure with its change."""
    value, before = getattr(report.figures, name), report.compared_with
    shown = bold(catalog.number(value)) if strong else catalog.number(value)
    then = getattr(before, name) if before is not None else None
    return f"{label} {shown}" + _moved(report, catalog.change(value, then), catalog.number(then), catalog)


def _busiest(report: OverviewReport, catalog: Catalog) -> str:
    busiest = report.busiest
    if busiest is None:
        return DASH
    hour = catalog.hour(busiest.hour)
    if busiest.weekday is None:
        return bold(hour)
    return bold(f"{catalog.weekday_at(busiest.weekday)} {hour}")


def rate_lines(report: OverviewReport, catalog: Catalog, *, manager: bool) -> list[str]:
    """Engagement and (for managers) conversion with their parts; without metrics how to bring them."""
    figures, before = report.figures, report.compared_with
    engagement, conversion = figures.engagement, figures.conversion
    then = before.engagement.value if before is not None else None
    then_text = DASH if then is None else catalog.significant(then, 3)
    lines = [
        catalog.gettext("Engagement {rate}{change}").format(
            rate=engagement_text(engagement, catalog, estimated=figures.rates.estimated),
            change=_moved(report, catalog.change_by(engagement.value, then, 2), then_text, catalog),
        )
    ]
    if manager:
        then = before.conversion.value if before is not None else None
        lines.append(
            catalog.gettext("Conversion {rate}{change}").format(
                rate=conversion_text(conversion, catalog),
                change=_moved(report, catalog.change_points(conversion.value, then), catalog.percent(then), catalog),
            )
        )
        if engagement.value is None and conversion.value is None:
            lines.append(catalog.gettext("For these rates send me your platform's export (CSV, XLSX) in private."))
    return lines


def engagement_text(rate: Rate, catalog: Catalog, *, estimated: bool = False) -> str:
    """0.613 (3,412 / 5,566 s), an estimate marked with ≈."""
    if rate.value is None:
        return DASH
    parts = catalog.gettext("{numerator} / {denominator}\u00a0s").format(
        numerator=catalog.number(rate.numerator), denominator=catalog.number(rate.denominator)
    )
    sign = "≈ " if estimated else ""
    return bold(sign + catalog.significant(rate.value, 3)) + catalog.brackets(parts)


def conversion_text(rate: Rate, catalog: Catalog) -> str:
    """4.6 % (115 / 2,500)."""
    if rate.value is None:
        return DASH
    parts = f"{catalog.number(rate.numerator)} / {catalog.number(rate.denominator)}"
    return bold(catalog.percent(rate.value)) + catalog.brackets(parts)


def _details(report: OverviewReport, catalog: Catalog) -> list[str]:
    figures = report.figures
    each, share = figures.per_active.value, figures.active_share
    lines = [
        _measure(report, catalog.gettext("Replies"), "replies", catalog),
        _measure(report, catalog.gettext("Joins"), "joins", catalog)
        + " · "
        + _measure(report, catalog.gettext("leaves"), "leaves", catalog),
        _month(report, catalog),
    ]
    if each is not None:
        lines.append(
            _measure(report, catalog.gettext("Active members"), "active_members", catalog)
            + " · "
            + catalog.gettext("{each} interactions each").format(each=catalog.significant(each))
        )
    if share.value is not None:
        lines.append(
            catalog.gettext("{share} of all members were active{parts}").format(
                share=catalog.percent(share.value),
                parts=catalog.brackets(f"{catalog.number(share.numerator)} / {catalog.number(share.denominator)}"),
            )
        )
    if report.topics:
        lines.append(catalog.gettext("Topics: {topics}").format(topics=_topics(report, catalog)))
    if report.before is not None and report.compared_with is None:
        lines.append(catalog.gettext("The time before was not recorded well enough to compare with."))
    return lines


def _month(report: OverviewReport, catalog: Catalog) -> str:
    """MAU; stickiness too where a whole day gives a DAU to measure it by."""
    figures, before = report.figures, report.compared_with
    text = _measure(report, catalog.gettext("Active in the month"), "mau", catalog)
    stickiness = figures.stickiness.value
    if figures.window.name in ONE_DAY or stickiness is None:
        return text
    then = before.stickiness.value if before is not None else None
    change = _moved(report, catalog.change_points(stickiness, then), catalog.percent(then), catalog)
    return f"{text} · " + catalog.gettext("stickiness {share}{change}").format(
        share=catalog.percent(stickiness), change=change
    )


def _topics(report: OverviewReport, catalog: Catalog) -> str:
    shown = []
    for topic in report.topics:
        if topic.topic_id == 0:
            name = catalog.gettext("General")
        else:
            name = topic.name or catalog.gettext("topic {id}").format(id=topic.topic_id)
        shown.append(f"{escape(ellipsis(name, NAME_WIDTH))} {catalog.number(topic.messages)}")
    return " · ".join(shown)


def fine_print(figures: Figures, catalog: Catalog) -> str:
    """Coverage and "as of", in the community's zone."""
    window = figures.window
    local = window.as_of.astimezone(window.zone)
    as_of = catalog.gettext("as of {time}").format(
        time=f"{catalog.clock(local)} {catalog.zone(window.timezone, local)}"
    )
    return italic(f"{_coverage_text(figures.coverage, window, catalog)} · {as_of}")


def _coverage_text(coverage: Coverage, window: Window, catalog: Catalog) -> str:
    if not coverage.share:
        return catalog.gettext("not recorded")
    complete = coverage.share >= 0.9995
    if complete and not coverage.reactions_seen:
        return catalog.gettext("not everything seen: admin rights were missing")
    recorded = catalog.gettext("complete") if complete else _gaps_text(coverage.gaps, window, catalog)
    if coverage.reactions_seen:
        return recorded
    return recorded + catalog.gettext(", ") + catalog.gettext("not everything seen")


def _gaps_text(gaps: Sequence[tuple[datetime, datetime]], window: Window, catalog: Catalog) -> str:
    missing = sum(((end - start) for start, end in gaps), timedelta())
    if len(gaps) == 1:
        start, end = (moment.astimezone(window.zone) for moment in gaps[0])
        if start <= window.start.astimezone(window.zone):
            return catalog.gettext("recorded since {moment}").format(moment=catalog.moment(end))
        day = catalog.day(start.date())
        return catalog.gettext("complete but for {span} on {day}").format(span=catalog.duration(missing), day=day)
    return catalog.gettext("complete but for {span} in {n} gaps").format(span=catalog.duration(missing), n=len(gaps))


def render_rates(report: OverviewReport, catalog: Catalog) -> str:
    """Both rates for a pop-up (plain text, at most 200 characters)."""
    return plain("\n".join(rate_lines(report, catalog, manager=True)[:2]))[:200]
