"""The real process posting drops, killed at random moments, and what must be true of every drop afterwards."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot.clock import Clock
from sandbox.actions import act
from sandbox.community import build_world
from sandbox.model import Chat, Member, Message
from sandbox.server import serve
from storage.drop_content import Content, DropButton
from storage.drop_messages import messages_of
from storage.drops import DropView, State, list_drops
from storage.people import set_person
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import know, queue

BOT = ("-m", "tests.drops.quick_bot")
ALL = frozenset(State)


@dataclass
class Tally:
    """What a run came to."""

    kills: int = 0
    drops: int = 0
    sent: int = 0
    doubts: int = 0
    settled_by_sign: int = 0
    asked: int = 0
    answered_there: int = 0
    answered_send: int = 0
    moments: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        moments = ", ".join(f"{what} {n}" for what, n in sorted(self.moments.items()))
        return (
            f"{self.kills} kills ({moments}); {self.drops} drops, {self.sent} sent once, none twice, none lost; "
            f"{self.doubts} in doubt: {self.settled_by_sign} settled by a sign, {self.asked} asked about "
            f"({self.answered_there} there, {self.answered_send} sent then)"
        )


class Run:
    """A sandbox with some groups, and the bot's process (or processes), which live and die."""

    def __init__(self, folder: Path, database: str, seed: int, groups: int) -> None:
        self.folder = folder
        self.database = database
        self.rng = Random(seed)
        self.world = build_world(seed, True, Clock().now())
        self.world.limits.enforced = False  # each life forgets the one before: flood waits would only cost minutes
        self.store = Store(database)
        self.store.prepare()
        self.tally = Tally()
        self.url = ""
        self.lives = 0
        self.alive: list[asyncio.subprocess.Process] = []
        self.numbers: dict[str, tuple[int, int, Chat]] = {}
        self.answered: set[int] = set()
        self.world.user(self.world.manager_id).bot_started = True
        self.store.write_now(lambda session: set_person(session, self.world.manager_id, language="en"))
        self.chats = [self.world.chat(self.world.group_id)]
        for number in range(1, groups):
            chat = self.world.add_chat(-1002100001000 - number, "supergroup", f"Group {number}")
            chat.members = dict(self.chats[0].members)
            chat.members[self.world.bot_id] = Member(self.world.bot_id, "administrator")
            self.chats.append(chat)
        self.communities = {chat.id: know(self.store, self.world, chat.id) for chat in self.chats}

    def fill(self, drops: int, spread: float = 0.0, start: float = 0.0) -> None:
        """Queue so many drops, in turn in each group, due from `start` seconds from now on."""
        now = Clock().now()
        for number in range(drops):
            chat = self.chats[number % len(self.chats)]
            text = f"drop {self.tally.drops} of this run"
            due_at = now + timedelta(seconds=start + spread * number / max(1, drops))
            marked = (DropButton("like"),) if number % 2 else ()
            values = {"author_id": self.world.manager_id, "buttons": marked, "late_seconds": 86400}
            made = queue(self.store, self.communities[chat.id], Content(text), due_at, **values)
            self.numbers[text] = (self.communities[chat.id], made, chat)
            self.tally.drops += 1

    async def start(self, *, ask_after: float = 2.0) -> asyncio.subprocess.Process:
        """A new life."""
        settings = {
            "BOT_TOKEN": self.world.bot_token,
            "DATABASE_URL": self.database,
            "TELEGRAM_API_URL": self.url,
            "LOG_LEVEL": "INFO",
            "TEST_ASK_AFTER": str(ask_after),
            "PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))),
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
        }
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *BOT, env=settings, cwd=self.folder, stderr=log, stdout=log
            )
        self.alive.append(process)
        return process

    async def end(self) -> None:
        """Leave no process behind, whatever happened."""
        for process in self.alive:
            if process.returncode is None:
                process.kill()
                await process.wait()
        self.store.close()

    async def kill(self, process: asyncio.subprocess.Process, moment: str) -> None:
        """End a life, at once."""
        assert process.returncode is None, self.log_tail()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.tally.kills += 1
        self.tally.moments[moment] += 1

    async def kill_while_sending(self) -> None:
        """A life that ends at a random moment of a drop's way: each moment is aimed at in turn."""
        moment = ("any", "in the call", "after the effect", "before the record")[self.lives % 4]
        faults = {"in the call": "timeout_before", "after the effect": "timeout_after", "before the record": "slow"}
        if moment in faults:
            nth = self.rng.randrange(1, 4)
            self.world.faults.add(kind=faults[moment], method="sendMessage", nth=nth, seconds=2.0)
        before = self.calls()
        self.lives += 1
        process = await self.start()
        try:
            async with asyncio.timeout(30):
                while not self.begun(moment, before) and self.moving():
                    assert process.returncode is None, self.log_tail()
                    await asyncio.sleep(0.005)
        finally:
            self.world.faults.clear()
        await asyncio.sleep(self.rng.uniform(0, 0.02 if moment == "before the record" else 0.1))
        await self.kill(process, moment)
        self.look_around()

    async def recover(self) -> None:
        """A life that finds time for what the one before left in doubt; it ends at rest."""
        process = await self.start()
        async with asyncio.timeout(60):
            while self.waiting():
                assert process.returncode is None, self.log_tail()
                self.answer_questions()
                await asyncio.sleep(0.05)
        await self.kill(process, "at rest")

    def calls(self) -> int:
        """How many posts Telegram has seen."""
        return len([one for one in self.world.calls.since(0, "sendMessage")])

    def begun(self, moment: str, before: int) -> bool:
        """Whether the moment to aim at has come."""
        struck = any(one.struck for one in self.world.faults.faults)
        return struck if moment != "any" else self.calls() > before

    def waiting(self) -> int:
        """How many drops are not sent yet."""
        return sum(one.state != State.SENT for one in self.drops())

    def moving(self) -> int:
        """How many drops are still on their way, with nobody asked about them."""
        return sum(one.state in (State.SCHEDULED, State.SENDING) for one in self.drops())

    def drops(self) -> list[DropView]:
        return [
            drop
            for community in self.communities.values()
            for drop in self.store.read_now(partial(list_drops, community_id=community, states=ALL))
        ]

    def look_around(self) -> None:
        """Members react to some of what is posted: half the lost ones get a sign."""
        for chat in self.chats:
            for message in list(chat.messages.values()):
                if message.sender_id == self.world.bot_id and message.id not in self.answered:
                    self.answered.add(message.id)
                    if self.rng.random() < 0.25:
                        member = next(one for one in chat.members if one != self.world.bot_id)
                        act(
                            self.world,
                            "send",
                            {"chat_id": chat.id, "user_id": member, "text": "!", "reply_to": message.id},
                        )

    async def settle(self, limit: float = 300.0) -> None:
        """A last life; the manager answers each question by what is really there."""
        menus = len(self.world.calls.since(0, "setMyCommands"))
        process = await self.start()
        async with asyncio.timeout(limit):
            # Up and listening to signals, even where nothing is left to do.
            while self.waiting() or len(self.world.calls.since(0, "setMyCommands")) == menus:
                assert process.returncode is None, self.log_tail()
                self.answer_questions()
                await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0, self.log_tail()

    def answer_questions(self) -> None:
        """The manager looks at the place and presses the button that is true."""
        private = self.world.private_chat(self.world.manager_id)
        for message in list(private.messages.values()):
            for label, data in buttons(message):
                if label != "It is there":
                    continue
                community, number = (int(part) for part in data.split(":")[2:4])
                text = next(text for text, (c, n, _) in self.numbers.items() if (c, n) == (community, number))
                there = self.found(text) > 0
                self.tally.asked += 1
                self.tally.answered_there += there
                self.tally.answered_send += not there
                wanted = data if there else data.replace("there", "again")
                person = {"chat_id": private.id, "user_id": self.world.manager_id}
                act(self.world, "press", person | {"message_id": message.id, "data": wanted})
                message.markup = None

    def found(self, text: str) -> int:
        """How often a drop stands in its group."""
        chat = self.numbers[text][2]
        return sum(text_of(one) == text for one in self.posts(chat))

    def posts(self, chat: Chat) -> list[Message]:
        return [one for one in chat.messages.values() if one.sender_id == self.world.bot_id and not one.is_service]

    def verify(self) -> Tally:
        """Every drop is there exactly once, is recorded so, and with the right message, in order."""
        for text, (community, number, chat) in self.numbers.items():
            assert self.found(text) == 1, f"{text}: {self.found(text)} times"
            recorded = self.store.read_now(partial(messages_of, community_id=community, number=number))
            posted = next(one.id for one in self.posts(chat) if text_of(one) == text)
            assert [one.message_id for one in recorded] in ([posted], []), text
        self.tally.sent = sum(drop.state == State.SENT for drop in self.drops())
        assert self.tally.sent == self.tally.drops
        log = (self.folder / "bot.log").read_text()
        self.tally.doubts = len(re.findall(r"was it posted\?|: doubt ", log))
        self.tally.settled_by_sign = len(re.findall(r"was posted: message", log))
        return self.tally

    def log_tail(self) -> str:
        return (self.folder / "bot.log").read_text()[-3000:]


async def survive(folder: Path, database: str, seed: int, kills: int, groups: int = 4) -> Tally:
    """Kill the bot so many times while it posts, let the rest be done, and verify every drop."""
    run = Run(folder, database, seed, groups)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(serve(run.world, "127.0.0.1", 0, on_ready=listening.set_result))
        run.url = await listening
        try:
            while run.tally.kills < kills:
                run.fill(run.rng.randrange(2, 7))
                await run.kill_while_sending()
                # Most are given time to recover before they are killed again, some are not.
                if run.tally.kills < kills and run.rng.random() < 0.6:
                    await run.recover()
            await run.settle()
            tally = run.verify()
        finally:
            await run.end()
            serving.cancel()
    print(f"\n{tally}")
    return tally
