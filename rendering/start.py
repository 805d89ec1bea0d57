"""Words of the first steps: /start, /help, and what the bot says when it is added to a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rendering.catalog import Catalog, bold, escape


@dataclass(frozen=True, slots=True)
class Rights:
    """What the bot may see and do in a group. An admin sees reactions, joins and leaves."""

    inside: bool
    writes: bool = True
    reads_all: bool = False
    admin: bool = False
    pins: bool = False
    deletes: bool = False
    invites: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command as the menu and /help show it."""

    name: str
    words: str
    managers_only: bool = False
    private_only: bool = False


def commands(catalog: Catalog) -> list[Command]:
    """All commands, in the order of the menu."""
    return [
        Command("stats", catalog.gettext("what happens in the group")),
        Command("peaks", catalog.gettext("the best hours of the coming week")),
        Command("drop", catalog.gettext("post something at its best time"), managers_only=True),
        Command("digest", catalog.gettext("what happened, and what to post next")),
        Command("next", catalog.gettext("what is coming")),
        Command("queue", catalog.gettext("what goes out, and when"), managers_only=True),
        Command("calendar", catalog.gettext("the month's drops as a picture"), managers_only=True),
        Command("schedule", catalog.gettext("when drops may go out"), managers_only=True),
        Command("health", catalog.gettext("how posting is going"), managers_only=True),
        Command("role", catalog.gettext("who works on drops"), managers_only=True),
        Command("audit", catalog.gettext("who did what"), managers_only=True),
        Command("help", catalog.gettext("all commands")),
        Command("privacy", catalog.gettext("what is stored about you")),
        Command("mydata", catalog.gettext("all of it, as a file"), private_only=True),
        Command("forgetme", catalog.gettext("erase me"), private_only=True),
        Command("optout", catalog.gettext("stop recording me"), private_only=True),
        Command("language", catalog.gettext("language: English, 中文")),
        Command("timezone", catalog.gettext("the group's time zone"), managers_only=True),
        Command("figures", catalog.gettext("who sees engagement and conversion"), managers_only=True),
        Command("group", catalog.gettext("which group this chat is about"), private_only=True),
    ]


def render_start(groups: Sequence[tuple[str, Rights]], catalog: Catalog) -> str:
    """In private: what this is, what to do next, and the rights in each group."""
    lines = [
        bold(catalog.gettext("PeakDrop keeps count of your community")),
        catalog.gettext("Add me to your group as admin: I log what happens there, never what is said."),
        catalog.gettext("Then ask /stats in the group, or here in private."),
        catalog.gettext("To post something at its best time, send it to me here."),
        catalog.gettext("Video figures: send me your platform's export (CSV, XLSX) here."),
    ]
    for title, rights in groups:
        lines += ["", render_rights(title, rights, catalog)]
    return "\n".join(lines)


def render_rights(title: str, rights: Rights, catalog: Catalog) -> str:
    """A group's name, and a tick or cross for each thing the bot may see or do there."""
    return "\n".join([bold(escape(title)), *rights_lines(rights, catalog)])


def rights_lines(rights: Rights, catalog: Catalog) -> list[str]:
    """A tick or a cross for each thing the bot may see or do."""
    if not rights.inside:
        return [_tick(False, catalog.gettext("I am not in this group"))]
    return [
        _tick(rights.reads_all, catalog.gettext("messages")),
        _tick(rights.admin, catalog.gettext("reactions, joins and leaves (needs admin)")),
        _tick(rights.pins, catalog.gettext("pin messages")),
        _tick(rights.deletes, catalog.gettext("delete messages")),
        _tick(rights.invites, catalog.gettext("invite links")),
    ]


def _tick(given: bool, words: str) -> str:
    return f"{'✓' if given else '✗'} {words}"


def add_button(catalog: Catalog) -> str:
    """Adds the bot to a group."""
    return catalog.gettext("Add me to a group")


def choose_button(catalog: Catalog) -> str:
    """Chooses the group that the private chat is about."""
    return catalog.gettext("Choose a group")


def render_help(catalog: Catalog, *, manager: bool) -> str:
    """The commands, a line each."""
    shown = [one for one in commands(catalog) if manager or not one.managers_only]
    lines = [f"/{one.name} – {one.words}{_mark(one, catalog)}" for one in shown]
    return "\n".join([bold(catalog.gettext("Commands")), *lines, "", _examples(catalog)])


def _mark(command: Command, catalog: Catalog) -> str:
    if command.private_only:
        return catalog.brackets(catalog.gettext("in private"))
    return catalog.brackets(catalog.gettext("managers")) if command.managers_only else ""


def _examples(catalog: Catalog) -> str:
    return catalog.gettext("Try {first} or {second}.").format(
        first="<code>/stats 30d</code>", second="<code>/stats help</code>"
    )


def render_added(rights: Rights, catalog: Catalog) -> str:
    """Once, on arrival in a group: what the bot can and cannot see."""
    lines = [
        catalog.gettext("Hello. I count what happens here, never what is said."),
        *rights_lines(rights, catalog)[:2],
    ]
    if not rights.admin:
        lines.append(catalog.gettext("Make me an admin and I see the rest."))
    lines.append(catalog.gettext("/stats shows how the group is doing, /privacy what is stored."))
    return "\n".join(lines)


def render_promoted(catalog: Catalog) -> str:
    """The bot became admin."""
    return catalog.gettext("Thank you. As admin I also see reactions, joins and leaves from now on.")


def render_demoted(catalog: Catalog) -> str:
    """The bot is admin no longer."""
    return catalog.gettext("I am no admin any more: reactions, joins and leaves go unseen from now on.")


def render_otherwise(catalog: Catalog, *, makes_drops: bool) -> str:
    """To something in private that nobody answers: what whoever asks can do here."""
    if makes_drops:
        return catalog.gettext(
            "That I do not know; /help lists all commands. Anything else you send me here becomes a drop, a table "
            "(CSV, XLSX) video figures."
        )
    return catalog.gettext(
        "Here you can ask /next for what is coming in your groups, and be reminded of it; /privacy says what I keep, "
        "/mydata shows yours. /stats is for the group itself. /help lists all."
    )
