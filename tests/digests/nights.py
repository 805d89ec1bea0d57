"""Two processes on one PostgreSQL over a night: outlooks and digests, each made by one of them, though one dies."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg

from peakdrop.outlook_nights import FIRST, SPREAD, due_nights
from storage.digests import Delivery, Every
from storage.outlooks import LEASE
from tests.bot.conversation import buttons
from tests.digests.sending import Group, Place, Run, Tally, served
from tests.lives import Life

ZONE = "Asia/Shanghai"
EVENING = datetime(2026, 11, 1, 15, tzinfo=UTC)  # 23:00 in Shanghai; groups' turns are from 01:05 to 04:05
STEP = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LAST_TURN = timedelta(minutes=FIRST + SPREAD)
HELD = 4711  # a lock: while the test holds it, an outlook that was made cannot be kept
# The database itself notes which process did what; a life's name is its connections'.
WATCH = f"""
CREATE TABLE told (number serial, who text, what text, community_id int, at bigint, key text);
CREATE FUNCTION tell_outlook() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.claimed_at IS NULL THEN PERFORM pg_advisory_xact_lock_shared({HELD}); END IF;
  INSERT INTO told (who, what, community_id, at) VALUES (current_setting('application_name'),
    CASE WHEN NEW.claimed_at IS NULL THEN 'kept' ELSE 'claimed' END,
    NEW.community_id, coalesce(NEW.claimed_at, NEW.made_at));
  RETURN NEW; END $$;
CREATE FUNCTION tell_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO told (who, what, community_id, at) VALUES (current_setting('application_name'),
    CASE WHEN TG_OP = 'INSERT' THEN 'expected' WHEN OLD.scored_at IS NULL AND NEW.expected = OLD.expected
      AND NEW.stored_at = OLD.stored_at THEN 'scored' ELSE 'changed' END, NEW.community_id, NEW.day);
  RETURN NEW; END $$;
CREATE FUNCTION tell_digest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO told (who, what, community_id, at, key) VALUES (current_setting('application_name'),
    'digest ' || NEW.state, NEW.community_id, NEW.person_id, NEW.occurrence);
  RETURN NEW; END $$;
CREATE TRIGGER told_outlook AFTER INSERT OR UPDATE ON outlook FOR EACH ROW EXECUTE FUNCTION tell_outlook();
CREATE TRIGGER told_day AFTER INSERT OR UPDATE ON day_forecast FOR EACH ROW EXECUTE FUNCTION tell_day();
CREATE TRIGGER told_digest AFTER UPDATE ON digest_delivery FOR EACH ROW EXECUTE FUNCTION tell_digest();
"""


@dataclass
class Shared:
    """What the nights came to: outlooks, by whom, and after how many minutes they were taken over; days."""

    outlooks: int
    by: dict[str, int]
    waits: list[float]
    expected: int
    scored: int

    def __str__(self) -> str:
        shares = " + ".join(str(n) for _, n in sorted(self.by.items()))
        waits = f"{min(self.waits):.0f} to {max(self.waits):.0f}" if self.waits else "-"
        return (
            f"{self.outlooks} outlooks, each kept once ({shares} by one life after the other), {len(self.waits)} of"
            f" them taken over {waits} minutes after their claim; {self.expected} days told and {self.scored} scored,"
            " each once"
        )


class Nights(Run):
    """Two processes, of which one dies and is replaced."""

    def __init__(self, folder: Path, database: str, groups: int, nights: int) -> None:
        plan = [Group(f"Herd {number}", ZONE, Every.DAY, 0, 180, a_day=4) for number in range(groups)]
        super().__init__(folder, database, 9, plan, EVENING, nights + 1)
        self.watch = psycopg.connect(database, autocommit=True)
        self.watch.execute(WATCH)
        self.names: dict[str, Life] = {}

    async def two(self) -> None:
        """See to it that two processes run."""
        while len(self.names) - len(self.ended) < 2:
            name = f"life {len(self.names)}"
            self.names[name] = self.begin(DATABASE_URL=f"{self.database}&application_name={name}")
            await self.up(self.names[name])

    def told(self, what: str, after: int = 0) -> list[tuple[int, str, int, int, str]]:
        """What was done: its number, which life, which group, when (or what day), which digest."""
        query = "SELECT number, who, community_id, at, key FROM told WHERE what = %s AND number > %s ORDER BY number"
        return [(n, who, group, at, key) for n, who, group, at, key in self.watch.execute(query, (what, after))]

    def last(self) -> int:
        """The number of what was done last."""
        found = self.watch.execute("SELECT coalesce(max(number), 0) FROM told").fetchone()
        assert found is not None
        return int(found[0])

    def sending(self) -> dict[Place, Life]:
        """What is being sent now, and by which process; or was, when it died just now."""
        open_ = [
            place for place, state in self.rows().items() if state == Delivery.SENDING and place not in self.doubts
        ]
        by = {(group, key, person): who for _, who, group, person, key in self.told(f"digest {Delivery.SENDING:d}")}
        return {place: self.names[by[place]] for place in open_}

    def left_by(self, life: Life) -> set[Place]:
        """What the process that died leaves half done."""
        return {place for place, by in self.sending().items() if by is life}

    def assert_alive(self) -> None:
        """No process has ended by itself."""
        for life in self.names.values():
            if life not in self.ended:
                life.assert_alive()

    async def advance(self, until: datetime) -> None:
        """Let time pass in steps, with a moment for what is due."""
        while self.clock.now() < until:
            self.jump(min(until, self.clock.now() + STEP))
            await asyncio.sleep(0.1)
            self.assert_alive()

    async def kill_at_an_outlook(self) -> None:
        """At some groups' turn, the process that works their outlooks out is killed before it can keep them."""
        after = self.last()
        self.watch.execute(f"SELECT pg_advisory_lock({HELD})")
        while not (claims := self.told("claimed", after)):
            await self.advance(self.clock.now() + STEP)
        await self.kill(self.names[claims[0][1]], "at an outlook")
        self.watch.execute(f"SELECT pg_advisory_unlock({HELD})")

    async def kill_at_a_digest(self, due_at: datetime) -> None:
        """While digests are sent, the process whose call is under way is killed."""
        kind = self.rng.choice(("timeout_before", "timeout_after"))
        fault = self.world.faults.add(kind=kind, method="sendMessage", nth=self.rng.randrange(2, 6), seconds=4.0)
        self.jump(due_at + timedelta(seconds=1))
        async with asyncio.timeout(30):
            while not fault.struck:
                self.assert_alive()
                await asyncio.sleep(0.005)
            stuck = self.sending()
            while len(stuck) > 1:  # the other process's call ends soon
                await asyncio.sleep(0.02)
                stuck = {place: by for place, by in self.sending().items() if place in stuck}
        self.world.faults.clear()
        assert stuck, "nobody has claimed what is being sent"
        await self.kill(next(iter(stuck.values())), "at a digest")

    async def night(self, midnight: datetime) -> None:
        """A night in which two processes die, one at outlooks and one at digests."""
        due_at = midnight + timedelta(hours=3)
        await self.two()
        await self.kill_at_an_outlook()
        await self.advance(due_at - timedelta(minutes=1))
        await self.two()
        await self.kill_at_a_digest(due_at)
        await self.rest(next(life for life in self.names.values() if life not in self.ended))
        await self.advance(midnight + LAST_TURN + LEASE + HOUR)
        async with asyncio.timeout(30):
            while self.store.read_now(partial(due_nights, default_timezone=ZONE, now=self.clock.now())):
                await asyncio.sleep(0.05)

    def verify_outlooks(self, nights: int) -> Shared:
        """Each group's outlook was kept once a night, each day told and scored once, and no forecast changed."""
        kept, waits = self.told("kept"), list[float]()
        for plan in self.plans:
            mine = sorted(one for one in self.told("claimed") + kept if one[2] == plan.community_id)
            ours = {number for number, *_ in kept}
            holder, since = "", 0
            for number, who, _, at, _ in mine:
                if number in ours:
                    assert who == holder, "kept by one that had not claimed it"
                    holder = ""
                    continue
                if holder:
                    assert self.names[holder] in self.ended, "claimed from one that lives"
                    waits.append((at - since) / 60)
                holder, since = who, at
            assert not holder, "claimed and never kept"
            assert sum(number in ours for number, *_ in mine) == nights + 1  # one at once, for the day that was
        assert all(LEASE <= timedelta(minutes=one) <= LEASE + HOUR + STEP for one in waits)
        days = {what: Counter(one[2:4] for one in self.told(what)) for what in ("expected", "scored", "changed")}
        assert set(days["expected"].values()) == {1}
        assert set(days["scored"].values()) <= {1}
        assert not days["changed"]
        by = Counter(who for _, who, *_ in kept)
        return Shared(len(kept), by, waits, len(days["expected"]), len(days["scored"]))

    def verify_suggestions(self) -> int:
        """All managers were suggested the same; returns how much was suggested."""
        found: dict[str, set[str]] = {}
        for (chat, title), (message,) in self.digests().items():
            takes = [data for _, data in buttons(message) if data.startswith("digest:take:")]
            if chat in self.managers and takes:
                found.setdefault(title, set()).update(takes)
        assert all(len(takes) == 1 for takes in found.values())
        twice = "SELECT community_id FROM digest_suggestion GROUP BY community_id, occurrence HAVING count(*) > 1"
        assert not self.watch.execute(twice).fetchall()
        return len(found)


async def share(folder: Path, database: str, groups: int, nights: int) -> tuple[Tally, Shared]:
    """So many nights of two processes; in each one of them dies at an outlook and one at a digest."""
    run = Nights(folder, database, groups, nights)
    async with served(run):
        try:
            for night in range(nights):
                await run.night(EVENING + HOUR + timedelta(days=night))
            tally, shared = run.verify(), run.verify_outlooks(nights)
            assert run.verify_suggestions() >= groups - 1
        finally:
            run.watch.close()
    print(f"\ntwo processes: {tally}\n{shared}")
    return tally, shared
