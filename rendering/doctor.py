"""Words of `peakdrop doctor`: what was examined, what is wrong, and what to do."""

from __future__ import annotations

from enum import StrEnum

from peakdrop.doctor import DoctorReport, Problem
from rendering.catalog import DASH, Catalog
from storage.kinds import Standing

# What must be mended before the bot can do its work; the rest is advice.
GRAVE = frozenset(
    {
        Problem.UNREACHABLE,
        Problem.DAMAGED,
        Problem.READ_ONLY,
        Problem.NEWER_SCHEMA,
        Problem.DISK_FULL,
    }
)


class Answering(StrEnum):
    """How Telegram answered."""

    YES = "yes"
    NO_TOKEN = "no_token"  # noqa: S105 (no secret)
    REFUSED = "refused"
    AWAY = "away"


def render_doctor(report: DoctorReport, answering: Answering, username: str | None, catalog: Catalog) -> str:
    """The examination for a terminal: a mark and a line for each thing."""
    lines = [_telegram(answering, username, catalog), _database(report, catalog)]
    for one in report.communities:
        standing = DASH if one.standing is None else _standing(one.standing, catalog)
        lines.append(f"  {one.title} ({one.chat_id}): {standing}")
    for problem in report.problems:
        mark = "✗" if problem in GRAVE else "!"
        lines.append(f"{mark} {_problem(problem, report, catalog)}")
    if not report.problems:
        lines.append("✓ " + catalog.gettext("Nothing to mend."))
    return "\n".join(lines)


def _telegram(answering: Answering, username: str | None, catalog: Catalog) -> str:
    if answering is Answering.YES:
        return "✓ " + catalog.gettext("Telegram knows the bot: @{username}").format(username=username)
    words = {
        Answering.NO_TOKEN: catalog.gettext("BOT_TOKEN is not set: put the token from @BotFather into .env."),
        Answering.REFUSED: catalog.gettext("Telegram refuses BOT_TOKEN: copy it again from @BotFather."),
        Answering.AWAY: catalog.gettext("Telegram cannot be reached: check the network and TELEGRAM_API_URL."),
    }
    return "✗ " + words[answering]


def _database(report: DoctorReport, catalog: Catalog) -> str:
    size = DASH if report.size is None else catalog.number(report.size / 2**20, 1)
    free = DASH if report.free is None else catalog.number(report.free / 2**30, 1)
    listened = DASH if report.last_listened_at is None else f"{report.last_listened_at:%Y-%m-%d %H:%M} UTC"
    mark = "✗ " if GRAVE & {*report.problems} else "✓ "
    return mark + catalog.gettext(
        "Database {name}: {size} MB, {free} GB free on the disk; the bot last listened {moment}"
    ).format(name=report.database, size=size, free=free, moment=listened)


def _standing(standing: Standing, catalog: Catalog) -> str:
    words = {
        Standing.LEFT: catalog.gettext("the bot has left"),
        Standing.BANNED: catalog.gettext("the bot was removed"),
        Standing.RESTRICTED: catalog.gettext("the bot is restricted"),
        Standing.MEMBER: catalog.gettext("the bot is a member"),
    }
    return words.get(standing) or catalog.gettext("the bot is admin")


def _problem(problem: Problem, report: DoctorReport, catalog: Catalog) -> str:
    words = {
        Problem.UNREACHABLE: catalog.gettext("The database cannot be reached ({reason}): check DATABASE_URL."),
        Problem.DAMAGED: catalog.gettext("The database is damaged ({reason}): restore a backup."),
        Problem.READ_ONLY: catalog.gettext("The database cannot be written ({reason}): check rights and the disk."),
        Problem.NO_TABLES: catalog.gettext("There are no tables yet: they are made when the bot first runs."),
        Problem.NEWER_SCHEMA: catalog.gettext("A newer PeakDrop wrote the database: update the program."),
        Problem.OLDER_SCHEMA: catalog.gettext("The database is of an older version: `peakdrop migrate` renews it."),
        Problem.DISK_FULL: catalog.gettext("The disk is nearly full: make room, or nothing more can be stored."),
        Problem.KEY_MISSING: catalog.gettext(
            "privacy.key is missing beside the database: put it back, or wishes to be forgotten cannot be honoured."
        ),
        Problem.KEY_OPEN: catalog.gettext("privacy.key can be read by others: chmod 600 mends it."),
        Problem.SILENT: catalog.gettext("The bot does not listen to Telegram now: is it running?"),
        Problem.WAITING: catalog.gettext("{waiting} updates wait for their answer."),
        Problem.QUARANTINED: catalog.gettext("{quarantined} updates could not be read; the log says why."),
        Problem.UNKNOWN: catalog.gettext(
            "Updates of unknown kinds came in: {unknown}. A newer PeakDrop may know them."
        ),
        Problem.NO_COMMUNITY: catalog.gettext("The bot is in no group yet: /start in private shows how to add it."),
        Problem.NOT_INSIDE: catalog.gettext("The bot is not in all of its groups any more."),
        Problem.NOT_ADMIN: catalog.gettext("Where the bot is no admin it sees no reactions, joins and leaves."),
        Problem.BACKUP_UNKNOWN: catalog.gettext("There is no backup yet: `peakdrop backup FILE` makes one."),
        Problem.BACKUP_OLD: catalog.gettext("The last backup is old: `peakdrop backup FILE` makes a new one."),
    }
    unknown = ", ".join(f"{kind} ({n})" for kind, n in report.unknown.items())
    return words[problem].format(
        reason=report.reason, waiting=report.waiting, quarantined=report.quarantined, unknown=unknown
    )
