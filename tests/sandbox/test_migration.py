"""A group that became a supergroup: whoever still uses its old id is told the new one."""

from __future__ import annotations

import json
from typing import Any

import httpx

from sandbox.api.call import METHODS
from sandbox.api.profile import CHAT_SCOPES
from sandbox.community import build_world
from sandbox.server import create_app
from tests.sandbox.examples import EXAMPLES, Params, params_of
from tests.sandbox.telegram import NOW, Telegram


def old_group(telegram: Telegram) -> tuple[int, int]:
    """A basic group with the bot in it that was upgraded; its old id and its new one."""
    made = telegram.act("add_group", title="Old friends", kind="group", user_id=telegram.lin)
    chat = telegram.world.chat(made["chat_id"])
    telegram.act("migrate", chat_id=chat.id, user_id=telegram.lin)
    assert chat.migrated_to
    return chat.id, chat.migrated_to


async def answer(telegram: Telegram, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """What a call says, with its files where it has some."""
    url = f"/bot{telegram.world.bot_token}/{method}"
    files = {name: value for name, value in params.items() if isinstance(value, tuple)}
    if not files:
        return dict((await telegram.client.post(url, json=params)).json())
    rest = {name: value for name, value in params.items() if name not in files}
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in rest.items()}
    return dict((await telegram.client.post(url, data=form, files=files)).json())


def about_old_group(method: str, params: Params, old: int) -> list[Params]:
    """The call of an example in each way in which it can be about the old group."""
    ways = [params | {name: old} for name in ("chat_id", "from_chat_id") if name in params]
    if method.endswith("MyCommands"):
        ways += [params | {"scope": {"type": kind, "chat_id": old, "user_id": 1}} for kind in CHAT_SCOPES]
    elif method.endswith("ChatMenuButton"):
        ways.append(params | {"chat_id": old})
    elif method.startswith("send") and method != "sendChatAction":
        ways.append(params | {"reply_parameters": {"chat_id": old, "message_id": 1}})
    return ways


async def test_every_method_tells_the_new_id() -> None:
    assert {method.lower() for method in EXAMPLES} == set(METHODS)
    asked, wrong = 0, []
    for method, example in EXAMPLES.items():
        world = build_world(7, True, NOW)
        transport = httpx.ASGITransport(app=create_app(world))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            telegram = Telegram(world, client)
            old, new = old_group(telegram)
            for params in about_old_group(method, await params_of(example, telegram), old):
                asked += 1
                body = await answer(telegram, method, params)
                if body != {
                    "ok": False,
                    "error_code": 400,
                    "description": "Bad Request: group chat was upgraded to a supergroup chat",
                    "parameters": {"migrate_to_chat_id": new},
                }:
                    wrong.append((method, params, body))
    assert asked > 80
    assert wrong == []
