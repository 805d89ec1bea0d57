"""Service messages of an export: joins, leaves, pins, topics, boosts; the others are counted by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from peakdrop.history.export import ExportMessage
from peakdrop.history.identity import clean, timed_key
from storage.facts import Interaction, StandingSeen, TopicSeen
from storage.kinds import Actor, Flag, Kind, Slot, Standing

if TYPE_CHECKING:
    from peakdrop.history.facts import FactReader

JOINED = frozenset({"join_group_by_link", "join_group_by_request"})
BROUGHT = frozenset({"invite_members", "create_group"})
COUNTED = {"pin_message": Kind.PIN, "topic_created": Kind.TOPIC_OPENED, "boost_apply": Kind.BOOST}
UNNAMED = "unnamed"  # a service message without an action: a bot's own notice


class NamedMembership(NamedTuple):
    """A coming or going told by name only: it waits until the end of the chat, when all names are known."""

    name: str | None
    key: int
    at: int
    kind: Kind
    position: int


def read_service(reader: FactReader, entry: ExportMessage, at: int) -> None:
    """Add what a service message says to the reader's facts."""
    action = entry.action or UNNAMED
    actor, member_id = reader.who(entry.actor_id)
    if entry.actor and actor != Actor.NOBODY:
        reader.names.setdefault(member_id, (entry.actor, at))
    if action == "topic_edit" and isinstance(entry.new_title, str):
        topic = entry.reply_to_message_id or reader.chat.threads.get(entry.id)
        if topic:
            reader.facts.topics.append(TopicSeen(reader.chat_id, topic, clean(entry.new_title), False, at))
    key = reader.message_key(entry, at, member_id)
    if key is None:
        return
    if action in JOINED:
        _add_membership(reader, key, at, Kind.JOIN, (actor, member_id), 0)
    elif action in BROUGHT or action == "remove_members":
        _read_members(reader, entry, key, at)
    elif action in COUNTED:
        _read_counted(reader, entry, key, at)
    else:
        reader.omitted.services[action] += 1


def _read_counted(reader: FactReader, entry: ExportMessage, key: int, at: int) -> None:
    kind = COUNTED[entry.action or ""]
    thread, flags = reader.place(entry)
    size = min(entry.boosts, 1000) if kind == Kind.BOOST and isinstance(entry.boosts, int) else 0
    pinned = entry.message_id if entry.message_id and abs(entry.message_id) < 1 << 52 else 0
    reader.facts.interactions.append(
        Interaction(
            reader.chat_id,
            key,
            Slot.MESSAGE,
            0,
            at,
            int(kind),
            *reader.who(entry.actor_id),
            thread,
            flags,
            size,
            pinned,
        )
    )
    if kind == Kind.TOPIC_OPENED and isinstance(entry.title, str):
        reader.facts.topics.append(TopicSeen(reader.chat_id, entry.id, clean(entry.title), False, at))


def _read_members(reader: FactReader, entry: ExportMessage, key: int, at: int) -> None:
    """People who were brought in or removed: the export gives names only, or null for deleted accounts."""
    members = entry.members if isinstance(entry.members, list) else []
    for index, name in enumerate(members):
        itself = name is not None and name == entry.actor
        gone = Kind.LEAVE if itself else Kind.REMOVAL
        kind = gone if entry.action == "remove_members" else Kind.JOIN
        if itself:
            _add_membership(reader, key, at, kind, reader.who(entry.actor_id), index)
        else:
            known = name if isinstance(name, str) else None
            reader.waiting.append(NamedMembership(known, key, at, kind, index))


def add_named(reader: FactReader, one: NamedMembership) -> None:
    """Add a coming or going of whoever alone bears a name in the chat's history; of nobody where none or several do."""
    member_id = reader.chat.names.get(one.name, 0) if one.name else 0
    subject = reader.who(f"user{member_id}") if member_id else (int(Actor.NOBODY), 0)
    _add_membership(reader, one.key, one.at, one.kind, subject, one.position)


def _add_membership(reader: FactReader, key: int, at: int, kind: Kind, subject: tuple[int, int], index: int) -> None:
    """A join or leave as a notice, which counts only where chat_member did not tell of it."""
    actor, member_id = subject
    flags = int(Flag.NOTICE | Flag.IMPORTED)
    nonce = key
    if not member_id:
        if reader.live_since is not None and at >= reader.live_since:
            reader.omitted.covered += 1
            return
        nonce = timed_key(at, key, index, taken=set())
    who = (at, int(kind), actor, member_id, 0, flags)
    reader.facts.interactions.append(Interaction(reader.chat_id, -member_id, Slot.MEMBERSHIP, nonce, *who))
    if actor == Actor.MEMBER:
        standing = Standing.MEMBER if kind == Kind.JOIN else Standing.LEFT
        reader.facts.standings.append(StandingSeen(reader.chat_id, member_id, standing, at))
