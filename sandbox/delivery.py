"""Webhook deliveries: one update after the other, again until the other side says 2xx."""

from __future__ import annotations

import asyncio

import httpx
import msgspec

from sandbox.api.call import METHODS, Call
from sandbox.errors import ApiError
from sandbox.fetching import fetch_media
from sandbox.world import World

FIRST_PAUSE = 0.5  # seconds before the first repetition; doubles up to the longest
LONGEST_PAUSE = 30.0


async def deliver_forever(world: World) -> None:
    """Post each pending update to the webhook while one is set; runs until cancelled."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        pause = FIRST_PAUSE
        while True:
            world.updates.arrived.clear()
            raw = world.updates.first() if world.webhook.url else None
            if raw is None:
                await world.updates.arrived.wait()
                if world.updates.closed:
                    return
                continue
            if await deliver_one(world, client, raw):
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


async def deliver_one(world: World, client: httpx.AsyncClient, raw: bytes) -> bool:
    """One attempt; True when the update is done with."""
    webhook = world.webhook
    headers = {"content-type": "application/json"}
    if webhook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
    try:
        response = await client.post(webhook.url, content=raw, headers=headers)
        problem = ""
        if not response.is_success:
            problem = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
    except httpx.TimeoutException:
        problem = "Read timeout expired"
    except httpx.HTTPError as error:
        problem = f"Connection failed: {type(error).__name__}"
    if webhook is not world.webhook:
        return True  # set anew meanwhile; what is pending goes there
    if problem:
        webhook.last_error_date, webhook.last_error_message = world.now(), problem
        return False
    if world.updates.first() is raw:
        world.updates.drop_first()
    await _answer_in_body(world, response.content)
    return True


async def _answer_in_body(world: World, body: bytes) -> None:
    """A webhook may answer with a method call; its result goes nowhere."""
    try:
        given = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return
    name = str(given.pop("method", "")).lower() if isinstance(given, dict) else ""
    function = METHODS.get(name)
    if function is None or name == "getupdates":
        return
    status, outcome = 200, None
    call = Call(world, given, name=name)
    await fetch_media(call)
    try:
        outcome = function(call)
    except ApiError as refusal:
        status, outcome = refusal.code, refusal.description
    world.calls.add(world.clock(), 0.0, name, given, status, outcome, "")
