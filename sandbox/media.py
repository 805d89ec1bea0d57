"""Files: their ids, their sizes in pixels, and the Bot API's photo, document and video objects."""

from __future__ import annotations

import hashlib
import mimetypes
import struct
from typing import TYPE_CHECKING

from sandbox.errors import bad_request
from sandbox.model import Json, StoredFile

if TYPE_CHECKING:
    from sandbox.world import World

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SIDES = (("s", 90), ("m", 320), ("x", 800), ("y", 1280))


def store_file(world: World, data: bytes, name: str, mime_type: str = "") -> StoredFile:
    """Keep bytes; the same bytes under the same name are one file."""
    unique = "AQ" + hashlib.sha256(name.encode() + b"\0" + data).hexdigest()[:14]
    if unique not in world.files:
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        width, height = picture_size(data)
        world.files[unique] = StoredFile(unique, data, name, guessed, width, height)
    return world.files[unique]


def file_id(stored: StoredFile, kind: str) -> str:
    """An id that leads back to the file; `kind` keeps the sizes of one photo apart."""
    return f"SBX{kind}-{stored.unique_id}AAE"


def find_file(world: World, identifier: str) -> StoredFile:
    """The file behind a file id.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    head, _, tail = identifier.partition("-")
    stored = world.files.get(tail.removesuffix("AAE"))
    if not head.startswith("SBX") or stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored


def photo_json(stored: StoredFile) -> list[Json]:
    """PhotoSizes, smallest first. Every size is served with the original's bytes."""
    sizes: list[Json] = []
    longest = max(stored.width, stored.height, 1)
    for kind, side in PHOTO_SIDES:
        scale = min(1.0, side / longest)
        sizes.append(
            {
                "file_id": file_id(stored, kind),
                "file_unique_id": stored.unique_id + kind,
                "file_size": len(stored.data),
                "width": max(1, round(stored.width * scale)),
                "height": max(1, round(stored.height * scale)),
            }
        )
        if longest <= side:
            break
    return sizes


def document_json(stored: StoredFile) -> Json:
    return {
        "file_name": stored.name,
        "mime_type": stored.mime_type,
        "file_id": file_id(stored, "d"),
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
    }


def video_json(stored: StoredFile) -> Json:
    """A Video; length and measures are not read from the file."""
    body = document_json(stored) | {"duration": 15, "width": 720, "height": 1280}
    body["file_id"] = file_id(stored, "v")
    return body


def content_for(world: World, data: bytes, name: str, mime_type: str) -> Json:
    """What an upload by a person becomes: a photo, a video, or a document."""
    stored = store_file(world, data, name, mime_type)
    if stored.width and stored.mime_type != "image/gif" and len(data) <= PHOTO_LIMIT:
        return {"photo": photo_json(stored)}
    if stored.mime_type.startswith("video/"):
        return {"video": video_json(stored)}
    return {"document": document_json(stored)}


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, GIF, WebP or JPEG; (0, 0) for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp_size(data)
    if data[:2] == b"\xff\xd8":
        return _jpeg_size(data)
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0
