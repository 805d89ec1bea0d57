"""Webhook deliveries: one update after the other, again until the other side says 2xx."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from urllib.parse import parse_qsl

import httpx
import msgspec

from sandbox.api.call import METHODS, Call
from sandbox.api.webhooks import target
from sandbox.botapi import perform
from sandbox.model import Json
from sandbox.world import Webhook, World

LONGEST_PAUSE = 60.0  # seconds between repetitions
LONGEST_RETRY_AFTER = 3600  # seconds for which the other side may ask
READ_TIMEOUT = 50
GONE_AFTER = 23 * 3600  # seconds of nothing but 410 after which the webhook is given up
GLANCE = 0.2  # seconds between looks whether the webhook was changed during a pause
NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})  # nor anything that gets


async def deliver_forever(world: World) -> None:
    """Post each pending update to the webhook while one is set; runs until cancelled."""
    while not world.updates.closed:
        webhook = world.webhook
        secure = bool(webhook.url) and target(webhook.url).scheme == "https"
        trust = _trust(webhook) if secure else False
        async with httpx.AsyncClient(timeout=READ_TIMEOUT, trust_env=False, verify=trust) as client:
            await _deliver_to(world, webhook, client)


def _trust(webhook: Webhook) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if webhook.certificate:
        with contextlib.suppress(ssl.SSLError):  # no certificate: the delivery will fail, and say so
            context.load_verify_locations(cadata=webhook.certificate)
    return context


async def _deliver_to(world: World, webhook: Webhook, client: httpx.AsyncClient) -> None:
    """Deliver until the webhook is another. A failure is repeated at once, then after 2, 4, 8 … seconds."""
    failures, delay = 0, 1.0
    while world.webhook is webhook and not world.updates.closed:
        world.updates.arrived.clear()
        raw = world.updates.first() if webhook.url else None
        if raw is None:
            await world.updates.arrived.wait()
            continue
        retry_after = await deliver_one(world, client, raw)
        if retry_after is None:
            failures, delay = 0, 1.0
            continue
        if failures and not retry_after:
            delay = min(delay * 2, LONGEST_PAUSE)
        pause = retry_after or (delay if failures else 0.0)
        failures += 1
        until = asyncio.get_running_loop().time() + pause
        while world.webhook is webhook and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, GLANCE))


async def deliver_one(world: World, client: httpx.AsyncClient, raw: bytes) -> int | None:
    """One attempt; None when the update is done with, else for how many seconds the other side asked (0: none)."""
    webhook = world.webhook
    try:
        response = await client.send(_request(webhook, client, raw))
    except httpx.HTTPError as error:
        if webhook is world.webhook:
            webhook.last_error_date, webhook.last_error_message = world.now(), _in_words(error)
        return 0
    if webhook is not world.webhook:
        return None  # set anew meanwhile; what is pending goes there
    if response.is_success:
        webhook.gone_since = 0.0
        if world.updates.first() is raw:
            world.updates.drop_first()
        await _answer_in_body(world, response)
        return None
    problem = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
    webhook.last_error_date, webhook.last_error_message = world.now(), problem
    if response.status_code != 410:
        webhook.gone_since = 0.0
    elif not webhook.gone_since:
        webhook.gone_since = world.clock()
    elif world.clock() - webhook.gone_since > GONE_AFTER:
        world.webhook = Webhook()
    wanted = response.headers.get("retry-after", "")
    return min(int(wanted), LONGEST_RETRY_AFTER) if wanted.isdecimal() else 0


def _request(webhook: Webhook, client: httpx.AsyncClient, raw: bytes) -> httpx.Request:
    headers = {"content-type": "application/json"}
    if webhook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
    url = target(webhook.url)
    if not webhook.fixed_ip:
        return client.build_request("POST", url, content=raw, headers=headers)
    headers["host"] = url.netloc.decode()
    sni = {"sni_hostname": url.host}
    there = url.copy_with(host=webhook.ip_address)
    return client.build_request("POST", there, content=raw, headers=headers, extensions=sni)


def _in_words(error: httpx.HTTPError) -> str:
    """What getWebhookInfo says of a delivery that got no answer."""
    if isinstance(error, httpx.ConnectTimeout):
        return "Connection timed out"
    if isinstance(error, httpx.TimeoutException):
        return "Read timeout expired"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "SSL error {error:0A000086:SSL routines::certificate verify failed}"
    return "Connection refused" if isinstance(error, httpx.ConnectError) else "Connection reset by peer"


async def _answer_in_body(world: World, response: httpx.Response) -> None:
    """A webhook may answer with a method call, as JSON or as a form; its result goes nowhere."""
    given: Json = {}
    if response.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        given = dict(parse_qsl(response.text))
    else:
        with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
            given = msgspec.json.decode(response.content, type=dict)
    name = str(given.pop("method", "")).lower()
    if name not in METHODS or name in NOT_IN_ANSWERS or name.startswith("get"):
        return
    status, body = await perform(Call(world, given, name=name))
    world.calls.add(world.clock(), 0.0, name, given, status, body.get("result", body.get("description")), "")
