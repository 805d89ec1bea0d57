"""The seeded history in the form Telegram Desktop exports a chat as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from sandbox.model import Json
from sandbox.seeding import cast
from sandbox.seeding.history import SHANGHAI, Entry

if TYPE_CHECKING:
    from sandbox.seeding.plot import Plot

NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"
MEDIA: dict[str, Json] = {
    "photo": {"photo": NOT_INCLUDED, "photo_file_size": 148_201, "width": 960, "height": 1280},
    "video": {
        "file": NOT_INCLUDED,
        "file_name": "clip.mp4",
        "file_size": 4_812_733,
        "thumbnail": NOT_INCLUDED,
        "media_type": "video_file",
        "mime_type": "video/mp4",
        "duration_seconds": 15,
        "width": 720,
        "height": 1280,
    },
    "sticker": {
        "file": NOT_INCLUDED,
        "file_name": "sticker.webp",
        "media_type": "sticker",
        "sticker_emoji": "😊",
        "width": 512,
        "height": 512,
    },
    "voice": {"file": NOT_INCLUDED, "media_type": "voice_message", "mime_type": "audio/ogg", "duration_seconds": 7},
}


def local_time(at: int) -> str:
    """The exporting computer's clock, here Shanghai's; no zone, as Desktop writes it."""
    return datetime.fromtimestamp(at + SHANGHAI, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def telegram_export(plot: Plot) -> Iterator[bytes]:
    """The file result.json in pieces, oldest message first."""
    head = {"name": cast.TITLE, "type": "private_supergroup", "id": plot.export_id}
    yield msgspec.json.encode(head)[:-1] + b',"messages":['
    for number, entry in enumerate(plot.entries):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(message(plot, entry))
    yield b"\n]}\n"


def message(plot: Plot, entry: Entry) -> Json:
    """One message of the export."""
    author = plot.members[entry.author]
    body: Json = {
        "id": entry.id,
        "type": "service" if entry.action else "message",
        "date": local_time(entry.at),
        "date_unixtime": str(entry.at),
    }
    if entry.action:
        return body | {"actor": author.name, "actor_id": f"user{author.user_id}"} | _service(plot, entry)
    body |= {"from": author.name, "from_id": f"user{author.user_id}"}
    reply = entry.reply or plot.topic_ids.get(entry.topic)
    if reply:
        body["reply_to_message_id"] = reply
    body |= MEDIA.get(entry.media, {})
    body |= {"text": entry.text, "text_entities": [{"type": "plain", "text": entry.text}] if entry.text else []}
    if entry.reactions:
        body["reactions"] = _reactions(plot, entry)
    return body


def _service(plot: Plot, entry: Entry) -> Json:
    body: Json = {"action": entry.action}
    if entry.action == "create_group":
        body |= {"title": cast.TITLE, "members": [plot.members[0].name]}
    elif entry.action == "topic_created":
        body["title"] = cast.TOPICS[entry.topic - 1][0]
    elif entry.action == "join_group_by_link":
        body["inviter"] = "Group"
    else:
        body["members"] = [plot.members[entry.subject].name]
    return body | {"text": "", "text_entities": []}


def _reactions(plot: Plot, entry: Entry) -> list[Json]:
    """By emoji with their number; Desktop names only the latest few who reacted."""
    found: list[Json] = []
    for emoji in dict.fromkeys(emoji for emoji, _, _ in entry.reactions):
        given = sorted((r for r in entry.reactions if r[0] == emoji), key=lambda r: -r[2])
        recent = [
            {
                "from": plot.members[giver].name,
                "from_id": f"user{plot.members[giver].user_id}",
                "date": local_time(at),
            }
            for _, giver, at in given[:3]
        ]
        found.append({"type": "emoji", "count": len(given), "emoji": emoji, "recent": recent})
    return sorted(found, key=lambda r: -int(r["count"]))
