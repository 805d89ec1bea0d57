"""An update as facts: what happened, to whom, when. No text passes this point; names go to the member table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from handlers.message_facts import read_edit, read_message
from handlers.sightings import nonce_of, see_chat, see_person
from handlers.updates import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    MessageReaction,
    MessageReactionCount,
    Poll,
    PollAnswer,
    Update,
)
from storage.facts import (
    BotStandingSeen,
    Facts,
    Interaction,
    PollCount,
    ReactionTotal,
    StandingSeen,
    VoteSeen,
)
from storage.kinds import Actor, Flag, Kind, Slot, Standing

STANDINGS = {
    "creator": Standing.CREATOR,
    "administrator": Standing.ADMIN,
    "member": Standing.MEMBER,
    "left": Standing.LEFT,
    "kicked": Standing.BANNED,
}


def read_facts(update: Update, now: int) -> Facts:
    """What an update says. `now` (epoch seconds) dates what Telegram does not: presses and votes."""
    facts = Facts()
    for name, read in _READERS:
        part = getattr(update, name)
        if part is not None:
            read(facts, part, update.update_id, now)
    return facts


def _read_reaction(facts: Facts, change: MessageReaction, update_id: int, now: int) -> None:
    see_chat(facts, change.chat, change.date)
    if change.user is not None:
        see_person(facts, change.chat, change.user, change.date)
        actor, member_id = (Actor.BOT if change.user.is_bot else Actor.MEMBER), change.user.id
    else:
        chat_id = change.actor_chat.id if change.actor_chat else change.chat.id
        actor, member_id = (Actor.ANONYMOUS_ADMIN if chat_id == change.chat.id else Actor.CHANNEL), chat_id
    old = Counter(reaction.name for reaction in change.old_reaction)
    new = Counter(reaction.name for reaction in change.new_reaction)
    for kind, names in ((Kind.REACTION_ADDED, new - old), (Kind.REACTION_REMOVED, old - new)):
        for name in names:
            nonce = nonce_of(update_id, change.date, member_id, kind, name)
            who = (change.date, kind, actor, member_id)
            facts.interactions.append(
                Interaction(change.chat.id, change.message_id, Slot.REACTION, nonce, *who, detail=name)
            )


def _read_reaction_count(facts: Facts, counts: MessageReactionCount, update_id: int, now: int) -> None:
    see_chat(facts, counts.chat, counts.date)
    total = sum(one.total_count for one in counts.reactions)
    detail = " ".join(f"{one.type.name}={one.total_count}" for one in counts.reactions)
    at = counts.date
    facts.reaction_totals.append(ReactionTotal(counts.chat.id, counts.message_id, at, at, total, detail))


def standing_of(member: ChatMember) -> Standing:
    """How a chat member stands; restricted members may be inside or outside."""
    if member.status == "restricted":
        return Standing.RESTRICTED if member.is_member else Standing.LEFT
    return STANDINGS.get(member.status, Standing.LEFT)


def _read_chat_member(facts: Facts, change: ChatMemberUpdated, update_id: int, now: int) -> None:
    if change.chat.type == "private":
        return
    see_chat(facts, change.chat, change.date)
    user = change.new_chat_member.user
    old, new = standing_of(change.old_chat_member), standing_of(change.new_chat_member)
    see_person(facts, change.chat, user, change.date)
    facts.standings.append(StandingSeen(change.chat.id, user.id, new, change.date, update_id))
    if old.inside == new.inside:
        return
    kind = Kind.JOIN if new.inside else Kind.REMOVAL if new == Standing.BANNED else Kind.LEAVE
    actor = Actor.BOT if user.is_bot else Actor.MEMBER
    link = change.invite_link.invite_link if change.invite_link and new.inside else None
    nonce = 2**49 + nonce_of(update_id, change.date, user.id)
    who = (change.date, kind, actor, user.id)
    facts.interactions.append(Interaction(change.chat.id, -user.id, Slot.MEMBERSHIP, nonce, *who, detail=link))


def _read_my_chat_member(facts: Facts, change: ChatMemberUpdated, update_id: int, now: int) -> None:
    if change.chat.type == "private":
        return
    see_chat(facts, change.chat, change.date)
    facts.bot_standings.append(
        BotStandingSeen(change.chat.id, change.date, standing_of(change.new_chat_member), update_id)
    )
    is_added = change.chat.type != "channel" and standing_of(change.new_chat_member).inside
    if is_added and not change.from_.is_bot:
        see_person(facts, change.chat, change.from_, change.date)  # who added it has a group, be it silent


def _read_press(facts: Facts, press: CallbackQuery, update_id: int, now: int) -> None:
    message = press.message
    if message is None or message.chat.type == "private":
        return
    see_chat(facts, message.chat, now)
    see_person(facts, message.chat, press.from_, now)
    flags = int(Flag.TOPIC) if message.is_topic_message else 0
    who = (now, Kind.PRESS, Actor.MEMBER, press.from_.id, message.message_thread_id, flags)
    nonce = nonce_of(update_id, press.id)
    facts.interactions.append(Interaction(message.chat.id, message.message_id, Slot.PRESS, nonce, *who))


def _read_vote(facts: Facts, answer: PollAnswer, update_id: int, now: int) -> None:
    if not answer.poll_id.isdigit():
        raise ValueError("poll_id is no number")
    options = sum(1 << option for option in set(answer.option_ids))
    if answer.user is not None and answer.voter_chat is None:
        actor, member_id = (Actor.BOT if answer.user.is_bot else Actor.MEMBER), answer.user.id
    elif answer.voter_chat is not None:
        actor, member_id = Actor.CHANNEL, answer.voter_chat.id
    else:
        return
    nonce = nonce_of(update_id, answer.poll_id, member_id)
    facts.votes.append(VoteSeen(int(answer.poll_id) % 2**63, member_id, actor, now, nonce, options))


def _read_poll(facts: Facts, poll: Poll, update_id: int, now: int) -> None:
    if poll.id.isdigit() and poll.total_voter_count is not None:
        facts.poll_counts.append(PollCount(int(poll.id) % 2**63, poll.total_voter_count, now))


_READERS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("message", read_message),
    ("edited_message", read_edit),
    ("channel_post", read_message),
    ("edited_channel_post", read_edit),
    ("message_reaction", _read_reaction),
    ("message_reaction_count", _read_reaction_count),
    ("callback_query", _read_press),
    ("poll_answer", _read_vote),
    ("poll", _read_poll),
    ("my_chat_member", _read_my_chat_member),
    ("chat_member", _read_chat_member),
)
