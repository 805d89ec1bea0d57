"""The state of the small Telegram: who and what exists, ids, files, time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sandbox.attention import Attention
from sandbox.broadcast import Broadcast
from sandbox.calls import CallLog
from sandbox.errors import ActionError
from sandbox.faults import FaultPlan
from sandbox.guide import Progress
from sandbox.limits import Limits
from sandbox.model import (
    ANONYMOUS_ADMIN_ID,
    CHANNEL_BOT_ID,
    SERVICE_ID,
    CallbackQuery,
    Chat,
    InlineQuery,
    Json,
    Member,
    Message,
    Payment,
    Poll,
    StoredFile,
    User,
)
from sandbox.timeline import Timeline
from sandbox.updates import UpdateQueue

if TYPE_CHECKING:
    from sandbox.life import Life
    from sandbox.pacing import Companion
    from sandbox.seeding.plot import Plot

BOT_ID = 4242424242
BOT_TOKEN = f"{BOT_ID}:SANDBOX-not-a-secret-0123456789abcd"
QUERY_LIFETIME = 60.0  # seconds within which a pressed button may be answered


@dataclass(slots=True)
class Webhook:
    """Where updates are posted instead of being polled; `url` empty means polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    fixed_ip: bool = False  # the bot said where to connect to
    certificate: str = ""  # PEM; trusted besides the usual ones
    last_error_date: int = 0
    last_error_message: str = ""
    gone_since: float = 0.0  # the first of the answers 410 that came without another one between, epoch seconds


@dataclass(slots=True)
class BotProfile:
    """What the bot told Telegram about itself, by language code ('' is the default)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


class World:
    """All state of one sandbox. `clock` gives epoch seconds, by default the timeline's; operations live beside."""

    def __init__(self, *, seed: int = 1, clock: Callable[[], float] | None = None, bot_token: str = BOT_TOKEN) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.timeline = Timeline()
        self.clock = clock or self.timeline.now
        self.attention = Attention()
        self.companion: Companion | None = None  # our bot, when it runs in this process
        self.bot_token = bot_token
        self.bot_id = int(bot_token.split(":", 1)[0])
        self.reads_all_messages = False  # privacy mode is on, as for every new bot
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.polls: dict[str, Poll] = {}
        self.payloads: dict[tuple[int, int], str] = {}  # of invoices, by chat and message
        self.payments: dict[str, Payment] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.reaction_count_delay = 60.0  # seconds for which anonymous reactions are gathered; 0 tells each at once
        self.reaction_counts_due: dict[tuple[int, int], float] = {}  # when, by chat and message
        self.faults = FaultPlan()
        first_id = self.rng.randrange(100_000_000, 900_000_000)
        self.updates = UpdateQueue(first_id, lambda: self.clock(), self.faults)
        self.webhook = Webhook()
        self.profile = BotProfile()
        self.calls = CallLog()
        self.limits = Limits(self.limit_clock)
        self.started_at = self.clock()
        self.logged_out_until = 0.0
        self.broadcast = Broadcast()
        self.guide = Progress()
        self.group_id = 0
        self.manager_id = 0
        self.listeners: list[Callable[[Message], None]] = []  # hear each new message
        self.life: Life | None = None  # None where nobody lives
        self.past: Plot | None = None  # what happened before the sandbox opened
        self._last_private_message_id = 0
        self._last_user_id = 6_400_000_000
        self._add_own_accounts()

    def _add_own_accounts(self) -> None:
        self.add_user("PeakDrop", username="PeakDropSandboxBot", user_id=self.bot_id, is_bot=True)
        self.add_user("Group", username="GroupAnonymousBot", user_id=ANONYMOUS_ADMIN_ID, is_bot=True)
        self.add_user("Channel", username="Channel_Bot", user_id=CHANNEL_BOT_ID, is_bot=True)
        self.add_user("Telegram", user_id=SERVICE_ID)

    def now(self) -> int:
        """Telegram's time in whole epoch seconds, as messages carry it; a skew sets it off from `clock`."""
        return int(self.clock() + self.timeline.skew)

    def limit_clock(self) -> float:
        """The time by which rates are limited: goes on in real time too while the sandbox steps."""
        return self.timeline.limit_now()

    @property
    def bot(self) -> User:
        return self.users[self.bot_id]

    def add_user(
        self,
        first_name: str,
        last_name: str = "",
        *,
        username: str = "",
        language_code: str = "en",
        user_id: int | None = None,
        is_bot: bool = False,
    ) -> User:
        """A new account; without `user_id` the next free one."""
        if user_id is None:
            self._last_user_id += self.rng.randrange(1, 90_000)
            user_id = self._last_user_id
        user = User(user_id, first_name, last_name, username, language_code, is_bot)
        self.users[user.id] = user
        return user

    def add_chat(self, chat_id: int, chat_type: str, title: str, *, is_forum: bool = False) -> Chat:
        """A new group, supergroup or channel; nobody is told."""
        chat = Chat(chat_id, chat_type, title, is_forum=is_forum)
        self.chats[chat_id] = chat
        return chat

    def private_chat(self, user_id: int) -> Chat:
        """The chat between a person and the bot, made when first asked for."""
        user = self.user(user_id)
        if user.id not in self.chats:
            self.chats[user.id] = Chat(
                user.id, "private", members={user.id: Member(user.id), self.bot_id: Member(self.bot_id)}
            )
        return self.chats[user.id]

    def user(self, user_id: int) -> User:
        try:
            return self.users[user_id]
        except KeyError:
            raise ActionError(f"no user {user_id}") from None

    def chat(self, chat_id: int) -> Chat:
        """A chat by id; a person's id opens their private chat with the bot.

        Raises:
            ActionError: there is none.
        """
        if chat_id not in self.chats and chat_id in self.users:
            return self.private_chat(chat_id)
        try:
            return self.chats[chat_id]
        except KeyError:
            raise ActionError(f"no chat {chat_id}") from None

    def message(self, chat_id: int, message_id: int) -> Message:
        try:
            return self.chat(chat_id).messages[message_id]
        except KeyError:
            raise ActionError(f"no message {message_id} in chat {chat_id}") from None

    def next_id(self) -> str:
        """A number as Telegram gives polls, albums and queries: long, and not the same again."""
        return str(self.rng.randrange(10**17, 10**18))

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; private chats and basic groups share one count."""
        if chat.type in ("supergroup", "channel"):
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_private_message_id += 1
        return self._last_private_message_id

    def bot_present(self, chat: Chat) -> bool:
        return chat.has(self.bot_id)

    def bot_is_admin(self, chat: Chat) -> bool:
        return chat.status_of(self.bot_id) in ("administrator", "creator")

    def bot_may(self, chat: Chat, right: str) -> bool:
        """Whether the bot is administrator with this right."""
        member = chat.members.get(self.bot_id)
        return bool(member and member.status == "administrator" and right in member.rights)

    def close(self) -> None:
        """End long polls and page streams; called when the server stops."""
        self.updates.close()
        self.broadcast.close()

    def reopen(self) -> None:
        """Serve again after `close`; asyncio objects start afresh."""
        self.updates.closed = False
        self.broadcast.reopen()
