"""What people did with drops, from the log: found by the messages that a drop became, and by what answers those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from enum import Enum
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import bindparam, select, text
from sqlmodel import Session

from storage.dialects import by_index
from storage.drop_deeds import DEED, Deed
from storage.drop_messages import MESSAGE, SentMessage
from storage.kinds import MESSAGE_KINDS, Actor, Flag, Kind, Slot
from storage.models import ANSWERING, ChatAlias, Community, Poll
from storage.models import Interaction as InteractionRow
from storage.models import ReactionTotal as ReactionTotalRow
from storage.times import epoch

RAW: Any = InteractionRow.__table__  # type: ignore[attr-defined]
TOTAL: Any = ReactionTotalRow.__table__  # type: ignore[attr-defined]
ALIAS: Any = ChatAlias.__table__  # type: ignore[attr-defined]
POLL: Any = Poll.__table__  # type: ignore[attr-defined]
COMMUNITY: Any = Community.__table__  # type: ignore[attr-defined]
_CHUNK = 400
_ROW = (RAW.c.message_id, epoch(RAW.c.at), RAW.c.kind, RAW.c.actor, RAW.c.member_id)
# The drop that each message is of, by community and chat.
Chat: TypeAlias = tuple[int, int]
Roots: TypeAlias = dict[Chat, dict[int, int]]


class Means(Enum):
    """How somebody answered a drop."""

    REACTION = "reactions"
    LIKE = "likes"
    REPLY = "replies"
    COMMENT = "comments"
    SHARE = "shares"
    VOTE = "votes"


class DropAnswer(NamedTuple):
    """Something done with a drop at a moment (epoch seconds); `n` is -1 where it was taken back.

    `member_id` is None where nobody is named; `n` may then be a total.
    """

    number: int
    at: int
    means: Means
    n: int
    member_id: int | None


def answers_to(session: Session, community_id: int, numbers: Collection[int]) -> list[DropAnswer]:
    """All that was done with these drops of a community, in order of time."""
    posts = _posts(session, community_id, numbers)
    forwards = _forwards(session, community_id, posts)
    found: list[DropAnswer] = []
    for roots, means in ((posts, Means.REPLY), (forwards, Means.COMMENT)):
        found += _reactions(session, roots)
        found += _threads(session, roots, means)
    found += _votes(session, posts)
    found += _deeds(session, community_id, numbers)
    return sorted(found, key=lambda one: one.at)


def _chunks(items: Collection[int]) -> Iterator[list[int]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _posts(session: Session, community_id: int, numbers: Collection[int]) -> Roots:
    """The messages that drops became; what is done in a channel stands in the channel's own log."""
    roots: Roots = defaultdict(dict)
    columns = MESSAGE.c
    for chunk in _chunks(numbers):
        query = (
            select(ALIAS.c.community_id, columns.chat_id, columns.message_id, columns.number)
            .join(ALIAS, ALIAS.c.chat_id == columns.chat_id)
            .where(columns.community_id == community_id, columns.number.in_(chunk))
        )
        for community, chat_id, message_id, number in session.connection().execute(query):
            roots[community, chat_id][message_id] = number
    return roots


def _forwards(session: Session, community_id: int, posts: Roots) -> Roots:
    """The automatic forwards of channel posts in the channel's discussion group: the community's, if it has one."""
    found: Roots = defaultdict(dict)
    channels = {chat: messages for chat, messages in posts.items() if _is_channel(session, chat[0])}
    if not channels:
        return found
    apart = any(community != community_id for community, _ in channels)
    groups = select(ALIAS.c.community_id, ALIAS.c.chat_id)
    groups = groups.where(ALIAS.c.community_id == community_id) if apart else groups
    for community, chat_id in session.connection().execute(groups).all():
        for (_, channel_id), messages in channels.items():
            for chunk in _chunks(messages):
                for row in answering(session, (community, chat_id), chunk):
                    if row.flags & Flag.AUTO_FORWARD and row.member_id == channel_id:
                        found[community, chat_id][row.message_id] = messages[row.ref]
    return found


def _is_channel(session: Session, community_id: int) -> bool:
    kind = session.connection().execute(select(COMMUNITY.c.kind).where(COMMUNITY.c.id == community_id)).scalar()
    return kind == "channel"


def _threads(session: Session, roots: Roots, means: Means) -> Iterator[DropAnswer]:
    """Messages that answer a drop, or answer such a message: whole threads, one depth after another."""
    for chat, messages in roots.items():
        here, met = dict(messages), set(messages)
        while here:
            deeper: dict[int, int] = {}
            for chunk in _chunks(here):
                for row in answering(session, chat, chunk):
                    if row.flags & Flag.AUTO_FORWARD or row.message_id in met:
                        continue
                    met.add(row.message_id)
                    deeper[row.message_id] = here[row.ref]
                    if row.kind in MESSAGE_KINDS and row.actor != Actor.BOT:
                        yield DropAnswer(here[row.ref], row.at, means, 1, _person(row.actor, row.member_id))
            here = deeper


class _Answering(NamedTuple):
    """A message that answers another (`ref`), or the forward of a channel's post."""

    message_id: int
    at: int
    kind: int
    actor: int
    member_id: int
    flags: int
    ref: int


def answering(session: Session, chat: Chat, messages: list[int]) -> Iterator[_Answering]:
    """What answers these messages of a chat, by the small index of answers."""
    table = by_index(session, "interaction", "ix_interaction_ref")
    query = text(
        f"SELECT {', '.join(_Answering._fields)} FROM {table} "  # noqa: S608 - our own names
        f"WHERE community_id = :community_id AND chat_id = :chat_id AND ref IN :refs AND {ANSWERING}"
    ).bindparams(bindparam("refs", expanding=True))
    values = {"community_id": chat[0], "chat_id": chat[1], "refs": messages}
    return (_Answering(*row) for row in session.connection().execute(query, values))


def _person(actor: int, member_id: int) -> int | None:
    return member_id if actor == Actor.MEMBER else None


def _rows(session: Session, roots: Roots, slot: Slot) -> Iterator[tuple[int, Any]]:
    """Rows about the messages themselves, each with its drop; of one message in order of time."""
    for (community_id, chat_id), messages in roots.items():
        for chunk in _chunks(messages):
            query = select(*_ROW).where(
                RAW.c.community_id == community_id,
                RAW.c.chat_id == chat_id,
                RAW.c.message_id.in_(chunk),
                RAW.c.slot == slot,
            )
            rows = sorted(session.connection().execute(query), key=lambda row: row[1])
            yield from ((messages[row[0]], row) for row in rows)


def _reactions(session: Session, roots: Roots) -> Iterator[DropAnswer]:
    """Named reactions as changes, and of totals what the changes do not explain."""
    for number, (_, at, kind, actor, member_id) in _rows(session, roots, Slot.REACTION):
        sign = 1 if kind == Kind.REACTION_ADDED else -1
        yield DropAnswer(number, at, Means.REACTION, sign, _person(actor, member_id))
    columns = TOTAL.c
    for (community_id, chat_id), messages in roots.items():
        for chunk in _chunks(messages):
            query = select(columns.message_id, epoch(columns.at), columns.unexplained).where(
                columns.community_id == community_id, columns.chat_id == chat_id, columns.message_id.in_(chunk)
            )
            for message_id, at, unexplained in session.connection().execute(query):
                if unexplained:
                    yield DropAnswer(messages[message_id], at, Means.REACTION, unexplained, None)


def _votes(session: Session, roots: Roots) -> Iterator[DropAnswer]:
    """One vote a voter, however often it is changed; of anonymous polls Telegram's count, as of when it came."""
    voted: dict[int, set[int]] = defaultdict(set)
    for number, (message_id, at, kind, actor, member_id) in _rows(session, roots, Slot.VOTE):
        voters, stands = voted[message_id], kind == Kind.VOTE
        if stands != (member_id in voters):
            (voters.add if stands else voters.discard)(member_id)
            yield DropAnswer(number, at, Means.VOTE, 1 if stands else -1, _person(actor, member_id))
    for number, message_id, count, at in _counted(session, roots):
        if count > len(voted[message_id]):
            yield DropAnswer(number, at, Means.VOTE, count - len(voted[message_id]), None)


def _counted(session: Session, roots: Roots) -> Iterator[tuple[int, int, int, int]]:
    """Polls with Telegram's count: drop, message, voters, as of."""
    columns = POLL.c
    for (_, chat_id), messages in roots.items():
        for chunk in _chunks(messages):
            query = select(columns.message_id, columns.voters, epoch(columns.voters_at)).where(
                columns.chat_id == chat_id, columns.message_id.in_(chunk), columns.voters.is_not(None)
            )
            for message_id, voters, at in session.connection().execute(query):
                yield messages[message_id], message_id, voters, at


def _deeds(session: Session, community_id: int, numbers: Collection[int]) -> Iterator[DropAnswer]:
    means = {Deed.LIKE: Means.LIKE, Deed.SHARE: Means.SHARE}
    columns = DEED.c
    for chunk in _chunks(numbers):
        query = select(columns.number, epoch(columns.at), columns.deed, columns.member_id).where(
            columns.community_id == community_id, columns.number.in_(chunk)
        )
        for number, at, deed, member_id in session.connection().execute(query):
            yield DropAnswer(number, at, means[Deed(deed)], 1, member_id)


def first_messages(session: Session, community_id: int, numbers: Collection[int]) -> dict[int, SentMessage]:
    """The first message of each of these drops, whether it is still there or not."""
    columns = MESSAGE.c
    found: dict[int, SentMessage] = {}
    for chunk in _chunks(numbers):
        query = select(columns.number, columns.chat_id, columns.message_id, columns.position, columns.thread_id).where(
            columns.community_id == community_id, columns.number.in_(chunk)
        )
        for number, *values in session.connection().execute(query.order_by(columns.position.desc())):
            found[number] = SentMessage(*values)
    return found
