"""Words of the digest: the whole of it for managers, the public part for the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peakdrop.digests import DigestReport
from peakdrop.drop_figures import DropFigures
from peakdrop.local_times import local_of
from peakdrop.newcomers import Unanswered
from peakdrop.suggestion_deeds import Aftermath
from rendering.catalog import Catalog, bold, ellipsis, escape, plain
from rendering.delivery import place_link
from rendering.stats import fine_print, rate_lines, volume_lines
from rendering.suggestions import named, render_aftermath, render_suggestion, topic_name
from storage.digests import Every
from storage.drops import DropView
from storage.suggestions import SuggestionView

CAPTION = 1024  # that Telegram allows under a picture, in UTF-16 units
NAMES, FEW_NAMES = 5, 2
NAME_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Advice:
    """What managers are told beside the figures: how the last suggestion went, and the next one."""

    aftermath: Aftermath | None = None
    suggestion: SuggestionView | None = None
    source: DropView | None = None
    topic: str | None = None


def render_public(report: DigestReport, catalog: Catalog) -> str:
    """The digest that the group sees: no rates, no names but to welcome."""
    if report.is_quiet or report.overview.is_unseen:
        return "\n".join(
            [
                _title(report, catalog),
                *_quiet(report, catalog),
                *_welcome(report, catalog, NAMES),
                _end(report, catalog),
            ]
        )
    lines = [_title(report, catalog), *volume_lines(report.overview, catalog), *_welcome(report, catalog, NAMES)]
    return "\n".join([*lines, *_best(report, catalog), *_growing(report, catalog), _end(report, catalog)])


def render_whole(report: DigestReport, advice: Advice, reader: int, now_local: datetime, catalog: Catalog) -> str:
    """The digest that a manager (`reader`) gets: short enough for a caption, the names fewer where it must be."""
    text = ""
    for names, rates in ((NAMES, True), (FEW_NAMES, True), (FEW_NAMES, False)):
        text = "\n".join(_whole(report, advice, reader, now_local, catalog, names, rates=rates))
        if len(plain(text).encode("utf-16-le")) // 2 <= CAPTION:
            break
    return text


def _whole(
    report: DigestReport, advice: Advice, reader: int, now_local: datetime, catalog: Catalog, names: int, *, rates: bool
) -> list[str]:
    lines = [_title(report, catalog)]
    if report.is_quiet or report.overview.is_unseen:
        lines += [*_quiet(report, catalog), *_joined(report, catalog, names)]
    else:
        lines += [*volume_lines(report.overview, catalog), *_joined(report, catalog, names)]
        lines += [*_best(report, catalog), *_growing(report, catalog)]
    lines += _unanswered(report.newcomers.unanswered, catalog, names)
    if advice.aftermath is not None:
        lines.append(render_aftermath(advice.aftermath, reader, now_local, catalog))
    if advice.suggestion is not None:
        lines.append(render_suggestion(advice.suggestion, advice.source, advice.topic, now_local, catalog))
    if rates and _has_rates(report):
        folded = "\n".join(rate_lines(report.overview, catalog, manager=True))
        lines.append(f"<blockquote expandable>{folded}</blockquote>")
    return [*lines, _end(report, catalog)]


def _has_rates(report: DigestReport) -> bool:
    figures = report.overview.figures
    return figures.engagement.value is not None or figures.conversion.value is not None


def _title(report: DigestReport, catalog: Catalog) -> str:
    """Week 16–22 Nov · Fawn Daily; Sun 22 Nov · Fawn Daily."""
    window, group = report.window, escape(report.overview.community.title)
    today = window.as_of.astimezone(window.zone).date()
    days = catalog.days(window.first_day, window.last_day, today)
    if report.every is Every.WEEK:
        return bold(catalog.gettext("Week {days}").format(days=days) + f" · {group}")
    weekday = catalog.weekday(window.first_day)
    return bold((f"{days}{weekday}" if catalog.is_chinese else f"{weekday} {days}") + f" · {group}")


def _quiet(report: DigestReport, catalog: Catalog) -> list[str]:
    """One sentence where a table would be empty."""
    figures = report.overview.figures
    if report.overview.is_unseen:
        return [catalog.gettext("Nothing was recorded then.")]
    week = report.every is Every.WEEK
    if not figures.messages:
        return [
            catalog.gettext("A quiet week: nobody wrote.") if week else catalog.gettext("A quiet day: nobody wrote.")
        ]
    text = (
        catalog.ngettext(
            "A quiet week: {n} message, {active} active.",
            "A quiet week: {n} messages, {active} active.",
            figures.messages,
        )
        if week
        else catalog.ngettext(
            "A quiet day: {n} message, {active} active.",
            "A quiet day: {n} messages, {active} active.",
            figures.messages,
        )
    )
    return [text.format(n=bold(catalog.number(figures.messages)), active=catalog.number(figures.active_members))]


def _names(names: Sequence[str], most: int, catalog: Catalog) -> str:
    """Ann, Bob and 34 more; safe already."""
    separator = "、" if catalog.is_chinese else ", "
    shown, more = separator.join(names[:most]), len(names) - most
    if more <= 0:
        return shown
    text = catalog.ngettext("{names} and {n} more", "{names} and {n} more", more)
    return text.format(names=shown, n=catalog.number(more))


def _safe(name: str) -> str:
    return escape(ellipsis(name, NAME_WIDTH))


def _welcome(report: DigestReport, catalog: Catalog, most: int) -> list[str]:
    names = [_safe(name) for name in report.newcomers.joined]
    return [catalog.gettext("Welcome, {names}").format(names=_names(names, most, catalog))] if names else []


def _joined(report: DigestReport, catalog: Catalog, most: int) -> list[str]:
    names = [_safe(name) for name in report.newcomers.joined]
    return [catalog.gettext("New: {names}").format(names=_names(names, most, catalog))] if names else []


def _unanswered(found: Sequence[Unanswered], catalog: Catalog, most: int) -> list[str]:
    """Newcomers to whom nobody replied or reacted, each with the way to what they wrote."""
    if not found:
        return []
    names = _names([_linked(one) for one in found], most, catalog)
    return [catalog.gettext("New and still unanswered: {names}").format(names=names)]


def _linked(one: Unanswered) -> str:
    link = place_link(one.chat_id, one.message_id, one.thread_id)
    return _safe(one.name) if link is None else f'<a href="{link}">{_safe(one.name)}</a>'


def _best(report: DigestReport, catalog: Catalog) -> list[str]:
    one = report.best
    if one is None:
        return []
    text = catalog.gettext("Best drop: {name} ({when}), {answers}")
    return [
        text.format(name=_drop_name(one, catalog), when=_when(one, report, catalog), answers=_answers(one, catalog))
    ]


def _drop_name(one: DropFigures, catalog: Catalog) -> str:
    """Number and first words, leading there."""
    name = f"{one.drop.number} {named(one.drop.content, catalog)}"
    message = one.message
    link = place_link(message.chat_id, message.message_id, message.thread_id) if message is not None else None
    return name if link is None else f'<a href="{link}">{name}</a>'


def _when(one: DropFigures, report: DigestReport, catalog: Catalog) -> str:
    local = local_of(one.sent_at, report.window.timezone)
    return f"{catalog.weekday(local.date())} {catalog.clock(local)}"


def _answers(one: DropFigures, catalog: Catalog) -> str:
    n, members = one.figures.answers, one.figures.members
    answers = catalog.ngettext("{n} answer", "{n} answers", n).format(n=bold(catalog.number(n)))
    if members is None:
        return answers
    people = catalog.ngettext("{n} member", "{n} members", members).format(n=catalog.number(members))
    return catalog.gettext("{answers} from {members}").format(answers=answers, members=people)


def _growing(report: DigestReport, catalog: Catalog) -> list[str]:
    one = report.growing
    if one is None:
        return []
    change = catalog.change(one.messages, one.before)
    text = catalog.gettext("Growing: {topic}, {n} messages {change}")
    return [
        text.format(topic=topic_name(one.name, catalog), n=bold(catalog.number(one.messages)), change=change).strip()
    ]


def _end(report: DigestReport, catalog: Catalog) -> str:
    """What it rests on; before there is anything to compare with, that."""
    said = fine_print(report.overview.figures, catalog)
    if not report.is_first or report.overview.is_unseen or report.is_quiet:
        return said
    return catalog.gettext("The time before was not recorded: changes are told from the next one on.") + "\n" + said
