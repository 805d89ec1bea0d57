"""The command line: `peakdrop --help`. Heavy rooms are entered only by the command that needs them."""

import asyncio
import contextlib
import gc
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.console import WRONG_USAGE, refuse, say
from bot.settings import Settings, SettingsError, load_settings

app = typer.Typer(
    name="peakdrop",
    help="PeakDrop: a Telegram bot for communities that grow around short videos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Bring in a group's history, video figures, or drops.", no_args_is_help=True)
app.add_typer(imports, name="import")
exports = typer.Typer(help="Give out what is queued.", no_args_is_help=True)
app.add_typer(exports, name="export")

Chat = Annotated[int | None, typer.Option("--chat", help="Telegram chat id of the group")]


@contextlib.contextmanager
def entering() -> Iterator[None]:
    """Around a command's imports: they leave no garbage, and to look for it took a third of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # what is imported stays: no later search, and none at the end, goes through it
        gc.enable()


def settings_or_refuse() -> Settings:
    """The settings in force, or the end with the line that names the wrong one."""
    try:
        return load_settings()
    except SettingsError as error:
        refuse(str(error))


@app.callback(invoke_without_command=True)
def options(show_version: Annotated[bool, typer.Option("--version", help="the version")] = False) -> None:
    """PeakDrop: a Telegram bot for communities that grow around short videos."""
    if show_version:
        say(version("peakdrop"))
        raise typer.Exit


@app.command()
def run() -> None:
    """Run the bot; settings come from the environment or .env."""
    settings = settings_or_refuse()
    if settings.token is None:
        refuse("BOT_TOKEN is not set. Put it into .env, or try `peakdrop sandbox`, which needs none.")
    with entering():
        from bot.running import run_forever

    raise typer.Exit(run_forever(settings))


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on", min=0, max=65535)] = 8081,
    empty: Annotated[bool, typer.Option("--empty", help="a group without history")] = False,
    seed: Annotated[int, typer.Option(help="another number gives another community")] = 1,
    speed: Annotated[
        float, typer.Option(help="how fast time goes; from 60 on it steps from event to event", min=0, max=1_000_000)
    ] = 1.0,
    state: Annotated[Path | None, typer.Option(help="keep the sandbox in this file between runs")] = None,
    no_bot: Annotated[bool, typer.Option("--no-bot", help="serve any other bot instead of ours")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="do not open the page")] = False,
) -> None:
    """Try PeakDrop without a token: a small Telegram of our own, with a group that has a past."""
    settings = settings_or_refuse()
    with entering():
        from bot.trying import SandboxOptions, run_sandbox

    options = SandboxOptions(host, port, empty, seed, bot=not no_bot, browser=not no_browser, speed=speed, state=state)
    raise typer.Exit(run_sandbox(settings, options))


@app.command(hidden=True)
def start() -> None:
    """What `make run` does: the bot where there is a token, else the sandbox."""
    settings = settings_or_refuse()
    if settings.token is not None:
        run()
    say("BOT_TOKEN is not set: opening the sandbox, which needs none. (.env.example explains the settings.)")
    sandbox(no_browser=not sys.stdout.isatty())


@app.command(context_settings={"allow_interspersed_args": True})
def stats(
    words: Annotated[list[str] | None, typer.Argument(help="[overview|videos|drops] [window] [vs]")] = None,
    chat: Chat = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="comma-separated values")] = False,
) -> None:
    """What happens in a group. Windows: today, 24h, 7d, 30d, 90d, 1y, all, or 2026-10-01..2026-10-31."""
    with entering():
        from bot.reporting import print_stats

    if as_json and as_csv:
        refuse("--json and --csv exclude each other.", WRONG_USAGE)
    print_stats(settings_or_refuse(), words or [], chat, "json" if as_json else "csv" if as_csv else "text")


@imports.command("history")
def import_history_(
    file: Annotated[Path, typer.Argument(help="result.json of Telegram Desktop, or a .csv.gz series")],
    chat: Chat = None,
    timezone: Annotated[str | None, typer.Option(help="zone of times that name none (IANA name)")] = None,
) -> None:
    """Bring in a group's past from Telegram Desktop's export."""
    with entering():
        from bot.importing import import_history_file

    import_history_file(settings_or_refuse(), file, chat, timezone)


@imports.command("metrics")
def import_metrics_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX of a video platform or shop")],
    chat: Chat = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="take the good rows of a file with bad ones")] = False,
) -> None:
    """Bring in video figures, followers or orders."""
    with entering():
        from bot.importing import import_metrics_file

    import_metrics_file(settings_or_refuse(), file, chat, skip_bad=skip_bad)


@imports.command("drops")
def import_drops_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with the columns time, text, media, tags, buttons")],
    chat: Chat = None,
) -> None:
    """Queue drops from a content calendar; bad rows are named, good ones are taken."""
    with entering():
        from bot.drop_files import import_drops_file

    import_drops_file(settings_or_refuse(), file, chat)


@exports.command("drops")
def export_drops_(chat: Chat = None) -> None:
    """The coming drops as CSV, in the form that import takes."""
    with entering():
        from bot.drop_files import export_drops

    export_drops(settings_or_refuse(), chat)


@app.command("backtest")
def backtest_(
    file: Annotated[Path | None, typer.Argument(help="a series: .csv or .csv.gz with the columns ts, author")] = None,
    timezone: Annotated[str | None, typer.Option(help="the series' time zone (IANA name)")] = None,
    chat: Chat = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """How well the forecast would have chosen in the past, beside seven plain methods."""
    with entering():
        from bot.backtesting import print_backtest

    print_backtest(settings_or_refuse(), file, timezone, chat, as_json=as_json)


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="compare only; exit 1 where something differs")] = False,
) -> None:
    """Recompute all rollups from the raw log (the bot may go on running)."""
    with entering():
        from bot.keeping import rebuild_rollups

    rebuild_rollups(settings_or_refuse(), check=check)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="where the copy goes")]) -> None:
    """Copy the whole store to a file, while the bot runs, and verify the copy."""
    with entering():
        from bot.keeping import make_backup

    make_backup(settings_or_refuse(), file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a backup of ours")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="replace the store there is (it is kept aside)")
    ] = False,
) -> None:
    """Bring a backup back."""
    with entering():
        from bot.keeping import restore_backup

    restore_backup(settings_or_refuse(), file, overwrite=overwrite)


@app.command()
def migrate() -> None:
    """Bring the database to this version (also done at each start)."""
    with entering():
        from bot.keeping import open_store

    open_store(settings_or_refuse()).close()
    say("The database is up to date.")


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False) -> None:
    """Examine settings, database and Telegram, and say what to mend."""
    with entering():
        from bot.examining import examine_all

    raise typer.Exit(asyncio.run(examine_all(settings_or_refuse(), as_json=as_json)))


def main() -> None:
    """The console script. Where the database fails in the middle, that is one line too."""
    try:
        app()
    except Exception as error:
        from storage.store import StoreUnavailable

        if not isinstance(error, StoreUnavailable):
            raise
        cure = "restore a backup" if "malformed" in str(error) else "check DATABASE_URL, free disk space and rights"
        typer.echo(f"peakdrop: The database cannot be used: {error}; {cure}.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
