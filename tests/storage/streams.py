"""Random streams of facts for Hypothesis: a small, busy world whose facts meet each other often."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from storage.facts import Facts
from storage.kinds import Actor, Flag, Kind
from tests import facts

OLD, NEW, CHANNEL = -55, -1_000_055, -1_000_777
CHATS = (OLD, NEW, CHANNEL)
MEMBERS = (11, 12, 13, 6_000_000_014)
START = facts.NOON - facts.NOON % 86_400 + 85_000  # shortly before midnight UTC: days meet too
KINDS = (Kind.TEXT, Kind.TEXT, Kind.PHOTO, Kind.POLL, Kind.COMMAND, Kind.STICKER, Kind.PIN)
FLAGS = (0, 0, Flag.REPLY, Flag.FORWARD, Flag.TOPIC, Flag.TOPIC | Flag.REPLY, Flag.COMMENT | Flag.REPLY, Flag.ALBUM)
ACTORS = (Actor.MEMBER,) * 6 + (Actor.BOT, Actor.CHANNEL, Actor.ANONYMOUS_ADMIN)


def draw_stream(rng: random.Random, size: int) -> list[Facts]:
    """`size` messages with all that follows from them, in the order in which it happened, each fact once."""
    stream: list[Facts] = []
    for message_id in range(1, size + 1):
        stream += _message(rng, message_id)
        if rng.random() < 0.4:
            stream += _moves(rng, message_id)
        if rng.random() < 0.1:
            name = rng.choice(("News", "Talk", None))
            stream.append(facts.topic(2, name, closed=rng.random() < 0.5, chat_id=NEW, at=START + message_id))
        if rng.random() < 0.1:
            stream.append(facts.bot_standing(chat_id=rng.choice(CHATS), at=START + message_id))
    if rng.random() < 0.5:
        stream.append(facts.migration(OLD, NEW, at=START))
    return stream


def _message(rng: random.Random, message_id: int) -> list[Facts]:
    chat_id, kind, actor = rng.choice(CHATS), rng.choice(KINDS), rng.choice(ACTORS)
    member_id = rng.choice(MEMBERS) if actor == Actor.MEMBER else chat_id
    at, flags = START + rng.randrange(7_000), int(rng.choice(FLAGS))
    place = {"thread_id": 2 if flags & Flag.TOPIC or rng.random() < 0.2 else 0, "flags": flags}
    written = facts.message(message_id, member_id=member_id, chat_id=chat_id, at=at, kind=kind, actor=actor, **place)
    story = [written]
    if kind == Kind.POLL:
        seen = facts.poll(message_id + 900, message_id, chat_id=chat_id, at=at).polls[0]
        written.polls.append(seen._replace(thread_id=place["thread_id"], flags=flags))
        for number in range(rng.randrange(4)):
            voter = rng.choice(MEMBERS)
            nonce, options = message_id * 10 + number, rng.randrange(3)
            story.append(facts.vote(message_id + 900, member_id=voter, at=at + number, nonce=nonce, options=options))
    if rng.random() < 0.3 and kind != Kind.PIN:
        story += [facts.edit(written, at=at + 60 + n, nonce=message_id * 10 + n) for n in range(rng.randrange(3))]
        if rng.random() < 0.4:
            story.remove(written)  # known by its edits only, if by any
    return story + _reactions(rng, message_id, chat_id, at)


def _reactions(rng: random.Random, message_id: int, chat_id: int, at: int) -> list[Facts]:
    story = []
    for number in range(rng.randrange(4)):
        moment, nonce = at + rng.randrange(1_000), message_id * 10 + number
        who, added = rng.choice(MEMBERS), rng.random() < 0.7
        story.append(facts.reaction(message_id, member_id=who, chat_id=chat_id, at=moment, nonce=nonce, added=added))
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        as_of = at + rng.randrange(1_200)
        story.append(facts.total(message_id, rng.randrange(5), chat_id=chat_id, as_of=as_of, at=at))
    return story


def _moves(rng: random.Random, number: int) -> list[Facts]:
    kind = rng.choice((Kind.JOIN, Kind.LEAVE, Kind.REMOVAL))
    who, chat_id, at = rng.choice(MEMBERS), rng.choice(CHATS), START + rng.randrange(4_000)
    told = facts.move(kind, member_id=who, chat_id=chat_id, at=at, nonce=number)
    seen = facts.notice(5_000 + number, kind, member_id=who, chat_id=chat_id, at=at + rng.choice((0, 2, 299, 301)))
    return rng.choice(([told], [seen], [told, seen], [seen, told]))


def deliver(rng: random.Random, stream: list[Facts]) -> list[Facts]:
    """The same stream as a bad network brings it: shuffled, some of it again, in batches of any size."""
    again = [one for one in stream if rng.random() < 0.3]
    mixed = [*stream, *again]
    rng.shuffle(mixed)
    batches: list[Facts] = []
    while mixed:
        batch = Facts()
        for _ in range(min(rng.randrange(1, 9), len(mixed))):
            batch.extend(mixed.pop())
        batches.append(batch)
    return batches


seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 14)
