"""The words of a history import: what was taken, what was passed over and why, or why there is nothing to take."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from peakdrop.history.reports import ChatReport, HistoryRefusal, HistoryReport, RefusalReason
from rendering.catalog import Catalog, bold, ellipsis, escape, italic
from storage.kinds import MESSAGE_KINDS, Kind
from storage.times import from_epoch

SHOWN_BROKEN = 5
SHOWN_SERVICES = 8


def render_history_report(report: HistoryReport, catalog: Catalog) -> str:
    """What an import brought (Telegram HTML; without its tags it reads as plain text)."""
    parts = [line for chat in report.chats for line in _chat_lines(chat, catalog)]
    if report.private_chats:
        text = catalog.ngettext(
            "{count} private chat passed over (messages: {messages}): only groups and channels are imported.",
            "{count} private chats passed over (messages: {messages}): only groups and channels are imported.",
            report.private_chats,
        )
        messages = catalog.number(report.private_messages)
        parts.append(text.format(count=catalog.number(report.private_chats), messages=messages))
    if report.truncated:
        parts.append(
            catalog.gettext(
                "The file ends in the middle: what was whole is stored. Export again and import that too; "
                "nothing will count twice."
            )
        )
    parts.append(italic(_pace(report, catalog)))
    return "\n".join(parts)


def render_history_refusal(refusal: HistoryRefusal, catalog: Catalog) -> str:
    """Why a file is not taken, and what to do (Telegram HTML)."""
    head = bold(catalog.gettext("{file} was not imported; nothing was stored.").format(file=escape(refusal.file_name)))
    return f"{head} {_reason(refusal, catalog)}"


def _reason(refusal: HistoryRefusal, catalog: Catalog) -> str:
    text = catalog.gettext
    export = text(
        "In Telegram Desktop open the group, then ⋮, Export chat history, format JSON, and import the file result.json."
    )
    detail = escape(refusal.detail)
    match refusal.reason:
        case RefusalReason.MISSING:
            return text("There is no such file.")
        case RefusalReason.EMPTY:
            return text("It is empty.") + " " + export
        case RefusalReason.WEB_PAGE:
            return text("It is a web page: the export was made as HTML.") + " " + export
        case RefusalReason.ARCHIVE:
            return text("It is packed: unpack it first, then import the file result.json in it.")
        case RefusalReason.NOT_AN_EXPORT:
            return text("It is no chat export.") + " " + export
        case RefusalReason.PRIVATE_ONLY:
            return text("It holds private chats only; groups and channels are imported.")
        case RefusalReason.OTHER_CHAT:
            return text("It holds other chats than the chosen one: {chats}.").format(chats=detail)
        case RefusalReason.COLUMNS:
            return text("It needs the columns ts, author and kind; found: {columns}.").format(columns=detail or "–")
        case RefusalReason.NO_ROWS:
            return text("It has no row with a time (ts, in epoch seconds).")
        case RefusalReason.TIMEZONE:
            return text("{zone} is no time zone; write it like Europe/Berlin.").format(zone=detail)


def _chat_lines(chat: ChatReport, catalog: Catalog) -> list[str]:
    title = escape(ellipsis(chat.title or str(chat.chat_id), 40))
    if chat.was_done:
        return [catalog.gettext("{title}: stored before the interruption.").format(title=bold(title))]
    lines = [bold(f"{title} · {_span(chat, catalog)}")]
    taken = _taken(chat, catalog)
    if taken:
        lines.append(catalog.gettext("Taken: {parts}").format(parts=taken))
    elif chat.known or chat.covered:
        lines.append(catalog.gettext("Nothing new: all of it was there already."))
    else:
        lines.append(catalog.gettext("Nothing in it that is counted."))
    if chat.members:
        people = catalog.ngettext("{count} member", "{count} members", chat.members)
        lines.append(people.format(count=bold(catalog.number(chat.members))))
    if chat.resumed_at_byte:
        lines.append(catalog.gettext("Taken up again where it was interrupted; these are the figures since then."))
    return lines + _passed_over(chat, catalog)


def _span(chat: ChatReport, catalog: Catalog) -> str:
    if chat.first_at is None or chat.last_at is None:
        return "–"
    zone = ZoneInfo(chat.timezone)
    first, last = (from_epoch(at).astimezone(zone).date() for at in (chat.first_at, chat.last_at))
    return catalog.days(first, last)


def _taken(chat: ChatReport, catalog: Catalog) -> str:
    kinds = chat.kinds
    reactions = kinds[Kind.REACTION_ADDED] + chat.reactions
    parts = (
        (sum(kinds[kind] for kind in MESSAGE_KINDS), "{count} message", "{count} messages"),
        (kinds[Kind.COMMAND], "{count} command", "{count} commands"),
        (reactions, "{count} reaction", "{count} reactions"),
        (kinds[Kind.EDIT], "{count} edit", "{count} edits"),
        (kinds[Kind.JOIN], "{count} join", "{count} joins"),
        (kinds[Kind.LEAVE] + kinds[Kind.REMOVAL], "{count} leave", "{count} leaves"),
        (kinds[Kind.PIN], "{count} pin", "{count} pins"),
        (kinds[Kind.TOPIC_OPENED], "{count} new topic", "{count} new topics"),
        (kinds[Kind.BOOST], "{count} boost", "{count} boosts"),
    )
    said = [catalog.ngettext(one, many, n).format(count=bold(catalog.number(n))) for n, one, many in parts if n]
    return ("，" if catalog.is_chinese else ", ").join(said)


def _passed_over(chat: ChatReport, catalog: Catalog) -> list[str]:
    """One line for each reason why something was not taken."""
    lines = []
    if chat.local_times:
        text = catalog.gettext("The file gives times without a zone; they were taken as {zone}.")
        lines.append(text.format(zone=chat.timezone))
    if chat.known and _taken(chat, catalog):
        lines.append(catalog.gettext("{count} were there already.").format(count=catalog.number(chat.known)))
    if chat.covered:
        text = catalog.gettext("{count} left out: the bot saw that time itself.")
        lines.append(text.format(count=catalog.number(chat.covered)))
    if chat.hidden:
        text = catalog.gettext("{count} left out: of people who asked not to be recorded.")
        lines.append(text.format(count=catalog.number(chat.hidden)))
    if chat.unsupported:
        text = catalog.gettext("{count} that Telegram Desktop could not export.")
        lines.append(text.format(count=catalog.number(chat.unsupported)))
    if chat.services:
        names = _names(chat.services, catalog)
        lines.append(catalog.gettext("Service messages that are not counted: {names}").format(names=names))
    if chat.broken:
        lines += _broken(chat, catalog)
    return lines


def _names(services: Counter[str], catalog: Catalog) -> str:
    shown = [f"{escape(ellipsis(name, 40))} {catalog.number(n)}" for name, n in services.most_common(SHOWN_SERVICES)]
    more = len(services) - len(shown)
    return ", ".join(shown) + (" …" if more > 0 else "")


def _broken(chat: ChatReport, catalog: Catalog) -> list[str]:
    text = catalog.gettext("{count} could not be read:")
    lines = [text.format(count=catalog.number(chat.broken))]
    for one in chat.broken_entries[:SHOWN_BROKEN]:
        place = catalog.gettext("no. {number}").format(number="?" if one.number is None else one.number)
        if one.offset is not None:
            place += " " + catalog.gettext("(byte {offset})").format(offset=one.offset)
        lines.append(f"· {place}: {escape(ellipsis(one.reason, 80))}")
    if chat.broken > SHOWN_BROKEN:
        lines.append("· …")
    return lines


def _pace(report: HistoryReport, catalog: Catalog) -> str:
    seconds = report.seconds
    if seconds < 1:
        return catalog.gettext("{count} read").format(count=catalog.number(report.messages))
    text = catalog.gettext("{count} read in {time}, {rate} a second")
    span = timedelta(seconds=seconds)
    time = catalog.duration(span) if seconds >= 90 else catalog.gettext("{n} s").format(n=catalog.number(seconds, 1))
    rate = catalog.number(report.messages / seconds)
    return text.format(count=catalog.number(report.messages), time=time, rate=rate)
