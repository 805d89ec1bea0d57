"""Large stores for benchmarks, made quickly: a busy group of one density, however long it has been."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from peakdrop.days import close_days_now
from peakdrop.windows import parse_window
from storage.bulk import record_history
from storage.communities import find_community, settle
from storage.facts import ChatSeen, Facts, Interaction, MemberSeen
from storage.kinds import Actor, Flag, Kind, Slot
from storage.store import Store
from storage.times import DAY, from_epoch

GROUP = -1_001_234_567_890
NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
A_DAY = 2_750
MEMBERS = 3_000
SLICE = 25_000
HOURS = (1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 8, 9, 8, 6, 5, 5, 6, 8, 10, 12, 12, 8, 3)


def busy_store(path: Path, interactions: int, seed: int = 1) -> Store:
    """A store of so many interactions (messages, reactions, replies in three topics) up to NOW."""
    store = Store(f"sqlite:///{path}")
    store.prepare()
    end = int(NOW.timestamp())
    start = end - interactions * DAY // A_DAY
    seen = ChatSeen(GROUP, "supergroup", "Busy", True, start)
    store.write_now(lambda session: settle(session, [seen], []))
    community = store.read_now(lambda session: find_community(session, GROUP))
    assert community is not None
    rng = random.Random(seed)
    weights = [1 / (place + 3) for place in range(MEMBERS)]
    message_id = 0
    for first in range(0, interactions, SLICE):
        size = min(SLICE, interactions - first)
        facts = Facts()
        people = rng.choices(range(MEMBERS), weights, k=size)
        times = sorted(start + (end - start) * (first + rng.random() * size) / interactions for _ in range(size))
        for member, moment in zip(people, times, strict=True):
            hour = rng.choices(range(24), HOURS)[0]
            at = int(moment) // DAY * DAY + hour * 3600 + int(moment) % 3600
            at -= DAY if at > end else 0
            member_id = 5_000_000_000 + member
            if message_id and rng.random() < 0.35:
                kind, slot, nonce, subject = (
                    Kind.REACTION_ADDED,
                    Slot.REACTION,
                    first + len(facts.interactions),
                    message_id,
                )
            else:
                message_id += 1
                kind, slot, nonce, subject = Kind.TEXT, Slot.MESSAGE, 0, message_id
            topic = rng.choice((0, 2, 3))
            flags = int(Flag.TOPIC if topic else 0) | (int(Flag.REPLY) if rng.random() < 0.3 and not nonce else 0)
            who = (at, kind, Actor.MEMBER, member_id, topic, flags, 20, 0, "👍" if nonce else None)
            facts.interactions.append(Interaction(GROUP, subject, slot, nonce, *who))
        facts.members = [
            MemberSeen(GROUP, 5_000_000_000 + one, f"Person {one}", None, False, end) for one in set(people)
        ]
        store.write_now(lambda session, facts=facts: record_history(session, community.id, GROUP, facts))  # type: ignore[misc]
    window = parse_window("all", "Asia/Shanghai", NOW, from_epoch(start - DAY))
    assert window is not None
    close_days_now(store, community.id, window, NOW)
    return store
