"""Signs: what proves that a drop was posted although its sender never heard so.

The kinds are those of DESIGN.md; docs/delivery.md says what Telegram answers to each.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlmodel import Session

from storage.drop_content import Content
from storage.drop_messages import SentMessage
from storage.drops import DropView, State, Step, list_drops
from storage.sending import Claim, hold_place, let_go, newest_message
from storage.signs import Sign, known_messages, others_unnamed, signs_in

CLOCKS = timedelta(seconds=30)  # how far Telegram's clock and ours may be apart
MOST_TRIED = 6  # messages whose buttons are set again at the most: each counts against the group's limit
BEYOND = 3  # ids after the newest known one
FAR = 200  # ids looked through


def likeness(kind: str, text: str, unique: str = "") -> str:
    """Tells a message's content again without holding its text; `unique` is Telegram's unique id of its file."""
    words = hashlib.blake2b(" ".join(text.lower().split()).encode(), digest_size=9).hexdigest()
    return f"{kind} {words} {unique}"


def places_of(found: str, content: Content) -> list[int]:
    """Which parts of this content a message seen may be: 0 for what has one part only; none where it is another.

    A file that came as a path or an address has no unique id of Telegram's yet: its kind and words decide.
    """
    unique = found.split(" ")[2]
    if content.poll is not None:
        return [0] if found == likeness(content.kind, content.poll.question) else []
    if not content.pieces:
        return [0] if found == likeness("text", content.text) else []
    places = []
    for position, piece in enumerate(content.pieces):
        text = "" if position else content.text
        known = piece.unique if piece.unique and "/" not in piece.file else unique
        if found == likeness(piece.kind, text, known):
            places.append(position)
    return places


def carries_nonce(drop: DropView) -> bool:
    """Whether what is in doubt has buttons that name its attempt: the post, or below an album the buttons' message."""
    in_doubt = len(drop.content.pieces) < 2 or bool(drop.steps & Step.POSTED)
    return in_doubt and any(one.kind != "link" for one in drop.buttons)


def find_signs(session: Session, drop: DropView, chat_id: int) -> list[SentMessage]:
    """The messages that an uncertain drop became, as far as somebody's update shows them: none, or of an album some."""
    found = signs_in(session, drop.community_id, chat_id)
    proven = next((one.message_id for one in found if one.nonce is not None and one.nonce == drop.nonce), None)
    if proven is not None:
        return [with_buttons(drop, chat_id, proven)]
    if drop.steps & Step.POSTED:
        return []
    parts: dict[int, SentMessage] = {}
    for sign in found:
        places = places_of(sign.likeness or "  ", drop.content) if _may_be(sign, drop) else []
        place = next((one for one in places if one not in parts), None)
        if place is not None:
            parts[place] = SentMessage(chat_id, sign.message_id, place, drop.thread_id)
    return list(parts.values())


def with_buttons(drop: DropView, chat_id: int, message_id: int) -> SentMessage:
    """The message that carries an uncertain drop's buttons: the post, or the line below an album."""
    parts = len(drop.content.pieces)
    return SentMessage(chat_id, message_id, parts if parts > 1 else 0, drop.thread_id)


def _may_be(sign: Sign, drop: DropView) -> bool:
    """No button tells it: it must be posted in this attempt's time (and hold the same).

    In a group a message without our nonce is not a drop that carries one; a channel's forward has lost its buttons.
    """
    if sign.nonce is not None or sign.likeness is None or drop.claimed_at is None:
        return False
    if carries_nonce(drop) and drop.target_chat_id is None:
        return False
    return sign.posted_at >= drop.claimed_at - CLOCKS


def candidates(session: Session, drop: DropView, chat_id: int) -> list[int]:
    """Messages that may be an uncertain drop: unknown ids since its attempt began, the nearest first.

    Only a group's: a channel's editors may be edited by a bot, while in a group a bot changes nobody's messages but
    its own. And only while no other message of the bot's can stand there unnamed: another lost drop, an answer whose
    outcome is not known. Setting buttons on one of those would change it.
    """
    if drop.target_chat_id is not None or drop.after_id is None or not carries_nonce(drop):
        return []
    if others_unnamed(session, drop.community_id, chat_id, drop.nonce, drop.after_id):
        return []
    if any(one.number != drop.number for one in list_drops(session, drop.community_id, {State.UNCERTAIN})):
        return []
    last = max(newest_message(session, drop.community_id, chat_id), drop.after_id) + BEYOND
    wanted = range(drop.after_id + 1, min(last, drop.after_id + FAR) + 1)
    known = known_messages(session, drop.community_id, chat_id, wanted)
    return [one for one in wanted if one not in known][:MOST_TRIED]


def begin_probe(session: Session, drop: DropView, chat_id: int, claim: Claim) -> tuple[DropView, list[int]] | None:
    """Take an uncertain drop, so that nothing else is posted in its place meanwhile, and list its candidates.

    None where something is being posted there just now, or nothing may be tried.
    """
    held = hold_place(session, drop, claim)
    found = candidates(session, held, chat_id) if held is not None else []
    if held is not None and not found:
        let_go(session, held)
    return (held, found) if held is not None and found else None
