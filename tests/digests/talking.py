"""The bot at a group's digests in sandbox time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sandbox.model import Message
from storage.models import PollSpan
from tests.bot.conversation import Conversation, text_of
from tests.digests.weeks import Weeks
from tests.drops.making import GROUP

EARLY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # a Monday, 08:30 in Shanghai
MONDAY = EARLY + timedelta(minutes=30)
STEP = 1_000_000.0


def local(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A wall time in November; 0 and below are October's last days."""
    return datetime(2026, 11, 1, hour, minute) + timedelta(days=day - 1)  # noqa: DTZ001 - a wall time


def fill(talk: Conversation, busy: bool = True) -> Weeks:
    """Four recorded weeks."""
    span = PollSpan(start_at=datetime(2026, 10, 1, tzinfo=UTC), end_at=EARLY)
    talk.store.write_now(lambda session: session.add(span))
    weeks = Weeks(talk.store, talk.group.id, GROUP, topics={3: "Deals"})
    weeks.open(local(-25))
    if busy:
        weeks.live(local(-5), 28, 30, people=25)
        weeks.live(local(-5), 21, 6, people=25, topic=3)
        weeks.live(local(16), 7, 18, people=25, topic=3)
    return weeks


async def until(talk: Conversation, at: datetime) -> None:
    """Let sandbox time run to a moment."""
    talk.world.timeline.speed = STEP
    async with asyncio.timeout(30):
        while talk.world.clock() < at.timestamp():
            await asyncio.sleep(0.01)
    talk.world.timeline.speed = 1


async def digest_in(talk: Conversation, chat_id: int, words: str) -> Message:
    """The next digest in a chat."""
    messages = talk.world.chat(chat_id).messages
    found: list[Message] = await talk._until(
        lambda: [
            one for one in messages.values() if one.sender_id == talk.world.bot_id and text_of(one).startswith(words)
        ]
    )
    return found[-1]
