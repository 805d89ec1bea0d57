"""What a handler is given beside the update: the store, the clock, and the settings that concern it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from handlers.patience import Patience
from rendering.catalog import Catalog, get_catalog
from storage.store import Store


class Clock(Protocol):
    """Tells the time, aware, in UTC."""

    def now(self) -> datetime:
        """The time now."""


@dataclass(slots=True)
class House:
    """Everything handlers share, made once by bot/."""

    store: Store
    clock: Clock
    default_timezone: str = "UTC"
    default_language: str = "en"
    manager_ids: frozenset[int] = frozenset()
    roles: dict[tuple[int, int], tuple[datetime, bool]] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    # When the counts on a post's buttons are (or were) next set anew, by chat and message.
    counting: dict[tuple[int, int], datetime] = field(default_factory=dict)
    greetings: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    # Set by the store whenever the queue changed, so that the sender looks anew at what is due.
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Have the store wake the sender."""
        self.store.on_queue_change.append(self.wake.set)


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context with our house in it."""

    house: House

    @property
    def store(self) -> Store:
        """The store."""
        return self.house.store

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.house.clock

    def catalog(self, language: str | None) -> Catalog:
        """Words in a language (en, zh); None is the default one."""
        return get_catalog(language or self.house.default_language)


def context_types(house: House) -> ContextTypes[Context, dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """Context types for an Application whose handlers live in this house."""
    bound = type("Context", (Context,), {"house": house})
    return ContextTypes(context=bound)


App = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
