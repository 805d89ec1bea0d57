"""Ready-made updates in the Bot API's shape, written by us."""

from __future__ import annotations

import json
from random import Random
from typing import Any

Json = dict[str, Any]
NOW = 1_790_000_000  # 2026-09-21 14:13:20 UTC
BOT = "PeakDropTestBot"
GROUP = -1001111111111
BASIC = -222222
CHANNEL = -1003333333333
TOPIC: Json = {"is_topic_message": True, "message_thread_id": 77}


def user(number: int, **more: Any) -> Json:
    return {"id": 5_000_000 + number, "is_bot": False, "first_name": f"Ann {number}", "username": f"ann{number}"} | more


def sender(number: int, **more: Any) -> Json:
    """The `from` of a message."""
    return {"from": user(number, **more)}


def chat(chat_id: int = GROUP, **more: Any) -> Json:
    kind = "supergroup" if chat_id < -(10**12) else "group" if chat_id < 0 else "private"
    kind = "channel" if chat_id == CHANNEL else kind
    name = {"title": "Cooks"} if chat_id < 0 else {"first_name": "Ann"}
    return {"id": chat_id, "type": kind} | name | more


def message(message_id: int, who: int | None = 1, chat_id: int = GROUP, at: int = NOW, **more: Any) -> Json:
    body: Json = {"message_id": message_id, "date": at, "chat": chat(chat_id)}
    if who is not None:
        body["from"] = user(who)
    if not more.keys() & {"photo", "video", "new_chat_members", "left_chat_member", "text", "migrate_to_chat_id"}:
        more.setdefault("text", "hello there")
    return body | more


def command(text: str) -> Json:
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}


def emoji(name: str) -> Json:
    return {"type": "emoji", "emoji": name}


def reaction(message_id: int, who: int, old: list[str], new: list[str], chat_id: int = GROUP, at: int = NOW) -> Json:
    body = {"chat": chat(chat_id), "message_id": message_id, "date": at, "user": user(who)}
    return body | {"old_reaction": [emoji(one) for one in old], "new_reaction": [emoji(one) for one in new]}


def reaction_count(message_id: int, total: int, chat_id: int = GROUP, at: int = NOW) -> Json:
    counts = [{"type": emoji("👍"), "total_count": total}]
    return {"chat": chat(chat_id), "message_id": message_id, "date": at, "reactions": counts}


def standing(who: int, old: str, new: str, chat_id: int = GROUP, at: int = NOW, **more: Any) -> Json:
    told = {
        "old_chat_member": {"status": old, "user": user(who)},
        "new_chat_member": {"status": new, "user": user(who)},
    }
    return {"chat": chat(chat_id), "from": user(who), "date": at} | told | more


def press(number: int, who: int, message_id: int, chat_id: int = GROUP) -> Json:
    under = {"message_id": message_id, "date": 0, "chat": chat(chat_id)}
    return {"id": str(number), "from": user(who), "message": under, "chat_instance": "1", "data": "x"}


def vote(poll_id: str, who: int, *options: int) -> Json:
    return {"poll_id": poll_id, "user": user(who), "option_ids": list(options)}


def poll(poll_id: str) -> Json:
    counted = {"total_voter_count": 0, "is_closed": False, "is_anonymous": False, "type": "regular"}
    body = {"id": poll_id, "question": "Q", "options": [], "allows_multiple_answers": False}
    return {"poll": body | counted, "text": None}


def update(update_id: int, kind: str, body: Json) -> Json:
    return {"update_id": update_id, kind: body}


def encode(*updates: Any) -> bytes:
    return json.dumps(list(updates), ensure_ascii=False).encode()


def stream(rng: Random, count: int, first_id: int = 1000, people: int = 200) -> list[Json]:
    """Updates as a lively group gives them: mostly messages, many reactions, some presses, joins and commands."""
    made = []
    for number in range(count):
        at, who, message_id = NOW + number // 3, rng.randrange(people), 10 + number
        roll = rng.random()
        if roll < 0.5:
            body = message(message_id, who, at=at, text="x" * rng.randrange(1, 200))
            if rng.random() < 0.3:
                body["reply_to_message"] = message(max(1, message_id - 5), rng.randrange(people), at=at)
            one = update(first_id + number, "message", body)
        elif roll < 0.8:
            one = update(first_id + number, "message_reaction", reaction(message_id - 3, who, [], ["👍"], at=at))
        elif roll < 0.87:
            one = update(first_id + number, "callback_query", press(first_id + number, who, message_id - 1))
        elif roll < 0.94:
            one = update(first_id + number, "chat_member", standing(1000 + number, "left", "member", at=at))
        else:
            one = update(first_id + number, "message", message(message_id, who, at=at, **command("/stats 7d")))
        made.append(one)
    return made
