"""A record of every call the bot made."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.model import Json

KEPT = 20_000


@dataclass(slots=True)
class Call:
    """One call: `at` epoch seconds, `took` seconds, `status` HTTP, `outcome` the result or refusal."""

    number: int
    at: float
    took: float
    method: str
    params: Json
    status: int
    outcome: Any
    fault: str = ""


class CallLog:
    """The latest calls in order, and how many there were in all."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self.total = 0

    def add(self, at: float, took: float, method: str, params: Json, status: int, outcome: Any, fault: str) -> None:
        self.total += 1
        self._calls.append(Call(self.total, at, took, method, params, status, outcome, fault))

    def since(self, number: int = 0, method: str = "") -> list[Call]:
        """Calls after call `number`, all methods or one, oldest first."""
        return [c for c in self._calls if c.number > number and (not method or c.method == method)]

    def as_json(self, number: int = 0, method: str = "") -> Json:
        return {"total": self.total, "calls": [asdict(c) for c in self.since(number, method)]}

    def clear(self) -> None:
        self._calls.clear()
