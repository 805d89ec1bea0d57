"""How members live on after the start: pure plans of a day, and of who answers a post, by seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from sandbox.seeding import cast
from sandbox.seeding.history import (
    CURVE,
    DAILY,
    DAY,
    SHANGHAI,
    Member,
    daily_mean,
    pick_moment,
    pick_topic,
    poisson,
)
from sandbox.seeding.plot import Plot

Post = tuple[int, int, int]  # chat id, message id, epoch seconds
FAR = 2**40  # epoch seconds nobody lives to see
SHARE = [part / sum(CURVE) for part in CURVE]
SLOT = 900  # seconds in which a member may look once
PATIENCE = 4 * 3600.0  # seconds after which a post, seen late, interests e times less
QUALITIES = (0.4, 0.7, 1.0, 1.0, 1.4, 2.0)
LEAVING = {"fader": 0.04, "newcomer": 0.012, "casual": 0.003}  # probability a day
JOINING = 0.5  # newcomers a day
# Of members whom a post interests, the share that does each; lurkers do not write.
SHARES = {"vote": 0.65, "pay": 0.04, "press": 0.45, "react": 0.55, "reply": 0.17}


class Act(NamedTuple):
    """What one member does at a time (epoch seconds): write (topic: 0 General), leave; or an answer to a post."""

    at: int
    user_id: int
    kind: str
    topic: int = 0


def residents_of(plot: Plot) -> list[Member]:
    """Those who are in the group when the sandbox opens, to stay. The creator is whoever looks at the page."""
    end = int(plot.now.timestamp())
    return [replace(member, until=FAR) for member in plot.members[1:] if member.since < end <= member.until]


def newcomer(seed: int, number: int, user_id: int, at: int) -> Member | None:
    """The habits of the `number`-th person who comes later; None when there are no more."""
    people = cast.later()
    if number >= len(people):
        return None
    rng, person = Random(f"newcomer {seed} {number}"), people[number]
    fade = rng.uniform(0.03, 0.09) if person.part == "fader" else 0.0
    daily = DAILY[person.part] * math.exp(rng.gauss(0, 0.45))
    return Member(person, user_id, daily, rng.choice((-1, 0, 0, 0, 1, 2)), at, FAR, fade)


def local_day(at: float) -> int:
    """The local day, counted from 1970, that a time is in."""
    return int(at + SHANGHAI) // DAY


def day_of(seed: int, resident: Member, day: int) -> list[Act]:
    """What a resident does by themselves on a local day: writes, perhaps leaves."""
    rng = Random(f"day {seed} {day} {resident.user_id}")
    acts = [
        Act(pick_moment(rng, resident, day), resident.user_id, "write", pick_topic(rng, resident))
        for _ in range(poisson(rng, daily_mean(resident, day)))
    ]
    if rng.random() < LEAVING.get(resident.person.part, 0.0):
        acts.append(Act(pick_moment(rng, resident, day), resident.user_id, "leave"))
    return sorted(act for act in acts if act.at > resident.since)


def joins_of(seed: int, day: int) -> list[int]:
    """When somebody new comes on a local day."""
    rng = Random(f"joins {seed} {day}")
    anybody = Member(cast.CREATOR, 0, 0.0, 0, 0, FAR)
    return sorted(pick_moment(rng, anybody, day) for _ in range(poisson(rng, JOINING)))


def quality(seed: int, chat_id: int, message_id: int) -> float:
    """How good a post is: the same for the same post, around 1."""
    return Random(f"quality {seed} {chat_id} {message_id}").choice(QUALITIES)


def sees_at(rng: Random, resident: Member, at: int, until: float) -> int | None:
    """When a resident next looks into the group: by their own curve, the active more often; None if after `until`."""
    looks = 2.5 + min(daily_mean(resident, local_day(at)), 6.0) + (3.0 if resident.person.part == "lurker" else 0.0)
    wait = rng.expovariate(1.0)
    start = at
    while start < until:
        hour = ((start + SHANGHAI) // 3600 - resident.shift) % 24
        wait -= looks * SHARE[hour] * SLOT / 3600
        if wait <= 0:
            return start + rng.randrange(5, SLOT)
        start += SLOT
    return None


def answers(seed: int, post: Post, good: float, can: set[str], residents: Sequence[Member]) -> list[Act]:
    """Who answers a drop, how and when; `can`: which answers it allows."""
    chat_id, message_id, at = post
    interest = min(0.95, 0.6 * good)
    found: list[Act] = []
    for resident in residents:
        rng = Random(f"answer {seed} {chat_id} {message_id} {resident.user_id}")
        chance = interest / max(rng.random(), 1e-9)
        # Seen late, a post interests less: so long it would have interested this one.
        seen = sees_at(rng, resident, at, at + PATIENCE * math.log(chance)) if chance > 1 else None
        if seen is not None:
            found += [act for act in _ways(rng, resident, seen) if act.kind in can]
    return sorted(found)


def _ways(rng: Random, resident: Member, seen: int) -> Iterator[Act]:
    part = resident.person.part
    for kind, share in SHARES.items():
        wanted = 0.5 if kind == "pay" and part == "buyer" else 0.0 if kind == "reply" and part == "lurker" else share
        if rng.random() < wanted:
            seen += rng.randrange(4, 75)
            yield Act(seen, resident.user_id, kind)


def reactions(seed: int, post: Post, mean: float, residents: Sequence[Member]) -> list[Act]:
    """Who reacts to an ordinary message: few, soon, and only those who are up."""
    chat_id, message_id, at = post
    rng = Random(f"reactions {seed} {chat_id} {message_id}")
    hour = (at + SHANGHAI) // 3600
    awake = [(one.daily + 0.4) * CURVE[(hour - one.shift) % 24] for one in residents]
    count = poisson(rng, mean)
    givers = rng.choices(residents, awake, k=count) if residents and count else []
    found = [Act(at + int(rng.expovariate(1 / 900)) + 3, one.user_id, "react") for one in givers]
    return sorted({act.user_id: act for act in found}.values())
