"""Media named by an http(s) address: fetched before the method runs, as Telegram's servers would."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from sandbox.api.call import Call, Upload
from sandbox.errors import ApiError, bad_request, server_error
from sandbox.media import KINDS

PHOTO_FETCH_LIMIT = 5 * 1024 * 1024
FETCH_LIMIT = 20 * 1024 * 1024
PATIENCE = 10.0  # seconds for the whole of it
TIMEOUTS = httpx.Timeout(5.0)
MOST_REDIRECTS = 5
DOCUMENT_TYPES = ("application/pdf", "application/zip", "image/gif")  # all that sendDocument takes by address
ACCEPTED = {
    "photo": ("image/",),
    "video": ("video/",),
    "animation": ("video/mp4", "image/gif"),
    "audio": ("audio/", "video/mp4"),
    "voice": ("audio/", "application/ogg"),
    "sticker": ("image/webp",),
    "document": DOCUMENT_TYPES,
}
METHODS = {f"send{kind.replace('_', '')}": kind for kind in KINDS}


def _addresses(call: Call) -> dict[str, str]:
    """The addresses a call names for media, and what each is to be."""
    found: dict[str, Any] = {}
    kind = METHODS.get(call.name)
    if kind and kind not in call.files:
        found[call.text(kind)] = kind
    if call.name in ("sendmediagroup", "editmessagemedia"):
        try:
            given = call.value("media")
        except ApiError:  # the method itself will say so
            return {}
        for item in given if isinstance(given, list) else [given]:
            if isinstance(item, dict):
                found[str(item.get("media") or "")] = str(item.get("type") or "")
    # As at Telegram: what has a dot in it is an address, not a file id.
    return {ref: what for ref, what in found.items() if "." in ref and not ref.startswith("attach://")}


async def fetch_media(call: Call) -> None:
    """Fetch what a call names by address into `call.fetched`; what cannot be had is refused where it is used."""
    for address, kind in _addresses(call).items():
        try:
            async with asyncio.timeout(PATIENCE):
                call.fetched[address] = await _fetch(address, kind)
        except ApiError as refusal:
            call.fetched[address] = refusal
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            call.fetched[address] = server_error("WEBPAGE_CURL_FAILED")


async def _fetch(address: str, kind: str) -> Upload:
    url = address if "://" in address else f"http://{address}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("wrong HTTP URL specified")
    if kind == "video_note":  # "Sending video notes by a URL is currently unsupported"
        raise server_error("WEBPAGE_MEDIA_EMPTY")
    limit = PHOTO_FETCH_LIMIT if kind == "photo" else FETCH_LIMIT
    data = bytearray()
    options: dict[str, Any] = {"timeout": TIMEOUTS, "trust_env": False, "max_redirects": MOST_REDIRECTS}
    async with (
        httpx.AsyncClient(follow_redirects=True, **options) as client,
        client.stream("GET", url, headers={"User-Agent": "TelegramBot (like TwitterBot)"}) as response,
    ):
        if not response.is_success:
            raise server_error("WEBPAGE_CURL_FAILED")
        mime_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
        async for part in response.aiter_bytes():
            data += part
            if len(data) > limit:
                raise server_error("WEBPAGE_CURL_FAILED")
    if not data or not mime_type.startswith(ACCEPTED.get(kind, ("",))):
        raise server_error("WEBPAGE_MEDIA_EMPTY")
    name = unquote(parts.path.rpartition("/")[2]) or "file"
    return Upload(name, mime_type, bytes(data))
