"""Speaking to a terminal: answers on standard output, the reason of a refusal on standard error."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

REFUSED, WRONG_USAGE = 1, 2


def say(text: str) -> None:
    """Text on standard output."""
    typer.echo(text)


def refuse(reason: str, code: int = REFUSED) -> NoReturn:
    """End with a line on standard error that says why."""
    typer.echo(f"peakdrop: {reason}", err=True)
    raise typer.Exit(code)


def progress_bar(unit: str) -> Progress:
    """A bar with count and time left, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
