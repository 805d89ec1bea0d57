"""A group in a store, and what its drops are made of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.communities import create
from storage.facts import ChatSeen
from storage.store import Store

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon in Shanghai, a Tuesday
ZONE = "Asia/Shanghai"
CHAT = -1002000000001


@pytest.fixture
def community(any_store: Store) -> int:
    """A group's id, in either database."""
    seen = ChatSeen(CHAT, "supergroup", "小鹿日常", True, int(NOW.timestamp()))
    return any_store.write_now(lambda session: create(session, seen, seen.at, ZONE))
