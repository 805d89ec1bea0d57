"""`peakdrop import`: history and video figures, from files."""

from __future__ import annotations

from pathlib import Path

from rich.progress import Progress as Bar
from rich.progress import TaskID

from bot.clock import Clock
from bot.console import progress_bar, refuse, say
from bot.keeping import open_store
from bot.reporting import choose_community
from bot.settings import Settings
from peakdrop.days import close_days_now
from peakdrop.history.imports import import_history
from peakdrop.history.reports import HistoryRefusal, HistoryReport, Progress
from peakdrop.metrics.imports import Outcome, import_metrics
from peakdrop.metrics.reading import read_metrics
from peakdrop.metrics.records import MetricsRefused
from peakdrop.windows import parse_window
from peakdrop.zones import find_zone
from rendering.catalog import get_catalog, plain
from rendering.history import render_history_refusal, render_history_report
from rendering.metrics import render_metrics_refusal, render_metrics_report
from storage.communities import find_community
from storage.store import Store, StoreUnavailable
from storage.times import from_epoch


def import_history_file(settings: Settings, file: Path, chat: int | None, timezone: str | None) -> None:
    """Import a history with a progress bar; says what was taken and what was not."""
    store, catalog = open_store(settings), get_catalog(settings.default_language)
    zone = None if timezone is None else find_zone(timezone).zone or timezone
    bars: list[TaskID] = []
    with progress_bar("") as bar:
        try:
            report = import_history(
                store,
                file,
                chat_id=chat,
                timezone=zone,
                now=Clock().now(),
                progress=lambda step: _advance(bar, bars, step),
                default_timezone=settings.default_timezone,
            )
        except StoreUnavailable as error:
            refuse(f"The database cannot be used: {error}. What was stored stays; run the same command again.")
        except OSError as error:
            refuse(f"The file cannot be read: {error}.")
    if isinstance(report, HistoryRefusal):
        refuse(plain(render_history_refusal(report, catalog)))
    _close_all_days(store, report, settings)
    store.close()
    say(plain(render_history_report(report, catalog)))


def _advance(bar: Bar, bars: list[TaskID], step: Progress) -> None:
    """One bar for the file; the chat under way names it."""
    if not bars:
        bars.append(bar.add_task(step.title, total=step.total))
    bar.update(bars[0], description=step.title, completed=step.done, total=step.total)


def _close_all_days(store: Store, report: HistoryReport, settings: Settings) -> None:
    """Work out the imported days now, so that the first /stats need not."""
    now = Clock().now()
    for chat in report.chats:
        community = store.read_now(lambda session, chat_id=chat.chat_id: find_community(session, chat_id))  # type: ignore[misc]
        if community is not None and chat.first_at is not None:
            zone = community.timezone or settings.default_timezone
            window = parse_window("all", zone, now, from_epoch(chat.first_at))
            if window is not None:
                close_days_now(store, community.id, window, now)


def import_metrics_file(settings: Settings, file: Path, chat: int | None, *, skip_bad: bool) -> None:
    """Import video figures, followers or orders; with a bad row nothing, unless `skip_bad`."""
    store, catalog = open_store(settings), get_catalog(settings.default_language)
    community = choose_community(store, chat)
    now = Clock().now()
    try:
        data = file.read_bytes()
        read = read_metrics(data, file.name, timezone=community.timezone or settings.default_timezone, imported_at=now)
    except OSError as error:
        refuse(f"The file cannot be read: {error}.")
    except MetricsRefused as refused:
        refuse(plain(render_metrics_refusal(refused, catalog)))
    report = store.write_now(lambda session: import_metrics(session, community.id, read, skip_bad=skip_bad, now=now))
    store.close()
    text = plain(render_metrics_report(report, catalog))
    if report.outcome in (Outcome.BAD_ROWS, Outcome.NOTHING_IN_IT):
        refuse(text)
    say(text)
