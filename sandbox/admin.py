"""/sandbox/…: the JSON API behind the page and for tests."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sandbox import guide, media, pacing
from sandbox.actions import act
from sandbox.api.profile import commands_for
from sandbox.errors import ActionError
from sandbox.model import Json
from sandbox.scene import chat_state, older, people, state
from sandbox.serving import file_response
from sandbox.world import World


def reply(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def get_state(request: Request) -> Response:
    return reply(state(world_of(request)))


async def get_people(request: Request) -> Response:
    """The state without messages: what pages ask for when somebody came, went or got rights."""
    return reply(people(world_of(request)))


async def get_chat(request: Request) -> Response:
    """A chat with its latest messages, or with `before` (and `thread_id`) only the messages before that one."""
    world, query = world_of(request), request.query_params
    try:
        chat = world.chat(int(request.path_params["chat_id"]))
        if "before" in query:
            return reply(older(world, chat, int(query["before"]), int(query.get("thread_id", 0)) or None))
        return reply(chat_state(world, chat))
    except (ActionError, ValueError) as error:
        return reply({"error": str(error)}, 404)


async def post_act(request: Request) -> Response:
    """{"action": name, …its parameters}."""
    try:
        given = msgspec.json.decode(await request.body(), type=dict[str, Any])
        world, name = world_of(request), str(given.pop("action", ""))
        result = act(world, name, given)
        guide.follow(guide.Deed(world, name, given))
    except (ActionError, msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)
    return reply({"result": result})


async def post_upload(request: Request) -> Response:
    """A file as the body, everything else in the query: chat_id, user_id, name, caption, thread_id, …"""
    query = request.query_params
    params: Json = {k: int(query[k]) for k in ("chat_id", "user_id", "thread_id", "reply_to") if query.get(k)}
    params |= {k: query[k] for k in ("name", "caption", "mime_type", "kind") if k in query}
    data = await request.body()
    if len(data) > media.UPLOAD_LIMIT:
        return reply({"error": "the file is larger than 50 MB"}, 413)
    world = world_of(request)
    try:
        result = act(world, "send_file", params | {"data": data, "as_document": query.get("as_document") == "true"})
        guide.follow(guide.Deed(world, "send_file", params))
    except ActionError as error:
        return reply({"error": str(error)}, 400)
    return reply({"result": result})


async def post_updates(request: Request) -> Response:
    """A JSON list of ready updates, queued byte for byte as given."""
    try:
        raws = msgspec.json.decode(await request.body(), type=list[msgspec.Raw])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)
    world = world_of(request)
    for raw in raws:
        world.updates.inject(bytes(raw))
    return reply({"queued": len(raws), "pending": len(world.updates)})


async def get_updates(request: Request) -> Response:
    world = world_of(request)
    updates = world.updates
    return reply({"pending": len(updates), "let_go": updates.let_go, "allowed_updates": sorted(updates.allowed)})


async def get_calls(request: Request) -> Response:
    query = request.query_params
    return reply(world_of(request).calls.as_json(int(query.get("since", 0)), query.get("method", "")))


async def delete_calls(request: Request) -> Response:
    world_of(request).calls.clear()
    return reply({"result": True})


async def get_limits(request: Request) -> Response:
    return reply(world_of(request).limits.as_json())


async def post_limits(request: Request) -> Response:
    """{"enforced": whether too fast calls are refused}."""
    limits = world_of(request).limits
    try:
        limits.enforced = msgspec.json.decode(await request.body(), type=dict[str, bool])["enforced"]
    except (KeyError, msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": f'expected {{"enforced": true or false}}: {error}'}, 400)
    return reply(limits.as_json())


async def get_faults(request: Request) -> Response:
    return reply({"faults": [fault.as_json() for fault in world_of(request).faults.faults]})


async def post_fault(request: Request) -> Response:
    """One rule: {"kind": …, "method": …, "nth": … or "probability": …, "seed": …, …}."""
    try:
        rule = msgspec.json.decode(await request.body(), type=dict[str, Any])
        fault = world_of(request).faults.add(**rule)
    except (ActionError, msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)
    return reply({"result": fault.as_json()})


async def delete_faults(request: Request) -> Response:
    world_of(request).faults.clear()
    return reply({"result": True})


async def get_time(request: Request) -> Response:
    return reply(pacing.as_json(world_of(request)))


async def post_time(request: Request) -> Response:
    """Change the time's speed, life or skew: {"speed": 60, "life": true, "skew": 0}."""
    try:
        given = msgspec.json.decode(await request.body(), type=dict[str, Any])
        return reply(pacing.change(world_of(request), given))
    except (ActionError, msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)


async def post_restart(request: Request) -> Response:
    """{"seconds": …}: all connections end now, and the Bot API is away for so long."""
    try:
        given = msgspec.json.decode(await request.body() or b"{}", type=dict[str, float])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)
    request.app.restart(given.get("seconds", 0.0), request.scope.get("sandbox.transport"))
    return reply({"result": True})


async def get_commands(request: Request) -> Response:
    """The bot's menu for somebody in a chat."""
    world, query = world_of(request), request.query_params
    try:
        chat = world.chat(int(query.get("chat_id", 0)))
        return reply({"commands": commands_for(world, chat, int(query.get("user_id", 0)))})
    except (ActionError, ValueError) as error:
        return reply({"error": str(error)}, 404)


async def get_file(request: Request) -> Response:
    """A picture or video inline; everything else only as a download."""
    stored = world_of(request).files.get(request.path_params["unique_id"][:16])
    if stored is None:
        return reply({"error": "no such file"}, 404)
    harmless = stored.width or stored.mime_type.startswith(("video/", "audio/"))
    headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "private, max-age=31536000, immutable"}
    if not harmless:
        headers["Content-Disposition"] = "attachment"
    kind = stored.mime_type if harmless else "application/octet-stream"
    return file_response(request, stored.data, kind, headers)


async def post_guide(request: Request) -> Response:
    """{"hidden": true or false} puts the list of first steps away; {"turned": true}: the page changed its language."""
    world = world_of(request)
    try:
        given = msgspec.json.decode(await request.body(), type=dict[str, bool])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        return reply({"error": str(error)}, 400)
    if "hidden" in given:
        guide.hide(world, hidden=given["hidden"])
    if given.get("turned"):
        guide.follow(guide.Deed(world, "turn_page"))
    return reply({"guide": guide.as_json(world), "hidden": world.guide.hidden})
