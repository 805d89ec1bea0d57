"""`peakdrop backtest`: would the forecast have chosen well, on a file or on a group's own past."""

from __future__ import annotations

import json
from pathlib import Path

from bot.clock import Clock
from bot.console import WRONG_USAGE, refuse, say
from bot.keeping import open_store
from bot.settings import Settings
from peakdrop.activity_files import SeriesRefusal, read_series
from peakdrop.backtest import BacktestReport, backtest, backtest_json
from peakdrop.own_activity import own_activity
from peakdrop.zones import find_zone
from rendering.backtest import render_backtest, render_series_refusal
from rendering.catalog import get_catalog, plain


def print_backtest(
    settings: Settings, file: Path | None, timezone: str | None, chat: int | None, *, as_json: bool
) -> None:
    """Replay a series or a group's own past, and print how the forecast did beside plain methods."""
    catalog = get_catalog(settings.default_language)
    if file is not None and (chat is not None or timezone is None):
        refuse("Give FILE with --timezone ZONE, or --chat ID alone.", WRONG_USAGE)
    if file is None and (chat is None or timezone is not None):
        refuse("Give FILE with --timezone ZONE, or --chat ID alone: a group has a zone of its own.", WRONG_USAGE)
    if file is None:
        report = _own_backtest(settings, chat)
    else:
        zone = _zone(timezone or "")
        read = read_series(file)
        if isinstance(read, SeriesRefusal):
            refuse(plain(render_series_refusal(read, catalog)))
        report = backtest(read, zone)
    if as_json:
        say(json.dumps(backtest_json(report), indent=2))
    else:
        say(plain(render_backtest(report, catalog)))


def _zone(name: str) -> str:
    found = find_zone(name)
    if found.zone is None:
        refuse(f"There is no time zone {name!r}; did you mean {', '.join(found.near)}?", WRONG_USAGE)
    return found.zone


def _own_backtest(settings: Settings, chat: int | None) -> BacktestReport:
    from bot.reporting import choose_community  # brings Telegram's library, which a file needs not

    store = open_store(settings)
    community = choose_community(store, chat)
    zone = community.timezone or settings.default_timezone
    own = store.read_now(lambda session: own_activity(session, community, zone, Clock().now()))
    store.close()
    return backtest(own.activity, zone, own.gaps)
