"""What people do with invoices and in inline mode."""

from __future__ import annotations

from sandbox import inline, payments
from sandbox.acting.registry import action, present, write
from sandbox.errors import ActionError
from sandbox.model import Json
from sandbox.world import World


@action
def pay(world: World, chat_id: int, user_id: int, message_id: int) -> Json:
    """Pay an invoice with test Stars; the bot is asked first, and the event `payment` tells how it went."""
    present(world, world.chat(chat_id), user_id)
    return {"query_id": payments.pay(world, world.message(chat_id, message_id), user_id).query_id}


@action
def query_inline(world: World, user_id: int, chat_id: int, query: str, offset: str = "") -> Json:
    """Type @bot and a query; the event `inline_results` brings what it found."""
    chat = world.chat(chat_id)
    present(world, chat, user_id)
    return {"query_id": inline.ask(world, chat, user_id, query, offset).id}


@action
def choose_inline(
    world: World, user_id: int, chat_id: int, query_id: str, result_id: str, thread_id: int | None = None
) -> Json:
    """Tap a result: its message is sent in one's own name, via the bot."""
    asked = world.inline_queries.get(query_id)
    if asked is None or asked.user_id != user_id:
        raise ActionError("no such query")
    result = inline.chosen(world, asked, result_id)
    sent = write(world, chat_id, user_id, result["content"], thread_id, via_bot=True, markup=result["markup"])
    inline.tell_choice(world, asked, result_id)
    return sent
