"""Telling managers in private about drops: each thing once, to those it concerns, in their language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session
from telegram import ChatMember, ChatMemberAdministrator, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.context import House
from handlers.delivery import Answer, persist
from handlers.limiter import Limiter, Rank
from peakdrop import halting, sending
from peakdrop.sending import Job, Postponed
from rendering import delivery as words
from rendering.catalog import Catalog, get_catalog
from storage.communities import CommunityView
from storage.drops import DropView
from storage.members import known_admins
from storage.people import PersonView, find_person
from storage.roles import GivenRole, list_roles
from storage.sending import end_telling, hold_telling

log = logging.getLogger(__name__)
HOLD = timedelta(seconds=30)
AGAIN = timedelta(minutes=10)  # nobody could be reached: somebody may open the private chat meanwhile
Render = Callable[[Catalog], Answer]


class Teller:
    """Speaks to managers. `name` is this process's, so that two of them do not both tell it."""

    def __init__(self, bot: ExtBot[Any], house: House, limiter: Limiter, name: str) -> None:
        self._bot = bot
        self._house = house
        self._limiter = limiter
        self._name = name
        self._tried: dict[tuple[str, int, int], datetime] = {}

    async def ask(self, job: Job) -> None:
        """Was it posted? Only a person can tell now."""
        zone = job.timezone
        await self._once(job.drop, job.community, lambda catalog: _answer(words.ask_doubt(job, zone, catalog)))

    async def tell_failed(self, drop: DropView) -> None:
        """A drop was not posted, or not all that belongs to it was done."""
        job = await self._house.store.read(lambda session: sending.as_job(session, drop, self._house.default_timezone))
        await self._once(drop, job.community, lambda catalog: _answer(words.tell_failed(job, catalog)))

    async def tell_late(self, moved: Sequence[Postponed]) -> None:
        """Drops whose time went by while nothing could be posted: one message for each group."""
        if not moved:
            return
        first = moved[0].before
        concerned = [person for one in moved for person in _concerned(one.before.drop)]
        await self._tell(first.community, concerned, lambda catalog: _answer(words.tell_late(moved, catalog)))

    async def tell_halted(self, community_id: int) -> None:
        """Nothing can be posted in a group."""
        key, now = ("halted", community_id, 0), self._house.clock.now()
        if not self._may_try(key, now):
            return
        found = await self._house.store.read(lambda session: halting.find_halt(session, community_id))
        if found is None:
            return
        concerned = [person for drop in found.waiting for person in _concerned(drop)]
        told = await self._tell(
            found.community,
            concerned,
            lambda catalog: _answer(words.tell_halted(found.community, found.reason, catalog)),
        )
        if told:
            await self._house.store.write(lambda session: halting.note_halt_told(session, community_id, now))

    async def _once(self, drop: DropView, community: CommunityView, render: Render) -> None:
        """Tell it unless somebody was told; two processes take turns."""
        now = self._house.clock.now()
        key = (f"drop {drop.attempt} {drop.failure}", drop.community_id, drop.number)
        if not self._may_try(key, now):
            return
        store, name = self._house.store, self._name
        if not await store.write(lambda session: hold_telling(session, drop, name, now, now + HOLD)):
            self._tried.pop(key, None)
            return
        told = False
        try:
            told = await self._tell(community, _concerned(drop), render)
        finally:
            at = self._house.clock.now() if told else None
            await store.write(lambda session: end_telling(session, drop, name, at))

    def _may_try(self, key: tuple[str, int, int], now: datetime) -> bool:
        if len(self._tried) > 10_000:
            self._tried.clear()
        last = self._tried.get(key)
        if last is not None and timedelta(0) <= now - last < AGAIN:
            return False
        self._tried[key] = now
        return True

    async def _tell(self, community: CommunityView, concerned: Collection[int], render: Render) -> bool:
        """Tell those it concerns; where they cannot be reached, whoever manages the group."""
        if await self._send(dict.fromkeys(concerned), community, render):
            return True
        if await self._send(dict.fromkeys(await self._managers(community)), community, render):
            return True
        log.warning("no manager of community %d has opened the private chat: nobody could be told", community.id)
        return False

    async def _send(self, people: Collection[int], community: CommunityView, render: Render) -> bool:
        """Write to those who opened the private chat; whether anybody got it."""
        reached = False
        for person_id in people:
            person = await self._house.store.read(partial(find_person, person_id=person_id))
            if person is not None:
                reached |= await self._write(person, community, render)
        return reached

    async def _write(self, person: PersonView, community: CommunityView, render: Render) -> bool:
        catalog = get_catalog(person.speaks or community.language or self._house.default_language)
        answer, no_preview = render(catalog), LinkPreviewOptions(is_disabled=True)
        held = await self._limiter.acquire(person.person_id, 1, Rank.NOTICE)
        try:
            await persist(
                lambda: self._bot.send_message(
                    person.person_id,
                    answer.text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=answer.markup,
                    link_preview_options=no_preview,
                    rate_limit_args=held,
                )
            )
        except TelegramError as error:
            log.info("somebody could not be told: %s", error)  # blocked meanwhile
            return False
        finally:
            self._limiter.give_back(held)
        return True

    async def _managers(self, community: CommunityView) -> list[int]:
        """Telegram's admins who manage a group, those who were given the role, and MANAGER_IDS."""
        try:
            admins = await persist(lambda: self._bot.get_chat_administrators(community.chat_id))
        except TelegramError:
            admins = ()  # we are out of there
        found = [one.user.id for one in admins if _manages(one)]
        known = await self._house.store.read(lambda session: _known_managers(session, community.id))
        return [*found, *known, *sorted(self._house.manager_ids)]


def _concerned(drop: DropView) -> list[int]:
    return [one for one in (drop.author_id, drop.approved_by) if one is not None and one > 0]


def _manages(admin: ChatMember) -> bool:
    return admin.status == ChatMember.OWNER or (isinstance(admin, ChatMemberAdministrator) and admin.can_change_info)


def _known_managers(session: Session, community_id: int) -> list[int]:
    """Those who were given the role, and those who were admins when last seen."""
    given = [one.person_id for one in list_roles(session, community_id) if one.role is GivenRole.MANAGER]
    return [*given, *known_admins(session, community_id)]


def _answer(said: tuple[str, list[list[tuple[str, str]]]]) -> Answer:
    return Answer(said[0], buttons=said[1])
