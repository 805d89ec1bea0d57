"""The Bot API over HTTP: reads a request however it was made, calls the method, answers, records."""

from __future__ import annotations

import asyncio
import inspect
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from sandbox.api import (  # noqa: F401 - importing them registers their methods
    chats,
    copying,
    editing,
    inline,
    intake,
    links,
    media,
    members,
    payments,
    pinning,
    polls,
    profile,
    sending,
    topics,
    webhooks,
)
from sandbox.api.call import METHODS, Call, Upload
from sandbox.errors import ActionError, ApiError, bad_request
from sandbox.faults import BEFORE, LOST, Fault
from sandbox.fetching import fetch_media
from sandbox.limits import too_many
from sandbox.model import Json
from sandbox.world import World

LARGEST_FIELD = 10 * 1024 * 1024
PIECES = 50  # a slow body comes in so many


def answer(body: Json, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def refuse_token(world: World, token: str) -> Response | None:
    """401 for another bot's token, 404 for what is none at all; None when it is ours."""
    if token == world.bot_token:
        return None
    if re.match(r"\d+:", token):
        return answer(ApiError(401, "Unauthorized").as_json(), 401)
    return answer(ApiError(404, "Not Found").as_json(), 404)


async def read_call(world: World, request: Request, name: str) -> Call:
    """Parameters from the query, then from a JSON, form or multipart body.

    Raises:
        ApiError: 400, a body that is not what it claims to be.
    """
    params: Json = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method == "POST" and kind == "application/json":
        raw = await request.body()
        try:
            given = msgspec.json.decode(raw or b"{}")
        except msgspec.DecodeError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(given, dict):
            raise bad_request("JSON object expected")
        params |= given
    elif request.method == "POST" and kind:
        async with request.form(max_part_size=LARGEST_FIELD) as form:
            for key, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime_type = value.content_type or ""
                    files[key] = Upload(value.filename or "file", mime_type, await value.read())
                else:
                    params[key] = value
    return Call(world, params, files, name)


async def perform(call: Call) -> tuple[int, Json]:
    """Run a method: HTTP status and body."""
    function = METHODS.get(call.name)
    try:
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        await fetch_media(call)
        call.check_rate()
        result = function(call)
        if inspect.isawaitable(result):
            result = await result
        call.count()
    except ApiError as refusal:
        return refusal.code, refusal.as_json()
    except ActionError as refusal:
        return 400, bad_request(str(refusal)).as_json()
    body: Json = {"ok": True, "result": result}
    return 200, body | {"description": call.description} if call.description else body


def _loggable(call: Call) -> Json:
    uploads = {name: f"<{upload.name}, {len(upload.data)} bytes>" for name, upload in call.files.items()}
    return call.params | uploads


def _outcome(name: str, status: int, body: Json) -> Any:
    """What the record keeps: a batch of updates by its size only."""
    if status == 200 and name == "getupdates":
        return len(body["result"])
    return body.get("result", body.get("description"))


async def handle(request: Request) -> Response:
    """POST or GET /bot<token>/<method>."""
    world: World = request.app.state.world
    refused = refuse_token(world, request.path_params["token"])
    if refused:
        return refused
    shown = request.path_params["method"]
    name = shown.lower()
    at, started = world.clock(), time.monotonic()
    try:
        call = await read_call(world, request, name)
    except ApiError as refusal:
        return answer(refusal.as_json(), refusal.code)
    except ClientDisconnect:
        return Response(status_code=400)  # the bot ended in mid-sentence; nobody reads this
    fault = world.faults.strike(name)
    if fault and fault.kind in BEFORE:
        status, body = await _fail_before(fault, request)
    else:
        status, body = await perform(call)
    took = time.monotonic() - started
    outcome = _outcome(name, status, body)
    world.calls.add(at, took, shown, _loggable(call), status, outcome, fault.kind if fault else "")
    response = answer(body, status)
    if fault is None:
        return response
    if name == "getupdates" and fault.kind in LOST:
        world.updates.take_back()
    return await _spoil(fault, request, response)


async def _fail_before(fault: Fault, request: Request) -> tuple[int, Json]:
    """The call has no effect."""
    if fault.kind == "restart":
        request.app.restart(fault.seconds)
    if fault.kind == "flood":
        return 429, too_many(fault.retry_after).as_json()
    if fault.kind == "error":
        return fault.status, ApiError(fault.status, "Bad Gateway").as_json()
    if fault.kind == "timeout_before":
        await asyncio.sleep(fault.seconds)
    return 502, ApiError(502, "Bad Gateway").as_json()


async def _spoil(fault: Fault, request: Request, response: Response) -> Response:
    """What becomes of the answer on its way."""
    if fault.kind in ("drop_before", "drop_after"):
        transport = request.scope.get("sandbox.transport")
        if transport is not None:
            transport.abort()
        return Response(status_code=502)
    if fault.kind in ("timeout_after", "slow"):
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "truncate":
        raw = bytes(response.body)
        return Response(raw[: len(raw) // 2], response.status_code, media_type="application/json")
    elif fault.kind == "slow_body":
        headers = {"content-length": str(len(response.body))}
        pieces = _dribble(bytes(response.body), fault.seconds)
        return StreamingResponse(pieces, response.status_code, headers, response.media_type)
    elif fault.kind == "error_after":
        return answer(ApiError(fault.status, "Bad Gateway").as_json(), fault.status)
    return response


async def _dribble(raw: bytes, seconds: float) -> AsyncIterator[bytes]:
    """A body in small pieces, spread over a time."""
    size = max(1, len(raw) // PIECES)
    for start in range(0, len(raw), size):
        yield raw[start : start + size]
        await asyncio.sleep(seconds * size / len(raw))


async def download(request: Request) -> Response:
    """GET /file/bot<token>/<path>: the bytes getFile told of."""
    world: World = request.app.state.world
    refused = refuse_token(world, request.path_params["token"])
    if refused:
        return refused
    name = request.path_params["path"].rpartition("/")[2].partition(".")[0]
    stored = world.files.get(name)
    if stored is None:
        return answer(ApiError(404, "Not Found").as_json(), 404)
    response = Response(stored.data, media_type="application/octet-stream")
    fault = world.faults.strike("file")
    if fault is None:
        return response
    if fault.kind in BEFORE:
        status, body = await _fail_before(fault, request)
        response = answer(body, status)
    return await _spoil(fault, request, response)
