"""Laws of intake: the same updates, in any order, however often and however batched, make the same store."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage.store import Store
from tests.intake.storing import deliver
from tests.intake.updates import (
    BASIC,
    CHANNEL,
    GROUP,
    NOW,
    Json,
    chat,
    command,
    message,
    poll,
    press,
    reaction,
    reaction_count,
    standing,
    update,
    user,
    vote,
)
from tests.storage.recount import assert_rollups_agree, dump, wipe

MIDNIGHT = NOW - NOW % 86_400 + 86_400
several = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


class World:
    """A basic group that becomes a supergroup in the middle, and a channel beside it, as updates tell them."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.chat_id = BASIC
        self.updates: list[Json] = []
        self.at = MIDNIGHT - 400
        self.message_id = 2
        self.written: Json = {}

    def tell(self, kind: str, body: Json) -> None:
        """The next update."""
        self.updates.append(update(len(self.updates) + 1, kind, body))
        self.at += self.rng.choice((0, 0, 1, 40, 290))

    def live(self, steps: int) -> list[Json]:
        """So many things happen."""
        acts = [self.write, self.write, self.edit, self.react, self.total, self.move, self.press, self.poll, self.post]
        for step in range(steps):
            if step == steps // 2:
                self.migrate()
            self.rng.choice(acts)()
        return self.updates

    def write(self) -> None:
        """Somebody writes, in a topic or not; now and then the bot is not there to see it."""
        self.message_id += 1
        more: Json = self.rng.choice([{}, command("/stats"), {"photo": [], "caption": "x"}, {"text": "longer words"}])
        topic = {"is_topic_message": True, "message_thread_id": 77} if self.rng.random() < 0.3 else {}
        self.written = message(self.message_id, self.who(), self.chat_id, self.at, **more, **topic)
        if self.rng.random() < 0.8:
            self.tell("message", self.written)

    def edit(self) -> None:
        """The latest message is edited, perhaps one that nobody saw."""
        if self.written:
            self.tell("edited_message", self.written | {"edit_date": self.at, "text": "other words"})

    def react(self) -> None:
        """A reaction comes, goes or changes."""
        old, new = self.rng.choice([([], ["👍"]), (["👍"], []), (["👍"], ["❤", "🔥"])])
        self.tell("message_reaction", reaction(self.message_id, self.who(), old, new, self.chat_id, self.at))

    def total(self) -> None:
        """Anonymous reactions."""
        body = reaction_count(self.message_id, self.rng.randrange(4), self.chat_id, self.at)
        self.tell("message_reaction_count", body)

    def move(self) -> None:
        """Somebody comes or goes, told by a service message, by chat_member, or by both."""
        who, joins = self.who(), self.rng.random() < 0.6
        told = standing(who, *(("left", "member") if joins else ("member", "left")), self.chat_id, self.at)
        notice = {"new_chat_members": [user(who)]} if joins else {"left_chat_member": user(who)}
        self.message_id += 1
        if self.rng.random() < 0.7:
            self.tell("message", message(self.message_id, who, self.chat_id, self.at, **notice))
        if self.rng.random() < 0.7:
            self.tell("chat_member", told)

    def press(self) -> None:
        """A button is pressed."""
        self.tell("callback_query", press(len(self.updates), self.who(), self.message_id, self.chat_id))

    def poll(self) -> None:
        """A poll, and votes on it."""
        self.message_id += 1
        number = str(10**18 + len(self.updates))
        self.tell("message", message(self.message_id, self.who(), self.chat_id, self.at, **poll(number)))
        for _ in range(self.rng.randrange(3)):
            self.tell("poll_answer", vote(number, self.who(), *self.rng.choice([(0,), (1, 2), ()])))

    def post(self) -> None:
        """The channel posts."""
        post = message(1000 + len(self.updates), None, CHANNEL, self.at, sender_chat=chat(CHANNEL))
        self.tell("channel_post", post)

    def migrate(self) -> None:
        """The group becomes a supergroup: both sides say so, and ids start anew."""
        self.tell("message", message(self.message_id + 1, 1, BASIC, self.at, migrate_to_chat_id=GROUP))
        self.chat_id, self.message_id = GROUP, 1
        self.tell("message", message(1, 1, GROUP, self.at, text=None, migrate_from_chat_id=BASIC))

    def who(self) -> int:
        """One of a few people; one of them changes their name."""
        return self.rng.randrange(1, 4)


def batches(rng: Random, updates: list[Json]) -> list[list[Any]]:
    """Shuffled, some again, in batches of any size."""
    mixed = updates + [one for one in updates if rng.random() < 0.3]
    rng.shuffle(mixed)
    made = []
    while mixed:
        size = rng.randrange(1, 9)
        made.append(mixed[:size])
        mixed = mixed[size:]
    return made


def fingerprint(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All tables but those that hold what waits (their order of arrival is meant)."""
    return store.read_now(dump)


@several
@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_any_order_repetition_and_batching_give_the_same_store(any_store: Store, seed: int, steps: int) -> None:
    updates = World(Random(seed)).live(steps)
    now = datetime.fromtimestamp(MIDNIGHT + 50_000, UTC)
    wipe(any_store)
    deliver(any_store, *updates, now=now)
    at_once = fingerprint(any_store)
    any_store.read_now(assert_rollups_agree)
    wipe(any_store)
    for batch in batches(Random(seed + 1), updates):
        deliver(any_store, *batch, now=now)
    any_store.read_now(assert_rollups_agree)
    mixed = fingerprint(any_store)
    for name, rows in at_once.items():
        assert sorted(set(mixed[name]) ^ set(rows), key=repr) == [], name
    assert at_once["quarantined_update"] == []
    assert sorted(row[0] for row in at_once["chat_alias"]) == sorted(
        {GROUP, BASIC} | {r[0] for r in at_once["chat_alias"]}
    )
