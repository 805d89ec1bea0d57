"""Methods by which updates and files reach the bot: getUpdates, getFile; and the end of a session."""

from __future__ import annotations

import math

import msgspec

from sandbox import media
from sandbox.api.call import Call, method
from sandbox.errors import ApiError, bad_request, conflict
from sandbox.limits import too_many
from sandbox.model import Json

WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
START_QUIET = 600  # seconds for which close is refused after a start, and all else after logOut
LONGEST_POLL = 50  # seconds, whatever is asked for


def allowed_kinds(call: Call) -> list[str] | None:
    """`allowed_updates`, in whatever case; what is no list of texts is as if it were not there."""
    try:
        given = call.value("allowed_updates")
    except ApiError:
        return None
    if not isinstance(given, list) or not all(isinstance(kind, str) for kind in given):
        return None
    return [kind.lower() for kind in given]


@method("getUpdates")
async def get_updates(call: Call) -> list[msgspec.Raw]:
    world = call.world
    if world.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    world.updates.set_allowed(allowed_kinds(call))
    limit = min(max(call.integer("limit", 100), 1), 100)
    timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL)
    return [msgspec.Raw(raw) for raw in await world.updates.fetch(call.integer("offset"), limit, timeout)]


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
