"""Methods by which updates and files reach the bot: polling, webhook, getFile."""

from __future__ import annotations

import ipaddress
import math
from urllib.parse import urlsplit

import msgspec

from sandbox import media
from sandbox.api.call import Call, method
from sandbox.errors import bad_request, conflict
from sandbox.limits import too_many
from sandbox.model import Json
from sandbox.world import Webhook, World

WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
START_QUIET = 600  # seconds for which close is refused after a start, and all else after logOut
LONGEST_POLL = 50  # seconds, whatever is asked for


@method("getUpdates")
async def get_updates(call: Call) -> list[msgspec.Raw]:
    world = call.world
    if world.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    world.updates.set_allowed(call.strings("allowed_updates"))
    limit = min(max(call.integer("limit", 100), 1), 100)
    timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL)
    return [msgspec.Raw(raw) for raw in await world.updates.fetch(call.integer("offset"), limit, timeout)]


def _local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host  # another container


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    world = call.world
    url = call.text("url")
    if not url:
        return _remove_webhook(world, drop=call.flag("drop_pending_updates"))
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _local(parts.hostname or "")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.text("secret_token")
    if len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.set_allowed(call.strings("allowed_updates"))
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook(
        url,
        secret,
        min(max(call.integer("max_connections", 40), 1), 100),
        call.strings("allowed_updates"),
    )
    world.updates.interrupt("terminated by setWebhook request")
    world.updates.arrived.set()
    return True


def _remove_webhook(world: World, *, drop: bool) -> bool:
    world.webhook = Webhook()
    if drop:
        world.updates.clear()
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    return _remove_webhook(call.world, drop=call.flag("drop_pending_updates"))


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    webhook = call.world.webhook
    body: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(call.world.updates),
    }
    if webhook.url:
        body["max_connections"] = webhook.max_connections
        if webhook.last_error_date:
            body["last_error_date"] = webhook.last_error_date
            body["last_error_message"] = webhook.last_error_message
    if webhook.allowed:
        body["allowed_updates"] = webhook.allowed
    return body


@method("close")
def close(call: Call) -> bool:
    """End this server's session, as before a move to another one; refused in its first ten minutes."""
    world = call.world
    left = START_QUIET - (world.clock() - world.started_at)
    if left > 0:
        raise too_many(math.ceil(left))
    world.started_at = world.clock()
    return True


@method("logOut")
def log_out(call: Call) -> bool:
    """Leave the server; it answers nothing for the next ten minutes."""
    call.world.logged_out_until = call.world.clock() + START_QUIET
    return True


@method("getFile")
def get_file(call: Call) -> Json:
    identifier = call.text("file_id")
    if not identifier:
        raise bad_request("file_id not specified")
    stored = media.find_file(call.world, identifier)
    if len(stored.data) > media.DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    kind = media.kind_of(identifier)
    folder = "music" if kind == "audio" else f"{kind}s" if kind else "documents"
    suffix = stored.name.rpartition(".")[2] if "." in stored.name else "bin"
    return {
        "file_id": identifier,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": f"{folder}/{stored.unique_id}.{suffix}",
    }
