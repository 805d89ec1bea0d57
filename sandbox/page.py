"""The chat page and its live events."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from sandbox.admin import world_of

STATIC = Path(__file__).parent / "static"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


async def index(request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers=SECURITY)


async def static(request: Request) -> Response:
    path = (STATIC / request.path_params["name"]).resolve()
    if path.parent != STATIC.resolve() or not path.is_file():
        return Response("not found", 404)
    return FileResponse(path, headers=SECURITY)


async def events(request: Request) -> Response:
    """Server-sent events: everything that happens, for all personas alike."""
    return StreamingResponse(
        world_of(request).broadcast.listen(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
