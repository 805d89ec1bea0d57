"""The button of a digest's suggestion: it is done, undone, or asks what shall be posted at a free time."""

from __future__ import annotations

from telegram import CallbackQuery, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from handlers.compose import show_below
from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, persist, post, pressed_message
from handlers.desks import Desk, numbers_in
from handlers.digest_making import digest_buttons
from handlers.digests import managers_desk
from handlers.making import take_away
from peakdrop.composing import content_for
from peakdrop.suggestion_deeds import Press, Taken, take_suggestion, undo_suggestion
from rendering import suggestions as words
from storage.composing import NO_DROP, get_composing, set_composing
from storage.drops import State
from storage.suggestions import Kind, SuggestionView, find_suggestion
from storage.topics import topic_names


async def take_pressed(update: Update, context: Context) -> None:
    """The one button: what was suggested is done, or asked for."""
    community_id, number = numbers_in(update)
    desk = await managers_desk(update, context, community_id)
    if desk is None:
        return
    question = await _question(context, desk, number)
    who = (desk.community, desk.actor, desk.timezone, question)
    press: Press = await context.store.write(lambda session: take_suggestion(session, number, *who, now=desk.now))
    if press.taken is Taken.ASKS and press.suggestion is not None:
        await _ask(update, context, desk, press.suggestion)
    elif _is_begun(press) and press.drop is not None:
        await show_below(update, context, community_id, press.drop.number)
    else:
        text = words.render_press(press, desk.now_local, desk.catalog)
        await acknowledge(update, text, alert=press.taken is not Taken.DONE)
    await _show_buttons(update, desk, press.suggestion)


def _is_begun(press: Press) -> bool:
    """Whether a drop for a free time is in the making: its screen comes once more."""
    is_free = press.suggestion is not None and press.suggestion.kind is Kind.FREE
    return is_free and press.taken is Taken.ALREADY and press.drop is not None and press.drop.state == State.DRAFT


async def _ask(update: Update, context: Context, desk: Desk, one: SuggestionView) -> None:
    """Ask what shall be posted then; who was asked before is asked here instead."""
    message = pressed_message(update)
    if message is None:
        return
    person_id = desk.actor.person_id
    at = await context.store.read(lambda session: get_composing(session, person_id))
    text = words.render_asks(one, desk.community.title, desk.now_local, desk.catalog)
    sent = await post(message, Answer(text, buttons=words.asks_buttons(one, desk.catalog)))
    key, awaits = (person_id, one.community_id, NO_DROP), content_for(one.number)
    await context.store.write(
        lambda session: set_composing(session, *key, now=desk.now, awaits=awaits, screen_id=sent.message_id)
    )
    await acknowledge(update)
    if at is not None and at.number == NO_DROP and at.screen_id is not None:
        await take_away(context, person_id, at.screen_id)


async def leave_pressed(update: Update, context: Context) -> None:
    """Nothing shall be posted then: the question goes. That it is no longer awaited, the press has said already."""
    message = pressed_message(update)
    await acknowledge(update)
    if message is not None:
        await take_away(context, message.chat.id, message.message_id)


async def _question(context: Context, desk: Desk, number: int) -> str:
    """What members would be asked, in the group's language; where it chose none, as the digest put it."""
    community = desk.community
    one, names = await context.store.read(
        lambda session: (find_suggestion(session, community.id, number), topic_names(session, community.id))
    )
    topic = names.get(one.thread_id) if one is not None and one.thread_id else None
    return words.question(topic, context.catalog(community.language or desk.catalog.language))


async def undo_pressed(update: Update, context: Context) -> None:
    """Undo it."""
    community_id, number = numbers_in(update)
    desk = await managers_desk(update, context, community_id)
    if desk is None:
        return
    who = (desk.actor, desk.timezone)
    press: Press = await context.store.write(
        lambda session: undo_suggestion(session, community_id, number, *who, now=desk.now)
    )
    text = words.render_undone(press, desk.now_local, desk.catalog)
    await acknowledge(update, text, alert=press.taken is not Taken.DONE)
    await _show_buttons(update, desk, press.suggestion)


async def _show_buttons(update: Update, desk: Desk, one: SuggestionView | None) -> None:
    """The digest stays as it is; its buttons tell how its suggestion stands."""
    query = update.callback_query
    if query is None or one is None:
        return
    buttons = digest_buttons(one, desk.community.id, desk.now_local, desk.catalog)
    await _edit_buttons(query, Answer("", buttons=buttons))


async def _edit_buttons(query: CallbackQuery, answer: Answer) -> None:
    try:
        await persist(lambda: query.edit_message_reply_markup(answer.markup))
    except BadRequest as error:
        if "not modified" not in str(error):
            raise


def setup(app: App) -> None:
    """Answer what stands under a suggestion."""
    for word, answer in (("take", take_pressed), ("undo", undo_pressed), ("leave", leave_pressed)):
        app.add_handler(CallbackQueryHandler(answer, pattern=rf"^digest:{word}:\d+:\d+$"))
