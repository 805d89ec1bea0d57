"""Keeps other web pages out: the sandbox's own endpoints answer only to its own page and to programs."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

BODY_TYPES = ("application/json", "application/octet-stream")  # a page elsewhere may not send these unasked


def is_local_name(host: str) -> bool:
    """localhost or a plain address: names of other sites (DNS rebinding) are refused."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def objection(method: str, headers: Headers) -> str:
    """Why a request is refused; empty when it is welcome."""
    host = headers.get("host", "")
    if not is_local_name(host):
        return "the sandbox answers to localhost and plain addresses only"
    origin = headers.get("origin")
    if origin and urlsplit(origin).netloc != host:
        return "the request comes from another web page"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return "the request comes from another web page"
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if method not in ("GET", "HEAD", "DELETE") and kind not in BODY_TYPES:
        return "the body must be application/json"
    return ""


class Guard:
    """Guards everything but the Bot API, which the token guards."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if not scope["path"].startswith(("/bot", "/file/bot")):
            problem = objection(scope["method"], Headers(scope=scope))
            if problem:
                body = msgspec.json.encode({"error": problem})
                await Response(body, 403, media_type="application/json")(scope, receive, send)
                return
        await self.app(scope, receive, send)
