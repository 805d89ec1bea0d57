"""One Bot API call: its parameters read as Telegram reads them, and the registry of methods."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import entities, joining, media, membership
from sandbox.errors import ApiError, bad_request, forbidden
from sandbox.markdown import parse_markdown
from sandbox.model import Chat, Json, Message, StoredFile, User
from sandbox.wire import user_json
from sandbox.world import World

LONGEST_SOURCE = 1 << 15  # bytes of a text before its markup is read


@dataclass(slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime_type: str
    data: bytes


Method = Callable[["Call"], Any]
AsyncMethod = Callable[["Call"], Awaitable[Any]]
METHODS: dict[str, Method | AsyncMethod] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Register a function as the Bot API methods of these names (case does not matter to callers)."""

    def register(function: Method) -> Method:
        for name in names:
            METHODS[name.lower()] = function
        return function

    return register


@dataclass(slots=True)
class Call:
    """Parameters arrive as JSON values or as text, whichever way the request was made."""

    world: World
    params: Json
    files: dict[str, Upload] = field(default_factory=dict)
    name: str = ""  # the method in lower case
    fetched: dict[str, Upload | ApiError] = field(default_factory=dict)  # by address, before the method runs
    description: str = ""  # what a few methods say beside their result

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; anything else reads as the default, as at Telegram."""
        value = self.params.get(name)
        if isinstance(value, bool) or value is None:
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).strip().lower() in ("true", "1", "yes", "y")

    def value(self, name: str) -> Any:
        """A structured parameter: an object or list, given as such or as JSON text.

        Raises:
            ApiError: 400, broken JSON.
        """
        given = self.params.get(name)
        if not isinstance(given, str):
            return given
        if not given:
            return None
        try:
            return json.loads(given)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def strings(self, name: str) -> list[str] | None:
        given = self.value(name)
        return [str(v) for v in given] if isinstance(given, list) else None

    def check_rate(self) -> None:
        """Refuse the call if it comes too soon: after others, or after logOut.

        Raises:
            ApiError: 429, or 400 for ten minutes after logOut.
        """
        if self.world.clock() < self.world.logged_out_until:
            raise ApiError(400, "Logged out")
        chat_id, is_group = self._written_to()
        self.world.limits.check(self.name, self.params, chat_id, is_group=is_group)

    def count(self) -> None:
        """Count the call, once carried out, against the rate limits."""
        chat_id, is_group = self._written_to()
        self.world.limits.count(self.name, self.params, chat_id, is_group=is_group)

    def _written_to(self) -> tuple[int, bool]:
        chat = self._named_chat(self.text("chat_id"))
        return (chat.id, chat.type in ("group", "supergroup")) if chat else (0, False)

    def _named_chat(self, raw: str) -> Chat | None:
        """The chat of an id or @username, if it exists."""
        chats = self.world.chats
        if raw.startswith("@"):
            return next((chat for chat in chats.values() if chat.username.lower() == raw[1:].lower()), None)
        return chats.get(int(raw)) if raw.lstrip("-").isdecimal() else None

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat a call is about, which the bot must have a way into.

        Raises:
            ApiError: 400 or 403, as Telegram words it.
        """
        raw = self.text(name)
        if not raw:
            raise bad_request("chat_id is empty")
        chat = self._find_chat(raw)
        if chat.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        membership.lift_expired(self.world, chat)
        if not chat.is_private and chat.status_of(self.world.bot_id) == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if not chat.is_private and not self.world.bot_present(chat):
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def _find_chat(self, raw: str) -> Chat:
        world = self.world
        if raw.startswith("@"):
            named = self._named_chat(raw)
            if named is None:
                raise bad_request("chat not found")
            return named
        try:
            chat_id = int(raw)
        except ValueError:
            raise bad_request("chat not found") from None
        if chat_id in world.users:
            user = world.users[chat_id]
            if user.is_bot:
                raise forbidden("bots can't send messages to bots")
            if not user.bot_started and not joining.may_write_to(world, user.id):
                raise forbidden("bot can't initiate conversation with a user")
            return world.private_chat(chat_id)
        if chat_id not in world.chats:
            raise bad_request("chat not found")
        return world.chats[chat_id]

    def writable_chat(self) -> Chat:
        """The chat to write to; a person who blocked the bot is refused."""
        chat = self.chat()
        if chat.is_private and self.world.user(chat.id).bot_blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def user(self) -> User:
        user = self.world.users.get(self.integer("user_id"))
        if user is None:
            raise bad_request("user not found")
        return user

    def message(self, chat: Chat, missing: str) -> Message:
        """The message `message_id` of a chat.

        Raises:
            ApiError: 400 with `missing` when there is none.
        """
        if not self.integer("message_id") and self.name == "deletemessage":
            raise bad_request("message identifier is not specified")
        found = chat.messages.get(self.integer("message_id"))
        if found is None:
            raise bad_request(missing)
        return found

    def formatted(self, name: str, entities_name: str, source: Json | None = None) -> tuple[str, list[Json]]:
        """A text with its entities, by parse mode or as a list.

        Raises:
            ApiError: 400 "can't parse entities", or a parse mode the sandbox does not have.
        """
        call = self if source is None else Call(self.world, source)
        raw = call.text(name)
        mode = call.text("parse_mode").lower()
        if len(raw.encode()) > LONGEST_SOURCE:
            raise bad_request("text is too long")
        if mode == "html":
            text, found = entities.parse_html(raw)
        elif mode in ("markdown", "markdownv2"):
            text, found = parse_markdown(raw, 2 if mode == "markdownv2" else 1)
        elif raw and mode not in ("", "none"):
            raise bad_request("unsupported parse_mode")
        else:
            text, found = entities.trim(raw, [e for e in call.value(entities_name) or [] if isinstance(e, dict)])
        for entity in found:
            if entity["type"] == "text_mention":
                self._complete_mention(entity)
        return text, [e for e in found if e["type"] != "text_mention" or "first_name" in e["user"]]

    def _complete_mention(self, entity: Json) -> None:
        user = self.world.users.get(int(entity["user"].get("id", 0)))
        if user:
            entity["user"] = user_json(user)

    def file(self, name: str, given: str | None = None) -> StoredFile:
        """A file parameter: uploaded, `attach://NAME`, a file id, or an http(s) address fetched before.

        Raises:
            ApiError: 400, none given, unknown or not to be had.
        """
        reference = self.text(name) if given is None else given
        attached = reference.startswith("attach://")
        upload = self.files.get(reference.removeprefix("attach://") if attached else name)
        if upload and (attached or given is None):
            if not upload.data:
                raise bad_request("file must be non-empty")
            if len(upload.data) > media.UPLOAD_LIMIT:
                raise ApiError(413, "Request Entity Too Large")
            return media.store_file(self.world, upload.data, upload.name, upload.mime_type)
        if not reference:
            raise bad_request(f"there is no {name.replace('_', ' ')} in the request")
        fetched = self.fetched.get(reference)
        if isinstance(fetched, ApiError):
            raise fetched
        if fetched:
            return media.store_file(self.world, fetched.data, fetched.name, fetched.mime_type)
        return media.find_file(self.world, reference)
