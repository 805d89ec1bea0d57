"""Misbehaviour on command: what goes wrong, at which call, how often."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from random import Random

from sandbox.errors import ActionError
from sandbox.model import Json

BEFORE = frozenset({"flood", "error", "drop_before", "timeout_before", "restart"})
AFTER = frozenset({"drop_after", "timeout_after", "truncate", "error_after", "slow", "slow_body"})
LOST = AFTER - {"slow", "slow_body"}  # the caller learns nothing of the result
UPDATES = frozenset({"duplicate", "reorder", "late"})
KINDS = BEFORE | AFTER | UPDATES


@dataclass(slots=True)
class Fault:
    """One rule. `nth` counts what matches from 1; without it `probability` decides, seeded.

    `method` is a method's name, `file` for downloads, or for the faults of updates a kind of update.
    """

    kind: str
    method: str = "*"
    nth: int = 0
    probability: float = 1.0
    times: int = 0  # at most so often; 0 for no limit (an `nth` rule strikes once)
    status: int = 502
    retry_after: int = 1
    seconds: float = 30.0
    updates: int = 0  # late by so many updates, or by `seconds` when fewer come
    seed: int = 1
    id: int = 0
    seen: int = 0
    struck: int = 0
    rng: Random = field(default_factory=Random)

    def strikes(self, method: str) -> bool:
        """Whether this call or update is hit; counts it either way."""
        if self.method not in ("*", method):
            return False
        self.seen += 1
        if self.nth:
            hit = self.seen == self.nth
        else:
            hit = (not self.times or self.struck < self.times) and self.rng.random() < self.probability
        self.struck += hit
        return hit

    def as_json(self) -> Json:
        body = asdict(self)
        del body["rng"]
        return body


class FaultPlan:
    """The rules in force; the first that strikes decides."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._last_id = 0

    def add(self, **rule: object) -> Fault:
        """Add a rule by its fields.

        Raises:
            ActionError: unknown kind or field.
        """
        try:
            fault = Fault(**rule)  # type: ignore[arg-type]
        except TypeError as error:
            raise ActionError(f"bad fault: {error}") from error
        if fault.kind not in KINDS:
            raise ActionError(f"unknown fault kind {fault.kind!r}; known: {', '.join(sorted(KINDS))}")
        fault.method = fault.method.lower()
        fault.rng = Random(fault.seed)
        self._last_id += 1
        fault.id = self._last_id
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        self.faults.clear()

    def strike(self, method: str) -> Fault | None:
        """The fault that hits this call, if any; `method` in lower case."""
        return next((f for f in self.faults if f.kind not in UPDATES and f.strikes(method)), None)

    def strike_update(self, kind: str) -> Fault | None:
        """The fault that hits this update on its way to the bot, if any."""
        return next((f for f in self.faults if f.kind in UPDATES and f.strikes(kind)), None)
