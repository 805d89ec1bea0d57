"""Builders of facts, shaped as an update gives them. Times are epoch seconds; the defaults make a plain message."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from storage.facts import (
    BotStandingSeen,
    ChatSeen,
    Facts,
    Interaction,
    MemberSeen,
    Migration,
    PollSeen,
    ReactionTotal,
    StandingSeen,
    TopicSeen,
    VoteSeen,
)
from storage.interactions import record
from storage.kinds import Actor, Flag, Kind, Slot, Standing
from storage.store import Store

GROUP = -100_123
ANN = 5_000_000_001
NOON = 1_760_529_600  # 2025-10-15 12:00 UTC


def put(store: Store, *batches: Facts) -> None:
    """Record facts, in one transaction."""

    def recording(session: Session) -> None:
        for batch in batches:
            record(session, batch)

    store.write_now(recording)


def put_at_once(store: Store, batches: Iterable[Facts]) -> None:
    """Record facts as one batch, which is quicker than many."""
    whole = Facts()
    for batch in batches:
        whole.extend(batch)
    put(store, whole)


def chat(chat_id: int = GROUP, *, kind: str = "supergroup", title: str = "Peak Lab", at: int = NOON) -> ChatSeen:
    """A chat as an update shows it."""
    return ChatSeen(chat_id, kind, title, False, at)


def person(member_id: int = ANN, *, chat_id: int = GROUP, at: int = NOON, name: str | None = None) -> MemberSeen:
    """Someone's name as an update shows it."""
    return MemberSeen(chat_id, member_id, name or f"Person {member_id}", f"user{member_id}", False, at)


def message(
    message_id: int = 1,
    *,
    member_id: int = ANN,
    chat_id: int = GROUP,
    at: int = NOON,
    kind: Kind = Kind.TEXT,
    actor: Actor = Actor.MEMBER,
    thread_id: int = 0,
    flags: int = 0,
) -> Facts:
    """A message and whom it shows."""
    row = Interaction(chat_id, message_id, Slot.MESSAGE, 0, at, kind, actor, member_id, thread_id, flags, 12)
    return Facts([row], [chat(chat_id, at=at)], [person(member_id, chat_id=chat_id, at=at)])


def edit(original: Facts, *, at: int, nonce: int = 7) -> Facts:
    """An edit of a message: the message itself too, in case it was never seen."""
    first = original.interactions[0]
    known = first._replace(flags=first.flags | Flag.FROM_EDIT, size=0)
    change = first._replace(slot=Slot.EDIT, nonce=nonce, at=at, kind=Kind.EDIT, flags=first.flags & Flag.TOPIC, size=0)
    return Facts([known, change], list(original.chats), list(original.members))


def reaction(
    message_id: int = 1,
    *,
    member_id: int = ANN,
    chat_id: int = GROUP,
    at: int = NOON,
    nonce: int = 1,
    emoji: str = "👍",
    added: bool = True,
) -> Facts:
    """A reaction set or taken back."""
    kind = Kind.REACTION_ADDED if added else Kind.REACTION_REMOVED
    row = Interaction(chat_id, message_id, Slot.REACTION, nonce, at, kind, Actor.MEMBER, member_id, 0, 0, 0, 0, emoji)
    return Facts([row], [chat(chat_id, at=at)], [person(member_id, chat_id=chat_id, at=at)])


def total(message_id: int = 1, n: int = 3, *, chat_id: int = GROUP, as_of: int = NOON, at: int | None = None) -> Facts:
    """All reactions of a message as of a moment."""
    found = ReactionTotal(chat_id, message_id, as_of, as_of if at is None else at, n, f"👍={n}")
    return Facts(chats=[chat(chat_id, at=as_of)], reaction_totals=[found])


def move(
    kind: Kind = Kind.JOIN, *, member_id: int = ANN, chat_id: int = GROUP, at: int = NOON, nonce: int | None = None
) -> Facts:
    """A join, leave or removal as chat_member tells it."""
    standing = {Kind.JOIN: Standing.MEMBER, Kind.LEAVE: Standing.LEFT, Kind.REMOVAL: Standing.BANNED}[kind]
    who = (at, kind, Actor.MEMBER, member_id)
    row = Interaction(chat_id, -member_id, Slot.MEMBERSHIP, 2**49 + (at if nonce is None else nonce), *who)
    return Facts(
        [row],
        [chat(chat_id, at=at)],
        [person(member_id, chat_id=chat_id, at=at)],
        [StandingSeen(chat_id, member_id, standing, at)],
    )


def notice(
    message_id: int, kind: Kind = Kind.JOIN, *, member_id: int = ANN, chat_id: int = GROUP, at: int = NOON
) -> Facts:
    """A join, leave or removal as a service message tells it."""
    who = (at, kind, Actor.MEMBER, member_id, 0, int(Flag.NOTICE))
    row = Interaction(chat_id, -member_id, Slot.MEMBERSHIP, message_id, *who)
    return Facts([row], [chat(chat_id, at=at)], [person(member_id, chat_id=chat_id, at=at)])


def press(message_id: int = 1, *, member_id: int = ANN, chat_id: int = GROUP, at: int = NOON, nonce: int = 1) -> Facts:
    """A button pressed."""
    row = Interaction(chat_id, message_id, Slot.PRESS, nonce, at, Kind.PRESS, Actor.MEMBER, member_id)
    return Facts([row], [chat(chat_id, at=at)], [person(member_id, chat_id=chat_id, at=at)])


def poll(poll_id: int, message_id: int, *, chat_id: int = GROUP, at: int = NOON, member_id: int = ANN) -> Facts:
    """A poll and the message that holds it."""
    facts = message(message_id, chat_id=chat_id, at=at, member_id=member_id, kind=Kind.POLL)
    facts.polls.append(PollSeen(poll_id, chat_id, message_id, 0, 0))
    return facts


def vote(poll_id: int, *, member_id: int = ANN, at: int = NOON, nonce: int = 1, options: int = 1) -> Facts:
    """An answer to a poll, which names the poll only; 0 options take it back."""
    return Facts(votes=[VoteSeen(poll_id, member_id, Actor.MEMBER, at, nonce, options)])


def migration(old_chat_id: int, new_chat_id: int, *, at: int = NOON) -> Facts:
    """A group became a supergroup."""
    return Facts(chats=[chat(old_chat_id, kind="group", at=at)], migrations=[Migration(old_chat_id, new_chat_id)])


def topic(topic_id: int, name: str | None, *, closed: bool = False, chat_id: int = GROUP, at: int = NOON) -> Facts:
    """A topic's name, or its state."""
    return Facts(chats=[chat(chat_id, at=at)], topics=[TopicSeen(chat_id, topic_id, name, closed, at)])


def bot_standing(standing: Standing = Standing.ADMIN, *, chat_id: int = GROUP, at: int = NOON) -> Facts:
    """How the bot stands in a chat."""
    return Facts(chats=[chat(chat_id, at=at)], bot_standings=[BotStandingSeen(chat_id, at, standing)])
