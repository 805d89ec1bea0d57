"""Writes exports in the shape of Telegram Desktop's, of any size, the same for the same seed.

Pretty files are laid out as Telegram Desktop does (one space a level), compact ones without white space.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from time import gmtime, strftime
from typing import Any

START = 1_640_995_200  # 2022-01-01 00:00 UTC
MEMBERS = 3_000
USER_HOLE = 1_777_777
EMOJI = ("👍", "❤", "🔥", "😂", "🎉")
MEDIA: tuple[dict[str, Any], ...] = (
    {"photo": "photos/photo_1@01-01-2022_12-00-00.jpg", "photo_file_size": 176179, "width": 1280, "height": 960},
    {"file": "stickers/sticker.webp", "media_type": "sticker", "sticker_emoji": "😎", "width": 512, "height": 512},
    {"file": "video_files/1.mp4", "media_type": "video_file", "mime_type": "video/mp4", "duration_seconds": 21},
    {"file": "voice_messages/a.ogg", "media_type": "voice_message", "mime_type": "audio/ogg"},
)
SENTENCES = (
    "Did anyone see the new video? The second half is better than the first.",
    "Thursday evening works for me, let us say eight o'clock.",
    "What a take! The colours in the last scene are worth a poster.",
    "今晚八点的视频大家看了吗？我觉得最后一段剪得特别好。",
    "ok",
    "I ordered the blue one yesterday, it should be here by the weekend; I will post a photo when it comes.",
)


def local(at: int) -> str:
    """The exporting machine's time (three hours east of Greenwich), as Telegram Desktop writes it."""
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(at + 3 * 3600))


def message(rng: random.Random, number: int, at: int) -> dict[str, Any]:
    """One message or service message, as Telegram Desktop would write it."""
    user = USER_HOLE
    entry: dict[str, Any] = {
        "id": number,
        "type": "message",
        "date": local(at),
        "date_unixtime": str(at),
    }
    draw = rng.random()
    if draw < 0.02:
        entry |= {"type": "service", "actor": f"Person {user}", "actor_id": f"user{7_000_000_000 + user}"}
        entry |= (
            {"action": "join_group_by_link", "inviter": "Group"}
            if draw < 0.015
            else {
                "action": "pin_message",
                "message_id": max(1, number - 3),
            }
        )
        return entry | {"text": "", "text_entities": []}
    if draw < 0.08:
        entry |= {"edited": entry["date"], "edited_unixtime": str(at)}
    entry |= {"from": f"Person {user}", "from_id": f"user{7_000_000_000 + user}"}
    if draw > 0.7:
        entry["reply_to_message_id"] = max(1, number - rng.randrange(1, 30))
    elif draw < 0.1:
        entry["forwarded_from"] = "Some channel"
    if 0.4 < draw < 0.52:
        entry |= MEDIA[number % len(MEDIA)]
    text = SENTENCES[number % len(SENTENCES)]
    entry["text"] = text
    entry["text_entities"] = [{"type": "plain", "text": text}]
    if 0.25 < draw < 0.3:
        link = {"type": "link", "text": "https://example.org/watch?v=1"}
        entry |= {"text": [text + " ", link, ""], "text_entities": [{"type": "plain", "text": text + " "}, link]}
    if rng.random() < 0.1:
        entry["reactions"] = [{"type": "emoji", "count": rng.randrange(1, 9), "emoji": EMOJI[number % len(EMOJI)]}]
    return entry


def layout(value: Any, depth: int, compact: bool) -> str:
    """A value as JSON, indented as inside an array at `depth`."""
    if compact:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


def patterns(seed: int, compact: bool) -> list[tuple[str, str, str]]:
    """A stock of laid-out messages with holes for id, time and reply, so that a million take seconds to write."""
    rng = random.Random(seed)
    made = []
    for index in range(4_000):
        entry = message(rng, 1_000_000_000 + index, 1_900_000_000 + index)
        if "reply_to_message_id" in entry:
            entry["reply_to_message_id"] = 1_000_000_000 + index
        text = layout(entry, 2, compact)
        made.append((text, str(1_000_000_000 + index), str(1_900_000_000 + index)))
    return made


def write_export(path: Path, count: int, *, seed: int = 1, compact: bool = False) -> Path:
    """Write a supergroup's export of `count` messages, about one a minute."""
    stock = patterns(seed, compact)
    with path.open("w", encoding="utf-8") as file:
        file.write(_opening(compact))
        for chunk in _chunks(stock, count, seed, compact):
            file.write(chunk)
        file.write("]}" if compact else "\n ]\n}")
    return path


def _opening(compact: bool) -> str:
    header = {"name": "Peak Lab", "type": "public_supergroup", "id": 1_234_567_890, "messages": []}
    return layout(header, 0, compact).rstrip("}\n ").removesuffix("]")


def _chunks(stock: list[tuple[str, str, str]], count: int, seed: int, compact: bool) -> Iterator[str]:
    rng = random.Random(seed + 1)
    at, parts = START, []
    for number in range(1, count + 1):
        text, id_hole, time_hole = stock[rng.randrange(len(stock))]
        at += rng.randrange(1, 120)
        # The id's hole stands at the id itself and, in replies, at the message replied to.
        text = text.replace(id_hole, str(number), 1).replace(id_hole, str(max(1, number - 7)))
        text = text.replace(time_hole, str(at)).replace(local(int(time_hole)), local(at))
        user = min(int(rng.paretovariate(0.5)), MEMBERS)
        parts.append(text.replace("7001777777", str(7_000_000_000 + user)).replace("1777777", str(user)))
        if len(parts) == 5_000 or number == count:
            joined = ("," if compact else ",\n  ").join(parts)
            opening = "" if compact else "\n  "
            yield ("," if number > 5_000 else "") + opening + joined
            parts.clear()
