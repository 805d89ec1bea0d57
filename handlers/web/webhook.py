"""The webhook: Telegram posts one update a request, and gets its 200 when the update is stored."""

from __future__ import annotations

import hmac

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.intake import Intake
from storage.store import StoreUnavailable

PATH = "/telegram"
LARGEST_BODY = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)


def create_web_app(intake: Intake, secret: str) -> Starlette:
    """A web application that takes in what Telegram posts to PATH with this secret. Raises ValueError without one."""
    if not secret:
        raise ValueError("a webhook needs a secret: anybody could post to it")
    app = Starlette(routes=[Route(PATH, receive, methods=["POST"])])
    app.state.intake = intake
    app.state.secret = secret.encode()
    return app


async def receive(request: Request) -> Response:
    """One update: 200 once it is stored, 503 where it cannot be now, 403 from strangers."""
    given = request.headers.get(SECRET_HEADER, "").encode()
    if not hmac.compare_digest(given, request.app.state.secret):
        return PlainTextResponse("wrong secret", 403)
    intake: Intake = request.app.state.intake
    try:
        # What cannot be read is quarantined and taken with a 200: Telegram would send it for ever.
        await intake.submit(intake.read_one(await read_body(request)))
    except StoreUnavailable:
        return PlainTextResponse("cannot be stored now", 503)
    return PlainTextResponse("ok")


async def read_body(request: Request) -> bytes:
    """The body, cut off at LARGEST_BODY (no update is so large; what is cut off cannot be read)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return bytes(body[:LARGEST_BODY])
