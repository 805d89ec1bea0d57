"""The queue of updates that waits for the bot, and the long poll that hands it out."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from sandbox.errors import conflict
from sandbox.faults import Fault, FaultPlan
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

FAR_AHEAD = 10  # an offset so far beyond the newest id is of another queue, and confirms nothing
KEPT_SECONDS = 24 * 3600  # Telegram keeps what nobody fetches so long
KEPT_UPDATES = 100_000  # here they are also bounded in number
KEPT_BYTES = 64 * 1024 * 1024  # and in size


class Pending(NamedTuple):
    """One update as it will be served: ready JSON. Injected ones may lack an id.

    A sticky one stays until it was handed out, whatever the offset. `at` is epoch seconds.
    """

    update_id: int | None
    raw: bytes
    sticky: bool
    at: float


class _Held:
    """An update that a fault keeps back: until so many more have come, or a time has passed."""

    __slots__ = ("after", "pending", "until")

    def __init__(self, pending: Pending, after: int, until: float) -> None:
        self.pending, self.after, self.until = pending, after, until


@dataclass(slots=True)
class QueueState:
    """What outlives a restart: all that waits, the next id, and the kinds asked for."""

    waiting: list[Pending]
    next_id: int
    allowed: frozenset[str]


class UpdateQueue:
    """Updates in order, served until acknowledged by a higher offset; the oldest are let go when too many wait."""

    def __init__(self, first_id: int, clock: Callable[[], float] = time.time, faults: FaultPlan | None = None) -> None:
        self._clock = clock
        self._faults = faults or FaultPlan()
        self._held: list[_Held] = []
        self._bytes = 0
        self.let_go = 0  # updates that nobody fetched in time
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

    @property
    def held_back(self) -> int:
        """How many updates a fault keeps from the queue at the moment."""
        return len(self._held)

    def state(self) -> QueueState:
        """What to keep; updates that a fault holds back stand at the end."""
        waiting = [*self._pending, *(held.pending for held in self._held)]
        return QueueState(waiting, self._next_id, self.allowed)

    def restore(self, state: QueueState, *, skip: int) -> None:
        """Go on from a kept state; `skip` so many ids."""
        self._pending = deque(state.waiting)
        self._bytes = sum(len(one.raw) for one in state.waiting)
        self._next_id = state.next_id + skip
        self.allowed = state.allowed

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
        self._send(Pending(update_id, raw, False, self._clock()), kind)
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
        kind = next((key for key in found if key != "update_id"), "") if isinstance(found, dict) else ""
        self._send(Pending(update_id, raw, True, self._clock()), kind)

    def _send(self, pending: Pending, kind: str) -> None:
        """Queue an update, by the detour that a fault prescribes."""
        fault = self._faults.strike_update(kind)
        waiting = list(self._held)
        if fault is None or fault.kind == "duplicate":
            self._append(pending)
        if fault is not None:
            self._hold(pending._replace(sticky=True), fault)
        for held in waiting:
            held.after -= 1
        self._release()

    def _hold(self, pending: Pending, fault: Fault) -> None:
        later = {"reorder": 1, "late": fault.updates or KEPT_UPDATES, "duplicate": fault.updates}[fault.kind]
        self._held.append(_Held(pending, later, time.monotonic() + fault.seconds))
        with contextlib.suppress(RuntimeError):  # no event loop: whoever asks next releases what is due
            asyncio.get_running_loop().call_later(fault.seconds + 0.01, self._release)

    def _release(self) -> None:
        """Queue what was held back and is due."""
        now = time.monotonic()
        due = [held for held in self._held if held.after <= 0 or held.until <= now]
        self._held = [held for held in self._held if held not in due]
        for held in due:
            self._append(held.pending)

    def _append(self, pending: Pending) -> None:
        self._pending.append(pending)
        self._bytes += len(pending.raw)
        self._let_go()
        self.wake()

    def _let_go(self) -> None:
        """Forget the oldest: too old, too many, or too large together."""
        oldest = self._clock() - KEPT_SECONDS
        while self._pending and (
            self._pending[0].at < oldest or len(self._pending) > KEPT_UPDATES or self._bytes > KEPT_BYTES
        ):
            self.drop_first()
            self.let_go += 1

    def _pop(self) -> Pending:
        pending = self._pending.popleft()
        self._bytes -= len(pending.raw)
        return pending

    def acknowledge(self, offset: int) -> None:
        """Forget what `offset` confirms; a negative one keeps only the last so many, one far ahead nothing at all.

        An injected update that was never handed out stays whatever its id, and so does one that a fault
        duplicated or delayed; one without an id is forgotten once handed out.
        """
        if offset < 0:
            while len(self._pending) > -offset:
                self._pop()
            self._delivered = 0
            return
        if offset > self._next_id + FAR_AHEAD:
            newest = max((pending.update_id or 0 for pending in self._pending), default=0)
            if offset > newest + 1 + FAR_AHEAD:
                return
        front = [self._pop() for _ in range(self._delivered)]
        kept = [p for p in front if p.update_id is not None and p.update_id >= offset]
        if not kept and offset:
            while self._pending and not self._pending[0].sticky and (self._pending[0].update_id or 0) < offset:
                self._pop()
        self._pending.extendleft(reversed(kept))
        self._bytes += sum(len(p.raw) for p in kept)
        self._delivered = len(kept)

    def take(self, limit: int) -> list[bytes]:
        """The first `limit` updates, which stay queued until acknowledged."""
        count = min(limit, len(self._pending))
        batch = [self._pending[i].raw for i in range(count)]
        self._delivered = max(self._delivered, count)
        return batch

    def take_back(self) -> None:
        """What was handed out last never arrived: sticky updates among it come again."""
        self._delivered = 0

    def first(self) -> bytes | None:
        self._release()
        self._let_go()
        return self._pending[0].raw if self._pending else None

    def drop_first(self) -> None:
        self._pop()
        self._delivered = max(0, self._delivered - 1)

    def clear(self) -> None:
        self._pending.clear()
        self._held.clear()
        self._delivered = self._bytes = 0

    def interrupt(self, reason: str) -> None:
        """End a poll that waits, with 409 and this reason."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(conflict(reason))

    def wake(self) -> None:
        """Let whoever waits for an update look again."""
        self.arrived.set()
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """Let waiting polls return at once; the server is going down."""
        self.closed = True
        self.wake()

    async def fetch(self, offset: int, limit: int, timeout: float) -> list[bytes]:
        """One getUpdates: acknowledge, then hand out, waiting up to `timeout` seconds for the first.

        Raises:
            ApiError: 409, when a newer poll or setWebhook ended this one.
        """
        self._release()
        self._let_go()
        self.acknowledge(offset)
        self.long_polls = timeout > 0
        if not self._pending and timeout > 0 and not self.closed:
            self.interrupt(OTHER_POLLER)  # one that does not wait lets the other wait on
            waiter = asyncio.get_running_loop().create_future()
            self._waiter = waiter
            try:
                await asyncio.wait_for(waiter, timeout)
            except TimeoutError:
                return []
            finally:
                if self._waiter is waiter:
                    self._waiter = None
        return self.take(limit)
