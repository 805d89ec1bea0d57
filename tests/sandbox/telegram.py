"""A plain HTTP client of the sandbox's Bot API, for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx

from sandbox.actions import act
from sandbox.model import Member
from sandbox.world import World

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ALL = [
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "message_reaction_count",
    "chat_member",
    "my_chat_member",
]


class Telegram:
    """Calls methods as a bot does, and acts as people do."""

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        self.world = world
        self.client = client
        self.group = world.chat(world.group_id)
        people = [m.user_id for m in self.group.members.values() if m.user_id != world.bot_id]
        self.lin, self.first, self.second = people[:3]

    async def response(self, method: str, **params: Any) -> httpx.Response:
        return await self.client.post(f"/bot{self.world.bot_token}/{method}", json=params)

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        body = (await self.response(method, **params)).json()
        assert body["ok"], body
        return body["result"]

    async def upload(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed; a (name, bytes, type) among its parameters is sent as a file."""
        files = {name: value for name, value in params.items() if isinstance(value, tuple)}
        rest = {name: value for name, value in params.items() if name not in files}
        if not files:
            return await self.call(method, **rest)
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in rest.items()}
        body = (await self.client.post(f"/bot{self.world.bot_token}/{method}", data=form, files=files)).json()
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a call that must fail, its status agreeing with its code."""
        response = await self.response(method, **params)
        body = response.json()
        assert not body["ok"]
        assert body["error_code"] == response.status_code
        return str(body["description"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Pending updates, acknowledged."""
        found = await self.call("getUpdates", **params)
        if found:
            await self.call("getUpdates", offset=found[-1]["update_id"] + 1)
        return list(found)

    def act(self, action: str, **params: Any) -> Any:
        return act(self.world, action, params)

    def say(self, text: str, user_id: int | None = None, **more: Any) -> int:
        """A member writes in the group; the message's id."""
        sent = self.act("send", chat_id=self.group.id, user_id=user_id or self.first, text=text, **more)
        return int(sent["message_id"])

    def start_private(self, user_id: int | None = None) -> int:
        """A person opens the private chat; its id."""
        user_id = user_id or self.first
        self.act("send", chat_id=user_id, user_id=user_id, text="/start")
        return user_id

    def demote_bot(self) -> None:
        """Quietly: tests that are not about the change itself."""
        self.group.members[self.world.bot_id] = Member(self.world.bot_id)
