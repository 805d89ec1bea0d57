"""/role: managers make others editors or managers of drops."""

from __future__ import annotations

from telegram import Chat, Update
from telegram.ext import CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, deliver
from handlers.desks import Desk, find_desk
from handlers.places import find_place
from handlers.roles import manages
from peakdrop.drops import Actor
from peakdrop.roles import WORDS, find_member, set_role
from rendering import roles as words
from storage.members import list_members
from storage.roles import GivenRole, list_roles


async def role(update: Update, context: Context) -> None:
    """`/role`, `/role @name editor` in private; `/role editor` in reply to somebody in the group."""
    chat, args = update.effective_chat, list(context.args or ())
    if chat is not None and chat.type != Chat.PRIVATE:
        await _in_group(update, context, args)
        return
    desk = await find_desk(update, context)
    if desk is None:
        return
    if not await manages(context, desk.community.chat_id, desk.actor.person_id):
        await deliver(update, Answer(words.render_only_managers(desk.catalog)))
    elif len(args) < 2:
        await deliver(update, await _list(context, desk))
    else:
        await deliver(update, await _give_by_name(context, desk, args[0], args[1]))


async def _in_group(update: Update, context: Context, args: list[str]) -> None:
    """In the group a reply names the person; everything else is for the private chat."""
    message, user = update.effective_message, update.effective_user
    other = message.reply_to_message.from_user if message and message.reply_to_message else None
    if other is None or other.is_bot or not args or user is None:
        await find_desk(update, context)
        return
    place = await find_place(update, context)
    if place is None:
        return
    if not place.manager:
        await deliver(update, Answer(words.render_only_managers(place.catalog)))
        return
    desk = Desk(place.community, Actor(user.id, True), place.catalog, place.timezone, context.clock.now())
    await deliver(update, await _give(context, desk, other.id, other.full_name, args[0]))


async def _list(context: Context, desk: Desk) -> Answer:
    community_id = desk.community.id
    roles, members = await context.store.read(
        lambda session: (list_roles(session, community_id), list_members(session, community_id))
    )
    names = {one.member_id: one.name for one in members}
    return Answer(words.render_roles(roles, names, desk.community.title, desk.catalog))


async def _give_by_name(context: Context, desk: Desk, word: str, wanted: str) -> Answer:
    member = await context.store.read(lambda session: find_member(session, desk.community.id, word))
    if member is None:
        return Answer(words.render_unknown_person(word, desk.catalog))
    return await _give(context, desk, member.member_id, member.name, wanted)


async def _give(context: Context, desk: Desk, person_id: int, name: str, wanted: str) -> Answer:
    if wanted.lower() not in WORDS:
        return Answer(words.render_unknown_role(wanted, desk.catalog))
    given: GivenRole | None = WORDS[wanted.lower()]
    community_id, by, now = desk.community.id, desk.actor, desk.now
    await context.store.write(lambda session: set_role(session, community_id, person_id, given, by, now=now))
    return Answer(words.render_role_set(name, given, desk.catalog))


def setup(app: App) -> None:
    """Answer /role."""
    app.add_handler(CommandHandler("role", role))
