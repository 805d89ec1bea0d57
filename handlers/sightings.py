"""Whom and what an update shows: chats, names, and a number that tells its facts apart."""

from __future__ import annotations

from hashlib import blake2b

from handlers.updates import Chat, User
from storage.facts import ChatSeen, Facts, MemberSeen


def nonce_of(*parts: object) -> int:
    """A number that tells two facts of one message apart, the same at every delivery of the same update."""
    text = "|".join(map(str, parts)).encode("utf-8", "replace")
    return 1 + int.from_bytes(blake2b(text, digest_size=6).digest(), "big")


def clean(text: str) -> str:
    """A name that every database takes: PostgreSQL refuses NUL."""
    return text.replace("\x00", "")


def _name(user: User) -> str:
    return clean(f"{user.first_name} {user.last_name}".strip())


def see_person(facts: Facts, chat: Chat, user: User, at: int) -> None:
    """Note someone's name, as an update shows it."""
    facts.members.append(MemberSeen(chat.id, user.id, _name(user), user.username, user.is_bot, at))


def see_chat(facts: Facts, chat: Chat, at: int) -> None:
    """Note a chat, as an update shows it."""
    facts.chats.append(ChatSeen(chat.id, chat.type, clean(chat.title), chat.is_forum, at))
