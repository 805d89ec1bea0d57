"""`peakdrop doctor`: settings, database and Telegram examined, and what to mend."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.clock import Clock
from bot.console import refuse, say
from bot.settings import Settings
from peakdrop.doctor import DoctorReport, examine
from rendering.catalog import get_catalog
from rendering.doctor import GRAVE, Answering, render_doctor
from storage.store import Store, StoreUnavailable


async def examine_all(settings: Settings, *, as_json: bool) -> int:
    """Print what was found; exit code 1 where something must be mended."""
    try:
        store = Store(settings.database_url)
    except (StoreUnavailable, OSError) as error:
        refuse(f"The database cannot be used: {error}. Check DATABASE_URL.")
    report = examine(store, Clock().now())
    store.close()
    answering, username = await _ask_telegram(settings)
    if as_json:
        say(json.dumps(_document(report, answering, username), ensure_ascii=False, indent=2))
    else:
        say(render_doctor(report, answering, username, get_catalog(settings.default_language)))
    return 1 if GRAVE & {*report.problems} or answering is not Answering.YES else 0


async def _ask_telegram(settings: Settings) -> tuple[Answering, str | None]:
    """Whether Telegram knows the token, and the bot's username."""
    if settings.token is None:
        return Answering.NO_TOKEN, None
    try:
        async with Bot(settings.token, base_url=f"{settings.telegram_api_url}/bot") as bot:
            return Answering.YES, bot.username
    except InvalidToken:
        return Answering.REFUSED, None
    except TelegramError:
        return Answering.AWAY, None


def _document(report: DoctorReport, answering: Answering, username: str | None) -> dict[str, Any]:
    """The report as JSON: the codes of problems, and everything they rest on."""
    found: dict[str, Any] = {"telegram": answering.value, "username": username}
    for name, value in asdict(report).items():
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    found["key_mode"] = None if report.key_mode is None else f"{report.key_mode:o}"
    if answering is not Answering.YES:
        found["problems"] = [f"telegram_{answering.value}", *report.problems]
    for community, health in zip(found["communities"], report.communities, strict=True):
        community["standing"] = None if health.standing is None else health.standing.name.lower()
    return found
