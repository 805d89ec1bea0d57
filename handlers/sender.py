"""The sender: posts what is due, at its time. The schedule is rows; the job queue only wakes it.

One lane for each place keeps the order there; lanes run side by side. What changes the queue sets `House.wake`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from handlers.content_calls import cost_of
from handlers.context import App, Context, House
from handlers.jobs import run_every, wake_at
from handlers.limiter import Limiter, Pass, Rank
from handlers.outage import Outage
from handlers.posting import Poster
from handlers.reminders import Reminders
from handlers.signs import Doubts
from handlers.telling import Teller
from peakdrop import sending
from peakdrop.sending import LEASE, Job
from peakdrop.series import choose_peaks
from storage.communities import list_communities
from storage.drops import DropView, State, Step
from storage.sending import Claim, PlaceKey, Survey, renew_claims, survey, take_over
from storage.store import StoreUnavailable

log = logging.getLogger(__name__)
BEAT = 5.0  # seconds between looks when nothing wakes us; claims are renewed then
GRACE = 10.0  # seconds that what is under way has at a stop
NONCE_BITS = 48
Task = PlaceKey | tuple[str, int, int]


class Sender:
    """Everything about sending in one process."""

    def __init__(self, app: App, house: House, limiter: Limiter, rng: Random, *, lease: timedelta = LEASE) -> None:
        self._app = app
        self._house = house
        self._limiter = limiter
        self._rng = rng
        self._lease = lease
        self.name = f"{socket.gethostname()}:{os.getpid()}:{rng.getrandbits(32):x}"
        self._poster = Poster(app.bot, house, limiter, rng)
        self._teller = Teller(app.bot, house, limiter, self.name)
        self._doubts = Doubts(app.bot, house, limiter, self._poster, self._teller)
        self._reminders = Reminders()
        self._outage = Outage("Database", rng)
        self._tasks: dict[Task, asyncio.Task[None]] = {}
        self._again: set[Task] = set()
        self._held: set[tuple[int, int]] = set()
        self._leases: dict[tuple[int, int], tuple[datetime | None, float]] = {}
        self._wakes_at: datetime | None = None
        self._group: asyncio.TaskGroup | None = None
        self._stopping = False
        self._rests = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then what is under way is finished, within the grace, and nothing new begun."""
        run_every(self._app, self._choose_peaks, timedelta(hours=1), first=timedelta(minutes=1))
        async with asyncio.TaskGroup() as group:
            self._group = group
            beating = group.create_task(self._beat())
            stopping = group.create_task(stop.wait())
            looking = group.create_task(self._look_on())
            await stopping
            self._stopping = True
            looking.cancel()
            await self._finish()
            beating.cancel()

    async def _finish(self) -> None:
        under_way = [task for task in self._tasks.values() if not task.done()]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
        self._rests.set()

    async def _beat(self) -> None:
        """Renew claims and look, whatever else happens."""
        while True:
            await asyncio.sleep(BEAT)
            until = self._house.clock.now() + self._lease
            try:
                if self._held:
                    held = list(self._held)
                    await self._house.store.write(partial(renew_claims, by=self.name, held=held, until=until))
            except StoreUnavailable as error:
                log.warning("claims could not be renewed: %s", error)
            self._house.wake.set()

    async def _look_on(self) -> None:
        while True:
            self._house.wake.clear()
            try:
                now = self._house.clock.now()
                self._act_on(await self._house.store.read(partial(survey, now=now)), now)
                self._outage.over()
            except StoreUnavailable as error:
                await asyncio.sleep(self._outage.failed(str(error)))
                continue
            if not self._tasks:
                self._rests.set()
            await self._house.wake.wait()
            self._rests.clear()

    def _act_on(self, found: Survey, now: datetime) -> None:
        """Begin what is to be done, but what is under way already."""
        for drop in found.opened:
            key = (drop.community_id, drop.number)
            if drop.state == State.UNCERTAIN:
                self._begin(("doubt", *key), self._settle(drop))
            elif self._is_orphan(drop, now):
                self._begin(("orphan", *key), self._adopt(drop))
        for place in found.places:
            self._begin(place, self._work(place))
        for drop in found.leaving:
            self._begin(("leave", drop.community_id, drop.number), self._poster.remove(drop))
        for drop in found.untold:
            if drop.state in (State.FAILED, State.SENT):
                self._begin(("tell", drop.community_id, drop.number), self._teller.tell_failed(drop))
        for community_id in found.halted:
            self._begin(("halted", community_id, 0), self._teller.tell_halted(community_id))
        if found.reminds:
            self._begin(("remind", 0, 0), self._reminders.give(self._app.context_types.context(self._app)))
        self._leases = {key: seen for key, seen in self._leases.items() if key in _keys(found.opened)}
        doubts = [self._doubts.next_look(drop) for drop in found.opened if drop.state == State.UNCERTAIN]
        self._wake_at(min((at for at in (found.next_at, *doubts) if at is not None and at > now), default=None))

    def _begin(self, key: Task, work: Coroutine[Any, Any, None]) -> None:
        if key in self._tasks or self._stopping or self._group is None:
            self._again.add(key)
            work.close()
            return
        self._tasks[key] = self._group.create_task(self._guarded(key, work))

    async def _guarded(self, key: Task, work: Coroutine[Any, Any, None]) -> None:
        """Whatever goes wrong in one place, the others go on."""
        try:
            await work
        except StoreUnavailable as error:
            log.warning("sending waits for the database: %s", error)
            await asyncio.sleep(self._outage.failed(str(error)))
        except Exception as error:
            log.error("sending: %s failed", key, exc_info=error)
            await asyncio.sleep(1.0)
        finally:
            del self._tasks[key]
            if key in self._again or isinstance(key, PlaceKey):
                self._again.discard(key)
                self._house.wake.set()
            elif not self._tasks and not self._house.wake.is_set():
                self._rests.set()

    def _wake_at(self, at: datetime | None) -> None:
        """Have the job queue wake us at a moment."""
        if at is not None and at != self._wakes_at:
            self._wakes_at = at
            wake_at(self._app.job_queue, self._ring, at, "drops")

    async def _ring(self, context: Context) -> None:
        self._wakes_at = None
        if self._stopping:
            return  # nobody would say any more that all is done, and the library waits for its jobs
        self._rests.clear()
        self._house.wake.set()
        await self._rests.wait()

    def _claim(self) -> Claim:
        return Claim(self.name, self._house.clock.now() + self._lease, self._rng.getrandbits(NONCE_BITS))

    async def _work(self, place: PlaceKey) -> None:
        while not self._stopping and await self._send_next(place):
            pass

    async def _send_next(self, place: PlaceKey) -> bool:
        """Send what comes next in a place; False where nothing does."""
        store, zone = self._house.store, self._house.default_timezone
        now = self._house.clock.now()
        coming = await store.read(lambda session: sending.next_job(session, place, now, zone))
        if coming is None:
            return False
        if sending.is_late(coming.drop, now):
            moved = await store.write(lambda session: sending.postpone_late(session, place, now, zone))
            await self._teller.tell_late(moved)
            return True
        cost = cost_of(coming.content)
        held = await self._limiter.acquire(coming.chat_id, cost, Rank.DROP)
        try:
            # The claim comes after the wait: were this process to die waiting, there would be no doubt.
            await self._begin_next(place, held, cost)
        finally:
            self._limiter.give_back(held)
        return True

    async def _begin_next(self, place: PlaceKey, held: Pass, cost: int) -> None:
        """Claim what comes next in a place and carry it out, with a pass for so many messages."""
        if self._stopping:
            return
        now, claim, zone = self._house.clock.now(), self._claim(), self._house.default_timezone
        job = await self._house.store.write(lambda session: sending.begin_next(session, place, now, claim, zone))
        if job is not None:
            await self._carry_out(job, held if cost_of(job.content) == cost else None)

    async def _carry_out(self, job: Job, held: Pass | None = None) -> None:
        key = (job.drop.community_id, job.drop.number)
        self._held.add(key)
        try:
            await self._poster.carry_out(job, held)
        finally:
            self._held.discard(key)

    def _is_orphan(self, drop: DropView, now: datetime) -> bool:
        """Whether nobody sends this any more: its claim ran out, its process is dead, or it is not renewed.

        Clocks may jump: what counts for a claim that seems to hold is that it changes.
        """
        key = (drop.community_id, drop.number)
        place = PlaceKey(drop.community_id, drop.target_chat_id)
        if key in self._held or (drop.claimed_by == self.name and place in self._tasks):
            return False
        if drop.claimed_until is None or drop.claimed_until < now or self._is_dead(drop.claimed_by):
            return True
        loop_time = asyncio.get_running_loop().time()
        until, since = self._leases.setdefault(key, (drop.claimed_until, loop_time))
        if until != drop.claimed_until:
            self._leases[key] = (drop.claimed_until, loop_time)
            return False
        return loop_time - since > self._lease.total_seconds()

    def _is_dead(self, claimed_by: str | None) -> bool:
        """Whether a claim's process ran on this machine and runs no more."""
        host, _, rest = (claimed_by or "").partition(":")
        number = rest.partition(":")[0]
        if host != socket.gethostname() or not number.isdigit() or claimed_by == self.name:
            return False
        if int(number) == os.getpid():
            return True  # an earlier process had our number
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False

    async def _adopt(self, drop: DropView) -> None:
        """Whoever sent this is gone. What is recorded as posted goes on; of anything else there is a doubt."""
        store, zone = self._house.store, self._house.default_timezone
        now, claim = self._house.clock.now(), self._claim()
        in_doubt = Step.POSTED in sending.missing_steps(drop) or (
            Step.BUTTONS_BEGUN in drop.steps and Step.BUTTONS not in drop.steps
        )
        if in_doubt:
            doubted = await store.write(lambda session: sending.record_orphan(session, drop, now, claim, zone))
            log.warning("Drop %d: its sender ended in between; was it posted? (%s)", drop.number, doubted)
            return
        taken = await store.write(lambda session: take_over(session, drop, now, claim))
        if taken is not None:
            await self._carry_out(await store.read(lambda session: sending.as_job(session, taken, zone)))

    async def _settle(self, drop: DropView) -> None:
        """Look for a sign of an uncertain drop; one that is found goes on with what is missing."""
        key = (drop.community_id, drop.number)
        self._held.add(key)
        try:
            found = await self._doubts.look(drop, self._claim)
        finally:
            self._held.discard(key)
        if found is not None:
            await self._carry_out(found)

    async def _choose_peaks(self, context: Context) -> None:
        """Series by peak: the hours of coming days are looked for anew."""
        now, default = self._house.clock.now(), self._house.default_timezone
        for community in await self._house.store.read(list_communities):
            zone = community.timezone or default
            await self._house.store.write(partial(choose_peaks, community_id=community.id, timezone=zone, now=now))


def _keys(drops: list[DropView]) -> set[tuple[int, int]]:
    return {(one.community_id, one.number) for one in drops}
