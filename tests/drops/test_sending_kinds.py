"""Every kind of content is posted as it was given: caption with its formatting, spoiler, topic, silently."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.seeding.footage import clip, voice
from sandbox.seeding.pictures import landscape
from sandbox.world import World
from storage.drop_content import Content, DropButton, PieceKind
from storage.drops import State
from storage.store import Store
from tests.bot.conversation import buttons, text_of
from tests.drops.sending_desk import sending

BOLD = {"type": "bold", "offset": 0, "length": 3}
LINK = {"type": "text_link", "offset": 4, "length": 4, "url": "https://example.com/"}
TUNE = b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + (b"\xff\xfb\x90\x00" + bytes(413)) * 77
FILES: dict[PieceKind, tuple[bytes, str]] = {
    "photo": (landscape(1), "a.png"),
    "video": (clip(1), "b.mp4"),
    "animation": (clip(2), "c.mp4"),
    "document": (b"a list", "d.txt"),
    "audio": (TUNE, "e.mp3"),
    "voice": (voice(), "f.ogg"),
    "video_note": (clip(3), "g.mp4"),
    "sticker": (landscape(2), "h.png"),
}
MUTE = ("video_note", "sticker")


async def test_every_kind_goes_out_as_it_was_given(world: World, store: Store) -> None:
    async with sending(world, store) as desk:
        thread = desk.talk.act("open_topic", chat_id=desk.chat.id, user_id=desk.talk.manager, name="Films")["thread_id"]
        numbers = {}
        for kind, (data, name) in FILES.items():
            piece = desk.piece(kind, data, name, spoiler=kind in ("photo", "video", "animation"))
            words = Content("New film", (BOLD, LINK), (piece,))
            values: dict[str, Any] = {"thread_id": thread, "silent": True, "buttons": (DropButton("like"),)}
            numbers[kind] = desk.queue(words, **values)
        for number in numbers.values():
            await desk.until(number, State.SENT)
        for kind, number in numbers.items():
            piece = desk.find(number).content.pieces[0]
            message = world.message(desk.chat.id, desk.messages(number)[0].message_id)
            shown = message.content[kind]
            assert (shown[-1] if kind == "photo" else shown)["file_unique_id"] == piece.unique
            assert text_of(message) == ("" if kind in MUTE else "New film")
            if kind not in MUTE:
                assert message.content["caption_entities"] == [BOLD, LINK]
            assert message.content.get("has_media_spoiler", False) is piece.spoiler
            assert message.thread_id == thread
            assert "👍" in buttons(message)[0][0]
        for kind in FILES:
            (call,) = world.calls.since(0, f"send{kind.title().replace('_', '')}")
            assert call.params["disable_notification"] in (True, "true")


@pytest.mark.parametrize("kind", FILES)
async def test_a_lost_one_is_known_again_by_a_reply(world: World, store: Store, quick: None, kind: PieceKind) -> None:
    async with sending(world, store) as desk:
        world.faults.add(kind="drop_after", method=f"send{kind.title().replace('_', '')}", nth=1)
        data, name = FILES[kind]
        pieces = (desk.piece(kind, data, name),)
        number = desk.queue(Content(pieces=pieces) if kind in MUTE else Content("New film", (BOLD,), pieces))
        await desk.until(number, State.UNCERTAIN)
        (message,) = desk.posts()
        desk.talk.act("send", chat_id=desk.chat.id, user_id=desk.talk.members[0], text="nice", reply_to=message.id)
        await desk.until(number, State.SENT)
        assert [one.message_id for one in desk.messages(number)] == [message.id]
