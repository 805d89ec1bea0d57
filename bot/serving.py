"""The webhook as a server of its own, and calls to Telegram that are made until they are heard."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from random import Random

import uvicorn
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.settings import Settings
from handlers.context import App
from handlers.intake import Intake
from handlers.listening import Listening
from handlers.outage import Outage
from handlers.updates import ALLOWED_UPDATES
from handlers.web import webhook

log = logging.getLogger(__name__)


async def insist(call: Callable[[], Awaitable[object]], stop: asyncio.Event, rng: Random) -> None:
    """Make a call again and again until Telegram hears it, or until `stop`. Raises InvalidToken."""
    trouble = Outage("Telegram", rng)
    while not stop.is_set():
        try:
            await call()
        except InvalidToken:
            raise
        except (NetworkError, RetryAfter, TelegramError) as error:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(trouble.failed(type(error).__name__)):
                    await stop.wait()
        else:
            trouble.over()
            return


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError with a sentence that says what to do."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise OSError(f"cannot listen on {host} port {port} ({error.strerror}): set WEB_HOST or WEB_PORT") from error


async def run_webhook(
    settings: Settings, app: App, intake: Intake, listening: Listening, stop: asyncio.Event, *, rng: Random
) -> None:
    """Serve Telegram's deliveries until `stop`. Raises OSError where the port is taken."""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    with bind(settings.web_host, settings.web_port) as listening_at:
        await intake.resume()
        web = webhook.create_web_app(intake, secret)
        server = _Server(uvicorn.Config(web, log_config=None, lifespan="off"))
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listening_at]))
            group.create_task(listening.run(stop))
            address = f"{settings.public_url}{webhook.PATH}"
            await insist(
                lambda: app.bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED_UPDATES), stop, rng
            )
            await stop.wait()
            server.should_exit = True


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
