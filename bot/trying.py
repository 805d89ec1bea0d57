"""`peakdrop sandbox`: our own small Telegram with our bot in it, in one process, over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.clock import Clock
from bot.companion import Companion, SandboxClock
from bot.console import refuse, say
from bot.keeping import open_store
from bot.logs import set_up_logs
from bot.runner import run_bot, stop_on_signals
from bot.settings import Settings
from peakdrop.history.imports import import_history
from peakdrop.metrics.imports import import_metrics
from peakdrop.metrics.reading import read_metrics
from sandbox import community, keeping
from sandbox.server import serve
from sandbox.world import World
from storage.communities import find_community, list_communities, set_settings
from storage.store import Store

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the sandbox is to be."""

    host: str
    port: int
    empty: bool
    seed: int
    bot: bool
    browser: bool
    speed: float = 1.0
    state: Path | None = None


def run_sandbox(settings: Settings, options: SandboxOptions) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    set_up_logs(settings.log_level)
    world = _open_world(options)
    world.timeline.speed = options.speed
    with tempfile.TemporaryDirectory(prefix="peakdrop-sandbox-") as folder:
        store = _open_store(settings, options.state, Path(folder)) if options.bot else None
        try:
            if store is not None and not store.read_now(list_communities):
                bring_past(store, world, Path(folder))
            asyncio.run(_serve(settings, options, world, store))
        except OSError as error:
            refuse(f"{error}. Choose another --port.")
        finally:
            if store is not None:
                store.close()
        _save(world, options.state)
    return 0


def _open_world(options: SandboxOptions) -> World:
    """The world that the state file holds, or a new one, where members live."""
    if options.state is not None and options.state.exists():
        try:
            return keeping.load(options.state)
        except keeping.StateError as error:
            refuse(f"{options.state} {error}; it is left as it is. Name another file by --state.")
        except OSError as error:
            refuse(f"The state cannot be read: {error}.")
    world = community.build_world(options.seed, options.empty, Clock().now())
    if world.life is not None:
        world.life.on = True
    _save(world, options.state)
    return world


def _save(world: World, state: Path | None) -> None:
    if state is None:
        return
    try:
        keeping.write(state, keeping.pack(world, clean=True))
    except OSError as error:
        refuse(f"The state cannot be written: {error}. Name another file by --state.")


def _open_store(settings: Settings, state: Path | None, folder: Path) -> Store:
    """A store that goes with the sandbox, unless the environment names one.

    That one must be empty; the store beside a state file goes on.
    """
    chosen = os.environ.get("DATABASE_URL")
    beside = f"{state.resolve()}.bot.db" if state is not None else f"{folder}/sandbox.db"
    store = open_store(settings.model_copy(update={"database_url": chosen or f"sqlite:///{beside}"}))
    if state is None and store.read_now(list_communities):
        store.close()
        refuse("The store that DATABASE_URL names is not empty; the sandbox wants one of its own (unset it).")
    return store


def bring_past(store: Store, world: World, folder: Path) -> None:
    """Import the community's past as a manager would: an export of Telegram Desktop, and a table of figures."""
    if world.past is None:
        return
    now = world.past.now
    export = folder / "result.json"
    with export.open("wb") as file:
        file.writelines(community.telegram_export(world.past))
    import_history(store, export, chat_id=None, timezone=ZONE, now=now, progress=lambda _: None)
    figures = read_metrics(community.metrics_csv(world.seed, now), "figures.csv", timezone=ZONE, imported_at=now)
    found = store.read_now(lambda session: find_community(session, world.group_id))
    if found is not None:
        store.write_now(lambda session: set_settings(session, found.id, timezone=ZONE))
        store.write_now(lambda session: import_metrics(session, found.id, figures, skip_bad=False, now=now))


async def _serve(settings: Settings, options: SandboxOptions, world: World, store: Store | None) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(world, options.host, options.port, on_ready=ready.set_result))
        saving = group.create_task(keeping.keep(world, options.state)) if options.state is not None else None
        try:
            either: set[asyncio.Future[Any]] = {server, ready}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                await _run_in(settings, options, world, store, ready.result(), stop)
        finally:
            server.cancel()
            if saving is not None:
                saving.cancel()


async def _run_in(
    settings: Settings, options: SandboxOptions, world: World, store: Store | None, url: str, stop: asyncio.Event
) -> None:
    say(f"The sandbox is open: {url}/  (a small Telegram of our own; Ctrl-C ends it)")
    if options.browser:
        with contextlib.suppress(webbrowser.Error):
            await asyncio.to_thread(webbrowser.open, f"{url}/")
    if store is None:
        say(f"No bot runs in it. Yours may: API {url}, token {world.bot_token}")
        await stop.wait()
        return
    inside = settings.model_copy(
        update={"bot_token": SecretStr(world.bot_token), "telegram_api_url": url, "webhook_secret": None}
    )
    companion = world.companion = Companion(world)
    await run_bot(inside, store, SandboxClock(world), stop, on_start=companion.start)
