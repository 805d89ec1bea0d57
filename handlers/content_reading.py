"""What a Telegram message holds, as a drop's content."""

from __future__ import annotations

from typing import Any

from telegram import Message, MessageEntity, Poll

from storage.drop_content import Content, Piece, PieceKind, PollContent

UNKNOWN = -1  # of a quiz whose right answer Telegram does not tell, or that has several


def read_content(message: Message) -> Content | None:
    """The content of a message; None where a bot cannot post such a thing (a place, a contact, a story)."""
    if message.poll is not None:
        return Content(poll=_read_poll(message.poll))
    if message.text:
        preview = message.link_preview_options
        return Content(message.text, _entities(message.entities), preview=preview.to_dict() if preview else None)
    piece = read_piece(message)
    if piece is None:
        return None
    above = bool(message.show_caption_above_media)
    return Content(message.caption or "", _entities(message.caption_entities), (piece,), caption_above=above)


def read_piece(message: Message) -> Piece | None:
    """The medium in a message. A GIF has a document beside it, so its own kind is looked for first."""
    spoiler = bool(message.has_media_spoiler)
    if message.photo:
        largest = message.photo[-1]
        return Piece("photo", largest.file_id, largest.file_unique_id, spoiler)
    kinds: tuple[PieceKind, ...] = ("animation", "video", "document", "audio", "voice", "video_note", "sticker")
    for kind in kinds:
        medium: Any = getattr(message, kind)
        if medium is not None:
            return Piece(kind, medium.file_id, medium.file_unique_id, spoiler)
    return None


def _entities(entities: tuple[MessageEntity, ...]) -> tuple[dict[str, Any], ...]:
    return tuple(one.to_dict() for one in entities)


def _read_poll(poll: Poll) -> PollContent:
    """Of a quiz from elsewhere Telegram keeps the right answer."""
    correct = None
    if poll.type == Poll.QUIZ:
        correct = poll.correct_option_ids[0] if len(poll.correct_option_ids or ()) == 1 else UNKNOWN
    return PollContent(
        poll.question,
        tuple(option.text for option in poll.options),
        correct,
        poll.explanation or "",
        poll.is_anonymous,
        poll.allows_multiple_answers,
    )
