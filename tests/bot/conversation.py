"""The real bot, over HTTP, in the sandbox: people write and press, and the bot's messages are waited for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from bot.companion import Companion, SandboxClock
from bot.runner import run_bot
from bot.settings import Settings
from handlers.context import App, House
from sandbox.actions import act
from sandbox.model import Chat, Message
from sandbox.server import serve
from sandbox.world import World
from storage.store import Store

PATIENCE = 20.0


@dataclass
class Conversation:
    """Talking to the bot as someone. A message's `version` tells edits apart."""

    world: World
    store: Store
    address: str = ""
    seen: dict[tuple[int, int], Any] = field(default_factory=dict)
    house: House | None = None

    def keep_house(self, app: App, *_: Any) -> None:
        """Remember what the running bot's handlers share."""
        self.house = app.context_types.context.house

    def wake(self) -> None:
        """Tell the sender that the queue has changed, as every handler does that changes it."""
        assert self.house is not None
        self.house.wake.set()

    @property
    def group(self) -> Chat:
        """The sandbox's group."""
        return self.world.chat(self.world.group_id)

    @property
    def manager(self) -> int:
        """The group's creator."""
        return self.world.manager_id

    @property
    def members(self) -> list[int]:
        """Plain members."""
        return [one.user_id for one in self.group.members.values() if one.status == "member"]

    def act(self, action: str, **params: Any) -> Any:
        """Somebody does something."""
        return act(self.world, action, params)

    async def ask(self, user_id: int, text: str, chat_id: int | None = None, **more: Any) -> Message:
        """Write in the group (or `chat_id`), and wait for what the bot says."""
        self._look()
        self.act("send", chat_id=chat_id or self.group.id, user_id=user_id, text=text, **more)
        return await self.answer()

    async def send_file(self, user_id: int, name: str, data: bytes) -> Message:
        """Send a file to the bot in private, and wait for what it says."""
        self._look()
        self.act("send_file", chat_id=user_id, user_id=user_id, name=name, data=data, as_document=True)
        return await self.answer()

    async def press(self, user_id: int, message: Message, label: str) -> Message:
        """Press a button, and wait for the message to change or a new one."""
        self._look()
        self.tap(user_id, message, label)
        return await self.answer()

    async def pop_up(self, user_id: int, message: Message, label: str) -> str:
        """Press a button, and wait for the pop-up that only the presser sees."""
        before = len(self._pop_ups())
        self.tap(user_id, message, label)
        return str((await self._until(lambda: self._pop_ups()[before:]))[0]).replace("\xa0", " ")

    def _pop_ups(self) -> list[str]:
        calls = self.world.calls.since(0, "answerCallbackQuery")
        return [str(call.params["text"]) for call in calls if call.params.get("text")]

    def tap(self, user_id: int, message: Message, label: str) -> None:
        """Press a button by what stands on it (in part)."""
        found = [data for text, data in buttons(message) if label in text]
        assert found, f"no button {label!r} among {buttons(message)}"
        self.act("press", chat_id=message.chat_id, user_id=user_id, message_id=message.id, data=found[0])

    async def answer(self) -> Message:
        """The bot's next message or edit."""
        fresh: list[Message] = await self._until(self._look)
        return fresh[0]

    async def silence(self, seconds: float = 1.0) -> bool:
        """Whether the bot says nothing for a while."""
        self._look()
        await asyncio.sleep(seconds)
        return not self._look()

    def _look(self) -> list[Message]:
        """What the bot said since the last look."""
        fresh = []
        for chat in list(self.world.chats.values()):
            for message in list(chat.messages.values()):
                if message.sender_id != self.world.bot_id or message.is_service:
                    continue
                version = repr((message.content, message.markup))
                if self.seen.get((chat.id, message.id)) != version:
                    self.seen[chat.id, message.id] = version
                    fresh.append(message)
        return fresh

    async def _until(self, look: Any) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not (found := look()):
                await asyncio.sleep(0.02)
        return found


def text_of(message: Message) -> str:
    """What a message says, without its formatting."""
    return str(message.content.get("text") or message.content.get("caption") or "").replace("\xa0", " ")


def buttons(message: Message) -> list[tuple[str, str]]:
    """A message's buttons: words and callback data (or address)."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [(one["text"], one.get("callback_data") or one.get("url", "")) for row in rows for one in row]


@contextlib.asynccontextmanager
async def bot_in(world: World, store: Store, **settings: Any) -> AsyncIterator[Conversation]:
    """The bot running in a world, until the block ends."""
    for user in world.users.values():
        user.language_code = "en"
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(world, "127.0.0.1", 0, on_ready=ready.set_result))
        values = {"bot_token": SecretStr(world.bot_token), "telegram_api_url": await ready} | settings
        inside = Settings.model_validate(values)
        companion = world.companion = Companion(world)
        conversation = Conversation(world, store, str(values["telegram_api_url"]))

        def start(*parts: Any) -> None:
            conversation.keep_house(*parts)
            companion.start(*parts)

        running = group.create_task(run_bot(inside, store, SandboxClock(world), stop, on_start=start))
        await conversation._until(
            lambda: world.calls.since(0, "getUpdates") or world.webhook.url or world.calls.since(0, "getMe")
        )
        try:
            yield conversation
        finally:
            stop.set()
            await running
            server.cancel()
