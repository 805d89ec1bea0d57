"""Telegram's limits, kept from our side: so many messages a second in all, a minute in a group, a second in private.

A message occupies its place from the start of its call until a window after its answer, so that Telegram, wherever
between the two it counts, never counts too many. Answers to people go before what nobody asked for, and that before
drops. Reads cost nothing.
"""

from __future__ import annotations

import asyncio
import bisect
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any, Protocol

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from handlers.context import App
from handlers.refusals import is_refusal, seconds_of
from handlers.windows import Limits, Window

Result = Any
MOST_CHATS = 5000
HELD = float("inf")


class Rank(IntEnum):
    """Who goes first where several wait."""

    ANSWER = 0
    NOTICE = 1
    DROP = 2


@dataclass(slots=True, eq=False)
class Pass:
    """The right to post `cost` messages in a chat now; one call uses it up."""

    chat_id: int
    cost: int
    windows: tuple[Window, ...]
    is_used: bool = False


@dataclass(slots=True, order=True)
class _Waiter:
    rank: Rank
    turn: int
    chat_id: int = field(compare=False)
    cost: int = field(compare=False)
    windows: tuple[Window, ...] = field(compare=False)
    granted: asyncio.Future[Pass] = field(compare=False)


class Journal(Protocol):
    """Keeps what the bot posts in groups beside drops."""

    async def begin(self, chat_id: int) -> int:
        """A call begins; returns a mark for its outcome."""

    async def end(self, chat_id: int, mark: int, message_ids: list[int] | None) -> None:
        """It became these messages; None: nobody knows."""


class Limiter(BaseRateLimiter[Pass]):
    """Lets calls through in time. `pass` objects are had beforehand with `acquire`, or each call waits by itself."""

    def __init__(self, limits: Limits | None = None, journal: Journal | None = None) -> None:
        self.limits = limits or Limits()
        self._journal = journal
        self._in_all = Window(*self.limits.in_all)
        self._chats: dict[int, Window] = {}
        self._paused: dict[int, float] = {}
        self._waiting: list[_Waiter] = []
        self._turn = 0
        self._next_drop = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Whoever waits goes on at once: the bot stops."""
        if self._alarm is not None:
            self._alarm.cancel()

    async def acquire(self, chat_id: int, cost: int = 1, rank: Rank = Rank.ANSWER) -> Pass:
        """Wait until so many messages may be posted in a chat. Give the pass back if it is not used."""
        loop = asyncio.get_running_loop()
        windows = (self._in_all, self._window(chat_id))
        self._turn += 1
        waiter = _Waiter(rank, self._turn, chat_id, cost, windows, loop.create_future())
        bisect.insort(self._waiting, waiter)
        self._let_in()
        try:
            return await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.done() and not waiter.granted.cancelled():
                self.give_back(waiter.granted.result())
            elif waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    def give_back(self, held: Pass) -> None:
        """A pass is not needed after all."""
        if not held.is_used:
            held.is_used = True
            for window in held.windows:
                window.give_back(held.cost)
            self._let_in()

    def pause(self, chat_id: int, seconds: float) -> None:
        """Nothing more is posted in a chat for so long; all others go on."""
        until = asyncio.get_running_loop().time() + seconds
        self._paused[chat_id] = max(until, self._paused.get(chat_id, 0.0))

    def hold(self, chat_id: int) -> None:
        """Nothing begins in a chat, but for passes that are held, until it is let go."""
        self._paused[chat_id] = HELD

    def let_go(self, chat_id: int) -> None:
        """A chat that was held goes on."""
        if self._paused.get(chat_id) == HELD:
            del self._paused[chat_id]
        self._let_in()

    def _window(self, chat_id: int) -> Window:
        window = self._chats.get(chat_id)
        if window is None:
            if len(self._chats) >= MOST_CHATS:
                self._forget_idle()
            limit = self.limits.private if chat_id > 0 else self.limits.group
            window = self._chats[chat_id] = Window(*limit)
        return window

    def _forget_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        wanted = {one.chat_id for one in self._waiting}
        self._chats = {
            chat_id: one for chat_id, one in self._chats.items() if chat_id in wanted or not one.is_idle(now)
        }
        self._paused = {chat_id: until for chat_id, until in self._paused.items() if until > now}

    def _let_in(self) -> None:
        """Let in whoever may go, in order; what cannot go yet holds up its own chat only."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        waits: list[float] = []
        left: list[_Waiter] = []
        held_up: set[int] = set()
        is_full = False
        for waiter in self._waiting:
            if is_full or waiter.chat_id in held_up or waiter.granted.done():
                if not waiter.granted.done():
                    left.append(waiter)
                continue
            ready_at = self._ready_at(waiter, now)
            if ready_at is not None and ready_at <= now:
                self._grant(waiter, now)
                continue
            left.append(waiter)
            held_up.add(waiter.chat_id)
            if ready_at is not None and ready_at != HELD:
                waits.append(ready_at)
            # Nobody smaller passes one that lacks room in all, or it would wait for ever.
            is_full = self._in_all.room(now) < waiter.cost and self._ready_in_chat(waiter, now)
        self._waiting = left
        self._set_alarm(min(waits, default=None), loop)

    def _ready_at(self, waiter: _Waiter, now: float) -> float | None:
        """When a waiter may go as far as one can tell; None: when something under way has ended."""
        ready_at = max(now, self._paused.get(waiter.chat_id, 0.0))
        if waiter.rank is Rank.DROP:
            ready_at = max(ready_at, self._next_drop)
        for window in waiter.windows:
            if window.room(now) < min(waiter.cost, window.most):
                at = window.next_room(min(waiter.cost, window.most))
                if at is None:
                    return None
                ready_at = max(ready_at, at)
        return ready_at

    def _ready_in_chat(self, waiter: _Waiter, now: float) -> bool:
        own = waiter.windows[1:]
        return self._paused.get(waiter.chat_id, 0.0) <= now and all(one.room(now) >= waiter.cost for one in own)

    def _grant(self, waiter: _Waiter, now: float) -> None:
        for window in waiter.windows:
            window.begin(waiter.cost)
        if waiter.rank is Rank.DROP:
            # Evenly, not in bursts: calls stay short, and an answer never waits a whole second.
            most, seconds = self.limits.in_all
            self._next_drop = now + waiter.cost * seconds / most
        waiter.granted.set_result(Pass(waiter.chat_id, waiter.cost, waiter.windows))

    def _set_alarm(self, at: float | None, loop: asyncio.AbstractEventLoop) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if at is None else loop.call_at(at, self._let_in)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Pass | None,
    ) -> Result:
        """One call of the bot's, in its turn."""
        chat_id = _chat_of(data)
        cost = _cost_of(endpoint, data)
        if not cost or chat_id is None:
            return await callback(*args, **kwargs)
        if rate_limit_args is not None and not rate_limit_args.is_used:
            return await self._call(callback, args, kwargs, rate_limit_args)
        held = await self.acquire(chat_id, cost)
        work = partial(self._call, callback, args, kwargs, held)
        if self._journal is None or chat_id > 0 or not _posts(endpoint):
            return await work()
        return await self._noted(self._journal, chat_id, work)

    async def _noted(self, journal: Journal, chat_id: int, work: Callable[[], Awaitable[Result]]) -> Result:
        """A post in a group beside drops, kept in the journal."""
        mark = await journal.begin(chat_id)
        found: list[int] | None = None
        try:
            result = await work()
            found = _message_ids(result)
        except Exception as error:
            found = [] if is_refusal(error) else None
            raise
        finally:
            await journal.end(chat_id, mark, found)
        return result

    async def _call(
        self, callback: Callable[..., Coroutine[Any, Any, Result]], args: Any, kwargs: dict[str, Any], held: Pass
    ) -> Result:
        held.is_used = True
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self.pause(held.chat_id, seconds_of(error))
            raise
        finally:
            now = asyncio.get_running_loop().time()
            for window in held.windows:
                window.end(held.cost, now)
            self._let_in()


def limiter_of(app: App) -> Limiter:
    """The limiter through which an application's calls pass. Raises TypeError where there is none."""
    found = app.bot.rate_limiter
    if not isinstance(found, Limiter):
        raise TypeError("the application was built without our limiter")
    return found


def _chat_of(data: dict[str, Any]) -> int | None:
    chat_id = data.get("chat_id")
    if isinstance(chat_id, str):
        return int(chat_id) if chat_id.lstrip("-").isdigit() else None
    return chat_id


def _posts(endpoint: str) -> bool:
    """Whether a call makes new messages."""
    return endpoint.startswith(("send", "forward", "copy")) and endpoint != "sendChatAction"


def _cost_of(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a call counts as: an album its parts, a change one, anything else nothing.

    That changes count as new messages do is told in tdlib/td's issues 2592 and 3034.
    """
    if _posts(endpoint):
        many = data.get("media") if endpoint == "sendMediaGroup" else data.get("message_ids")
        return len(many) if isinstance(many, (list, tuple)) and many else 1
    return int(endpoint.startswith(("editMessage", "stopPoll")))


def _message_ids(result: Any) -> list[int]:
    messages = result if isinstance(result, list) else [result]
    return [int(one["message_id"]) for one in messages if isinstance(one, dict) and "message_id" in one]
