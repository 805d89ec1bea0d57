"""`peakdrop stats`: the same reports as in the chat, as words, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from bot.clock import Clock
from bot.console import WRONG_USAGE, refuse, say
from bot.keeping import open_store
from bot.settings import Settings
from peakdrop.days import close_days_now
from peakdrop.drop_figures import drops_json, report_drops
from peakdrop.metrics.reports import report_videos, videos_json
from peakdrop.stats import overview_json, report_overview
from peakdrop.stats_request import parse_stats
from peakdrop.windows import nearest_forms, parse_window, window_before
from rendering.catalog import get_catalog, plain
from rendering.drop_figures import render_drops
from rendering.stats import render_overview
from rendering.stats_menu import render_stats_help, render_unknown_window
from rendering.videos import render_videos
from storage.communities import CommunityView, list_communities
from storage.counts import first_at
from storage.store import Store
from storage.times import from_epoch


def choose_community(store: Store, chat: int | None) -> CommunityView:
    """The community of a chat id, or the only one there is; ends with one line otherwise."""
    from storage.communities import find_community

    if chat is not None:
        found = store.read_now(lambda session: find_community(session, chat))
        if found is None:
            refuse(f"Nothing is known of chat {chat}. `peakdrop doctor` lists the groups.")
        return found
    known = store.read_now(list_communities)
    if not known:
        refuse("There is no group yet: run the bot in one, or import its history first.")
    if len(known) > 1:
        chats = ", ".join(str(one.chat_id) for one in known[:8])
        refuse(f"There are several groups: choose one by --chat ({chats}).", WRONG_USAGE)
    return known[0]


def print_stats(settings: Settings, words: list[str], chat: int | None, form: str) -> None:
    """Print a report to standard output."""
    store = open_store(settings)
    catalog = get_catalog(settings.default_language)
    asked = parse_stats(words)
    if asked.view == "help":
        say(plain(render_stats_help(catalog)))
        return
    community = choose_community(store, chat)
    now = Clock().now()
    timezone = community.timezone or settings.default_timezone
    began = store.read_now(lambda session: first_at(session, community.id))
    window = parse_window(asked.window, timezone, now, None if began is None else from_epoch(began))
    if window is None:
        forms = nearest_forms(asked.window, now, timezone)
        refuse(plain(render_unknown_window(asked.window, forms, catalog)), WRONG_USAGE)
    document: Mapping[str, Any]
    if asked.view == "drops":
        drops = store.read_now(lambda session: report_drops(session, community.id, window))
        document, text = drops_json(drops), render_drops(drops, catalog)
    elif asked.view == "videos":
        videos = store.read_now(lambda session: report_videos(session, community.id, window))
        document = videos_json(videos)
        text = render_videos(videos, catalog)
    else:
        for one in (window, window_before(window)):
            if one is not None:
                close_days_now(store, community.id, one, now)
        overview = store.read_now(lambda session: report_overview(session, community, window, compared=asked.compared))
        document = overview_json(overview, now)
        text = render_overview(overview, catalog, manager=True)
    store.close()
    if form == "json":
        say(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        say(_csv(document) if form == "csv" else plain(text))


def _csv(document: Mapping[str, Any]) -> str:
    """A report as CSV: a line for each video or drop, or one line of figures."""
    rows = document.get("videos", document.get("drops", [document]))
    flat = [dict(_flatten(row)) for row in rows]
    names = list(flat[0]) if flat else []
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return buffer.getvalue().rstrip("\n")


def _flatten(row: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    cells: list[tuple[str, Any]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells += _flatten(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            cells.append((prefix + name, value))
    return cells
