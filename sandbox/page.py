"""The chat page and its live events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from sandbox.admin import world_of
from sandbox.seeding.metrics import metrics_csv

STATIC = Path(__file__).parent / "static"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; frame-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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


async def get_sample(request: Request) -> Response:
    """A table of figures to send to the bot: figures of another seed, noted a day earlier."""
    world = world_of(request)
    data = metrics_csv(world.seed + 1, datetime.fromtimestamp(world.now(), UTC) - timedelta(days=1))
    return Response(data, media_type="text/csv", headers={"Content-Disposition": "attachment"})
