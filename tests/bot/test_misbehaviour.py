"""Everything Telegram does wrong once a year at once: each interaction counts exactly once all the same."""

from __future__ import annotations

from collections import Counter

import pytest

from handlers.outage import Outage
from sandbox.community import build_world
from storage.kinds import Kind
from storage.store import Store
from tests.bot.conversation import bot_in
from tests.intake.storing import query
from tests.sandbox.telegram import NOW
from tests.storage.recount import assert_rollups_agree

MESSAGES = 240


async def test_duplicated_reordered_and_late_updates_over_a_bad_line_count_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.polling.Outage", lambda name, rng: Outage(name, rng, 0.05, 0.5))  # tries again sooner
    world = build_world(5, True, NOW)
    for kind, chance in (("duplicate", 0.2), ("reorder", 0.2), ("late", 0.1)):
        world.faults.add(kind=kind, probability=chance, updates=7, seconds=0.5, seed=3)
    for turn, kind in enumerate(("drop_after", "truncate", "error", "slow_body", "drop_before", "restart"), 1):
        world.faults.add(kind=kind, method="getUpdates", nth=3 * turn, seconds=0.2)
    async with bot_in(world, store) as talk:
        chat, expected = talk.group.id, Counter[tuple[int, int]]()
        await talk._until(lambda: "message_reaction" in world.updates.allowed)
        for number in range(MESSAGES):
            writer, reader = talk.members[number % 2], talk.members[(number + 1) % 2]
            sent = talk.act("send", chat_id=chat, user_id=writer, text="hi")
            place = {"chat_id": chat, "message_id": sent["message_id"]}
            expected[sent["message_id"], Kind.TEXT] += 1
            if number % 3 == 0:
                talk.act("react", **place, user_id=reader, emoji="👍")
                expected[sent["message_id"], Kind.REACTION_ADDED] += 1
            if number % 6 == 0:
                talk.act("unreact", **place, user_id=reader)
                expected[sent["message_id"], Kind.REACTION_REMOVED] += 1
            if number % 10 == 0:
                polls = len(world.calls.since(0, "getUpdates"))
                await talk._until(lambda polls=polls: len(world.calls.since(0, "getUpdates")) > polls)
        await talk._until(lambda: not len(world.updates) and not world.updates.held_back)
        struck = Counter({fault.kind: fault.struck for fault in world.faults.faults})
    assert min(struck.values()) >= 1, struck
    assert struck["duplicate"] + struck["reorder"] + struck["late"] > 80
    rows = query(store, "SELECT message_id, kind FROM interaction")
    assert Counter((int(message), int(kind)) for message, kind in rows) == expected
    store.read_now(assert_rollups_agree)
