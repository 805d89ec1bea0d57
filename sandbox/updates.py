"""The queue of updates that waits for the bot, and the long poll that hands it out."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

import msgspec

from sandbox.errors import ApiError, conflict
from sandbox.model import Json

UPDATE_KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
)
# What a bot gets that never asked: everything but these three.
DEFAULT_KINDS = frozenset(UPDATE_KINDS) - {"chat_member", "message_reaction", "message_reaction_count"}

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Pending(NamedTuple):
    """One update as it will be served: ready JSON. Injected ones may lack an id."""

    update_id: int | None
    raw: bytes
    injected: bool


class UpdateQueue:
    """Updates in order, served until acknowledged by a higher offset."""

    def __init__(self, first_id: int) -> None:
        self._pending: deque[Pending] = deque()
        self._delivered = 0  # so many at the front were handed out and not yet acknowledged
        self._next_id = first_id
        self._waiter: asyncio.Future[None] | None = None
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.closed = False
        self.long_polls = False  # whether the last poll was one that waits
        self.arrived: asyncio.Event = asyncio.Event()

    def __len__(self) -> int:
        return len(self._pending)

    def set_allowed(self, kinds: list[str] | None) -> None:
        """Remember `allowed_updates`: None leaves it as it is, an empty list means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & frozenset(UPDATE_KINDS) or DEFAULT_KINDS

    def push(self, kind: str, payload: Json) -> int | None:
        """Queue an update of our own making; returns its id, None if the bot did not ask for the kind."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        raw = msgspec.json.encode({"update_id": update_id, kind: payload})
        self._append(Pending(update_id, raw, injected=False))
        return update_id

    def inject(self, raw: bytes) -> None:
        """Queue bytes exactly as given, broken or not; later ids of our own stay above theirs."""
        try:
            found = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            found = None
        update_id = found.get("update_id") if isinstance(found, dict) else None
        if not isinstance(update_id, int) or isinstance(update_id, bool):
            update_id = None
        elif update_id < 2**52:
            self._next_id = max(self._next_id, update_id + 1)
        self._append(Pending(update_id, raw, injected=True))

    def _append(self, pending: Pending) -> None:
        self._pending.append(pending)
        self.arrived.set()
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def acknowledge(self, offset: int) -> None:
        """Forget what `offset` confirms; a negative one keeps only the last so many.

        An injected update that was never handed out stays whatever its id, so that duplicated and
        reordered streams arrive in full; one without an id is forgotten once handed out.
        """
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
            self._delivered = 0
            return
        front = [self._pending.popleft() for _ in range(self._delivered)]
        kept = [p for p in front if p.update_id is not None and p.update_id >= offset]
        if not kept and offset:
            while self._pending and not self._pending[0].injected and (self._pending[0].update_id or 0) < offset:
                self._pending.popleft()
        self._pending.extendleft(reversed(kept))
        self._delivered = len(kept)

    def take(self, limit: int) -> list[bytes]:
        """The first `limit` updates, which stay queued until acknowledged."""
        count = min(limit, len(self._pending))
        batch = [self._pending[i].raw for i in range(count)]
        self._delivered = max(self._delivered, count)
        return batch

    def first(self) -> bytes | None:
        return self._pending[0].raw if self._pending else None

    def drop_first(self) -> None:
        self._pending.popleft()
        self._delivered = max(0, self._delivered - 1)

    def clear(self) -> None:
        self._pending.clear()
        self._delivered = 0

    def interrupt(self, reason: str) -> None:
        """End a poll that waits, with 409 and this reason."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(conflict(reason))

    def close(self) -> None:
        """Let waiting polls return at once; the server is going down."""
        self.closed = True
        self.arrived.set()
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def fetch(self, offset: int, limit: int, timeout: float) -> list[bytes]:
        """One getUpdates: acknowledge, then hand out, waiting up to `timeout` seconds for the first.

        Raises:
            ApiError: 409, when a newer poll or setWebhook ended this one.
        """
        self.interrupt(OTHER_POLLER)
        self.acknowledge(offset)
        self.long_polls = timeout > 0
        if not self._pending and timeout > 0 and not self.closed:
            waiter = asyncio.get_running_loop().create_future()
            self._waiter = waiter
            try:
                await asyncio.wait_for(waiter, timeout)
            except TimeoutError:
                return []
            except ApiError:
                raise
            finally:
                if self._waiter is waiter:
                    self._waiter = None
        return self.take(limit)
