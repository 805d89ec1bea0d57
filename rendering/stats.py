"""The words of /stats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from peakdrop.coverage import Coverage
from peakdrop.rates import Rate
from peakdrop.stats import Figures, OverviewReport
from peakdrop.windows import WORDS, Window
from rendering.catalog import DASH, Catalog, bold, ellipsis, escape, plain

MONDAY = date(2026, 1, 5)
NAME_WIDTH = 24


def render_overview(report: OverviewReport, catalog: Catalog, *, manager: bool, private: bool = False) -> str:
    """The overview as Telegram HTML. Members get no conversion; `private` leaves both rates to a button."""
    figures, before = report.figures, report.before
    lines = [
        f"<b>{escape(window_title(figures.window, catalog))}</b>",
        _members(figures, catalog),
        _active(figures, before, catalog),
        _volume(report, catalog),
    ]
    if report.busiest is not None:
        lines.append(catalog.gettext("Busiest: {when}").format(when=_busiest(report, catalog)))
    if not private:
        lines += rate_lines(figures, before, catalog, manager=manager)
    lines.append(f"<blockquote expandable>{chr(10).join(_details(report, catalog))}</blockquote>")
    lines.append(f"<i>{_fine_print(figures, catalog)}</i>")
    return "\n".join(line for line in lines if line)


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


def _active(figures: Figures, before: Figures | None, catalog: Catalog) -> str:
    dau = None if figures.dau is None else round(figures.dau)
    then = None if before is None else before.dau
    change = catalog.change(figures.dau, then)
    return catalog.gettext("Active {dau} a day{change}, {wau} in the week").format(
        dau=bold(catalog.number(dau)), change=f" {change}" if change else "", wau=catalog.number(figures.wau)
    )


def _volume(report: OverviewReport, catalog: Catalog) -> str:
    parts = (
        (catalog.gettext("Messages"), "messages"),
        (catalog.gettext("reactions"), "reactions"),
    )
    return " · ".join(_measure(report, label, name, catalog, strong=name == "messages") for label, name in parts)


def _measure(report: OverviewReport, label: str, name: str, catalog: Catalog, *, strong: bool = False) -> str:
    """A figure with its change; compared, also what it was before."""
    value = getattr(report.figures, name)
    shown = bold(catalog.number(value)) if strong else catalog.number(value)
    text = f"{label} {shown}"
    if report.before is not None:
        then = getattr(report.before, name)
        change = catalog.change(value, then)
        text += f" {change}" if change else ""
        if report.compared:
            text += catalog.brackets(catalog.gettext("{n} before").format(n=catalog.number(then)))
    return text


def _busiest(report: OverviewReport, catalog: Catalog) -> str:
    busiest = report.busiest
    if busiest is None:
        return DASH
    hour = catalog.hour(busiest.hour)
    if busiest.weekday is None:
        return bold(hour)
    return bold(f"{catalog.weekday(MONDAY + timedelta(days=busiest.weekday))} {hour}")


def rate_lines(figures: Figures, before: Figures | None, catalog: Catalog, *, manager: bool) -> list[str]:
    """Engagement and (for managers) conversion with their parts; without metrics how to bring them."""
    engagement, conversion = figures.engagement, figures.conversion
    then = before.engagement.value if before is not None else None
    lines = [
        catalog.gettext("Engagement {rate}{change}").format(
            rate=engagement_text(engagement, catalog, estimated=figures.rates.estimated),
            change=_spaced(catalog.change_by(engagement.value, then, 2)),
        )
    ]
    if manager:
        then = before.conversion.value if before is not None else None
        lines.append(
            catalog.gettext("Conversion {rate}{change}").format(
                rate=conversion_text(conversion, catalog),
                change=_spaced(catalog.change_points(conversion.value, then)),
            )
        )
        if engagement.value is None and conversion.value is None:
            lines.append(catalog.gettext("For these rates send me your platform's export (CSV, XLSX) in private."))
    return lines


def _spaced(text: str) -> str:
    return f" {text}" if text else ""


def engagement_text(rate: Rate, catalog: Catalog, *, estimated: bool = False) -> str:
    """0.613 (3,412 / 5,566 s), an estimate marked with ≈."""
    if rate.value is None:
        return DASH
    parts = catalog.gettext("{numerator} / {denominator} s").format(
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
    figures, before = report.figures, report.before
    lines = [
        _measure(report, catalog.gettext("Replies"), "replies", catalog),
        _measure(report, catalog.gettext("Joins"), "joins", catalog)
        + " · "
        + _measure(report, catalog.gettext("leaves"), "leaves", catalog),
    ]
    months = catalog.gettext("Active in the month {mau} · stickiness {share}{change}").format(
        mau=catalog.number(figures.mau),
        share=catalog.percent(figures.stickiness.value),
        change=_spaced(
            catalog.change_points(figures.stickiness.value, before.stickiness.value if before is not None else None)
        ),
    )
    lines.append(months)
    each = figures.per_active.value
    lines.append(
        catalog.gettext("{active} active members, {each} interactions each").format(
            active=catalog.number(figures.active_members),
            each=DASH if each is None else catalog.significant(each),
        )
    )
    share = figures.active_share
    if share.value is not None:
        lines.append(
            catalog.gettext("{share} of all members were active{parts}").format(
                share=catalog.percent(share.value),
                parts=catalog.brackets(f"{catalog.number(share.numerator)} / {catalog.number(share.denominator)}"),
            )
        )
    if report.topics:
        lines.append(catalog.gettext("Topics: {topics}").format(topics=_topics(report, catalog)))
    return lines


def _topics(report: OverviewReport, catalog: Catalog) -> str:
    shown = []
    for topic in report.topics:
        if topic.topic_id == 0:
            name = catalog.gettext("General")
        else:
            name = topic.name or catalog.gettext("topic {id}").format(id=topic.topic_id)
        shown.append(f"{escape(ellipsis(name, NAME_WIDTH))} {catalog.number(topic.messages)}")
    return " · ".join(shown)


def _fine_print(figures: Figures, catalog: Catalog) -> str:
    """Coverage and "as of", in the community's zone."""
    window = figures.window
    local = window.as_of.astimezone(window.zone)
    return " · ".join(
        (
            _coverage_text(figures.coverage, window, catalog),
            catalog.gettext("as of {time}").format(
                time=f"{catalog.clock(local)} {catalog.zone(window.timezone, local)}"
            ),
        )
    )


def _coverage_text(coverage: Coverage, window: Window, catalog: Catalog) -> str:
    if coverage.share is None or coverage.share == 0:
        return catalog.gettext("nothing was recorded then")
    notes = []
    if coverage.share >= 0.9995:
        notes.append(catalog.gettext("complete"))
    else:
        notes.append(_gaps_text(coverage.gaps, window, catalog))
    if not coverage.reactions_seen:
        notes.append(catalog.gettext("reactions not all seen"))
    return catalog.gettext(", ").join(notes)


def _gaps_text(gaps: Sequence[tuple[datetime, datetime]], window: Window, catalog: Catalog) -> str:
    missing = sum(((end - start) for start, end in gaps), timedelta())
    if len(gaps) == 1:
        start, end = (moment.astimezone(window.zone) for moment in gaps[0])
        if start <= window.start.astimezone(window.zone):
            return catalog.gettext("recorded since {moment}").format(moment=catalog.moment(end))
        day = catalog.day(start.date())
        return catalog.gettext("complete but for {span} on {day}").format(span=catalog.duration(missing), day=day)
    return catalog.gettext("complete but for {span} in {n} gaps").format(span=catalog.duration(missing), n=len(gaps))


def render_rates(figures: Figures, catalog: Catalog) -> str:
    """Both rates for a pop-up (plain text, at most 200 characters)."""
    lines = rate_lines(figures, None, catalog, manager=True)[:2]
    return plain("\n".join(lines))[:200]
