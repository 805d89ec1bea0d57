"""A group of the sandbox's with drops in its queue, and the running bot that is to post them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.clock import Clock
from bot.runner import run_bot
from bot.settings import Settings
from sandbox.media import media_content, store_file
from sandbox.model import Message
from sandbox.seeding.pictures import landscape
from sandbox.server import serve
from sandbox.world import World
from storage.communities import create, find_community
from storage.drop_content import Content, Piece, PieceKind
from storage.drop_messages import SentMessage, messages_of
from storage.drops import DropView, State, Timing, add_drop, change_drop, find_drop
from storage.facts import ChatSeen
from storage.people import set_person
from storage.store import Store
from tests.bot.conversation import Conversation, text_of

ZONE = "Asia/Shanghai"


class SendingDesk:
    """Drops of one group, put into the store as if confirmed."""

    def __init__(self, conversation: Conversation, clock: Clock, chat_id: int | None = None, zone: str = ZONE) -> None:
        self.talk = conversation
        self.clock = clock
        self.world = conversation.world
        self.store = conversation.store
        self.chat = self.world.chat(chat_id or self.world.group_id)
        self.community = know(self.store, self.world, self.chat.id, zone)

    def queue(self, content: Content | str, *, due_in: float = 0.0, **values: Any) -> int:
        """A drop that is due in so many seconds, of which the sender is told."""
        held = Content(content) if isinstance(content, str) else content
        due_at = values.pop("due_at", None) or self.clock.now() + timedelta(seconds=due_in)
        number = queue(self.store, self.community, held, due_at, author_id=self.talk.manager, **values)
        self.talk.wake()
        return number

    def beside(self, chat_id: int) -> SendingDesk:
        """The same bot's drops of another group."""
        return SendingDesk(self.talk, self.clock, chat_id)

    def find(self, number: int) -> DropView:
        found = self.store.read_now(lambda session: find_drop(session, self.community, number))
        assert found is not None
        return found

    def change(self, number: int, **values: Any) -> None:
        """Put a drop into another state, as a process that ended there has left it."""
        now = self.clock.now()
        done = self.store.write_now(
            lambda session: change_drop(session, self.community, number, list(State), now=now, **values)
        )
        assert done

    def messages(self, number: int) -> list[SentMessage]:
        """What a drop became, by our record."""
        return self.store.read_now(lambda session: messages_of(session, self.community, number))

    async def until(self, number: int, *states: State, limit: float = 20.0) -> DropView:
        """Wait for a drop to stand so."""
        async with asyncio.timeout(limit):
            while self.find(number).state not in states:
                await asyncio.sleep(0.02)
        return self.find(number)

    def posts(self) -> list[Message]:
        """What the bot has posted in the group, in order."""
        return [one for one in self.chat.messages.values() if one.sender_id == self.world.bot_id and not one.is_service]

    def texts(self) -> list[str]:
        return [str(one.content.get("text", "")) for one in self.posts()]

    async def told(self, words: str) -> Message:
        """What the manager is told in private."""

        def look() -> list[Message]:
            private = self.world.private_chat(self.talk.manager)
            return [one for one in private.messages.values() if words in text_of(one)]

        found = await self.talk._until(look)
        return found[-1]  # type: ignore[no-any-return]

    def tellings(self) -> int:
        """How many messages the manager got in private."""
        private = self.world.private_chat(self.talk.manager)
        return sum(one.sender_id == self.world.bot_id for one in private.messages.values())

    def piece(self, kind: PieceKind, data: bytes, name: str, *, spoiler: bool = False) -> Piece:
        """A medium that Telegram has already, as it is in a drop that somebody sent to the bot."""
        shown = media_content(store_file(self.world, data, name), kind)[kind]
        file = shown[-1] if isinstance(shown, list) else shown
        return Piece(kind, file["file_id"], file["file_unique_id"], spoiler)

    def album(self, parts: int, text: str = "") -> Content:
        """So many pictures."""
        pieces = [self.piece("photo", landscape(number), f"{number}.png") for number in range(parts)]
        return Content(text, pieces=tuple(pieces))


def know(store: Store, world: World, chat_id: int, zone: str = ZONE) -> int:
    """The community of a sandbox's chat, made where the bot has not seen it yet."""
    found = store.read_now(lambda session: find_community(session, chat_id))
    if found is not None:
        return found.id
    chat = world.chat(chat_id)
    seen = ChatSeen(chat.id, chat.type, chat.title, chat.is_forum, int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()))
    return store.write_now(lambda session: create(session, seen, seen.at, zone))


def queue(store: Store, community: int, content: Content, due_at: datetime, **values: Any) -> int:
    """Put a drop into a queue."""
    row = {"timing": Timing.TIME, "author_id": 1, "state": State.SCHEDULED, "due_at": due_at, "content": content}
    return store.write_now(lambda s: add_drop(s, community, now=due_at - timedelta(hours=1), **row | values))


@contextlib.asynccontextmanager
async def sending(world: World, store: Store, clock: Clock | None = None) -> AsyncIterator[SendingDesk]:
    """The bot running in a world whose manager has opened the private chat, by the given clock."""
    store.write_now(lambda session: set_person(session, world.manager_id, language="en"))
    world.user(world.manager_id).bot_started = True
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(world, "127.0.0.1", 0, on_ready=ready.set_result))
        values = {"bot_token": SecretStr(world.bot_token), "telegram_api_url": await ready}
        settings, clock = Settings.model_validate(values), clock or Clock()
        conversation = Conversation(world, store)
        running = group.create_task(run_bot(settings, store, clock, stop, on_start=conversation.keep_house))
        await conversation._until(lambda: conversation.house)
        try:
            yield SendingDesk(conversation, clock)
        finally:
            stop.set()
            await running
            server.cancel()
