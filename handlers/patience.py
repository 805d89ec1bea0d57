"""A limit on answers per chat, said kindly once: repeated /stats must not flood a group."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

ANSWERS = 5
SPAN = timedelta(minutes=2)
CHATS = 5_000


class Verdict(Enum):
    """Answer; say once that it is enough for now; stay silent."""

    ANSWER = 1
    SAY_ONCE = 2
    SILENT = 3


@dataclass(slots=True)
class Patience:
    """How often each chat was answered lately."""

    answered: dict[int, deque[datetime]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    def ask(self, chat_id: int, now: datetime) -> Verdict:
        """Whether a chat gets another answer now; counts it if so. In private, where nobody minds, four times more."""
        if len(self.answered) > CHATS:
            self.answered.clear()
            self.told.clear()
        recent = self.answered.setdefault(chat_id, deque())
        while recent and now - recent[0] > SPAN:
            recent.popleft()
        if len(recent) < (ANSWERS if chat_id < 0 else ANSWERS * 4):
            recent.append(now)
            self.told.discard(chat_id)
            return Verdict.ANSWER
        if chat_id in self.told:
            return Verdict.SILENT
        self.told.add(chat_id)
        return Verdict.SAY_ONCE
