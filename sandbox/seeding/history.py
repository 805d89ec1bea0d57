"""Eight weeks of a group, made up by rule and seed: who wrote, when, and who reacted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from sandbox.seeding import cast
from sandbox.seeding.cast import Person
from sandbox.seeding.purchases import Purchase

DAY = 86_400
WEEKS = 8
SHANGHAI = 8 * 3600  # no daylight saving time there
# Share of a day's messages by local hour: a small noon, a high evening.
CURVE = (
    2.2,
    1.1,
    0.5,
    0.3,
    0.2,
    0.3,
    0.8,
    1.8,
    3.0,
    3.4,
    3.6,
    4.2,
    5.6,
    5.0,
    3.8,
    3.6,
    3.9,
    4.6,
    6.0,
    8.4,
    11.0,
    11.6,
    8.9,
    4.6,
)
WEEKDAY = (0.94, 0.92, 0.96, 1.0, 1.12, 1.22, 1.14)
DAILY = {
    "creator": 7.0,
    "admin": 6.5,
    "regular": 6.9,
    "buyer": 2.4,
    "casual": 1.9,
    "fader": 6.0,
    "newcomer": 3.8,
    "lurker": 0.1,
}
TOPIC_WEIGHTS = {"buyer": (30, 10, 60)}
USUAL_TOPICS = (62, 23, 15)
MEDIA = (("", 83), ("photo", 8), ("video", 3), ("sticker", 4), ("voice", 2))


@dataclass(slots=True)
class Member:
    """A person with an account; `since` and `until` bound their time in the group, epoch seconds."""

    person: Person
    user_id: int
    daily: float
    shift: int  # hours by which their day is later than others'
    since: int
    until: int
    fade: float = 0.0  # share of activity lost per day

    @property
    def name(self) -> str:
        return f"{self.person.first_name} {self.person.last_name}".strip()


@dataclass(slots=True)
class Entry:
    """One message or service message of the history; `at` epoch seconds, `author` an index into members."""

    at: int
    author: int
    text: str = ""
    media: str = ""
    action: str = ""
    subject: int = -1  # who was invited or removed, or the message that was pinned
    topic: int = 0  # index into the topics, 0 for General
    reply: int = 0  # id of the message replied to
    drop: float = 0.0  # how well a drop does; 0 for what is none
    id: int = 0
    reactions: list[tuple[str, int, int]] = field(default_factory=list)  # emoji, member, at


def poisson(rng: Random, mean: float) -> int:
    """A Poisson number (Knuth's product for small means)."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def make_members(rng: Random, start: int, end: int) -> list[Member]:
    """Accounts for the whole cast, with times of coming, fading and going."""
    members: list[Member] = []
    user_id = 5_000_000_000
    for index, person in enumerate(cast.cast()):
        user_id += rng.randrange(1_000_003, 9_000_001)
        since, until, fade = start + index, end + DAY, 0.0
        if person.part == "newcomer":
            since = int(end - rng.uniform(1, 20) * DAY)
        elif index > 26:
            since = int(start + rng.uniform(0.2, 30) * DAY)
        if person.part == "fader":
            fade = rng.uniform(0.03, 0.09)
            if index % 2:
                until = int(end - rng.uniform(1, 14) * DAY)
        daily = DAILY[person.part] * math.exp(rng.gauss(0, 0.45))
        members.append(Member(person, user_id, daily, rng.choice((-1, 0, 0, 0, 1, 2)), since, until, fade))
    return members


def make_history(
    rng: Random, members: list[Member], start: int, end: int, purchases: Sequence[Purchase] = ()
) -> list[Entry]:
    """All entries in order of time, numbered from 1, with replies and reactions; buyers tell of their purchases."""
    entries = _founding(members, start)
    entries += _comings_and_goings(members, start, end)
    drops = _drops(rng, start, end)
    entries += drops
    first_day = (start + SHANGHAI) // DAY
    for day in range(first_day, (end + SHANGHAI) // DAY + 1):
        entries += _day(rng, members, day)
    entries += _echoes(rng, members, drops)
    entries += _orders(rng, members, purchases)
    entries = sorted((e for e in entries if start <= e.at < end), key=lambda e: e.at)
    for number, entry in enumerate(entries, 1):
        entry.id = number
    _thread(rng, entries)
    _react(rng, members, entries, end)
    return entries


def _founding(members: list[Member], start: int) -> list[Entry]:
    entries = [Entry(start, 0, action="create_group")]
    entries += [Entry(start + 60 * n, 0, action="topic_created", topic=n) for n in range(1, len(cast.TOPICS) + 1)]
    early = [i for i, m in enumerate(members) if i and m.since < start + 600]
    for n, index in enumerate(early):
        members[index].since = start + 600 + 20 * n
        entries.append(Entry(members[index].since, 0, action="invite_members", subject=index))
    return entries


def _comings_and_goings(members: list[Member], start: int, end: int) -> list[Entry]:
    late = [(i, m) for i, m in enumerate(members) if m.since >= start + 7200]
    joins = [Entry(m.since, i, action="join_group_by_link") for i, m in late]
    gone = [(i, m) for i, m in enumerate(members) if m.until < end]
    return joins + [Entry(m.until, i, action="remove_members", subject=i) for i, m in gone]


def _drops(rng: Random, start: int, end: int) -> list[Entry]:
    """The creator's new videos, every two to four days in the evening; some do well, some do not."""
    drops: list[Entry] = []
    at = start + 2 * DAY
    while at < end:
        local_day = (at + SHANGHAI) // DAY
        moment = local_day * DAY - SHANGHAI + int(rng.uniform(18.9, 21.2) * 3600)
        text = cast.DROPS[len(drops) % len(cast.DROPS)]
        drops.append(Entry(moment, 0, text, "video", topic=1, drop=rng.choice((0.4, 0.7, 1.0, 1.0, 1.4, 2.0))))
        at += rng.randrange(2, 5) * DAY
    return drops


def midnight(day: int) -> int:
    """When a local day (counted from 1970) begins, epoch seconds."""
    return day * DAY - SHANGHAI


def pick_moment(rng: Random, member: Member, day: int) -> int:
    """A second of a local day, by the hours at which the member is up."""
    hour = (rng.choices(range(24), CURVE)[0] + member.shift) % 24
    return midnight(day) + hour * 3600 + rng.randrange(3600)


def daily_mean(member: Member, day: int) -> float:
    """How many messages the member writes on a local day, on average: weekdays, fading, a newcomer's zeal."""
    age = max(0.0, (midnight(day) - member.since) / DAY)
    mean = member.daily * WEEKDAY[(day + 3) % 7] * math.exp(-member.fade * age)
    if member.person.part == "newcomer":
        mean *= 1.6 if age < 3 else 0.8
    return mean


def _day(rng: Random, members: list[Member], day: int) -> list[Entry]:
    """One local day's messages of everyone who is there."""
    entries: list[Entry] = []
    for index, member in enumerate(members):
        for _ in range(poisson(rng, daily_mean(member, day))):
            at = pick_moment(rng, member, day)
            if member.since < at < member.until:
                entries.append(_message(rng, member, index, at, pick_topic(rng, member)))
    return entries


def pick_topic(rng: Random, member: Member) -> int:
    """0 for General, else a topic; buyers are mostly in the shop's."""
    return rng.choices((0, 1, 2), TOPIC_WEIGHTS.get(member.person.part, USUAL_TOPICS))[0]


def _message(rng: Random, member: Member, index: int, at: int, topic: int) -> Entry:
    media = rng.choices([m for m, _ in MEDIA], [w for _, w in MEDIA])[0]
    if media in ("sticker", "voice") or (media and rng.random() < 0.5):
        return Entry(at, index, "", media, topic=topic)
    return Entry(at, index, make_text(rng, member.person, topic), media, topic=topic)


def make_text(rng: Random, person: Person, topic: int) -> str:
    """Something this person might say."""
    language = person.language if rng.random() < 0.93 else "en"
    buying = person.part == "buyer" and topic == 2 and rng.random() < 0.7
    return fill(rng, (cast.BUYING if buying else cast.SAYINGS)[language], language)


def fill(rng: Random, sayings: list[str], language: str, **words: str) -> str:
    """One of the sayings, with words for its gaps."""
    chosen = {slot: rng.choice(options) for slot, options in cast.WORDS[language].items()}
    return rng.choice(sayings).format(**chosen, **words)


def _orders(rng: Random, members: list[Member], purchases: Sequence[Purchase]) -> list[Entry]:
    """A buyer says that something is ordered, and some days later that the parcel came."""
    entries: list[Entry] = []
    for bought in purchases:
        language = members[bought.buyer].person.language
        for later, sayings in ((90, cast.ORDERING), (round(rng.uniform(2, 5) * DAY), cast.THANKS)):
            text = fill(rng, sayings[language], language, video=bought.video)
            entries.append(Entry(bought.at + later, bought.buyer, text, topic=2))
    return entries


def _echoes(rng: Random, members: list[Member], drops: list[Entry]) -> list[Entry]:
    """Talk about a drop in the hours after it."""
    entries: list[Entry] = []
    for drop in drops:
        for _ in range(poisson(rng, 26 * drop.drop)):
            at = drop.at + int(rng.expovariate(1 / 2400)) + 20
            index = rng.randrange(1, len(members))
            member = members[index]
            if member.since < at < member.until and member.person.part != "lurker":
                entries.append(_message(rng, member, index, at, 1))
    return entries


def _thread(rng: Random, entries: list[Entry]) -> None:
    """About a quarter of the messages reply to a recent one in the same topic; some get pinned."""
    recent: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.action:
            continue
        before = recent.setdefault(entry.topic, [])
        if before and not entry.drop and rng.random() < 0.27:
            target = before[-rng.randrange(1, min(9, len(before) + 1))]
            if target.author != entry.author and entry.at - target.at < 7200:
                entry.reply = target.id
        before.append(entry)
        del before[:-12]


def _react(rng: Random, members: list[Member], entries: list[Entry], end: int) -> None:
    by_keenness = [m.daily + (1.5 if m.person.part == "lurker" else 0.4) for m in members]
    for entry in entries:
        if entry.action:
            continue
        mean = 14 * entry.drop if entry.drop else 1.6 if entry.media == "photo" else 0.42
        givers = set(rng.choices(range(len(members)), by_keenness, k=poisson(rng, mean)))
        for giver in sorted(givers):
            at = entry.at + int(rng.expovariate(1 / 1500)) + 3
            member = members[giver]
            if giver != entry.author and member.since < at < min(member.until, end):
                emoji = rng.choices(cast.REACTIONS, cast.REACTION_WEIGHTS)[0]
                entry.reactions.append((emoji, giver, at))
