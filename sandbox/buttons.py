"""Keyboards: what is allowed on them, and what happens when a button is pressed."""

from __future__ import annotations

from sandbox import wire
from sandbox.errors import ActionError, ApiError, bad_request
from sandbox.model import CallbackQuery, Chat, Json, Message
from sandbox.world import QUERY_LIFETIME, World

MAX_BUTTONS = 100
INLINE_FIELDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def check_markup(markup: Json | None, chat: Chat) -> Json | None:
    """A keyboard that may be sent; an empty inline keyboard is none.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if not any(key in markup for key in ("keyboard", "remove_keyboard", "force_reply")):
            raise bad_request("object expected as reply markup")
        return markup
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button, chat)
    return {"inline_keyboard": rows} if rows else None


def check_inline(markup: Json | None, chat: Chat) -> Json | None:
    """A keyboard for a message that exists already: inline, or none.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    checked = check_markup(markup, chat)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def _check_button(button: Json, chat: Chat) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(name in button for name in INLINE_FIELDS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "web_app" in button and not chat.is_private:
        raise bad_request("BUTTON_TYPE_INVALID")
    url = str(button.get("url", "https://"))
    if not url.startswith(("http://", "https://", "tg://", "ton://", "t.me/")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")


def press(world: World, message: Message, user_id: int, data: str) -> CallbackQuery:
    """Somebody presses a button with callback data; the bot gets a callback query.

    Raises:
        ActionError: the message has no such button.
    """
    rows = (message.markup or {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for row in rows for button in row):
        raise ActionError("the message has no such button (any more)")
    query = CallbackQuery(str(world.rng.randrange(10**17, 10**18)), user_id, message.chat_id, message.id, world.clock())
    world.queries[query.id] = query
    _let_go(world)
    world.updates.push(
        "callback_query",
        {
            "id": query.id,
            "from": wire.user_json(world.user(user_id), as_sender=True),
            "message": wire.message_json(world, message),
            "chat_instance": str((message.chat_id * 2654435761) % 2**63),
            "data": data,
        },
    )
    return query


def _let_go(world: World) -> None:
    while len(world.queries) > 10_000:
        del world.queries[next(iter(world.queries))]


def answer(world: World, query_id: str, text: str, url: str, *, show_alert: bool) -> None:
    """The bot's answer to a press, shown to the presser alone.

    Raises:
        ApiError: 400, too late, answered before, or unknown.
    """
    query = world.queries.get(query_id)
    if query is None or query.answered or world.clock() - query.at > QUERY_LIFETIME:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    query.answered = True
    world.broadcast.publish(
        {
            "type": "answer",
            "query_id": query.id,
            "user_id": query.user_id,
            "text": text,
            "show_alert": show_alert,
            "url": url,
        }
    )
