"""Messages of an export as facts, the same that live updates would have told. No text passes this point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import msgspec

from peakdrop.history import services
from peakdrop.history.chats import ExportChat, is_automatic_forward
from peakdrop.history.export import ExportMessage, Reaction
from peakdrop.history.identity import LATEST, actor_of, clean, epoch_of, peer_id, timed_key, wall_seconds
from storage.facts import Facts, Interaction, MemberSeen, ReactionTotal
from storage.kinds import Actor, Flag, Kind, Slot

EDITS_BEGIN = 1_300_000_000  # old exports write "edited" as 1970 where nothing was edited
MEDIA = {
    "sticker": int(Kind.STICKER),
    "video_message": int(Kind.VIDEO_NOTE),
    "voice_message": int(Kind.VOICE),
    "animation": int(Kind.ANIMATION),
    "video_file": int(Kind.VIDEO),
    "audio_file": int(Kind.AUDIO),
    "story": int(Kind.STORY),
}
# Plain integers: an IntFlag's own operators cost more than all the rest of a message.
_IMPORTED, _REPLY, _FORWARD = int(Flag.IMPORTED), int(Flag.REPLY), int(Flag.FORWARD)
_COMMENT, _TOPIC, _AUTO_FORWARD = int(Flag.COMMENT), int(Flag.TOPIC), int(Flag.AUTO_FORWARD)
_CHANNEL_POST = int(Flag.CHANNEL_POST)
HIGHEST_ID = 1 << 52
_new_row = tuple.__new__  # half the time of calling the class, which is felt a million times
_TEXT, _COMMAND, _OTHER = int(Kind.TEXT), int(Kind.COMMAND), int(Kind.OTHER)
_PHOTO, _DOCUMENT = int(Kind.PHOTO), int(Kind.DOCUMENT)


@dataclass(slots=True)
class Omissions:
    """What was left out, and why."""

    unsupported: int = 0
    services: Counter[str] = field(default_factory=Counter)
    covered: int = 0
    broken: list[tuple[int | None, str]] = field(default_factory=list)


class FactReader:
    """Turns a chat's messages into facts.

    `zone` is for times without one; `as_of` (epoch seconds) dates the totals of reactions; what a basic group did
    after `live_since` is known live under other ids, and left out.
    """

    def __init__(
        self,
        chat: ExportChat,
        *,
        zone: ZoneInfo,
        as_of: int,
        bots: frozenset[int] = frozenset(),
        live_since: int | None = None,
    ) -> None:
        self.chat = chat
        self.chat_id = chat.chat_id
        self.zone = zone
        self.as_of = as_of
        self.live_since = live_since
        self.omitted = Omissions()
        self.is_channel = chat.kind == "channel"
        self._basic = chat.kind == "group" or chat.old_chat_id is not None
        self._bots = bots
        self._peers: dict[str | int | None, tuple[int, int]] = {}
        self._second = 0
        self._taken: set[int] = set()
        self.facts = Facts()
        self.names: dict[int, tuple[str, int]] = {}
        self.waiting: list[services.NamedMembership] = []

    def read(self, messages: list[ExportMessage]) -> None:
        """Add what these messages say to `facts`; one that cannot be is noted among the omissions."""
        self.chat.look_through(messages)
        self._has_places = self.is_channel or bool(self.chat.threads)
        rest = iter(messages)
        # One `try` for the run, not for each message: it is begun again after one that cannot be.
        while (fault := self._read_until_fault(rest)) is not None:
            self.omitted.broken.append(fault)

    def finish(self) -> None:
        """Add who came and went by name only, now that all names are known."""
        self._note_names()
        for one in self.waiting:
            services.add_named(self, one)
        self.waiting = []

    def take(self) -> Facts:
        """The facts gathered since the last call."""
        facts, self.facts = self.facts, Facts()
        self._note_names()
        facts.members = [
            MemberSeen(self.chat_id, member_id, clean(name), None, member_id in self._bots, at)
            for member_id, (name, at) in self.names.items()
        ]
        self.names = {}
        return facts

    def _note_names(self) -> None:
        for member_id, (name, _) in self.names.items():
            self.chat.note_name(member_id, name)

    def who(self, raw_id: str | int | None) -> tuple[int, int]:
        """Actor and id of a sender as the export names it."""
        known = self._peers.get(raw_id)
        if known is None:
            actor, member_id = actor_of(peer_id(raw_id), self.chat_id, self.is_channel)
            known = (int(Actor.BOT if member_id in self._bots else actor), member_id)
            self._peers[raw_id] = known
        return known

    @property
    def people(self) -> int:
        """How many different people were met."""
        return len({member_id for actor, member_id in self._peers.values() if actor == Actor.MEMBER})

    def message_key(self, entry: ExportMessage, at: int, member_id: int) -> int | None:
        """The id to keep a message under; None where the bot's own record covers it.

        A basic group's ids differ from account to account (in a supergroup's export they are negative), so its
        messages are told apart by what every account sees alike.
        """
        if abs(entry.id) >= HIGHEST_ID:
            raise ValueError("its id is out of range")
        if entry.id > 0 and not self._basic:
            return entry.id
        if self.live_since is not None and at >= self.live_since:
            self.omitted.covered += 1
            return None
        if at != self._second:
            self._second, self._taken = at, set()
        kind = entry.action or entry.media_type or entry.type
        return timed_key(at, member_id, kind, _length(entry), taken=self._taken)

    def _read_until_fault(self, entries: Iterator[ExportMessage]) -> tuple[int | None, str] | None:
        """Read on; returns the id and the reason where a message cannot be, None at the end. The hot loop."""
        entry: ExportMessage | None = None
        chat_id, peers, names, zone = self.chat_id, self._peers, self.names, self.zone
        add, has_places, has_own_ids = self.facts.interactions.append, self._has_places, not self._basic
        try:
            for entry in entries:
                if entry.type != "message":
                    self._read_other(entry)
                    has_own_ids = not self._basic
                    continue
                at = int(entry.date_unixtime) if entry.date_unixtime else epoch_of(entry, zone)
                if not 0 < at < LATEST:
                    raise ValueError("its time is out of range")
                actor, member_id = peers.get(entry.from_id) or self.who(entry.from_id)
                key: int | None = entry.id
                if not has_own_ids or not 0 < entry.id < HIGHEST_ID:
                    key = self.message_key(entry, at, member_id)
                    if key is None:
                        continue
                if entry.sender:
                    names[member_id] = (entry.sender, at)
                thread, flags = self.place(entry) if has_places else (0, _IMPORTED)
                text, parent, marked = entry.text, entry.reply_to_message_id, flags
                if parent or entry.forwarded_from is not msgspec.UNSET:
                    marked = self._message_flags(entry, flags)
                size = len(text) if text.__class__ is str else _length(entry)
                kind = _kind(entry)
                cells = (chat_id, key, 0, 0, at, kind, actor, member_id, thread, marked, size, parent or 0, None)
                add(_new_row(Interaction, cells))
                if entry.reactions or entry.edited_unixtime or entry.edited:
                    self._read_changes(entry, at, (key, actor, member_id, thread, flags))  # type: ignore[arg-type]
        except (ValueError, TypeError, OverflowError) as fault:
            return (entry.id if entry else None), str(fault)
        return None

    def _read_changes(self, entry: ExportMessage, at: int, place: tuple[int, int, int, int, int]) -> None:
        if entry.edited_unixtime or entry.edited:
            self._read_edit(entry, place)
        if entry.reactions:
            key, _, _, thread, flags = place
            self._read_reactions(entry.reactions, entry, at, (key, thread, flags))

    def _read_other(self, entry: ExportMessage) -> None:
        if entry.type == "unsupported":
            self.omitted.unsupported += 1
            return
        if entry.action == "migrate_from_group":
            self._basic = False
        services.read_service(self, entry, epoch_of(entry, self.zone))

    def place(self, entry: ExportMessage) -> tuple[int, int]:
        """Topic (0: none) and the flags that say where an entry stands."""
        flags = _IMPORTED | _CHANNEL_POST if self.is_channel else _IMPORTED
        thread = self.chat.threads.get(entry.id) if self.chat.threads else 0
        return thread, flags | _TOPIC if thread else flags

    def _message_flags(self, entry: ExportMessage, flags: int) -> int:
        parent = entry.reply_to_message_id
        if parent and abs(parent) >= HIGHEST_ID:
            raise ValueError("what it replies to is out of range")
        # In a topic every message replies to the topic's first one, unless it replies to something else.
        if parent and not (flags & _TOPIC and parent == self.chat.threads.get(parent)):
            flags |= _REPLY
            if parent in self.chat.forwards:
                flags |= _COMMENT
        if entry.forwarded_from is not msgspec.UNSET:
            flags |= _AUTO_FORWARD if is_automatic_forward(entry, self.chat_id) else _FORWARD
        return flags

    def _read_edit(self, entry: ExportMessage, place: tuple[int, int, int, int, int]) -> None:
        key, actor, member_id, thread, flags = place
        if entry.edited_unixtime:
            at = int(entry.edited_unixtime)
        elif entry.edited.startswith("1970"):
            return
        else:
            at = wall_seconds(entry.edited) - self._offset(entry)
        if EDITS_BEGIN <= at < LATEST:
            who = (at, int(Kind.EDIT), actor, member_id, thread, flags)
            self.facts.interactions.append(Interaction(self.chat_id, key, Slot.EDIT, at, *who))

    def _offset(self, entry: ExportMessage) -> int:
        """How far the exporting machine's clock was from UTC, by an entry that tells both."""
        return wall_seconds(entry.date) - epoch_of(entry, self.zone) if entry.date else 0

    def _read_reactions(
        self, reactions: list[Reaction], entry: ExportMessage, at: int, place: tuple[int, int, int]
    ) -> None:
        key, thread, flags = place
        total, parts, offset = 0, [], None
        for reaction in reactions:
            name = clean(_reaction_name(reaction))
            total += reaction.count
            parts.append(f"{name}={reaction.count}")
            for one in reaction.recent or ():
                offset = self._offset(entry) if offset is None else offset
                actor, member_id = self.who(one.from_id)
                when = wall_seconds(one.date) - offset
                nonce = timed_key(when, member_id, name, taken=set())
                if one.name:
                    self.names.setdefault(member_id, (one.name, when))
                who = (when, int(Kind.REACTION_ADDED), actor, member_id, thread, flags & ~_CHANNEL_POST)
                self.facts.interactions.append(Interaction(self.chat_id, key, Slot.REACTION, nonce, *who, detail=name))
        if not 0 <= total < 1 << 31:
            raise ValueError("its reactions are out of range")
        totals = ReactionTotal(self.chat_id, key, max(at, self.as_of), at, total, " ".join(parts))
        self.facts.reaction_totals.append(totals)


def _length(entry: ExportMessage) -> int:
    """Characters of a text; its parts' formatting adds none."""
    text = entry.text
    if text.__class__ is str:
        return len(text)
    return sum(len(part) if isinstance(part, str) else len(part.text) for part in text)


def _kind(entry: ExportMessage) -> int:
    if entry.media_type is not None:
        return MEDIA.get(entry.media_type, _OTHER)
    if entry.photo is not None:
        return _PHOTO
    if entry.file is not None:
        return _DOCUMENT
    if entry.poll is not None:
        return int(Kind.POLL)
    if entry.location_information is not msgspec.UNSET or entry.place_name is not None:
        return int(Kind.LOCATION)
    text = entry.text
    if not text:
        return _OTHER
    if text.__class__ is not str and not isinstance(text[0], str) and text[0].type == "bot_command":
        return _COMMAND
    return _TEXT


def _reaction_name(reaction: Reaction) -> str:
    """The emoji itself, `custom:ID`, or `paid`."""
    if reaction.type == "emoji":
        return reaction.emoji or ""
    return f"custom:{reaction.document_id}" if reaction.type == "custom_emoji" else reaction.type
