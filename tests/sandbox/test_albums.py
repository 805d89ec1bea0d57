"""Albums: from the bot and from people."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.seeding.footage import clip
from sandbox.seeding.pictures import landscape
from tests.sandbox.telegram import Telegram

PICTURE = ("a.png", landscape(1), "image/png")
CLIP = ("b.mp4", clip(0), "video/mp4")
TEXT = ("c.txt", b"c", "text/plain")


def item(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "media": f"attach://{name}"} | more


async def test_an_album_is_several_messages_with_one_group(telegram: Telegram) -> None:
    sent = await telegram.upload(
        "sendMediaGroup",
        chat_id=telegram.group.id,
        media=[item("photo", "p"), item("video", "v", caption="<b>both</b>", parse_mode="HTML", width=9)],
        p=PICTURE,
        v=CLIP,
        protect_content=True,
    )
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[1]["message_id"] == sent[0]["message_id"] + 1
    assert "caption" not in sent[0]
    assert sent[1]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert (sent[1]["video"]["width"], sent[1]["video"]["height"]) == (9, 512)
    assert all(message["has_protected_content"] for message in sent)


async def test_a_single_item_is_sent_outside_any_album(telegram: Telegram) -> None:
    [sent] = await telegram.upload("sendMediaGroup", chat_id=telegram.group.id, media=[item("photo", "p")], p=PICTURE)
    assert "media_group_id" not in sent


PHOTO, DOCUMENT = item("photo", "p"), item("document", "d")
REFUSALS: list[tuple[Any, str]] = [
    ([], "there are no messages to send"),
    ([PHOTO] * 11, "too many messages to send as an album"),
    ([PHOTO, DOCUMENT], "document can't be mixed with other media types"),
    ([PHOTO, item("animation", "p")], "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"),
    ([PHOTO, item("voice", "p")], 'can\'t parse InputMedia: type "voice" is unsupported'),
    ([PHOTO, item("photo", "gone")], "can't parse InputMedia: media not found"),
    ([PHOTO, "p"], "can't parse InputMedia: expected an Object"),
    ([PHOTO, item("photo", "d")], 'failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"'),
    ([PHOTO, {"type": "photo", "media": "AgAC"}], "wrong file identifier/HTTP URL specified"),
    (
        [item("photo", "p", caption="x", show_caption_above_media=True), PHOTO],
        "parameter show_caption_above_media must be the same for all messages",
    ),
]


@pytest.mark.parametrize(("media", "description"), REFUSALS)
async def test_what_is_no_album(telegram: Telegram, media: Any, description: str) -> None:
    with pytest.raises(AssertionError) as refused:
        await telegram.upload("sendMediaGroup", chat_id=telegram.group.id, media=media, p=PICTURE, d=TEXT)
    assert f"Bad Request: {description}" in str(refused.value.args[0]["description"])
    assert len(telegram.group.messages) == 0


async def test_a_member_s_album_comes_as_separate_updates(telegram: Telegram) -> None:
    data = base64.b64encode(landscape(2)).decode()
    items = [{"name": f"{n}.png", "data": data, "mime_type": "image/png"} for n in range(3)]
    telegram.act("send_album", chat_id=telegram.group.id, user_id=telegram.first, items=items, caption="three")
    messages = [update["message"] for update in await telegram.updates()]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["three", None, None]


async def test_a_part_of_an_album_keeps_its_kind(telegram: Telegram) -> None:
    sent = await telegram.upload("sendMediaGroup", chat_id=telegram.group.id, media=[PHOTO, PHOTO], p=PICTURE)
    place = {"chat_id": telegram.group.id, "message_id": sent[0]["message_id"]}
    edited = await telegram.upload("editMessageMedia", **place, media=item("video", "v"), v=CLIP)
    assert edited["media_group_id"] == sent[0]["media_group_id"]
    with pytest.raises(AssertionError, match="can't change media type in the album"):
        await telegram.upload("editMessageMedia", **place, media=DOCUMENT, d=TEXT)
