"""/schedule: the posting rules of a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import App, Context
from handlers.delivery import Answer, acknowledge, deliver
from handlers.desks import Desk, find_desk, numbers_in
from handlers.queue import word_in
from peakdrop.rule_changes import change_rules, press_rule, read_rule
from rendering import schedule as words
from storage.posting_rules import Rules, get_rules

TYPED = {"quiet": "quiet", "免打扰": "quiet", "slots": "slots", "固定时间": "slots"}


async def schedule(update: Update, context: Context) -> None:
    """`/schedule`, `/schedule quiet 23:00-08:00`, `/schedule slots 9:00 20:30`."""
    desk = await find_desk(update, context)
    if desk is None:
        return
    said, *rest = context.args or [""]
    key = TYPED.get(said.lower())
    if key is not None and rest:
        await deliver(update, await _take_typed(context, desk, key, " ".join(rest)))
    elif said and key is None:
        await deliver(update, _answer_unreadable(desk, "quiet", " ".join([said, *rest])))
    else:
        await deliver(update, await answer_rules(context, desk))


async def _take_typed(context: Context, desk: Desk, key: str, text: str) -> Answer:
    """A rule that was typed; what cannot be read changes nothing."""
    if not desk.actor.is_manager:
        return Answer(words.render_managers_rules(desk.catalog))
    typed = read_rule(key, text)
    if typed is None:
        return _answer_unreadable(desk, key, text)
    await _keep(context, desk, lambda _: typed, key)
    return await answer_rules(context, desk)


def _answer_unreadable(desk: Desk, key: str, text: str) -> Answer:
    buttons = words.unreadable_buttons(desk.community.id, desk.catalog)
    return Answer(words.render_unreadable(text, key, desk.catalog), buttons=buttons)


async def rules_pressed(update: Update, context: Context) -> None:
    """All rules, from the queue or back from one."""
    desk = await find_desk(update, context, numbers_in(update)[0])
    if desk is not None:
        await deliver(update, await answer_rules(context, desk))


async def answer_rules(context: Context, desk: Desk) -> Answer:
    """All rules."""
    text = words.render_rules(
        await _rules(context, desk), desk.community.title, desk.timezone, desk.now_local, desk.catalog
    )
    return Answer(text, buttons=words.rules_buttons(desk.community.id, desk.catalog))


async def rule_pressed(update: Update, context: Context) -> None:
    """One rule and its choices."""
    desk = await find_desk(update, context, numbers_in(update)[0])
    if desk is not None:
        key = word_in(update).removeprefix("ask-")
        await deliver(update, _answer_rule(desk, key, await _rules(context, desk)))


def _answer_rule(desk: Desk, key: str, rules: Rules) -> Answer:
    buttons = words.rule_buttons(key, rules, desk.community.id, desk.catalog)
    return Answer(words.render_rule(key, rules, desk.catalog), buttons=buttons)


async def choice_pressed(update: Update, context: Context) -> None:
    """A choice was made; days stay on their screen, everything else goes back to the rules."""
    community_id, value = numbers_in(update)
    desk = await find_desk(update, context, community_id)
    if desk is None:
        return
    if not desk.actor.is_manager:
        await acknowledge(update, words.render_managers_rules(desk.catalog), alert=True)
        return
    key = word_in(update).removeprefix("set-")
    rules = await _keep(context, desk, lambda rules: press_rule(rules, key, value), key)
    await deliver(update, _answer_rule(desk, key, rules) if key == "day" else await answer_rules(context, desk))


async def _rules(context: Context, desk: Desk) -> Rules:
    return await context.store.read(lambda session: get_rules(session, desk.community.id))


async def _keep(context: Context, desk: Desk, change: Callable[[Rules], dict[str, Any]], what: str) -> Rules:
    community_id, by, now = desk.community.id, desk.actor, desk.now
    return await context.store.write(lambda session: change_rules(session, community_id, change, by, what, now=now))


def setup(app: App) -> None:
    """Answer /schedule and its buttons."""
    app.add_handler(CommandHandler("schedule", schedule))
    app.add_handler(CallbackQueryHandler(rules_pressed, pattern=r"^rules:show:\d+$"))
    app.add_handler(CallbackQueryHandler(rule_pressed, pattern=r"^rules:ask-\w+:\d+$"))
    app.add_handler(CallbackQueryHandler(choice_pressed, pattern=r"^rules:set-\w+:\d+:\d+$"))
