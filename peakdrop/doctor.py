"""The state of the store, examined: what is well and what is to be mended, as codes that others put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from peakdrop.backup import last_backup_at
from storage import schema
from storage.communities import list_communities
from storage.coverage import bot_standing, last_listened_at
from storage.disk import size_on_disk
from storage.health import find_damage, free_bytes, key_mode, probe_writing
from storage.inbox import inbox_health
from storage.kinds import Standing
from storage.store import Store, StoreUnavailable

LEAST_FREE = 500 * 2**20
SILENT_AFTER = timedelta(minutes=5)
BACKUP_EVERY = timedelta(days=7)


class Problem(StrEnum):
    """What may be wrong. Codes are part of `doctor --json`: never rename, only add."""

    UNREACHABLE = "database_unreachable"
    DAMAGED = "database_damaged"
    READ_ONLY = "database_read_only"
    NO_TABLES = "tables_missing"
    OLDER_SCHEMA = "schema_older"
    NEWER_SCHEMA = "schema_newer"
    DISK_FULL = "disk_nearly_full"
    KEY_MISSING = "privacy_key_missing"
    KEY_OPEN = "privacy_key_readable_by_others"
    SILENT = "not_listening"
    WAITING = "updates_waiting"
    QUARANTINED = "updates_quarantined"
    UNKNOWN = "updates_of_unknown_kinds"
    NO_COMMUNITY = "no_community"
    NOT_INSIDE = "bot_not_inside"
    NOT_ADMIN = "bot_not_admin"
    BACKUP_UNKNOWN = "backup_unknown"
    BACKUP_OLD = "backup_old"


@dataclass(frozen=True, slots=True)
class CommunityHealth:
    """A community and how the bot stands in it; None where Telegram never said (an import, say)."""

    title: str
    chat_id: int
    standing: Standing | None


@dataclass(slots=True)
class DoctorReport:
    """What an examination found. Sizes in bytes, times UTC; None is unknown. `reason` is the database's own words."""

    database: str
    as_of: datetime
    problems: list[Problem] = field(default_factory=list)
    reason: str | None = None
    writable: bool = False
    schema: str | None = None
    size: int | None = None
    free: int | None = None
    key_mode: int | None = None
    last_backup_at: datetime | None = None
    last_listened_at: datetime | None = None
    waiting: int = 0
    quarantined: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    communities: tuple[CommunityHealth, ...] = ()

    @property
    def is_reachable(self) -> bool:
        """Whether the database answered at all."""
        return Problem.UNREACHABLE not in self.problems


def examine(store: Store, now: datetime) -> DoctorReport:
    """Examine the store without changing anything; whatever is wrong comes as a Problem, never as an exception."""
    report = DoctorReport("sqlite" if store.is_sqlite else "postgresql", now, key_mode=key_mode(store.folder))
    try:
        _examine_files(store, report)
        report.schema = store.tend_now(schema.current)
        report.reason = store.tend_now(find_damage)
        if report.reason is not None:
            report.problems.append(Problem.DAMAGED)
        elif report.schema == schema.HEAD:
            store.read_now(lambda session: _examine_tables(session, report))
            _examine_writing(store, report)
    except StoreUnavailable as error:
        report.problems.append(Problem.UNREACHABLE)
        report.reason = str(error)
    else:
        report.problems += _judge(report)
    return report


def _examine_files(store: Store, report: DoctorReport) -> None:
    report.size = store.tend_now(size_on_disk)
    report.free = store.tend_now(free_bytes)
    report.last_backup_at = last_backup_at(store)


def _examine_tables(session: Session, report: DoctorReport) -> None:
    inbox = inbox_health(session)
    report.waiting, report.quarantined, report.unknown = inbox.waiting, inbox.quarantined, inbox.unknown
    report.last_listened_at = last_listened_at(session)
    report.communities = tuple(
        CommunityHealth(one.title, one.chat_id, bot_standing(session, one.id)) for one in list_communities(session)
    )


def _examine_writing(store: Store, report: DoctorReport) -> None:
    try:
        store.write_now(probe_writing)
        report.writable = True
    except StoreUnavailable as error:
        report.problems.append(Problem.READ_ONLY)
        report.reason = str(error)


def _judge(report: DoctorReport) -> list[Problem]:
    """Everything that follows from the figures, the gravest first."""
    known = report.schema == schema.HEAD
    standings = [one.standing for one in report.communities if one.standing is not None]
    listened, saved = report.last_listened_at, report.last_backup_at
    found = {
        Problem.NO_TABLES: report.schema is None,
        Problem.NEWER_SCHEMA: report.schema is not None and report.schema not in schema.known(),
        Problem.OLDER_SCHEMA: not known and report.schema in schema.known(),
        Problem.DISK_FULL: report.free is not None and report.free < LEAST_FREE,
        Problem.KEY_MISSING: known and report.key_mode is None,
        Problem.KEY_OPEN: report.key_mode is not None and bool(report.key_mode & 0o077),
        Problem.SILENT: known and (listened is None or report.as_of - listened > SILENT_AFTER),
        Problem.WAITING: report.waiting > 0,
        Problem.QUARANTINED: report.quarantined > 0,
        Problem.UNKNOWN: bool(report.unknown),
        Problem.NO_COMMUNITY: known and not report.communities,
        Problem.NOT_INSIDE: any(not one.inside for one in standings),
        Problem.NOT_ADMIN: any(one.inside and one < Standing.ADMIN for one in standings),
        Problem.BACKUP_UNKNOWN: known and saved is None,
        Problem.BACKUP_OLD: saved is not None and report.as_of - saved > BACKUP_EVERY,
    }
    return [problem for problem, is_so in found.items() if is_so]
