"""Mini Apps: the launch address with its signed `initData`, and the data an app sends back."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import msgspec

from sandbox import posting
from sandbox.acting.registry import action
from sandbox.errors import ActionError
from sandbox.model import Chat, Json, User
from sandbox.world import World

VERSION = "9.1"  # of the Bot API's Mini Apps that the page plays
PLATFORM = "web"
DATA_LIMIT = 4096  # bytes an app may send
THEMES = {
    "light": {
        "bg_color": "#ffffff",
        "secondary_bg_color": "#f1f5f9",
        "text_color": "#17202a",
        "hint_color": "#5d6b7a",
        "link_color": "#1d6fc4",
        "button_color": "#1d6fc4",
        "button_text_color": "#ffffff",
        "header_bg_color": "#ffffff",
        "accent_text_color": "#1d6fc4",
        "section_bg_color": "#ffffff",
        "section_header_text_color": "#1d6fc4",
        "subtitle_text_color": "#5d6b7a",
        "destructive_text_color": "#b3372b",
    },
    "dark": {
        "bg_color": "#17212b",
        "secondary_bg_color": "#0e1621",
        "text_color": "#eef3f7",
        "hint_color": "#94a5b5",
        "link_color": "#6ab4f5",
        "button_color": "#6ab4f5",
        "button_text_color": "#08243d",
        "header_bg_color": "#17212b",
        "accent_text_color": "#6ab4f5",
        "section_bg_color": "#17212b",
        "section_header_text_color": "#6ab4f5",
        "subtitle_text_color": "#94a5b5",
        "destructive_text_color": "#ff8a7d",
    },
}


def signed(fields: dict[str, str], bot_token: str) -> str:
    """`initData`: the fields and their `hash`, as Telegram's documentation tells bots to check it."""
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    checksum = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields | {"hash": checksum})


def launch(world: World, user: User, chat: Chat, url: str, *, answers: bool, theme: str = "light") -> Json:
    """The address to open, its launch parameters in the fragment. `answers`: from an inline button or the menu."""
    person: Json = {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "language_code": user.language_code,
        "allows_write_to_pm": user.bot_started,
    }
    if user.username:
        person["username"] = user.username
    fields = {"user": msgspec.json.encode(person).decode(), "auth_date": str(world.now())}
    if answers:
        fields["query_id"] = f"AAF{world.rng.randrange(10**18):018d}"
    else:
        fields |= {"chat_type": "sender" if chat.is_private else chat.type, "chat_instance": str(abs(chat.id) * 31)}
    parameters = urlencode(
        {
            "tgWebAppData": signed(fields, world.bot_token),
            "tgWebAppVersion": VERSION,
            "tgWebAppPlatform": PLATFORM,
            "tgWebAppThemeParams": msgspec.json.encode(THEMES[theme]).decode(),
        }
    )
    return {"url": f"{url}{'&' if '#' in url else '#'}{parameters}"}


def address_of(world: World, chat: Chat, message_id: int, button: str) -> tuple[str, bool]:
    """The app behind a button, and whether it is an inline or menu one.

    Raises:
        ActionError: there is no such button.
    """
    if message_id:
        markup = world.message(chat.id, message_id).markup or {}
        rows = [*markup.get("inline_keyboard", []), *markup.get("keyboard", [])]
        for key in (key for row in rows for key in row if isinstance(key, dict)):
            if key.get("text") == button and "web_app" in key:
                return str(key["web_app"]["url"]), "inline_keyboard" in markup
        raise ActionError("the message has no such button (any more)")
    menu = menu_button(world, chat)
    if menu.get("type") != "web_app":
        raise ActionError("the bot's menu opens no Mini App")
    return str(menu["web_app"]["url"]), True


def menu_button(world: World, chat: Chat) -> Json:
    """What stands beside the text field in private."""
    buttons = world.profile.menu_buttons
    chosen: Json = buttons.get(chat.id) or {"type": "default"}
    if chosen["type"] == "default":
        chosen = buttons.get(0) or {"type": "commands"}
    return chosen


@action
def open_app(
    world: World, user_id: int, chat_id: int, message_id: int = 0, button: str = "", theme: str = "light"
) -> Json:
    """Open a Mini App: from a button of a message, or without one from the bot's menu."""
    chat, user = world.chat(chat_id), world.user(user_id)
    if theme not in THEMES:
        raise ActionError("the theme is light or dark")
    url, answers = address_of(world, chat, message_id, button)
    if not url.startswith(("http://", "https://")):
        raise ActionError("a Mini App has a web address")
    return launch(world, user, chat, url, answers=answers, theme=theme)


@action
def send_app_data(world: World, user_id: int, button_text: str, data: str) -> Json:
    """What a Mini App opened from a reply keyboard sends to the bot, as its user."""
    if not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise ActionError(f"an app sends 1 to {DATA_LIMIT} bytes")
    content = {"web_app_data": {"data": data, "button_text": button_text}}
    return {"message_id": posting.post(world, world.chat(user_id), user_id, content).id}
