"""answerInlineQuery."""

from __future__ import annotations

from typing import Any

from sandbox import buttons, inline, media
from sandbox.api import sending
from sandbox.api.call import Call, method
from sandbox.errors import ApiError, bad_request
from sandbox.model import Chat, Json

MOST_RESULTS = 50
LONGEST_ID = 64  # bytes
# Results that carry a file by its id; those by address are shown, and what is sent is their address.
FILES = {
    "photo": ("photo", "photo_file_id"),
    "gif": ("animation", "gif_file_id"),
    "mpeg4_gif": ("animation", "mpeg4_file_id"),
    "video": ("video", "video_file_id"),
    "audio": ("audio", "audio_file_id"),
    "voice": ("voice", "voice_file_id"),
    "document": ("document", "document_file_id"),
    "sticker": ("sticker", "sticker_file_id"),
}
PROBLEM = "can't parse inline query result: "


def _result(call: Call, given: Any) -> Json:
    """What is shown of a result, and the message it makes."""
    if not isinstance(given, dict):
        raise bad_request(PROBLEM + "Inline query result must be an object")
    kind = str(given.get("type") or "").lower()
    if not kind or "id" not in given:
        raise bad_request(PROBLEM + f'Can\'t find field "{"id" if kind else "type"}"')
    if not 1 <= len(str(given["id"]).encode()) <= LONGEST_ID:
        raise bad_request("RESULT_ID_INVALID")
    markup = buttons.check_inline(given.get("reply_markup"), Chat(0, "group"))
    return {"shown": given, "content": _content(call, kind, given), "markup": markup}


def _content(call: Call, kind: str, given: Json) -> Json:
    message = given.get("input_message_content")
    if isinstance(message, dict) and message.get("message_text"):
        return sending.checked_text(call, message | {"text": message["message_text"]})
    if kind == "article":
        if not given.get("title"):
            raise bad_request(PROBLEM + 'Can\'t find field "title"')
        raise bad_request(PROBLEM + "Input message content is not specified")
    if kind not in FILES:
        raise bad_request(PROBLEM + f'type "{kind}" is unsupported for the inline query result')
    wanted, field = FILES[kind]
    address = given.get(field.replace("_file_id", "_url"))
    if address:
        content = sending.checked_text(call, {"text": str(address)})
    else:
        stored = media.find_file(call.world, str(given.get(field) or ""))
        content = media.media_content(stored, media.kind_of(str(given[field])) or wanted)
        content = sending.captioned(call, content, given)
    return content


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    results = call.value("results") or []
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    read = [_result(call, given) for given in results]
    ids = [result["shown"]["id"] for result in read]
    if len(set(ids)) < len(ids):
        raise ApiError(400, "Bad Request: RESULT_ID_DUPLICATE")
    button = call.value("button")
    inline.answer(call.world, call.text("inline_query_id"), read, call.text("next_offset"), button)
    return True
