"""Methods that send files: photos, videos, sounds, stickers, documents, and albums of them."""

from __future__ import annotations

from sandbox import media
from sandbox.api import sending
from sandbox.api.call import Call, method
from sandbox.errors import ApiError, bad_request
from sandbox.model import Json, StoredFile
from sandbox.wire import message_json

MOST_IN_ALBUM = 10
ALBUM_KINDS = frozenset({"photo", "video", "audio", "document"})
ALONE = {"audio": "Audio", "document": "Document"}  # not mixed with other kinds
SIZE_LIMIT, LENGTH_LIMIT = 10_000, 24 * 3600


def file_content(call: Call, wanted: str, given: Json, reference: str | None = None) -> Json:
    """Content for a file parameter sent as `wanted`; a file id stays what it was.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    identifier = call.text(wanted) if reference is None else reference
    stored = call.file(wanted, reference)
    kind = media.kind_of(identifier) or wanted
    if (kind == "photo") != (wanted == "photo"):
        was, becomes = kind.replace("_", " ").title().replace(" ", ""), wanted.replace("_", " ").title()
        raise bad_request(f"can't use file of type {was} as {becomes.replace(' ', '')}")
    if kind == "photo":
        media.check_photo(stored)
        return media.media_content(stored, "photo")
    if not media.kind_of(identifier):
        kind = media.suited(stored, wanted)
    return media.media_content(stored, kind, _described(call, given))


def _described(call: Call, given: Json) -> Json:
    """Duration, measures, title and thumbnail as the request gives them."""
    source = Call(call.world, given)
    body: Json = {"duration": min(max(source.integer("duration"), 0), LENGTH_LIMIT)}
    body |= {name: min(max(source.integer(name), 0), SIZE_LIMIT) for name in ("width", "height", "length")}
    body |= {name: source.text(name) for name in ("title", "performer", "emoji")}
    thumbnail = _thumbnail(call, source.text("thumbnail") or source.text("thumb"))
    return body | {"thumbnails": media.thumbnail_json(thumbnail) if thumbnail else {}}


def _thumbnail(call: Call, reference: str) -> StoredFile | None:
    """An uploaded thumbnail; what is no upload is ignored, as at Telegram."""
    for name in (reference.removeprefix("attach://"), "thumbnail", "thumb"):
        upload = call.files.get(name)
        if upload and upload.data:
            return media.store_file(call.world, upload.data, upload.name, upload.mime_type)
    return None


def _send(call: Call, kind: str) -> Json:
    chat = call.writable_chat()
    content = file_content(call, kind, call.params)
    if kind not in ("sticker", "video_note"):
        content = sending.captioned(call, content)
    return sending.deliver(call, chat, content)


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    return _send(call, "photo")


@method("sendDocument")
def send_document(call: Call) -> Json:
    return _send(call, "document")


@method("sendVideo")
def send_video(call: Call) -> Json:
    return _send(call, "video")


@method("sendAnimation")
def send_animation(call: Call) -> Json:
    return _send(call, "animation")


@method("sendAudio")
def send_audio(call: Call) -> Json:
    return _send(call, "audio")


@method("sendVoice")
def send_voice(call: Call) -> Json:
    return _send(call, "voice")


@method("sendVideoNote")
def send_video_note(call: Call) -> Json:
    if call.integer("length") > 640:
        raise bad_request("wrong video note length")
    return _send(call, "video_note")


@method("sendSticker")
def send_sticker(call: Call) -> Json:
    return _send(call, "sticker")


def input_media(call: Call, item: object, *, for_album: bool) -> Json:
    """Content for one InputMedia.

    Raises:
        ApiError: 400, as Telegram words it.
    """
    problem = "can't parse InputMedia: "
    if not isinstance(item, dict):
        raise bad_request(problem + "expected an Object")
    kind, reference = str(item.get("type") or ""), str(item.get("media") or "")
    attached = reference.startswith("attach://")
    if not reference or (attached and reference.removeprefix("attach://") not in call.files):
        raise bad_request(problem + "media not found")
    if not kind:
        raise bad_request(problem + 'Can\'t find field "type"')
    if for_album and kind == "animation":
        raise bad_request(problem + f'type "{kind}" can\'t be used in sendMediaGroup')
    if kind not in ALBUM_KINDS | {"animation"}:
        raise bad_request(problem + f'type "{kind}" is unsupported')
    return sending.captioned(call, file_content(call, kind, item, reference), item)


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    chat = call.writable_chat()
    items = call.value("media")
    if items is None:
        raise bad_request('parameter "media" is required')
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    contents: list[Json] = []
    for number, item in enumerate(items, 1):
        try:
            contents.append(input_media(call, item, for_album=True))
        except ApiError as refusal:
            if not refusal.raw:
                raise
            raise bad_request(f'failed to send message #{number} with the error message "{refusal.raw}"') from refusal
    _check_album(contents, [Call(call.world, item).flag("show_caption_above_media") for item in items])
    call.params.pop("reply_markup", None)  # albums have none
    where = sending.place(call, chat)
    for content in contents:
        sending.require_right(call, chat, content)
    group: Json = {"media_group_id": call.world.next_id()} if len(contents) > 1 else {}
    posted = [sending.post(call, where, content, group) for content in contents]
    return [message_json(call.world, message) for message in posted]


def _check_album(contents: list[Json], above: list[bool]) -> None:
    """`above`: of each part, whether it asks for its caption above it, though it may have none."""
    if len(contents) > MOST_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    if not contents:
        raise bad_request("there are no messages to send")
    seen = zip(contents, above, strict=True)
    if len({is_above and ("photo" in content or "video" in content) for content, is_above in seen}) > 1:
        raise bad_request("parameter show_caption_above_media must be the same for all messages")
    kinds = {next(kind for kind in media.KINDS if kind in content) for content in contents}
    if len(kinds) > 1:
        for kind, named in ALONE.items():
            if kind in kinds:
                raise bad_request(f"{named.lower()} can't be mixed with other media types")
