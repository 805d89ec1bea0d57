"""`peakdrop run`: the bot as a process."""

from __future__ import annotations

import asyncio

from bot.clock import Clock
from bot.console import refuse
from bot.keeping import open_store
from bot.logs import set_up_logs
from bot.runner import run_bot, stop_on_signals
from bot.settings import Settings
from handlers.polling import TokenRefused
from storage.store import Store

UNKNOWN_TOKEN = "Telegram does not know this BOT_TOKEN: copy it again from @BotFather (/mybots, API Token)."  # noqa: S105


def run_forever(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    set_up_logs(settings.log_level)
    store = open_store(settings)
    reason = None
    try:
        asyncio.run(_run(settings, store))
    except* TokenRefused:
        reason = UNKNOWN_TOKEN
    except* OSError as trouble:
        reason = f"The bot {trouble.exceptions[0]}."
    finally:
        store.close()
    if reason is not None:
        refuse(reason)
    return 0


async def _run(settings: Settings, store: Store) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    await run_bot(settings, store, Clock(), stop)
