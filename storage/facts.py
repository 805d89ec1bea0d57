"""What a batch of updates (or a slice of an import) says, before it is stored. Times are epoch seconds UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from storage.kinds import Standing


class Interaction(NamedTuple):
    """One thing that happened in a chat; unique by (chat_id, message_id, slot, nonce)."""

    chat_id: int
    message_id: int
    slot: int
    nonce: int
    at: int
    kind: int
    actor: int
    member_id: int
    thread_id: int = 0
    flags: int = 0
    size: int = 0
    ref: int = 0
    detail: str | None = None


class ChatSeen(NamedTuple):
    """A group or channel as an update showed it."""

    chat_id: int
    type: str
    title: str
    is_forum: bool
    at: int


class MemberSeen(NamedTuple):
    """Someone's name as of a moment; `language` is the client's, where Telegram told it."""

    chat_id: int
    member_id: int
    name: str
    username: str | None
    is_bot: bool
    at: int


class StandingSeen(NamedTuple):
    """How a member stands in a chat as of a moment; of two in one second the higher `sequence` is the later."""

    chat_id: int
    member_id: int
    standing: Standing
    at: int
    sequence: int = 0


class BotStandingSeen(NamedTuple):
    """How the bot itself stands in a chat as of a moment."""

    chat_id: int
    at: int
    standing: Standing
    sequence: int = 0


class Migration(NamedTuple):
    """A group became a supergroup: one community, a new chat id."""

    old_chat_id: int
    new_chat_id: int


class TopicSeen(NamedTuple):
    """A forum topic as of a moment; `name` None where the update did not tell it."""

    chat_id: int
    topic_id: int
    name: str | None
    is_closed: bool
    at: int


class PollSeen(NamedTuple):
    """Where a poll stands: answers to it name the poll only."""

    poll_id: int
    chat_id: int
    message_id: int
    thread_id: int
    flags: int


class PollCount(NamedTuple):
    """How many have voted in a poll of the bot's own as of a moment, by Telegram's count."""

    poll_id: int
    voters: int
    at: int


class VoteSeen(NamedTuple):
    """An answer to a poll; `options` is a bit per option, 0 where the vote was taken back."""

    poll_id: int
    member_id: int
    actor: int
    at: int
    nonce: int
    options: int


class ReactionTotal(NamedTuple):
    """All reactions of a message as of a moment; the newest wins. `at` is when they count."""

    chat_id: int
    message_id: int
    as_of: int
    at: int
    total: int
    detail: str


class SignSeen(NamedTuple):
    """A message of the bot's own, as somebody's update shows it: answered, forwarded by its channel, or pressed.

    `group_id` is the chat whose community it concerns, unless `community_id` names it.
    """

    group_id: int
    chat_id: int
    message_id: int
    posted_at: int
    nonce: int | None = None
    likeness: str | None = None
    community_id: int | None = None


@dataclass(slots=True)
class Facts:
    """Everything a batch says about communities."""

    interactions: list[Interaction] = field(default_factory=list)
    chats: list[ChatSeen] = field(default_factory=list)
    members: list[MemberSeen] = field(default_factory=list)
    standings: list[StandingSeen] = field(default_factory=list)
    bot_standings: list[BotStandingSeen] = field(default_factory=list)
    migrations: list[Migration] = field(default_factory=list)
    topics: list[TopicSeen] = field(default_factory=list)
    polls: list[PollSeen] = field(default_factory=list)
    votes: list[VoteSeen] = field(default_factory=list)
    poll_counts: list[PollCount] = field(default_factory=list)
    reaction_totals: list[ReactionTotal] = field(default_factory=list)
    signs: list[SignSeen] = field(default_factory=list)

    def extend(self, other: Facts) -> None:
        """Take in what another set of facts says."""
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))
