"""A daily series in the sandbox's fast time: each local day once, at its minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import companion
from peakdrop.local_times import moment_of
from sandbox.community import build_world
from sandbox.world import World
from storage.communities import find_community, set_settings
from storage.drop_content import Content, Repeat
from storage.drops import State, Timing, add_drop
from storage.store import Store
from storage.times import from_epoch
from tests.bot.conversation import bot_in, text_of
from tests.bot.test_companion import pass_time

DAYS = 10
FASTEST = 1_000_000.0  # the sandbox stands at each job and each due drop, however fast it goes between
ZONE, AT = "Europe/Berlin", "02:30"  # its clocks go back on the night of 25 October


@pytest.fixture
def world() -> World:
    return build_world(5, True, datetime(2026, 10, 20, 13, 5, tzinfo=UTC))


async def test_over_ten_days_each_local_day_once_at_its_minute(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "BEAT", 6 * 3600.0)  # hearing nothing is no matter here
    async with bot_in(world, store) as chat:
        await chat.ask(chat.manager, "/stats")
        group = store.read_now(lambda session: find_community(session, world.group_id))
        assert group is not None
        community = group.id
        now = from_epoch(world.now())
        first = (now.astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).date()
        due_at = moment_of(datetime.fromisoformat(f"{first}T{AT}"), ZONE)
        values = {
            "state": State.SCHEDULED,
            "timing": Timing.TIME,
            "content": Content("Good morning"),
            "due_at": due_at,
            "repeat": Repeat(first, at=AT),
            "series": 1,
            "occurrence": f"{first}T{AT}",
            "local_time": f"{first}T{AT}",
        }
        await store.write(lambda session: set_settings(session, community, timezone=ZONE))
        await store.write(lambda session: add_drop(session, community, now=now, author_id=chat.manager, **values))
        world.timeline.speed = FASTEST
        await pass_time(world, due_at.timestamp() - now.timestamp() + (DAYS - 0.5) * 86_400)
        world.timeline.speed = 1
        posts = [one for one in chat.group.messages.values() if text_of(one) == "Good morning"]
    local = [datetime.fromtimestamp(one.date, ZoneInfo(ZONE)) for one in posts]
    assert [one.date() for one in local] == [first + timedelta(days=n) for n in range(DAYS)]
    wanted = [moment_of(datetime.fromisoformat(f"{one.date()}T{AT}"), ZONE) for one in local]
    assert all(timedelta(0) <= one - due < timedelta(minutes=1) for one, due in zip(local, wanted, strict=True))
