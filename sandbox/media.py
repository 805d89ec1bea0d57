"""Files: their ids, and the Bot API's photo, video, sticker … objects."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
from typing import TYPE_CHECKING

from sandbox import measures
from sandbox.errors import ActionError, bad_request, server_error
from sandbox.model import Json, StoredFile

if TYPE_CHECKING:
    from sandbox.world import World

KEPT_BYTES = 100 * 1024 * 1024  # of all files together; older ones are let go
SMALL = 64 * 1024
FIRST = 64  # so many of the first small files stay
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
THUMBNAIL_LIMIT = 200 * 1024
LONGEST_NOTE = 60  # seconds of a video note
PHOTO_SIDES = (("s", 90), ("m", 320), ("x", 800), ("y", 1280))
KINDS = ("photo", "video", "animation", "audio", "voice", "video_note", "sticker", "document")
# The letters that tell in a file id what the file is.
LETTERS = {
    "document": "d",
    "video": "v",
    "animation": "g",
    "audio": "a",
    "voice": "o",
    "video_note": "n",
    "sticker": "t",
    "thumbnail": "h",
}
KIND_OF = {letter: kind for kind, letter in LETTERS.items()} | {letter: "photo" for letter, _ in PHOTO_SIDES}
FORMATS = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/x-wav",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "tgs": "application/x-tgsticker",
}


def store_file(world: World, data: bytes, name: str, mime_type: str = "") -> StoredFile:
    """Keep bytes; the same bytes under the same name are one file."""
    unique = "AQ" + hashlib.sha256(name.encode() + b"\0" + data).hexdigest()[:14]
    if unique not in world.files:
        found = measures.measure(data)
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        if guessed == "application/octet-stream":
            guessed = FORMATS.get(found.format, guessed)
        picture = found.format in measures.PICTURES
        world.files[unique] = StoredFile(
            unique,
            data,
            name,
            guessed,
            found.width if picture else 0,
            found.height if picture else 0,
            measures=found,
        )
        _let_go(world, unique)
    return world.files[unique]


def _let_go(world: World, newest: str) -> None:
    """Forget old files when all together are too large: large ones first; the community's own are few and small."""
    sizes = {unique: len(stored.data) for unique, stored in world.files.items()}
    total = sum(sizes.values())
    small = [unique for unique, size in sizes.items() if size <= SMALL]
    for unique in [*(unique for unique in sizes if sizes[unique] > SMALL), *small[FIRST:]]:
        if total <= KEPT_BYTES or unique == newest:
            continue
        del world.files[unique]
        total -= sizes[unique]


def file_id(stored: StoredFile, kind: str) -> str:
    """An id that leads back to the file; `kind` tells what it is, or which size of a photo."""
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


def kind_of(identifier: str) -> str:
    """What a file id says its file is; empty for what is none."""
    head = identifier.partition("-")[0]
    return KIND_OF.get(head.removeprefix("SBX"), "") if head.startswith("SBX") else ""


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


def _file_json(stored: StoredFile, kind: str) -> Json:
    return {
        "file_id": file_id(stored, LETTERS[kind]),
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
    }


def document_json(stored: StoredFile) -> Json:
    return {"file_name": stored.name, "mime_type": stored.mime_type} | _file_json(stored, "document")


def media_json(stored: StoredFile, kind: str, given: Json | None = None) -> Json:
    """A Video, Animation, Audio, Voice, VideoNote, Sticker or Document; what `given` names overrides the bytes.

    The first description of a file stays with it: sent again by its id it is the same.
    """
    if kind in stored.shown:
        return dict(stored.shown[kind])
    found, given = stored.measures, given or {}
    named: Json = {"file_name": stored.name, "mime_type": stored.mime_type}
    length = {"duration": given.get("duration") or round(found.duration)}
    size = {"width": given.get("width") or found.width, "height": given.get("height") or found.height}
    body: Json = {}
    if kind in ("video", "animation"):
        body = length | size | named
    elif kind == "audio":
        body = length | named | {name: given[name] for name in ("title", "performer") if given.get(name)}
    elif kind == "voice":
        body = length | {"mime_type": stored.mime_type}
    elif kind == "video_note":
        body = length | {"length": given.get("length") or found.width or 240}
    elif kind == "sticker":
        body = size | ({"emoji": given["emoji"]} if given.get("emoji") else {})
        body |= {"is_animated": found.format == "tgs", "is_video": found.format == "webm", "type": "regular"}
    else:
        body = named
    body |= given.get("thumbnails", {}) if kind not in ("voice", "sticker") else {}
    stored.shown[kind] = body | _file_json(stored, kind)
    return dict(stored.shown[kind])


def thumbnail_json(stored: StoredFile) -> Json:
    """The fields of a picture that stands for a file; none for what is no small picture."""
    if not stored.width or len(stored.data) >= THUMBNAIL_LIMIT:
        return {}
    body = _file_json(stored, "thumbnail") | {"width": stored.width, "height": stored.height}
    return {"thumbnail": body, "thumb": body}


def suited(stored: StoredFile, wanted: str) -> str:
    """What a file sent as `wanted` becomes: what does not fit goes as something plainer, as at Telegram."""
    found = stored.measures
    if wanted == "video_note" and not (found.format == "mp4" and found.width == found.height):
        wanted = "video"
    if wanted == "video" and found.format not in measures.CLIPS:
        wanted = "animation" if found.format == "gif" else "document"
    if wanted == "animation" and found.format not in ("gif", "mp4"):
        wanted = "document"
    if wanted == "voice" and found.format not in ("ogg", "mp3", "m4a"):
        wanted = "audio"
    if wanted == "audio" and found.format not in measures.RECORDINGS:
        wanted = "document"
    if wanted == "sticker" and found.format not in ("webp", "png", "tgs", "webm"):
        wanted = "document"
    return wanted


def media_content(stored: StoredFile, kind: str, given: Json | None = None) -> Json:
    """Content for a file of this kind; an animation is also a document, for old programs."""
    if kind == "photo":
        return {"photo": photo_json(stored)}
    body = media_json(stored, kind, given)
    if kind == "animation":
        plain = {name: value for name, value in body.items() if name not in ("duration", "width", "height")}
        return {"animation": body, "document": plain}
    return {kind: body}


def check_photo(stored: StoredFile) -> None:
    """Refuse what Telegram takes for no photo.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    size = len(stored.data)
    if size > PHOTO_LIMIT:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
    if not stored.width:
        raise server_error("IMAGE_PROCESS_FAILED")
    sides = stored.width, stored.height
    if sum(sides) > 10_000 or max(sides) > 20 * min(sides):
        raise server_error("PHOTO_INVALID_DIMENSIONS")


def file_bytes(data: bytes | str) -> bytes:
    """Bytes as they are, text as Base64.

    Raises:
        ActionError: it is none.
    """
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else data
    except binascii.Error as error:
        raise ActionError(f"the file is not Base64: {error}") from error


def content_for(world: World, data: bytes, name: str, mime_type: str, kind: str = "") -> Json:
    """What an upload by a person becomes: what they chose, else a photo, a clip, a song or a document."""
    stored = store_file(world, data, name, mime_type)
    if kind:
        chosen = kind if kind in ("photo", "document") else suited(stored, kind)
    elif stored.mime_type == "image/gif":
        chosen = "animation"
    elif stored.width and len(data) <= PHOTO_LIMIT:
        chosen = "photo"
    elif stored.mime_type.startswith("video/"):
        chosen = "video"
    else:
        chosen = suited(stored, "audio")
    if chosen == "photo" and not stored.width:
        chosen = "document"
    return media_content(stored, chosen)
