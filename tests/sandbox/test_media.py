"""Files of every kind: what is read from their bytes, what they become, and media fetched by address."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.measures import measure
from sandbox.seeding.footage import CLIPS, FOLDER, clip, voice
from sandbox.seeding.pictures import landscape
from sandbox.world import World
from tests.sandbox.browser import in_browser, page_at
from tests.sandbox.telegram import Telegram

PICTURE = ("a.png", landscape(1), "image/png")
CLIP = ("b.mp4", clip(0), "video/mp4")
VOICE = ("v.ogg", voice(), "audio/ogg")
TEXT = ("c.txt", b"c", "text/plain")
GIF = b"GIF89a\x06\0\x04\0\0\0\0" + b"\x21\xf9\x04\0\x19\0\0\0\x2c\0\0\0\0\x06\0\x04\0\0\x02\x01\0\0" * 2 + b"\x3b"


def element(name: str, *content: bytes) -> bytes:
    """A part of a WebM file."""
    body = b"".join(content)
    return bytes.fromhex(name) + bytes([0x80 | len(body)]) + body


SCREEN = element("ae", element("e0", element("b0", b"\x01\x40"), element("ba", b"\xf0")))
LENGTH = element("1549a966", element("2ad7b1", b"\x0f\x42\x40"), element("4489", struct.pack(">d", 3000.0)))
WEBM = element("1a45dfa3") + element("18538067", LENGTH, element("1654ae6b", SCREEN))


def test_measures_are_read_from_the_bytes() -> None:
    found = measure(clip(1))
    assert (found.format, found.width, found.height, round(found.duration)) == ("mp4", 288, 512, 5)
    assert (measure(voice()).format, round(measure(voice()).duration)) == ("ogg", 4)
    assert measure(GIF) == measure(GIF[:-1])
    assert (measure(GIF).width, measure(GIF).height, measure(GIF).duration) == (6, 4, 0.5)
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s, 44.1 kHz
    tune = measure(b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + frame * 77)
    assert (tune.format, round(tune.duration)) == ("mp3", 2)
    film = measure(WEBM)
    assert (film.format, film.width, film.height, film.duration) == ("webm", 320, 240, 3.0)


@pytest.mark.parametrize("cut", [9, 13, 40, 200])
def test_broken_files_are_no_crash(cut: int) -> None:
    for data in (clip(0), voice(), GIF, WEBM, landscape(1), b"ID3" + bytes(300), b"\xff\xd8\xff\xc0" + bytes(4)):
        assert measure(data[:cut]).duration >= 0


def test_the_clips_are_small() -> None:
    assert all((FOLDER / f"clip{n + 1}.mp4").stat().st_size < 40_000 for n in range(CLIPS))
    assert len({clip(n) for n in range(9)}) == CLIPS


KINDS: list[tuple[str, tuple[str, bytes, str], str]] = [
    ("video", CLIP, "video"),
    ("video", TEXT, "document"),
    ("video_note", CLIP, "video"),
    ("animation", CLIP, "animation"),
    ("animation", ("a.gif", GIF, "image/gif"), "animation"),
    ("animation", PICTURE, "document"),
    ("audio", VOICE, "audio"),
    ("voice", VOICE, "voice"),
    ("voice", TEXT, "document"),
    ("sticker", PICTURE, "sticker"),
    ("document", CLIP, "document"),
]


@pytest.mark.parametrize(("sent_as", "file", "becomes"), KINDS)
async def test_what_a_file_becomes(
    telegram: Telegram, sent_as: str, file: tuple[str, bytes, str], becomes: str
) -> None:
    method = "send" + sent_as.title().replace("_", "")
    sent = await telegram.upload(method, **{"chat_id": telegram.group.id, sent_as: file})
    assert becomes in sent
    again = await telegram.call("sendDocument", chat_id=telegram.group.id, document=sent[becomes]["file_id"])
    assert again[becomes] == sent[becomes]


async def test_what_the_bot_says_of_a_video_counts(telegram: Telegram) -> None:
    params = {"chat_id": telegram.group.id, "video": CLIP, "width": 100, "thumbnail": PICTURE}
    video = (await telegram.upload("sendVideo", **params))["video"]
    assert (video["width"], video["height"], video["duration"]) == (100, 512, 4)
    assert (video["thumbnail"]["width"], video["thumbnail"]["height"]) == (480, 600)
    file = await telegram.call("getFile", file_id=video["thumbnail"]["file_id"])
    down = await telegram.client.get(f"/file/bot{telegram.world.bot_token}/{file['file_path']}")
    assert down.content == landscape(1)


async def test_an_id_of_another_class_is_refused(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    photo = (await telegram.upload("sendPhoto", **place, photo=PICTURE))["photo"][-1]["file_id"]
    video = (await telegram.upload("sendVideo", **place, video=CLIP))["video"]["file_id"]
    refusal = await telegram.refusal("sendPhoto", **place, photo=video)
    assert refusal == "Bad Request: can't use file of type Video as Photo"
    refusal = await telegram.refusal("sendVideo", **place, video=photo)
    assert refusal == "Bad Request: can't use file of type Photo as Video"
    for method, name in [("sendVideo", "video"), ("sendVideoNote", "video note"), ("sendVoice", "voice")]:
        assert await telegram.refusal(method, **place) == f"Bad Request: there is no {name} in the request"


async def test_spoilers_and_captions_above(telegram: Telegram) -> None:
    more = {"has_spoiler": True, "caption": "x", "show_caption_above_media": True}
    sent = await telegram.upload("sendPhoto", chat_id=telegram.group.id, photo=PICTURE, **more)
    assert (sent["has_media_spoiler"], sent["show_caption_above_media"]) == (True, True)


async def test_a_plain_member_sends_only_what_the_group_allows(telegram: Telegram) -> None:
    telegram.demote_bot()
    telegram.group.permissions = frozenset({"can_send_messages"})
    place = {"chat_id": telegram.group.id}
    await telegram.call("sendMessage", **place, text="hi")
    refusal = await telegram.refusal("sendPoll", **place, question="?", options=["a"])
    assert refusal == "Bad Request: not enough rights to send polls to the chat"
    assert "not enough rights to send dice" in await telegram.refusal("sendDice", **place)


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A web site with a picture, a page, a broken link, a loop, and a slow one; gives its address."""
    bodies: dict[str, tuple[str, str, bytes]] = {
        "/sea.png": ("200 OK", "Content-Type: image/png", landscape(2)),
        "/clip.mp4": ("200 OK", "Content-Type: video/mp4", clip(2)),
        "/page.html": ("200 OK", "Content-Type: text/html", b"<p>"),
        "/moved.png": ("302 Found", "Location: /sea.png", b""),
        "/loop.png": ("302 Found", "Location: /loop.png", b""),
        "/big.png": ("200 OK", "Content-Type: image/png", landscape(2) + bytes(5 * 2**20)),
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        status, header, body = bodies.get(path, ("404 Not Found", "X-Nothing: here", b""))
        writer.write(
            f"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(body)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


async def test_media_by_address_is_fetched(telegram: Telegram, site: str) -> None:
    place = {"chat_id": telegram.group.id}
    for name in ("sea.png", "moved.png"):
        sent = await telegram.call("sendPhoto", **place, photo=f"{site}/{name}")
        assert sent["photo"][-1]["width"] == 480
    video = (await telegram.call("sendVideo", **place, video=f"{site}/clip.mp4"))["video"]
    assert (video["file_name"], video["duration"]) == ("clip.mp4", 6)
    items = [{"type": "photo", "media": f"{site}/sea.png"}, {"type": "video", "media": f"{site}/clip.mp4"}]
    assert len(await telegram.call("sendMediaGroup", **place, media=items)) == 2


REFUSALS: list[tuple[str, str, str]] = [
    ("photo", "/page.html", "wrong type of the web page content"),
    ("photo", "/gone.png", "failed to get HTTP URL content"),
    ("photo", "/loop.png", "failed to get HTTP URL content"),
    ("photo", "/big.png", "failed to get HTTP URL content"),
    ("document", "/sea.png", "wrong type of the web page content"),
]


@pytest.mark.parametrize(("kind", "path", "description"), REFUSALS)
async def test_what_cannot_be_fetched(telegram: Telegram, site: str, kind: str, path: str, description: str) -> None:
    params: dict[str, Any] = {"chat_id": telegram.group.id, kind: site + path}
    assert await telegram.refusal(f"send{kind.title()}", **params) == f"Bad Request: {description}"
    if kind == "photo":
        items = [{"type": "photo", "media": f"{site}/sea.png"}, {"type": "photo", "media": site + path}]
        code = "WEBPAGE_MEDIA_EMPTY" if "type" in description else "WEBPAGE_CURL_FAILED"
        refusal = await telegram.refusal("sendMediaGroup", chat_id=telegram.group.id, media=items)
        assert refusal == f'Bad Request: failed to send message #2 with the error message "{code}"'


async def test_addresses_that_are_none(telegram: Telegram) -> None:
    place = {"chat_id": telegram.group.id}
    assert await telegram.refusal("sendPhoto", **place, photo="ftp://a.b/c") == "Bad Request: wrong HTTP URL specified"
    refusal = await telegram.refusal("sendPhoto", **place, photo="http://127.0.0.1:1/a.png")
    assert refusal == "Bad Request: failed to get HTTP URL content"


async def test_parts_of_a_file(telegram: Telegram) -> None:
    sent = await telegram.upload("sendVideo", chat_id=telegram.group.id, video=CLIP)
    path, size = f"/sandbox/files/{sent['video']['file_unique_id']}", len(clip(0))
    for asked, start, end in [
        ("0-9", 0, 9),
        ("10-", 10, size - 1),
        ("-5", size - 5, size - 1),
        ("7-999999", 7, size - 1),
    ]:
        part = await telegram.client.get(path, headers={"range": f"bytes={asked}"})
        assert (part.status_code, part.headers["content-range"]) == (206, f"bytes {start}-{end}/{size}")
        assert part.content == clip(0)[start : end + 1]
    assert (await telegram.client.get(path, headers={"range": f"bytes={size}-"})).status_code == 416
    assert (await telegram.client.get(path)).content == clip(0)


@in_browser
async def test_the_clips_play_in_a_browser(world: World, address: str, telegram: Telegram) -> None:
    sent = await telegram.upload("sendVideo", chat_id=telegram.group.id, video=CLIP)
    async with page_at(address) as page:
        played = await page.evaluate(
            """async source => {
                const video = Object.assign(document.createElement("video"), {src: source, muted: true});
                await video.play();
                await new Promise(resolve => setTimeout(resolve, 500));
                const seen = [video.videoWidth, video.videoHeight, video.duration, video.currentTime > 0.2];
                video.currentTime = 3;
                await new Promise(resolve => video.addEventListener("seeked", resolve, {once: true}));
                return [...seen, video.currentTime >= 3];
            }""",
            f"/sandbox/files/{sent['video']['file_unique_id']}",
        )
    assert played == [288, 512, 4, True, True]
