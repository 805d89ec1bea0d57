"""Inline mode: queries, results, and what becomes of the chosen one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.seeding.pictures import landscape
from tests.sandbox.telegram import Telegram

ARTICLE: dict[str, Any] = {
    "type": "article",
    "id": "1",
    "title": "Share",
    "input_message_content": {"message_text": "<b>Come</b>", "parse_mode": "HTML"},
}


def ask(telegram: Telegram, query: str = "sea") -> str:
    place = {"user_id": telegram.first, "chat_id": telegram.group.id}
    return str(telegram.act("query_inline", **place, query=query)["query_id"])


async def test_a_result_is_sent_in_the_person_s_name_via_the_bot(telegram: Telegram) -> None:
    telegram.demote_bot()
    query_id = ask(telegram)
    [update] = await telegram.updates()
    query = update["inline_query"]
    assert (query["id"], query["query"], query["offset"], query["chat_type"]) == (query_id, "sea", "", "supergroup")
    buttons = {"inline_keyboard": [[{"text": "Open", "url": "https://example.org"}]]}
    results = [ARTICLE, ARTICLE | {"id": "2", "reply_markup": buttons}]
    assert await telegram.call("answerInlineQuery", inline_query_id=query_id, results=results) is True
    chosen = {"user_id": telegram.first, "chat_id": telegram.group.id, "query_id": query_id, "result_id": "2"}
    telegram.act("choose_inline", **chosen)
    message, choice = await telegram.updates()
    assert (message["message"]["text"], message["message"]["from"]["id"]) == ("Come", telegram.first)
    assert message["message"]["via_bot"]["id"] == telegram.world.bot_id
    assert message["message"]["reply_markup"] == buttons
    assert (choice["chosen_inline_result"]["result_id"], choice["chosen_inline_result"]["query"]) == ("2", "sea")


async def test_a_picture_by_its_id(telegram: Telegram) -> None:
    sent = await telegram.upload("sendPhoto", chat_id=telegram.group.id, photo=("a.png", landscape(1), "image/png"))
    query_id = ask(telegram)
    photo = {"type": "photo", "id": "p", "photo_file_id": sent["photo"][-1]["file_id"], "caption": "sea"}
    await telegram.call("answerInlineQuery", inline_query_id=query_id, results=[photo])
    place = {"user_id": telegram.first, "chat_id": telegram.group.id}
    telegram.act("choose_inline", **place, query_id=query_id, result_id="p")
    message = next(u["message"] for u in await telegram.updates() if "message" in u)
    assert (message["photo"], message["caption"]) == (sent["photo"], "sea")


PROBLEM = "can't parse inline query result: "
REFUSALS: list[tuple[Any, str]] = [
    ([ARTICLE] * 51, "too many inline query results specified"),
    ([ARTICLE] * 2, "RESULT_ID_DUPLICATE"),
    ([7], PROBLEM + "Inline query result must be an object"),
    ([{"type": "article", "id": "1", "title": "x"}], PROBLEM + "Input message content is not specified"),
    ([{"type": "hologram", "id": "1"}], PROBLEM + 'type "hologram" is unsupported for the inline query result'),
    ([ARTICLE | {"id": "x" * 65}], "RESULT_ID_INVALID"),
    ({"a": 1}, "expected an Array of inline query results"),
]


@pytest.mark.parametrize(("results", "description"), REFUSALS)
async def test_what_is_no_answer(telegram: Telegram, results: Any, description: str) -> None:
    refusal = await telegram.refusal("answerInlineQuery", inline_query_id=ask(telegram), results=results)
    assert refusal == f"Bad Request: {description}"


async def test_a_query_is_answered_once_and_in_time(telegram: Telegram) -> None:
    query_id = ask(telegram)
    assert await telegram.call("answerInlineQuery", inline_query_id=query_id, results=[]) is True
    refusal = await telegram.refusal("answerInlineQuery", inline_query_id=query_id, results=[])
    assert "query is too old" in refusal
