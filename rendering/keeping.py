"""Words of the commands that keep the store: rebuild, backup, restore."""

from __future__ import annotations

from collections.abc import Sequence

from peakdrop.backup import BackupReport, RestoreReport
from peakdrop.rebuild import CheckReport, DayDifference, RebuildReport
from rendering.catalog import Catalog

SHOWN = 10


def render_check(report: CheckReport, catalog: Catalog) -> str:
    """Whether the rollups agree with the log."""
    if not report.differences:
        return catalog.gettext("All rollups agree with the log (days: {days}, groups: {communities}).").format(
            days=catalog.number(report.days), communities=catalog.number(report.communities)
        )
    text = catalog.gettext("{n} of {days} days differ from the log: {which}. `peakdrop rebuild` mends them.")
    return text.format(
        n=catalog.number(len(report.differences)),
        days=catalog.number(report.days),
        which=_days(report.differences, catalog),
    )


def render_rebuild(report: RebuildReport, catalog: Catalog) -> str:
    """What was recomputed."""
    done = catalog.gettext("Recomputed from the log (days: {days}, groups: {communities}).").format(
        days=catalog.number(report.days), communities=catalog.number(report.communities)
    )
    if not report.mended:
        return done + " " + catalog.gettext("Nothing differed.")
    return done + " " + catalog.gettext("Put right: {which}.").format(which=_days(report.mended, catalog))


def _days(differences: Sequence[DayDifference], catalog: Catalog) -> str:
    shown = [f"{one.title} {'–' if one.day is None else one.day.isoformat()}" for one in differences[:SHOWN]]
    rest = len(differences) - len(shown)
    return ", ".join(shown) + (catalog.gettext(" and {n} more").format(n=rest) if rest > 0 else "")


def render_backup(report: BackupReport, catalog: Catalog) -> str:
    """The copy is whole."""
    return catalog.gettext(
        "Backed up to {path}: {size} MB, {rows} rows, read back and found whole. "
        "Keep the file privacy.key with it: it is not in the backup."
    ).format(
        path=report.path,
        size=catalog.number(report.size / 2**20, 1),
        rows=catalog.number(sum(report.rows.values())),
    )


def render_restore(report: RestoreReport, catalog: Catalog) -> str:
    """The backup is in place, and what is to be known about it."""
    lines = [
        catalog.gettext("Restored {rows} rows as of {moment} UTC.").format(
            rows=catalog.number(sum(report.rows.values())), moment=f"{report.created_at:%Y-%m-%d %H:%M}"
        )
    ]
    if report.kept_as is not None:
        lines.append(catalog.gettext("What was there before is kept as {path}.").format(path=report.kept_as))
    if report.erased_again:
        lines.append(
            catalog.ngettext(
                "{n} person who asked to be forgotten was erased again.",
                "{n} people who asked to be forgotten were erased again.",
                report.erased_again,
            ).format(n=report.erased_again)
        )
    if report.drops_in_doubt:
        lines.append(
            catalog.ngettext(
                "{n} drop was due since the backup and may be posted already: the bot asks before it posts.",
                "{n} drops were due since the backup and may be posted already: the bot asks before it posts.",
                report.drops_in_doubt,
            ).format(n=report.drops_in_doubt)
        )
    if report.needs_key:
        lines.append(
            catalog.gettext(
                "The backup holds wishes made with another privacy key: put its privacy.key back, then restore again."
            )
        )
    if report.wishes_lost:
        lines.append(catalog.gettext("The database replaced could not be read: wishes noted only there are gone."))
    return "\n".join(lines)
