"""setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import httpx

from sandbox.api.call import Call, Upload, method
from sandbox.api.intake import allowed_kinds
from sandbox.errors import bad_request
from sandbox.model import Json
from sandbox.updates import DEFAULT_KINDS, UPDATE_KINDS
from sandbox.world import Webhook, World

PORTS = frozenset({80, 88, 443, 8443})
LONGEST_SECRET = 256
LARGEST_CERTIFICATE = 3 * 1024 * 1024


def target(url: str) -> httpx.URL:
    """A webhook's address as it is posted to; without a scheme it is https.

    Raises:
        ValueError: no address to post to.
    """
    try:
        address = httpx.URL(url if "://" in url else f"https://{url}")
    except httpx.InvalidURL:
        raise ValueError(url) from None
    if address.scheme not in ("http", "https") or not address.host or address.port == 0:
        raise ValueError(url)
    return address


def _local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host  # another container


def _check_target(url: str) -> httpx.URL:
    """Where the bot wants its updates; as with a Bot API server of one's own, local addresses may be anything."""
    try:
        address = target(url)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if _local(address.host):
        return address
    if address.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return address


def _check_secret(secret: str) -> str:
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


async def _address(call: Call, host: str) -> str:
    """The IP address to connect to: given, or the host's."""
    given = call.text("ip_address")
    try:
        return str(ipaddress.ip_address(given or host))
    except ValueError:
        if given:
            raise bad_request("bad webhook: Invalid IP address specified") from None
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET)
    except (OSError, UnicodeError):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known") from None
    return str(found[0][4][0])


def _certificate(call: Call) -> str:
    given = call.text("certificate")
    name = given.removeprefix("attach://") if given.startswith("attach://") else "certificate"
    upload: Upload | None = call.files.get(name)
    if upload is None:
        return ""
    if len(upload.data) > LARGEST_CERTIFICATE:
        raise bad_request(f"certificate size is too big ({len(upload.data)} bytes)")
    return upload.data.decode("latin-1")


@method("setWebhook")
async def set_webhook(call: Call) -> bool:
    """Post updates to an address from now on. One that is refused leaves no webhook behind, not even the old one."""
    world, url = call.world, call.text("url")
    if not url:
        return _remove(call)
    old = world.webhook
    connections = min(max(call.integer("max_connections", 40), 1), 100)
    same = (url, call.text("secret_token"), connections) == (old.url, old.secret_token, old.max_connections)
    new_place = call.text("ip_address") != (old.ip_address if old.fixed_ip else "")
    if same and not (new_place or old.certificate or _certificate(call) or call.flag("drop_pending_updates")):
        world.updates.set_allowed(allowed_kinds(call))
        call.description = "Webhook is already set"
        return True
    world.updates.interrupt("terminated by setWebhook request")
    _put(world, Webhook())
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    host = _check_target(url).host
    secret, certificate = _check_secret(call.text("secret_token")), _certificate(call)
    address = await _address(call, host)
    world.updates.set_allowed(allowed_kinds(call))
    fixed = bool(call.text("ip_address"))
    _put(world, Webhook(url, secret, connections, address, fixed_ip=fixed, certificate=certificate))
    call.description = "Webhook was set"
    return True


def _remove(call: Call) -> bool:
    world = call.world
    call.description = "Webhook was deleted" if world.webhook.url else "Webhook is already deleted"
    _put(world, Webhook())
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def _put(world: World, webhook: Webhook) -> None:
    """From now on this one counts; the delivery notices, and hangs up on the one before."""
    world.webhook = webhook
    world.updates.arrived.set()


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    return _remove(call)


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    world = call.world
    webhook = world.webhook
    body: Json = {
        "url": webhook.url,
        "has_custom_certificate": bool(webhook.certificate),
        "pending_update_count": len(world.updates),
    }
    if webhook.ip_address:
        body["ip_address"] = webhook.ip_address
    if webhook.last_error_date:
        body["last_error_date"] = webhook.last_error_date
        body["last_error_message"] = webhook.last_error_message
    if webhook.url:
        body["max_connections"] = webhook.max_connections
    if world.updates.allowed != DEFAULT_KINDS:
        body["allowed_updates"] = [kind for kind in UPDATE_KINDS if kind in world.updates.allowed]
    return body
