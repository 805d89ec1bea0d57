"""The living community: members go on by their own curves, and answer what is posted when they are awake."""

from __future__ import annotations

from collections import Counter
from functools import partial
from random import Random

from sandbox.actions import act
from sandbox.errors import ActionError
from sandbox.model import Json, Message
from sandbox.polls import poll_of
from sandbox.seeding import cast, habits
from sandbox.seeding.history import Member, fill, make_text, midnight
from sandbox.seeding.pictures import landscape
from sandbox.world import World

PHOTOS = 0.06  # share of messages that are a picture
REPLIES = 0.27
RECENT = 7200  # seconds back to which a message is still replied to


class Life:
    """The members of one world as they live. What they do follows from the seed, the time and what they see.

    Nothing is kept but who lives here: plans are made anew from the seed, so a life that was switched off,
    or a sandbox started again, goes on with the rest of the day's plan.
    """

    def __init__(self, world: World, residents: list[Member]) -> None:
        self.world = world
        self.residents = {one.user_id: one for one in residents}
        self.joined = 0  # newcomers so far
        self.first_message_id = 0  # what was before the start is not answered
        self.done: Counter[str] = Counter()  # acts by kind
        self._generation = 0
        self._on = False
        world.listeners.append(self._notice)

    @property
    def on(self) -> bool:
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        """Switch life on or off."""
        if on == self._on:
            return
        self._on = on
        self._generation += 1  # what was planned before is void
        if on:
            self._plan_day()
            group = self.world.chat(self.world.group_id)
            for message in list(group.messages.values()):
                if message.id > self.first_message_id:
                    self._notice(message)

    def _at(self, moment: float, what: partial[None]) -> None:
        """Plan something for later, unless its time is past."""
        if moment > self.world.clock():
            self.world.timeline.at(moment, partial(self._perform, self._generation, what))

    def _perform(self, generation: int, what: partial[None]) -> None:
        if generation != self._generation:
            return
        try:
            what()
        except ActionError:
            self.done["refused"] += 1  # the message is gone, the member banned, the topic closed

    def _act(self, kind: str, name: str, /, **params: object) -> Json:
        result = act(self.world, name, {"chat_id": self.world.group_id} | params)
        self.done[kind] += 1
        return result or {}

    def _plan_day(self) -> None:
        """Plan the local day, and the planning of the next."""
        day = habits.local_day(self.world.clock())
        for resident in self.residents.values():
            self._plan_member(resident, day)
        for at in habits.joins_of(self.world.seed, day):
            self._at(at, partial(self._join, at))
        self._at(midnight(day + 1), partial(self._plan_day))

    def _plan_member(self, resident: Member, day: int) -> None:
        for one in habits.day_of(self.world.seed, resident, day):
            if one.kind == "leave":
                self._at(one.at, partial(self._leave, one.user_id))
            else:
                self._at(one.at, partial(self._write, one))

    def _join(self, at: int) -> None:
        if not self.residents or self.joined >= len(cast.later()):
            return
        person = cast.later()[self.joined]
        names = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
        user_id = act(self.world, "add_user", names | {"language_code": person.language})["user_id"]
        resident = habits.newcomer(self.world.seed, self.joined, user_id, at)
        self.joined += 1
        links = self.world.chat(self.world.group_id).invite_links.values()
        link = next((one.url for one in links if one.is_primary and not one.is_revoked), "")
        self._act("join", "join", user_id=user_id, link=link)
        if resident is None:
            return
        self.residents[user_id] = resident
        self._plan_member(resident, habits.local_day(at))
        rng = Random(f"hello {self.world.seed} {user_id}")
        if person.part != "lurker" and rng.random() < 0.6:
            self._at(at + rng.randrange(30, 400), partial(self._greet, resident))

    def _greet(self, resident: Member) -> None:
        rng, language = Random(f"greet {self.world.seed} {resident.user_id}"), resident.person.language
        self._act("write", "send", user_id=resident.user_id, text=fill(rng, cast.HELLOS[language], language))

    def _leave(self, user_id: int) -> None:
        self.residents.pop(user_id, None)
        self._act("leave", "leave", user_id=user_id)

    def _write(self, planned: habits.Act) -> None:
        """Write in a topic: a text, now and then a picture, often a reply to somebody."""
        world, user_id = self.world, planned.user_id
        if user_id not in self.residents:
            return
        rng, person = Random(f"write {world.seed} {planned.at} {user_id}"), self.residents[user_id].person
        thread_id = self._thread(planned.topic)
        where: Json = {"user_id": user_id, "thread_id": thread_id}
        target = self._target(rng, user_id, thread_id) if rng.random() < REPLIES else None
        text = make_text(rng, person, planned.topic)
        if target is None and rng.random() < PHOTOS:
            caption = text if rng.random() < 0.5 else ""
            picture = landscape(rng.randrange(24))
            self._act("write", "send_file", **where, name="photo.png", data=picture, caption=caption)
        else:
            self._act("write", "send", **where, text=text, reply_to=target)

    def _thread(self, topic: int) -> int | None:
        topics = sorted(self.world.chat(self.world.group_id).topics.values(), key=lambda one: one.id)
        found = topics[topic - 1] if 0 < topic <= len(topics) else None
        return None if found is None or found.is_closed else found.id

    def _target(self, rng: Random, user_id: int, thread_id: int | None) -> int | None:
        """A recent message of somebody else in the same topic."""
        found: list[int] = []
        for message in reversed(self.world.chat(self.world.group_id).messages.values()):
            if len(found) == 9 or message.date < self.world.now() - RECENT:
                break
            own = message.sender_id in (user_id, self.world.bot_id)
            if not own and not message.is_service and message.thread_id == thread_id:
                found.append(message.id)
        return rng.choice(found) if found else None

    def _notice(self, message: Message) -> None:
        """Plan what members make of a new message in the group."""
        if not self._on or message.chat_id != self.world.group_id or message.is_service:
            return
        post = (message.chat_id, message.id, int(self.world.clock() - self.world.now()) + message.date)
        others = [one for one in self.residents.values() if one.user_id != message.sender_id]
        if self._is_drop(message):
            good = habits.quality(self.world.seed, message.chat_id, message.id)
            planned = habits.answers(self.world.seed, post, good, self._ways(message), others)
        elif message.sender_id == self.world.bot_id or str(message.content.get("text", "")).startswith("/"):
            return
        else:
            planned = habits.reactions(self.world.seed, post, 1.6 if "photo" in message.content else 0.42, others)
        for one in planned:
            self._at(one.at, partial(self._answer, message, one))

    def _is_drop(self, message: Message) -> bool:
        """A post of the bot, the creator or a channel that is no reply and no command; of an album the first part."""
        chat = self.world.chat(message.chat_id)
        official = message.sender_id in (self.world.bot_id, self.world.manager_id) or message.sender_chat_id is not None
        if not official or message.reply_to not in (None, message.thread_id):
            return False
        if str(message.content.get("text", "")).startswith("/"):
            return False
        before = chat.messages.get(message.id - 1)
        album = message.extra.get("media_group_id")
        return album is None or before is None or before.extra.get("media_group_id") != album

    def _ways(self, message: Message) -> set[str]:
        """Which answers a post allows."""
        ways = {"react", "reply"}
        if "poll" in message.content:
            ways.add("vote")
        if "invoice" in message.content:
            ways.add("pay")
        if _callback_buttons(message):
            ways.add("press")
        return ways

    def _answer(self, message: Message, one: habits.Act) -> None:
        if (
            self.world.chat(message.chat_id).messages.get(message.id) is not message
            or one.user_id not in self.residents
        ):
            return
        rng = Random(f"{one.kind} {self.world.seed} {message.id} {one.user_id}")
        to: Json = {"user_id": one.user_id, "message_id": message.id}
        if one.kind == "react" and one.user_id not in message.reactions:
            self._act("react", "react", **to, emoji=rng.choices(cast.REACTIONS, cast.REACTION_WEIGHTS)[0])
        elif one.kind == "reply":
            text = make_text(rng, self.residents[one.user_id].person, 1)
            self._act("reply", "send", user_id=one.user_id, thread_id=message.thread_id, reply_to=message.id, text=text)
        elif one.kind == "press" and (data := _callback_buttons(message)):
            self._act("press", "press", **to, data=rng.choice(data))
        elif one.kind == "vote" and (poll := poll_of(self.world, message)):
            if one.user_id not in poll.votes:
                liking = [1.0 / (1 + index) for index in range(len(poll.options))]
                self._act("vote", "vote", **to, option_ids=rng.choices(range(len(liking)), liking))
        elif one.kind == "pay":
            self._act("pay", "pay", **to)


def _callback_buttons(message: Message) -> list[str]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
