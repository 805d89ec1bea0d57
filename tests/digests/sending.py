"""Groups whose digests are due, the real processes that send them, and what must be true of every digest afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlmodel import Session

from sandbox.community import build_world
from sandbox.model import Member, Message
from sandbox.server import serve
from storage.digests import DELIVERY, GROUP, Delivery, Every, PlanView, set_plan, set_reader
from storage.models import PollSpan
from storage.people import set_person
from storage.store import Store
from tests.bot.conversation import text_of
from tests.digests.test_plans import periods
from tests.digests.weeks import Weeks
from tests.drops.sending_desk import know
from tests.lives import Life, SharedClock

MENUS = 6  # calls by which a process sets the menus of commands, when it runs
FIRST_LOOK = timedelta(seconds=4)  # after a start, digests are looked at
_TITLE = re.compile(r"(\d+ \w+ · .+)$")


@dataclass(frozen=True)
class Group:
    """A group and its plan: cadence, weekday, minute of the local day; how many managers read it.

    In some, members write so many messages a day: where they are many, digests have pictures.
    """

    title: str
    zone: str
    every: Every
    weekday: int
    minute: int
    to_group: bool = True
    readers: int = 2
    a_day: int = 0


Place = tuple[int, str, int]  # community, occurrence, person


@dataclass
class Tally:
    """What a run came to. In doubt is what was being sent when the process was killed."""

    due: int = 0
    sent: int = 0
    doubts_there: int = 0
    doubts_lost: int = 0
    lapsed: int = 0
    late: int = 0
    slept: int = 0
    moments: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        """Kills while there was something to do."""
        return self.moments.total() - self.moments["at rest"]

    def __str__(self) -> str:
        moments = ", ".join(f"{what} {n}" for what, n in sorted(self.moments.items()))
        return (
            f"{self.kills} kills ({moments}); {self.due} digests due: {self.sent} sent once ({self.late} of them late),"
            f" none twice; {self.doubts_there + self.doubts_lost} killed while sending, of which {self.doubts_there} "
            f"are there and {self.doubts_lost} are not; {self.lapsed} not come to before their time was over; "
            f"{self.slept} more while nothing ran"
        )


class Run:
    """A sandbox with groups whose digests are due again and again, and the bot's processes, which live and die."""

    def __init__(
        self, folder: Path, database: str, seed: int, groups: Sequence[Group], start: datetime, days: int
    ) -> None:
        self.folder, self.database, self.start_at, self.rng = folder, database, start, Random(seed)
        self.days = days
        self.clock = SharedClock(start)
        self.world = build_world(seed, True, start)
        self.world.timeline.start_at(start.timestamp())
        self.world.limits.enforced = False  # each life forgets the one before: flood waits would only cost minutes
        self.store = Store(database)
        self.store.prepare()
        self.tally = Tally()
        self.url = ""
        self.began: dict[Life, datetime] = {}
        self.ended: dict[Life, datetime] = {}
        self.calls: dict[Life, int] = {}  # that were made before
        self.rested: list[datetime] = []  # when all that was due was done
        self.doubts: set[Place] = set()
        self.managers = [self.world.manager_id, self._second_manager()]
        for person in self.managers:
            self.world.user(person).bot_started = True
            self.store.write_now(partial(set_person, person_id=person, language="en"))
        self.plans = {self._add(number, group): group for number, group in enumerate(groups)}
        self.store.write_now(lambda s: s.add(PollSpan(start_at=start - timedelta(30), end_at=start + timedelta(days))))

    def _second_manager(self) -> int:
        group = self.world.chat(self.world.group_id)
        person = next(one for one in group.members.values() if one.status == "member")
        rights = group.members[self.world.bot_id].rights
        group.members[person.user_id] = Member(person.user_id, "administrator", rights)
        return person.user_id

    def _add(self, number: int, group: Group) -> PlanView:
        """A group with its plan; who reads it asked for it long ago."""
        chat = self.world.add_chat(-1002100001000 - number, "supergroup", group.title)
        chat.members = dict(self.world.chat(self.world.group_id).members)
        community = know(self.store, self.world, chat.id, group.zone)
        plan = PlanView(community, group.every, group.weekday, group.minute, group.to_group, self.start_at)
        self.store.write_now(partial(set_plan, plan=plan))
        for person in self.managers[: group.readers]:
            self.store.write_now(partial(set_reader, community_id=community, person_id=person, now=self.start_at))
        if group.a_day:
            weeks = Weeks(self.store, chat.id, community, offset=0, title=group.title)
            weeks.live(self.start_at.replace(tzinfo=None) - timedelta(21), 21 + self.days, group.a_day, people=9)
        return plan

    def begin(self, **settings: str) -> Life:
        """A new life."""
        common = {"BOT_TOKEN": self.world.bot_token, "DATABASE_URL": self.database, "TELEGRAM_API_URL": self.url}
        life = Life(common | settings, self.clock, self.folder / "bot.log")
        self.began[life] = self.clock.now()
        self.calls[life] = self.world.calls.total
        return life

    async def up(self, life: Life) -> None:
        """Wait until a process runs, and let the seconds pass after which it looks for the first time."""
        async with asyncio.timeout(30):
            while len(self.world.calls.since(self.calls[life], "setMyCommands")) < MENUS:
                life.assert_alive()
                await asyncio.sleep(0.005)
        self.jump(self.clock.now() + FIRST_LOOK)

    def jump(self, at: datetime) -> None:
        """Let time pass, for the bot and for Telegram."""
        at = max(at, self.clock.now())
        self.clock.set(at)
        self.world.timeline.start_at(at.timestamp())

    async def kill(self, life: Life, moment: str) -> None:
        """End a life, at once: of what it was sending one digest at most is left in doubt."""
        life.assert_alive()
        life.kill()
        await asyncio.sleep(0.05)  # what it had sent already comes in now, not after the next jump of the clock
        self.ended[life] = self.clock.now()
        self.tally.moments[moment] += 1
        doubts = self.left_by(life) - self.doubts
        assert len(doubts) <= 1
        self.doubts |= doubts
        if self.is_resting():
            self.rested.append(self.clock.now())

    def left_by(self, _life: Life) -> set[Place]:
        """What a process, the only one, leaves half done."""
        return {place for place, state in self.rows().items() if state == Delivery.SENDING}

    def end(self) -> None:
        """Leave no process behind, whatever happened."""
        for life in self.began:
            life.kill()
        self.store.close()

    def rows(self) -> dict[Place, Delivery]:
        """How far each digest is, as it is recorded."""
        columns = DELIVERY.c
        query = select(columns.community_id, columns.occurrence, columns.person_id, columns.state)

        def read(session: Session) -> dict[Place, Delivery]:
            return {(one[0], one[1], one[2]): Delivery(one[3]) for one in session.connection().execute(query)}

        return self.store.read_now(read)

    def periods(self) -> list[tuple[PlanView, str, datetime, datetime]]:
        """Each period that has begun: whose, its name, its beginning and end."""
        now = self.clock.now()
        return [
            (plan, *period)
            for plan, group in self.plans.items()
            for period in periods(plan, group.zone, self.start_at, now)
            if self.start_at < period[1] <= now
        ]

    def places(self, plan: PlanView, occurrence: str) -> list[Place]:
        """Where a digest is to come."""
        people = [GROUP] * plan.to_group + self.managers[: self.plans[plan].readers]
        return [(plan.community_id, occurrence, person) for person in people]

    def is_resting(self) -> bool:
        """Whether all that is due now is done, or was given up by a process that died."""
        rows, now = self.rows(), self.clock.now()
        due = {
            place
            for plan, name, start, end in self.periods()
            if start <= now < end
            for place in self.places(plan, name)
        }
        open_ = {place for place, state in rows.items() if state in (Delivery.WAITING, Delivery.SENDING)}
        return due <= rows.keys() and open_ <= self.doubts

    def next_due(self) -> datetime:
        """The next time of any plan."""
        now = self.clock.now()
        ahead = now + timedelta(days=8)
        return min(
            start for plan, group in self.plans.items() for _, start, _ in periods(plan, group.zone, now, ahead)
            if start > now
        )  # fmt: skip

    async def recover(self) -> Life:
        """A life that finds time for what is due."""
        life = self.begin()
        await self.up(life)
        await self.rest(life)
        return life

    async def rest(self, life: Life) -> None:
        """Wait until all that is due is done."""
        async with asyncio.timeout(60):
            while not self.is_resting():
                life.assert_alive()
                await asyncio.sleep(0.01)
        self.rested.append(self.clock.now())

    def digests(self) -> dict[tuple[int, str], list[Message]]:
        """The digests that stand in each chat, by "22 Nov · group": the last day that they cover."""
        found: dict[tuple[int, str], list[Message]] = {}
        for chat in self.world.chats.values():
            for message in chat.messages.values():
                title = _TITLE.search(text_of(message).partition("\n")[0])
                if message.sender_id == self.world.bot_id and title is not None:
                    found.setdefault((chat.id, title[1]), []).append(message)
        return found

    def verify(self) -> Tally:
        """Each digest of a time at which the bot came to rest is there once, but for those it was killed over."""
        rows, digests, tally = self.rows(), self.digests(), self.tally
        for plan, name, start, end in self.periods():
            ran = any(begun < end and self.ended.get(life, end) >= start for life, begun in self.began.items())
            rested = any(start <= at < end for at in self.rested)
            for place in self.places(plan, name):
                there = digests.pop(self.key(place), [])
                state = rows.pop(place, None)
                assert len(there) <= 1, f"twice: {place}"
                assert all(start.timestamp() <= one.date < end.timestamp() for one in there)
                assert not rested or state in (Delivery.SENT, Delivery.SENDING), f"lost: {place}"
                assert state != Delivery.SENT or there, f"noted, but not there: {place}"
                assert not there or state in (Delivery.SENT, Delivery.SENDING)
                assert state is None or ran
                tally.due += ran
                tally.sent += state == Delivery.SENT
                tally.late += any(one.date > start.timestamp() + 60 for one in there)
                tally.doubts_there += state == Delivery.SENDING and bool(there)
                tally.doubts_lost += state == Delivery.SENDING and not there
                tally.lapsed += ran and state not in (Delivery.SENT, Delivery.SENDING)
                tally.slept += not ran
        assert not digests, f"nobody asked for {list(digests)}"
        assert not rows
        return tally

    def key(self, place: Place) -> tuple[int, str]:
        """How a digest is found in the chat it goes to."""
        community, occurrence, person = place
        number, group = next(
            (n, group) for n, (plan, group) in enumerate(self.plans.items()) if plan.community_id == community
        )
        last = date.fromisoformat(occurrence[:10]) - timedelta(days=1)
        return person or -1002100001000 - number, f"{last.day} {last:%b} · {group.title}"


@contextlib.asynccontextmanager
async def served(run: Run) -> AsyncIterator[None]:
    """The sandbox listens; in the end no process is left behind."""
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(serve(run.world, "127.0.0.1", 0, on_ready=listening.set_result))
        run.url = await listening
        try:
            yield
        finally:
            run.end()
            serving.cancel()
