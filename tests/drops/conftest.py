"""A group in a store, and what its drops are made of; a world in which the bot posts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock
from handlers import sender, signs
from sandbox.community import build_world
from sandbox.world import World
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


@pytest.fixture
def world() -> World:
    """An empty forum group with its manager and members."""
    return build_world(1, True, Clock().now())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An uncertain drop is asked about after two seconds instead of sixty."""
    monkeypatch.setattr(signs, "ASK_AFTER", timedelta(seconds=2))
    monkeypatch.setattr(signs, "PROBES_AT", (timedelta(0), timedelta(seconds=1)))
    monkeypatch.setattr(sender, "BEAT", 0.2)


@pytest.fixture
def unprobed(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An uncertain drop's buttons are not set again, and it is asked about at once: people's signs must tell."""
    monkeypatch.setattr(signs, "ASK_AFTER", timedelta(seconds=0.5))
    monkeypatch.setattr(signs, "PROBES_AT", ())
