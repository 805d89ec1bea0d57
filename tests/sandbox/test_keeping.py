"""A sandbox kept in a file is the same after a restart, and a foreign or damaged file is left alone."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from sandbox import keeping, posting
from sandbox.actions import act
from sandbox.community import build_world
from sandbox.world import World
from tests.sandbox.telegram import NOW, Telegram


@pytest.fixture
def full() -> World:
    """The seeded community, with something of everything in it."""
    world = build_world(2, False, NOW)
    people = Telegram(world, httpx.AsyncClient())
    people.act("send_poll", chat_id=people.group.id, user_id=people.first, question="Tea?", options=["yes", "no"])
    poll = max(people.group.messages)
    people.act("vote", chat_id=people.group.id, user_id=people.second, message_id=poll, option_ids=[1])
    people.act("react", chat_id=people.group.id, user_id=people.second, message_id=poll, emoji="🔥")
    people.act("send_file", chat_id=people.group.id, user_id=people.first, name="a.txt", data=b"\x00\xff", mime_type="")
    people.start_private()
    world.updates.inject(b'{"update_id": 7, "mess')
    world.profile.commands["chat", "en"] = [{"command": "stats", "description": "figures"}]
    world.payloads[people.group.id, 3] = "tea"
    world.webhook.url = "http://127.0.0.1:1/hook"
    assert world.life is not None
    world.life.joined = 3
    return world


def test_every_attribute_of_a_world_is_kept_or_let_go_on_purpose() -> None:
    known = keeping.KEPT.keys() | keeping.BY_PARTS | keeping.LET_GO
    assert set(vars(World())) <= known


def test_a_world_is_equal_after_saving_and_loading(full: World, tmp_path: Path) -> None:
    file = tmp_path / "town.state"
    keeping.write(file, keeping.pack(full, clean=True))
    again = keeping.load(file)
    for name in keeping.KEPT:
        assert getattr(again, name) == getattr(full, name), name
    assert again.updates.state() == full.updates.state()
    assert again.rng.getstate() == full.rng.getstate()
    assert again.past == full.past
    assert again.life is not None
    assert full.life is not None
    assert (again.life.residents, again.life.joined) == (full.life.residents, 3)
    assert again.clock() >= full.clock() - 1
    assert [one.name for one in tmp_path.iterdir()] == ["town.state"]


def test_a_file_that_is_not_ours_or_damaged_is_refused(full: World, tmp_path: Path) -> None:
    raw = keeping.pack(full, clean=True)
    for content, reason in (
        (b"", "no state"),
        (b"SQLite format 3\x00", "no state"),
        (raw[:-50], "damaged"),
        (raw[:400] + b"?" + raw[401:], "damaged"),
    ):
        with pytest.raises(keeping.StateError, match=reason):
            keeping.unpack(content)


def test_after_a_kill_no_id_and_no_time_comes_twice(full: World) -> None:
    full.timeline.speed = 3600
    saved = keeping.pack(full, clean=False)
    chat = full.chat(full.group_id)
    sent = act(full, "send", {"chat_id": chat.id, "user_id": full.manager_id, "text": "after the last saving"})
    full.timeline.move(full.clock() + 3600 * 5)
    again = keeping.unpack(saved)
    assert again.next_message_id(again.chat(chat.id)) > sent["message_id"]
    assert again.updates.state().next_id > full.updates.state().next_id
    assert again.clock() >= full.clock()


def _run(world: World, seconds: float) -> None:
    """Let everything happen that is due within so many seconds."""
    for event in world.timeline.take_due(world.clock() + seconds):
        event()


def test_a_payment_still_has_its_ten_seconds_after_a_restart(full: World) -> None:
    telegram = Telegram(full, httpx.AsyncClient())
    invoice = {"title": "Ticket", "currency": "XTR", "total_amount": 300}
    message = posting.post(full, telegram.group, full.bot_id, {"invoice": invoice})
    place = {"chat_id": telegram.group.id, "user_id": telegram.first, "message_id": message.id}
    query_id = telegram.act("pay", **place)["query_id"]
    again = keeping.unpack(keeping.pack(full, clean=True))
    assert again.payments[query_id].state == "asked"
    _run(again, 8)
    assert again.payments[query_id].state == "asked"
    _run(again, 11)
    assert again.payments[query_id].state == "failed"
    assert again.user(telegram.first).stars == full.user(telegram.first).stars


def test_totals_of_reactions_that_are_due_come_after_a_restart(full: World) -> None:
    telegram = Telegram(full, httpx.AsyncClient())
    full.updates.set_allowed(["message_reaction_count"])
    message_id = telegram.say("from the channel")
    telegram.group.messages[message_id].anonymous_reactions = True
    telegram.act("react", chat_id=telegram.group.id, user_id=telegram.second, message_id=message_id, emoji="👍")
    again = keeping.unpack(keeping.pack(full, clean=True))
    before = len(again.updates)
    _run(again, 30)
    assert len(again.updates) == before
    _run(again, 61)
    [*_, last] = again.updates.state().waiting
    assert b'"total_count":1' in last.raw
    assert again.reaction_counts_due == {}
