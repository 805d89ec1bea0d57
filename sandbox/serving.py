"""Files over HTTP, whole or in part: without parts browsers cannot wind a video."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response


def file_response(request: Request, data: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """The bytes, or the one range the request asks for: 206, or 416 where there is none."""
    headers = headers | {"Accept-Ranges": "bytes"}
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if asked is None or asked[0] == "bytes=-":
        return Response(data, media_type=media_type, headers=headers)
    size = len(data)
    if asked[1]:
        start, end = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    else:
        start, end = max(0, size - int(asked[2])), size - 1
    if start > end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(data[start : end + 1], 206, media_type=media_type, headers=headers)
