"""The running bot: the library's Application with our intake in place of its updater."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from random import Random, SystemRandom

from telegram import BotCommand, BotCommandScope, BotCommandScopeAllPrivateChats
from telegram import BotCommandScopeAllChatAdministrators as ForAdmins
from telegram import BotCommandScopeAllGroupChats as ForGroups
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, Defaults
from telegram.request import HTTPXRequest

import handlers
from bot.clock import Clock
from bot.serving import insist, run_webhook
from bot.settings import Settings
from handlers.certificates import trusted
from handlers.context import App, House, context_types
from handlers.intake import Intake
from handlers.lanes import Lanes
from handlers.limiter import Limiter, limiter_of
from handlers.listening import Listening
from handlers.outage import Outage
from handlers.own_messages import OwnMessages
from handlers.polling import TokenRefused, run_polling
from handlers.sender import Sender
from rendering.catalog import LANGUAGES, get_catalog
from rendering.start import Command, commands
from storage.store import Store

log = logging.getLogger(__name__)
POOL = 64
OnStart = Callable[[App, Lanes, Listening], None]


def build_application(settings: Settings, house: House) -> App:
    """The library's Application with our context and all handlers; it fetches no updates itself."""
    api = settings.telegram_api_url
    limiter = Limiter(journal=OwnMessages(house))
    app: App = (
        ApplicationBuilder()
        .token(settings.token or "")
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .context_types(context_types(house))
        .defaults(Defaults(allow_sending_without_reply=True))
        .request(HTTPXRequest(POOL, pool_timeout=30, httpx_kwargs={"verify": trusted()}))
        .get_updates_request(HTTPXRequest(httpx_kwargs={"verify": trusted()}))  # unused, and would read them again
        .updater(None)
        .rate_limiter(limiter)
        .build()
    )
    for module in handlers.MODULES:
        module.setup(app)
    return app


def make_house(settings: Settings, store: Store, clock: Clock) -> House:
    """What handlers share, from the settings."""
    return House(store, clock, settings.default_timezone, settings.default_language, settings.manager_ids)


async def run_bot(
    settings: Settings, store: Store, clock: Clock, stop: asyncio.Event, *, on_start: OnStart | None = None
) -> None:
    """Run until `stop`; `on_start` is handed the parts before they begin. Raises TokenRefused."""
    rng = SystemRandom()
    house = make_house(settings, store, clock)
    async with _started(build_application(settings, house), stop, rng) as app:
        if app is None:
            return
        lanes = Lanes(app, store)
        intake = Intake(store, clock, lanes, Outage("Database", rng), app.bot.username)
        listening = Listening(store, clock)
        if on_start is not None:
            on_start(app, lanes, listening)
        async with asyncio.TaskGroup() as group:
            menu = group.create_task(_set_menu(app))
            group.create_task(lanes.run(stop))
            group.create_task(Sender(app, house, limiter_of(app), rng).run(stop))
            try:
                if settings.webhook_secret is not None:
                    await run_webhook(settings, app, intake, listening, stop, rng=rng)
                else:
                    await run_polling(
                        intake, listening, stop, api_url=settings.telegram_api_url, token=settings.token or "", rng=rng
                    )
            finally:
                stop.set()
                menu.cancel()
    log.info("stopped, nothing lost")


@contextlib.asynccontextmanager
async def _started(app: App, stop: asyncio.Event, rng: Random) -> AsyncIterator[App | None]:
    """The Application, initialized as soon as Telegram can be reached, and shut down at the end.

    None where `stop` came first.
    """
    try:
        await insist(app.initialize, stop, rng)
    except InvalidToken:
        raise TokenRefused from None
    if stop.is_set():
        yield None
        return
    await app.start()
    log.info("running as @%s", app.bot.username)
    try:
        yield app
    finally:
        with contextlib.suppress(TelegramError):
            await app.stop()
            await app.shutdown()


async def _set_menu(app: App) -> None:
    """Telegram's menu of commands, by role and language."""
    for language in LANGUAGES:
        code = None if language == "en" else language
        found = commands(get_catalog(language))
        scopes: list[tuple[BotCommandScope, list[Command]]] = [
            (BotCommandScopeAllPrivateChats(), found),
            (ForGroups(), [one for one in found if not one.managers_only and not one.private_only]),
            (ForAdmins(), [one for one in found if not one.private_only]),
        ]
        for scope, shown in scopes:
            menu = [BotCommand(one.name, one.words) for one in shown]
            try:
                await app.bot.set_my_commands(menu, scope=scope, language_code=code)
            except TelegramError as error:
                log.warning("the menu of commands could not be set: %s", error)
                return


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT end the run in good order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
