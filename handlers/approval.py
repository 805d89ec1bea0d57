"""An editor's drop before a manager: who is asked, and who hears what was decided."""

from __future__ import annotations

import logging

from telegram import ChatMember, ChatMemberAdministrator
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from handlers.context import Context
from handlers.delivery import Answer, persist
from handlers.desks import Desk
from peakdrop.drops import Done, Outcome
from peakdrop.local_times import local_of
from peakdrop.prospects import Prospect
from rendering import approval as words
from storage.drops import State
from storage.members import list_members
from storage.people import PersonView, find_person
from storage.roles import GivenRole, list_roles

log = logging.getLogger(__name__)


async def reachable_managers(context: Context, community_id: int, chat_id: int) -> list[PersonView]:
    """The managers of a group who opened the private chat with the bot."""
    try:
        admins = await persist(lambda: context.bot.get_chat_administrators(chat_id))
    except TelegramError as error:
        log.info("a group's admins are not to be had: %s", error)
        admins = ()
    given = await context.store.read(lambda session: list_roles(session, community_id))
    ids = [one.user.id for one in admins if not one.user.is_bot and _decides(one)]
    ids += [one.person_id for one in given if one.role is GivenRole.MANAGER]
    ids += sorted(context.house.manager_ids)
    found = [await _find(context, person_id) for person_id in dict.fromkeys(ids)]
    return [one for one in found if one is not None]


def _decides(member: ChatMember) -> bool:
    return member.status == ChatMember.OWNER or (isinstance(member, ChatMemberAdministrator) and member.can_change_info)


async def _find(context: Context, person_id: int) -> PersonView | None:
    return await context.store.read(lambda session: find_person(session, person_id))


async def ask_approval(context: Context, desk: Desk, prospect: Prospect) -> int:
    """Lay an editor's drop before the managers; returns how many were reached."""
    managers = await reachable_managers(context, desk.community.id, desk.community.chat_id)
    author_id = prospect.drop.author_id
    named = await context.store.read(lambda session: list_members(session, desk.community.id, [author_id]))
    author = named[0].name if named else ""
    told = [await tell(context, one, _question(context, one, desk, prospect, author)) for one in managers]
    return sum(told)


def _question(context: Context, person: PersonView, desk: Desk, prospect: Prospect, author: str) -> Answer:
    catalog = context.catalog(person.speaks or desk.catalog.language)
    text = words.render_question(prospect, author, desk.community.title, catalog)
    return Answer(text, buttons=words.question_buttons(prospect.drop, catalog))


async def tell_author(context: Context, desk: Desk, done: Done, what: str) -> None:
    """An editor hears what a manager decided about their drop."""
    drop = done.drop
    if what not in ("approve", "return") or done.outcome is not Outcome.DONE or drop is None:
        return
    person = await _find(context, drop.author_id)
    if person is None or drop.author_id == desk.actor.person_id:
        return
    catalog = context.catalog(person.speaks or desk.catalog.language)
    local = None if drop.due_at is None else local_of(drop.due_at, desk.timezone)
    text = words.render_decided(drop, local, desk.now_local, catalog, approved=drop.state == State.SCHEDULED)
    await tell(context, person, Answer(text, buttons=words.decided_buttons(drop, catalog)))


async def tell(context: Context, person: PersonView, answer: Answer) -> bool:
    """Say something in somebody's private chat; False where they blocked the bot meanwhile."""
    try:
        await persist(
            lambda: context.bot.send_message(
                person.person_id, answer.text, parse_mode=ParseMode.HTML, reply_markup=answer.markup
            )
        )
    except (BadRequest, Forbidden) as error:
        log.info("somebody could not be told in private: %s", error)
        return False
    return True
