"""What drops did, in words: `/drop 12` and `/stats drops`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from peakdrop.drop_figures import DropFigures, DropReport, DropsReport, Figures
from peakdrop.drop_lift import Lift
from rendering.catalog import DASH, Catalog, bold, escape, italic, plain
from rendering.drop_words import drop_title, first_words, kind_words
from rendering.stats import window_title
from storage.drop_content import Content
from storage.drops import State

CAPTION = 1000
OPEN_DROPS, SHOWN_DROPS = 5, 25
SHORT = 30
BESIDE = 3600  # seconds: younger ones are compared with nothing
MANY = 3  # times as much as usual, from where a percentage is hard to read


def render_drop(report: DropReport, place: str, catalog: Catalog) -> str:
    """A drop's figures as Telegram HTML; `place` says where it was posted, escaped."""
    drop, sent = report.drop, report.sent
    if sent is None:
        return render_not_sent(report, catalog)
    zone = ZoneInfo(report.timezone)
    local = sent.sent_at.astimezone(zone)
    when = f"{catalog.weekday(local.date())} {catalog.moment(local)}"
    title = bold(catalog.gettext("Drop {n}").format(n=drop.number) + f" · {when}")
    title += " · " + catalog.gettext("to learn") if drop.explores else ""
    where = " · ".join([place, *(f"#{escape(tag)}" for tag in drop.tags)])
    lines = [title, drop_title(drop.content, catalog), where, _answers(sent.figures, catalog)]
    parts = parts_words(sent.figures, catalog, polled=drop.content.poll is not None)
    lines += [parts] if parts else []
    lines += [_ages(report, catalog), *_lift(report, catalog), *_beside(report, catalog), _as_of(report, catalog)]
    return "\n".join(line for line in lines if line)


def _answers(figures: Figures, catalog: Catalog) -> str:
    if figures.members is None:
        text = catalog.ngettext("{answers} answer, anonymous", "{answers} answers, all anonymous", figures.answers)
        return text.format(answers=bold(catalog.number(figures.answers)))
    text = catalog.ngettext("{answers} answer from {members}", "{answers} answers from {members}", figures.answers)
    members = catalog.ngettext("{n} member", "{n} members", figures.members).format(n=catalog.number(figures.members))
    return text.format(answers=bold(catalog.number(figures.answers)), members=members)


def parts_words(figures: Figures, catalog: Catalog, *, polled: bool) -> str:
    """Reactions 30 · likes 12 · replies 9: what it has; unknown is a dash."""
    parts = [
        (catalog.gettext("reactions"), figures.reactions, True),
        (catalog.gettext("likes"), figures.likes, figures.likes is not None),
        (catalog.gettext("replies"), figures.replies, bool(figures.replies)),
        (catalog.gettext("comments"), figures.comments, bool(figures.comments)),
        (catalog.gettext("shares"), figures.shares, figures.shares is not None),
        (catalog.gettext("votes"), figures.votes, polled),
    ]
    text = " · ".join(f"{name} {catalog.number(n)}" for name, n, shown in parts if shown)
    return text[:1].upper() + text[1:]


def _ages(report: DropReport, catalog: Catalog) -> str:
    """After 1 h 20, 6 h 35 …: answers as far as it is that old."""
    known = [(age, figures.answers) for age, figures in report.ages if figures is not None]
    if not known:
        return ""
    shown = " · ".join(f"{_age(age, catalog)} {catalog.number(n)}" for age, n in known)
    return catalog.gettext("After {ages}").format(ages=shown)


def _age(age: timedelta, catalog: Catalog) -> str:
    hours = int(age.total_seconds()) // 3600
    if hours <= 24:
        return catalog.gettext("{n} h").format(n=hours)
    return catalog.ngettext("{n} day", "{n} days", age.days).format(n=age.days)


def _lift(report: DropReport, catalog: Catalog) -> list[str]:
    lift = report.lift
    if lift is None:
        return [catalog.gettext("Lift {dash} (its two hours are not over, or were not seen)").format(dash=DASH)]
    if lift.usual_members is None or lift.usual_interactions is None:
        return [
            catalog.gettext("Lift {dash} (no week without a drop at this hour was seen yet)").format(dash=DASH),
            _now(lift, catalog),
        ]
    weeks = catalog.ngettext("{n} week", "{n} weeks", lift.weeks).format(n=catalog.number(lift.weeks))
    return [
        catalog.gettext(
            "Lift in two hours: active members {members}, interactions {interactions}, against {weeks} without a drop"
        ).format(
            members=against(lift.members, lift.usual_members, catalog),
            interactions=against(lift.interactions, lift.usual_interactions, catalog),
            weeks=weeks,
        )
    ]


def _now(lift: Lift, catalog: Catalog) -> str:
    text = catalog.gettext("In its two hours: {members} active members, {interactions} interactions")
    return text.format(members=catalog.number(lift.members), interactions=catalog.number(lift.interactions))


def against(now: int, usual: float, catalog: Catalog) -> str:
    """+38 % (64 / 46.3), × 4.2 (101 / 24); there is no percentage of nothing."""
    usual_text = catalog.number(usual) if usual == round(usual) else catalog.number(usual, 1)
    parts = f"{catalog.number(now)} / {usual_text}"
    if not usual:
        return bold(parts)
    if now >= MANY * usual:
        return bold(f"×\u00a0{catalog.significant(now / usual)}") + catalog.brackets(parts)
    share = (now / usual - 1) * 100
    sign = "+" if share >= 0 else "−"
    percent = "%" if catalog.is_chinese else "\u00a0%"
    return bold(f"{sign}{catalog.number(abs(share))}{percent}") + catalog.brackets(parts)


def _beside(report: DropReport, catalog: Catalog) -> list[str]:
    if report.usual is None or report.sent is None:
        return []
    at, usual = report.usual[-1]
    if at < BESIDE:
        return []
    text = catalog.gettext("The usual drop: {usual} after {age} (median of {n})")
    shown = catalog.number(usual) if usual == round(usual) else catalog.number(usual, 1)
    age = catalog.duration(timedelta(seconds=at))
    return [text.format(usual=shown, age=age, n=catalog.number(report.usual_from))]


def _as_of(report: DropReport, catalog: Catalog) -> str:
    local = report.as_of.astimezone(ZoneInfo(report.timezone))
    time = f"{catalog.moment(local)} {catalog.zone(report.timezone, local)}"
    return italic(catalog.gettext("as of {time}").format(time=time))


def render_not_sent(report: DropReport, catalog: Catalog) -> str:
    """A drop that was not posted has no figures: where it stands."""
    drop = report.drop
    title = bold(catalog.gettext("Drop {n}").format(n=drop.number))
    states = {
        State.DRAFT: catalog.gettext("It is a draft: there are no figures before it is posted."),
        State.PROPOSED: catalog.gettext("It waits for approval: there are no figures before it is posted."),
        State.PAUSED: catalog.gettext("It is paused: there are no figures before it is posted."),
        State.FAILED: catalog.gettext("It could not be posted, so it has no figures. /queue shows it."),
        State.CANCELLED: catalog.gettext("It was cancelled and never posted."),
        State.UNCERTAIN: catalog.gettext("It is not certain that it was posted: answer my question in private first."),
    }
    words = states.get(drop.state, "")
    if drop.state in (State.SCHEDULED, State.SENDING) and drop.due_at is not None:
        local = drop.due_at.astimezone(ZoneInfo(report.timezone))
        words = catalog.gettext("It is to be posted at {time}; its figures begin then.").format(
            time=f"{catalog.weekday(local.date())} {catalog.moment(local)}"
        )
    return "\n".join([title, drop_title(drop.content, catalog), words])


def render_no_drop(number: int, catalog: Catalog) -> str:
    """There is no drop of this number."""
    text = catalog.gettext(
        "There is no drop {n} here. /stats drops lists those of the last days, /queue what is coming."
    )
    return text.format(n=number)


def render_drops_private(catalog: Catalog) -> str:
    """Figures of drops were asked for by somebody who is no manager."""
    return catalog.gettext("Figures of drops are for the group's managers.")


def render_drops(report: DropsReport, catalog: Catalog) -> str:
    """The drops of a window, best first."""
    title = bold(catalog.gettext("Drops · {window}").format(window=escape(window_title(report.window, catalog))))
    if not report.drops:
        return f"{title}\n" + catalog.gettext(
            "No drop was posted then. /drop makes one; /stats drops 90d looks further back."
        )
    for shown in range(min(SHOWN_DROPS, len(report.drops)), 0, -1):
        text = "\n".join(
            [title, _medians(report, catalog), *_ranked(report, shown, catalog), _window_end(report, catalog)]
        )
        if len(plain(text).encode("utf-16-le")) // 2 <= CAPTION:
            break
    return text


def _medians(report: DropsReport, catalog: Catalog) -> str:
    drops = catalog.ngettext("{n} drop", "{n} drops", len(report.drops)).format(n=catalog.number(len(report.drops)))
    return catalog.gettext("{drops}, median {answers} answers from {members} members").format(
        drops=drops, answers=bold(_half(report.median_answers, catalog)), members=_half(report.median_members, catalog)
    )


def _half(value: float | None, catalog: Catalog) -> str:
    if value is None:
        return DASH
    return catalog.number(value) if value == round(value) else catalog.number(value, 1)


def _ranked(report: DropsReport, shown: int, catalog: Catalog) -> list[str]:
    lines = [_line(one, report, catalog) for one in report.drops[:shown]]
    more = len(report.drops) - shown
    if more:
        lines.append(
            catalog.ngettext("… and {count} more", "… and {count} more", more).format(count=catalog.number(more))
        )
    head = catalog.gettext("Most answered first: answers · members")
    if len(lines) <= OPEN_DROPS:
        return [head, *lines]
    folded = "\n".join(lines[OPEN_DROPS:])
    return [head, *lines[:OPEN_DROPS], f"<blockquote expandable>{folded}</blockquote>"]


def _line(one: DropFigures, report: DropsReport, catalog: Catalog) -> str:
    local = one.sent_at.astimezone(report.window.zone)
    return catalog.gettext("{name} ({when}): {answers} · {members}").format(
        name=f"<b>{one.drop.number}</b> {escape(short_name(one.drop.content, catalog))}",
        when=f"{catalog.weekday(local.date())} {catalog.moment(local)}",
        answers=bold(catalog.number(one.figures.answers)),
        members=catalog.number(one.figures.members),
    )


def short_name(content: Content, catalog: Catalog) -> str:
    """A drop's first words, else what it is."""
    return first_words(content, SHORT) or kind_words(content, catalog)


def _window_end(report: DropsReport, catalog: Catalog) -> str:
    local = report.window.as_of.astimezone(report.window.zone)
    time = f"{catalog.clock(local)} {catalog.zone(report.window.timezone, local)}"
    return italic(catalog.gettext("as of {time}").format(time=time))


def drop_buttons(community_id: int, numbers: Sequence[int], catalog: Catalog) -> list[tuple[str, str]]:
    """A button for each of the first drops: "Drop 12"."""
    return [(catalog.gettext("Drop {n}").format(n=number), f"did:{community_id}:{number}") for number in numbers]


def details_button(catalog: Catalog) -> str:
    """Opens the drop itself."""
    return catalog.gettext("Details")


def again_button(catalog: Catalog) -> str:
    """Makes a draft of the same content."""
    return catalog.gettext("Duplicate")


def refresh_button(catalog: Catalog) -> str:
    """Works the figures out anew."""
    return catalog.gettext("Refresh")
