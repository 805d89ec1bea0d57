"""Inline mode: what a person types after @bot, the results, and the one they choose."""

from __future__ import annotations

from sandbox import wire
from sandbox.errors import ActionError, ApiError
from sandbox.model import Chat, InlineQuery, Json
from sandbox.world import QUERY_LIFETIME, World

KEPT = 1_000
LONGEST_QUERY = 256


def ask(world: World, chat: Chat, user_id: int, query: str, offset: str = "") -> InlineQuery:
    """Somebody types @bot and a query in a chat; the bot gets an inline query."""
    if len(query) > LONGEST_QUERY:
        raise ActionError(f"an inline query has at most {LONGEST_QUERY} characters")
    asked = InlineQuery(world.next_id(), user_id, chat.id, query, world.clock())
    world.inline_queries[asked.id] = asked
    while len(world.inline_queries) > KEPT:
        del world.inline_queries[next(iter(world.inline_queries))]
    kind = "sender" if chat.is_private else chat.type
    world.updates.push(
        "inline_query",
        {
            "id": asked.id,
            "from": wire.user_json(world.user(user_id), as_sender=True),
            "chat_type": kind,
            "query": query,
            "offset": offset,
        },
    )
    return asked


def answer(world: World, query_id: str, results: list[Json], next_offset: str, button: Json | None) -> None:
    """The bot's results, shown to who asked.

    Raises:
        ApiError: 400, unknown, answered before, or too late.
    """
    asked = world.inline_queries.get(query_id)
    if asked is None or asked.results is not None or world.clock() - asked.at > QUERY_LIFETIME:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    asked.results = results
    world.broadcast.publish(
        {
            "type": "inline_results",
            "query_id": asked.id,
            "user_id": asked.user_id,
            "results": [result["shown"] for result in results],
            "next_offset": next_offset,
            "button": button,
        }
    )


def chosen(world: World, asked: InlineQuery, result_id: str) -> Json:
    """The result of an answered query that somebody taps.

    Raises:
        ActionError: there is none of this id.
    """
    for result in asked.results or []:
        if result["shown"]["id"] == result_id:
            return result
    raise ActionError("no such result")


def tell_choice(world: World, asked: InlineQuery, result_id: str) -> None:
    """Feedback to the bot, which BotFather must have turned on; here it is."""
    world.updates.push(
        "chosen_inline_result",
        {
            "result_id": result_id,
            "from": wire.user_json(world.user(asked.user_id), as_sender=True),
            "query": asked.query,
        },
    )
