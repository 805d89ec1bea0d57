"""Drops as they stand once they were posted, without the posting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.drop_content import Content
from storage.drop_messages import SentMessage, note_messages
from storage.drops import State, Timing, add_drop
from storage.store import Store
from tests.drops.conftest import CHAT

TEXT = Content("新片来了：小鹿第一次看海")


def post(
    store: Store,
    community: int,
    at: datetime,
    *messages: int,
    chat_id: int = CHAT,
    content: Content = TEXT,
    author_id: int = 1,
    **values: Any,
) -> int:
    """A drop that was posted at a moment and became these messages; returns its number."""

    def posting(session: Any) -> int:
        values_ = {"state": State.SENT, "timing": Timing.TIME, "due_at": at, "sent_at": at, "content": content}
        number = add_drop(session, community, now=at, author_id=author_id, **values_ | values)
        sent = [SentMessage(chat_id, message_id, place) for place, message_id in enumerate(messages)]
        note_messages(session, community, number, sent, at)
        return number

    return store.write_now(posting)
