"""The library's real Application without a network."""

from __future__ import annotations

import json
from typing import Any

from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest

from handlers.context import App, House, context_types
from storage.store import Store
from tests.clock import FakeClock
from tests.intake.updates import BOT

ME = {"id": 123456789, "is_bot": True, "first_name": "PeakDrop", "username": BOT}


class NoNetwork(BaseRequest):
    """Every call of the bot is a success."""

    @property
    def read_timeout(self) -> float | None:
        return 5

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_request(self, url: str, method: str, *_args: Any, **_more: Any) -> tuple[int, bytes]:
        """Who the bot is, and yes to all else."""
        return 200, json.dumps({"ok": True, "result": ME if url.endswith("/getMe") else True}).encode()


async def make_app(store: Store, clock: FakeClock) -> App:
    """An initialized Application."""
    builder = ApplicationBuilder().token("123456789:AAE-no-network-needed").updater(None)
    request = NoNetwork()
    app: App = builder.request(request).context_types(context_types(House(store, clock))).build()
    await app.initialize()
    return app
