"""Telegram's limits on how fast a bot may write, and a count of where it came near them.

Posts and edits count alike (tdlib/td issues 2592 and 3034), an album once for each of its messages;
reads, getUpdates, answers to buttons, chat actions, deletions and reactions do not.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from sandbox.calls import Call
from sandbox.errors import ApiError
from sandbox.model import Json

SENDING = frozenset(
    f"send{kind}"
    for kind in (
        *("message", "photo", "video", "animation", "audio", "document", "voice", "videonote", "sticker"),
        *("poll", "dice", "invoice"),
    )
)
EDITING = frozenset(f"editmessage{part}" for part in ("text", "caption", "media", "replymarkup"))
SINGLE = SENDING | EDITING | {"copymessage", "forwardmessage", "stoppoll", "createforumtopic"}
MANY = {"sendmediagroup": "media", "copymessages": "message_ids", "forwardmessages": "message_ids"}
NEARLY = 0.8  # a limit is nearly passed from this share of it on
KEPT = 1_000  # so many passings are remembered


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages within any `seconds`."""

    name: str
    most: int
    seconds: float


ALL = Limit("all", 30, 1.0)
GROUP = Limit("group", 20, 60.0)
# One a second in a private chat or channel; how long a burst Telegram bears it does not say, here it is twenty.
SINGLE_CHAT = Limit("chat", 20, 20.0)


@dataclass(slots=True)
class Bucket:
    """The messages of one limit in one chat (0: everywhere): their times, and the most within its window."""

    limit: Limit
    times: deque[float] = field(default_factory=deque)
    peak: int = 0

    def wait(self, now: float, cost: int) -> float:
        """How many seconds until `cost` more messages fit; what never fits waits for an empty window."""
        while self.times and self.times[0] <= now - self.limit.seconds:
            self.times.popleft()
        excess = len(self.times) + cost - self.limit.most
        if excess <= 0 or not self.times:
            return 0.0
        return self.times[min(excess, len(self.times)) - 1] + self.limit.seconds - now

    def add(self, now: float, cost: int) -> None:
        self.times.extend([now] * cost)
        self.peak = max(self.peak, len(self.times))


@dataclass(frozen=True, slots=True)
class Passing:
    """A limit that a call passed: `at` by the limits' clock, `refused` whether it was told so."""

    at: float
    method: str
    chat_id: int
    limit: str
    retry_after: int
    refused: bool


def cost(method: str, params: Json) -> int:
    """How many messages a call writes; `method` in lower case."""
    if method in SINGLE:
        return 1
    given = params.get(MANY.get(method, ""))
    try:
        items = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return 0
    return len(items) if isinstance(items, list) else 0


class Limits:
    """Counts what is written, and says how long to wait where that is too much."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.enforced = True
        self.passed: deque[Passing] = deque(maxlen=KEPT)
        self._clock = clock
        self._buckets: dict[int, Bucket] = {0: Bucket(ALL)}

    def check(self, method: str, params: Json, chat_id: int, *, is_group: bool) -> None:
        """Whether a call may write into a chat now.

        Raises:
            ApiError: 429 with `retry_after`, when that passes a limit.
        """
        count = cost(method, params)
        now = self._clock()
        buckets = self._buckets_of(chat_id, is_group=is_group) if count else []
        for bucket in sorted(buckets, key=lambda b: -b.wait(now, count))[:1]:
            wait = bucket.wait(now, count)
            if wait > 0:
                retry_after = max(1, math.ceil(wait))
                where = 0 if bucket.limit is ALL else chat_id
                self.passed.append(Passing(now, method, where, bucket.limit.name, retry_after, self.enforced))
                if self.enforced:
                    raise too_many(retry_after)

    def count(self, method: str, params: Json, chat_id: int, *, is_group: bool) -> None:
        """Count a call that was carried out."""
        count = cost(method, params)
        for bucket in self._buckets_of(chat_id, is_group=is_group) if count else []:
            bucket.add(self._clock(), count)

    def _buckets_of(self, chat_id: int, *, is_group: bool) -> list[Bucket]:
        if not chat_id:
            return [self._buckets[0]]
        limit = GROUP if is_group else SINGLE_CHAT
        return [self._buckets[0], self._buckets.setdefault(chat_id, Bucket(limit))]

    def as_json(self) -> Json:
        """The limits, each chat's use of them now and at most, and where one was passed or nearly so."""
        now = self._clock()
        shown = []
        for chat_id, bucket in self._buckets.items():
            bucket.wait(now, 0)
            limit = bucket.limit
            use: Json = {"chat_id": chat_id, "limit": limit.name, "most": limit.most, "seconds": limit.seconds}
            shown.append(
                use | {"now": len(bucket.times), "peak": bucket.peak, "nearly": bucket.peak >= NEARLY * limit.most}
            )
        return {"enforced": self.enforced, "buckets": shown, "passed": [asdict(p) for p in self.passed]}


def too_many(retry_after: int) -> ApiError:
    """The refusal of a call that came too soon; `retry_after` in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def highest_rates(calls: Iterable[Call], seconds: float) -> dict[int, int]:
    """From a record of calls: the most messages written within any `seconds`, by chat, and in all under 0."""
    moments: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for call in calls:
        count = cost(call.method.lower(), call.params) if call.status == 200 else 0
        if count:
            moments[0].append((call.at, count))
            chat_id = str(call.params.get("chat_id", ""))
            if chat_id.lstrip("-").isdigit():
                moments[int(chat_id)].append((call.at, count))
    return {chat_id: _most_within(sorted(found), seconds) for chat_id, found in moments.items()}


def _most_within(moments: list[tuple[float, int]], seconds: float) -> int:
    most, inside, first = 0, 0, 0
    for at, count in moments:
        inside += count
        while moments[first][0] <= at - seconds:
            inside -= moments[first][1]
            first += 1
        most = max(most, inside)
    return most
