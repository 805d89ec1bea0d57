"""What a bot gets to see in groups, as core.telegram.org/bots/features#privacy-mode and its FAQ say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox import posting
from sandbox.membership import join
from sandbox.wire import user_json
from sandbox.world import World
from tests.sandbox.telegram import ALL, Telegram

EVERYTHING = [*ALL, "chat_join_request"]


@dataclass
class Room:
    """A group with the bot, people and another bot in it, over real HTTP."""

    telegram: Telegram
    other_bot: int

    def post(self, text: str, sender: int, **more: Any) -> int:
        world, group = self.telegram.world, self.telegram.group
        return posting.post(world, group, sender, posting.text_content(text), **more).id

    def ours(self) -> int:
        return self.post("ask me", self.telegram.world.bot_id)

    def theirs(self) -> int:
        return self.post("no, ask me", self.other_bot)

    def via(self, bot_id: int, text: str) -> int:
        bot = user_json(self.telegram.world.user(bot_id))
        return self.post(text, self.telegram.first, extra={"via_bot": bot})

    def say(self, text: str, **more: Any) -> int:
        return self.telegram.say(text, **more)

    async def kinds(self) -> list[str]:
        return [list(update)[1] for update in await self.telegram.updates()]


@pytest.fixture
async def room(address: str, world: World) -> AsyncIterator[Room]:
    async with httpx.AsyncClient(base_url=address) as client:
        telegram = Telegram(world, client)
        other = world.add_user("Other", username="SomebodyElseBot", is_bot=True)
        join(world, telegram.group, other, actor_id=telegram.lin)
        world.reaction_count_delay = 0  # these tests are about whether totals come, not when
        await telegram.updates(allowed_updates=EVERYTHING)
        yield Room(telegram, other.id)


def after_ours(room: Room, text: str, **more: Any) -> int:
    room.theirs()
    room.ours()
    room.say("a person in between")
    return room.say(text, **more)


def after_theirs(room: Room, text: str, **more: Any) -> int:
    room.ours()
    room.theirs()
    room.say("a person in between")
    return room.say(text, **more)


ME = "@PeakDropSandboxBot"
# What somebody does, whether the bot sees it in privacy mode, and as administrator or with the mode off.
CASES: list[tuple[str, Callable[[Room], object], bool, bool]] = [
    ("chatter", lambda room: after_ours(room, "just chatting"), False, True),
    ("mention", lambda room: after_ours(room, f"{ME} hello"), False, True),
    ("command, no bot wrote before", lambda room: room.say("/stats"), True, True),
    ("command, we wrote last", lambda room: after_ours(room, "/stats 7d"), True, True),
    ("command, another bot wrote last", lambda room: after_theirs(room, "/stats 7d"), False, True),
    ("our command", lambda room: after_theirs(room, f"/stats{ME}"), True, True),
    ("our command within a text", lambda room: after_theirs(room, f"try /stats{ME.lower()} please"), True, True),
    ("another's command", lambda room: after_ours(room, "/stats@SomebodyElseBot"), False, True),
    ("reply to us", lambda room: room.say("thanks", reply_to=room.ours()), True, True),
    ("reply to our command", lambda room: room.say("why?", reply_to=room.say(f"/stats{ME}")), True, True),
    ("reply to chatter", lambda room: room.say("yes", reply_to=room.say("hello")), False, True),
    ("our command, reply to another bot", lambda room: room.say(f"/x{ME}", reply_to=room.theirs()), False, True),
    ("another's command, reply to us", lambda room: room.say("/x@SomebodyElseBot", reply_to=room.ours()), True, True),
    ("sent via us", lambda room: room.via(room.telegram.world.bot_id, "sea"), True, True),
    ("sent via another", lambda room: room.via(room.other_bot, "/sea"), False, True),
    (
        "anonymous command",
        lambda room: room.say("/stats", user_id=room.telegram.lin, as_chat=room.telegram.group.id),
        True,
        True,
    ),
    ("service message", lambda room: room.telegram.act("leave", **room_place(room)), True, True),
    ("another bot's command", lambda room: room.post(f"/stats{ME}", room.other_bot), False, False),
    ("another bot's reply", lambda room: room.post("no", room.other_bot, reply_to=room.ours()), False, False),
    ("our own message", lambda room: room.ours(), False, False),
]


def room_place(room: Room) -> dict[str, int]:
    return {"chat_id": room.telegram.group.id, "user_id": room.telegram.second}


@pytest.mark.parametrize("mode", ["private", "administrator", "reads all"])
async def test_who_sees_what(room: Room, mode: str) -> None:
    world, group = room.telegram.world, room.telegram.group
    if mode != "administrator":
        room.telegram.demote_bot()
    world.reads_all_messages = mode == "reads all"
    wrong = []
    for name, deed, in_private_mode, otherwise in CASES:
        for message in list(group.messages.values()):
            posting.delete(world, message)  # who wrote last is a matter of each case
        deed(room)
        last = max(group.messages)
        told = [u["message"]["message_id"] for u in await room.telegram.updates() if "message" in u]
        if (last in told) != (in_private_mode if mode == "private" else otherwise):
            wrong.append(name)
    assert wrong == []


async def test_edits_follow_the_same_rules(room: Room) -> None:
    room.telegram.demote_bot()
    place = {"chat_id": room.telegram.group.id, "user_id": room.telegram.first, "message_id": room.say("hello")}
    room.telegram.act("edit", **place, text="hello!")
    assert await room.telegram.updates() == []
    room.telegram.act("edit", **place, text=f"/stats{ME}")
    [update] = await room.telegram.updates()
    assert update["edited_message"]["text"] == f"/stats{ME}"


async def test_what_was_before_it_came_never_reaches_the_bot(room: Room) -> None:
    telegram = room.telegram
    place = {"chat_id": telegram.group.id, "user_id": telegram.lin}
    telegram.act("remove", **place, target_id=telegram.world.bot_id, banned=False)
    old = room.say("while it was away")
    telegram.act("join", chat_id=telegram.group.id, user_id=telegram.world.bot_id, added_by=telegram.lin)
    telegram.act("promote", **place, target_id=telegram.world.bot_id)
    await telegram.updates()
    telegram.act("edit", chat_id=telegram.group.id, user_id=telegram.first, message_id=old, text="/stats")
    telegram.act("react", **place, message_id=old, emoji="👍")
    assert await telegram.updates() == []
    new = room.say("hello again")
    telegram.act("react", **place, message_id=new, emoji="👍")
    assert await room.kinds() == ["message", "message_reaction"]


async def test_reactions_and_members_are_for_administrators(room: Room) -> None:
    telegram = room.telegram
    named, anonymous = room.say("named"), room.say("anonymous")
    telegram.group.messages[anonymous].anonymous_reactions = True
    await telegram.updates()

    def happen(emoji: str, visitor: str) -> None:
        for message_id in (named, anonymous):
            place = {"chat_id": telegram.group.id, "user_id": telegram.second, "message_id": message_id}
            telegram.act("react", **place, emoji=emoji)
        user_id = telegram.act("add_user", first_name=visitor)["user_id"]
        telegram.act("join", chat_id=telegram.group.id, user_id=user_id)

    happen("👍", "Ada")
    assert await room.kinds() == ["message_reaction", "message_reaction_count", "chat_member", "message"]
    telegram.demote_bot()
    happen("🔥", "Bo")
    assert await room.kinds() == ["message"]


async def test_join_requests_are_for_administrators_who_may_invite(room: Room) -> None:
    telegram = room.telegram
    link = telegram.act("create_link", chat_id=telegram.group.id, user_id=telegram.lin, creates_join_request=True)
    bot = telegram.group.members[telegram.world.bot_id]
    for may_invite in (True, False):
        bot.rights = (bot.rights | {"can_invite_users"}) if may_invite else (bot.rights - {"can_invite_users"})
        visitor = telegram.act("add_user", first_name="Zoe")["user_id"]
        telegram.act("join", chat_id=telegram.group.id, user_id=visitor, link=link["invite_link"])
        assert await room.kinds() == (["chat_join_request"] if may_invite else [])


async def test_what_was_not_asked_for_when_it_happened_does_not_come_later(room: Room) -> None:
    telegram = room.telegram
    await telegram.updates(allowed_updates=["message"])
    message_id = room.say("hello")
    place = {"chat_id": telegram.group.id, "user_id": telegram.second}
    telegram.act("react", **place, message_id=message_id, emoji="👍")
    telegram.act("edit", chat_id=telegram.group.id, user_id=telegram.first, message_id=message_id, text="hello!")
    telegram.act("leave", **place)
    updates = await telegram.call("getUpdates", allowed_updates=EVERYTHING)
    assert [list(u)[1] for u in updates] == ["message", "message"]
    # What waits stays, although it is no longer asked for.
    assert await telegram.call("getUpdates", allowed_updates=["poll"]) == updates
