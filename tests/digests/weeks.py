"""Weeks of a group's life, made up by rule and seed: who wrote where, who joined, which drops were answered."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.drop_content import Content
from storage.facts import BotStandingSeen, ChatSeen, Facts, Interaction, MemberSeen, TopicSeen
from storage.kinds import Actor, Flag, Kind, Slot, Standing
from storage.store import Store
from storage.times import from_epoch
from tests import facts
from tests.drops.posting import post

FIRST = 6_000_000_000
HOURS = (0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 5, 8, 7, 4, 4, 5, 6, 9, 12, 20, 18, 9, 3)
NAMES = ("林小鹿", "Ann", "Bob Marley", "周予安", "Dai", "Eva", "陈星野", "Finn", "Gia", "苏木")


@dataclass
class Weeks:
    """Facts of one chat, put into a store at the end. Local times are naive, in a zone `offset` hours east."""

    store: Store
    chat_id: int
    community: int
    offset: int = 8
    seed: int = 1
    topics: dict[int, str] = field(default_factory=dict)
    message_id: int = 500_000
    title: str = "Fawn Daily"

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def epoch(self, local: datetime) -> int:
        """Epoch seconds of a local time."""
        return int((local - datetime(1970, 1, 1) - timedelta(hours=self.offset)).total_seconds())  # noqa: DTZ001

    def open(self, since: datetime) -> None:
        """The bot is admin and listens since; the topics have their names."""
        at = self.epoch(since)
        made = Facts(
            chats=[ChatSeen(self.chat_id, "supergroup", self.title, True, at)],
            topics=[TopicSeen(self.chat_id, topic, name, False, at) for topic, name in self.topics.items()],
            bot_standings=[BotStandingSeen(self.chat_id, at, Standing.ADMIN)],
        )
        facts.put(self.store, made)

    def live(self, first: datetime, days: int, a_day: int, people: int = 60, topic: int = 0) -> None:
        """So many messages a day, at hours as people keep them, with some reactions."""
        made = Facts(chats=[facts.chat(self.chat_id, title=self.title, at=self.epoch(first))])
        for day in range(days):
            for _ in range(max(0, round(a_day * self.rng.uniform(0.8, 1.2)))):
                hour = self.rng.choices(range(24), HOURS)[0]
                at = self.epoch(first) + day * 86_400 + hour * 3600 + self.rng.randrange(3600)
                who = FIRST + self.rng.randrange(people)
                self.message_id += 1
                flags = Flag.TOPIC if topic else 0
                row = (at, Kind.TEXT, Actor.MEMBER, who, topic, int(flags), 20)
                made.interactions.append(Interaction(self.chat_id, self.message_id, Slot.MESSAGE, 0, *row))
                if self.rng.random() < 0.4:
                    fan = FIRST + self.rng.randrange(people)
                    liked = (at + 60, Kind.REACTION_ADDED, Actor.MEMBER, fan, topic, 0, 0, 0, "👍")
                    made.interactions.append(
                        Interaction(self.chat_id, self.message_id, Slot.REACTION, self.message_id, *liked)
                    )
        seen = {one.member_id for one in made.interactions}
        at = self.epoch(first)
        made.members = [MemberSeen(self.chat_id, one, f"Member {one - FIRST}", None, False, at) for one in seen]
        facts.put(self.store, made)

    def join(self, local: datetime, number: int, *, writes: bool = False, answered: bool = False) -> int:
        """Somebody joins; writes an hour later, and is answered or not. Returns their id."""
        person, at = FIRST + 100_000 + number, self.epoch(local)
        joined = facts.move(Kind.JOIN, member_id=person, chat_id=self.chat_id, at=at)
        name = NAMES[number % len(NAMES)]
        joined.members = [MemberSeen(self.chat_id, person, name, None, False, at)]
        facts.put(self.store, joined)
        if writes:
            self.message_id += 1
            said = facts.message(self.message_id, member_id=person, chat_id=self.chat_id, at=at + 3600)
            said.members = joined.members
            facts.put(self.store, said)
        if answered:
            facts.put(self.store, facts.reaction(self.message_id, member_id=FIRST, chat_id=self.chat_id, at=at + 3700))
        return person

    def drop(self, local: datetime, text: str, answers: int, **values: Any) -> int:
        """A drop that was posted, and so many reactions of as many members; returns its number."""
        at = self.epoch(local)
        self.message_id += 1
        number = post(
            self.store, self.community, from_epoch(at), self.message_id, chat_id=self.chat_id, content=Content(text),
            **values,
        )  # fmt: skip
        fans = [FIRST + n for n in range(answers)]
        made = Facts(chats=[facts.chat(self.chat_id, title=self.title, at=at)])
        for n, fan in enumerate(fans):
            row = (at + 120 + 60 * n, Kind.REACTION_ADDED, Actor.MEMBER, fan, 0, 0, 0, 0, "🔥")
            made.interactions.append(Interaction(self.chat_id, self.message_id, Slot.REACTION, n + 1, *row))
        made.members = [MemberSeen(self.chat_id, fan, f"Member {fan - FIRST}", None, False, at) for fan in fans]
        facts.put(self.store, made)
        return number
