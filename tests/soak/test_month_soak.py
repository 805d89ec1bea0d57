"""A month of the living community at speed 3600, drops at the peak and digests in it: forecasts against what came."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot.trying import ZONE, bring_past
from peakdrop.forecast_records import EPOCH, read_record
from sandbox.community import build_world
from sandbox.model import Message
from storage.day_forecasts import scored_days
from storage.drops import State
from storage.kinds import ACTIVE_KINDS, Actor
from storage.models import Interaction
from storage.outlooks import WHOLE_GROUP
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import Conversation, bot_in, text_of
from tests.drops.making import GROUP, drops, labels, say, shown

START = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)  # a Monday, 09:30 in Shanghai
DAYS = 30
FASTEST = 3600.0
WORDS = (
    "fawn", "sea", "crate", "lamp", "tea", "rain", "market", "bridge", "night", "bread", "river", "kite", "moss",
)  # fmt: skip


async def until(talk: Conversation, at: datetime) -> None:
    """Let sandbox time run to a moment, at 3600."""
    talk.world.timeline.speed = FASTEST
    while talk.world.clock() < at.timestamp():
        await asyncio.sleep(0.02)
    talk.world.timeline.speed = 1


async def confirm(talk: Conversation, day: int) -> str:
    """The manager writes something and confirms the time that its screen offers; what it says of that time."""
    said = f"Clip {day}: {' '.join(Random(day).sample(WORDS, 5))}"  # no two alike, of which the bot would warn
    talk.act("send", chat_id=talk.manager, user_id=talk.manager, text=said)
    screen = await shown(talk, talk.manager, said)
    talk.tap(talk.manager, screen, "Schedule")
    reason = next(line for line in text_of(screen).splitlines() if line.startswith("When"))
    await shown(talk, talk.manager, "Scheduled as drop")
    return reason


def digests_in(talk: Conversation, chat_id: int) -> list[Message]:
    """The weekly digests that came to a chat."""
    messages = talk.world.chat(chat_id).messages.values()
    return [one for one in messages if one.sender_id == talk.world.bot_id and text_of(one).startswith("Week ")]


async def take_suggestion(talk: Conversation, digest: Message, day: int) -> str:
    """Do what a digest suggests; the words of its button."""
    label = next((one for one in labels(digest) if one.startswith(("Schedule", "Move to", "New drop"))), "")
    if label.startswith("New drop"):
        talk.tap(talk.manager, digest, label)
        await shown(talk, talk.manager, "Send me what shall be posted")
        await confirm(talk, 100 + day)
    elif label:
        await talk.pop_up(talk.manager, digest, label)
        await talk._until(lambda: "Undo" in labels(digest))
    return label


def recount(session: Session) -> dict[tuple[date, int], set[int]]:
    """Members by local day and hour, from the log of interactions."""
    people: dict[tuple[date, int], set[int]] = defaultdict(set)
    for row in session.exec(select(Interaction)):
        if row.kind in ACTIVE_KINDS and row.actor == Actor.MEMBER:
            local = row.at.astimezone(ZoneInfo(ZONE))
            people[local.date(), local.hour].add(row.member_id)
    return people


def two_hours(people: dict[tuple[date, int], set[int]], day: date) -> list[int]:
    """Distinct members in each hour of a day and the hour after it."""
    following = [(day, hour) for hour in range(1, 24)] + [(day + timedelta(days=1), 0)]
    return [len(people[day, hour] | people[after]) for hour, after in enumerate(following)]


@pytest.mark.soak
@pytest.mark.timeout(4000)
async def test_a_month_of_forecasts_against_what_came(store: Store, tmp_path: Path) -> None:
    world = build_world(1, False, START)
    world.timeline.start_at(START.timestamp())
    bring_past(store, world, tmp_path)
    taken, posted, public = list[str](), dict[int, str](), set[int]()
    async with bot_in(world, store, default_timezone=ZONE) as talk:
        assert world.life is not None
        await talk.ask(talk.manager, "/start", talk.manager)
        await talk.press(talk.manager, await say(talk, "/digest weekly mon 09:00"), "To the group")
        world.life.on = True
        for day in range(DAYS):
            if day % 2 == 0:
                print(await confirm(talk, day), flush=True)
            await until(talk, START + timedelta(days=day + 1))
            # Each day anew: a busy chat of the sandbox forgets its oldest messages.
            messages = talk.group.messages.values()
            posted |= {one.id: text_of(one) for one in messages if text_of(one).startswith("Clip ")}
            public |= {one.id for one in digests_in(talk, talk.group.id)}
            for digest in digests_in(talk, talk.manager)[len(taken) :]:
                taken.append(await take_suggestion(talk, digest, day))
        world.life.on = False
        digests = [text_of(one) for one in digests_in(talk, talk.manager)]
        sent = drops(talk, State.SENT)
        peaks = text_of(await talk.ask(talk.manager, "/peaks"))
        people = store.read_now(recount)
        days = store.read_now(lambda session: scored_days(session, GROUP, WHOLE_GROUP, 0))
        record = store.read_now(lambda session: read_record(session, GROUP, ZONE, now=from_epoch(world.now())))

    print(*digests, peaks, record, f"{len(posted)} posts, {len(sent)} drops, taken: {taken}", sep="\n\n")
    for one in days:
        local = EPOCH + timedelta(days=one.day)
        spans = two_hours(people, local)
        print(
            f"{local}: expected {one.expected:.1f} ({one.low:.0f}-{one.high:.0f}), came {one.audience}, best {one.best}"
        )
        assert (one.best, one.fixed) == (max(spans), spans[19])
        assert one.audience in spans
    assert sorted(posted.values()) == sorted(one.content.text for one in sent)
    mondays = (DAYS - 1) // 7
    assert len(digests) == len(public) == mondays
    assert len(taken) == mondays
    assert all(taken)
    assert all("Last time you" in one for one in digests[1:])
    assert len(days) >= DAYS - 3
    assert record.score is not None
    assert record.fixed is not None
    assert record.score > record.fixed
    assert record.covered >= 0.6 * record.days  # of nominal 0.8; the chance of fewer of thirty is one in two hundred
