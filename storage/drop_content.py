"""What a drop holds, as it is stored in JSON: text, media, poll, buttons, and when it comes again."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Literal

import msgspec

PieceKind = Literal["photo", "video", "animation", "document", "audio", "voice", "video_note", "sticker"]
# What may stand beside others in an album.
ALBUM_KINDS = frozenset({"photo", "video", "document", "audio"})
WEEKDAYS = (0, 1, 2, 3, 4)


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """One medium. `file` is Telegram's file id, or an address or a path that an import named.

    `unique` tells the same file again (Telegram's unique id).
    """

    kind: PieceKind
    file: str
    unique: str = ""
    spoiler: bool = False


class PollContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A poll or, with `correct` (index of the right option), a quiz."""

    question: str
    options: tuple[str, ...]
    correct: int | None = None
    explanation: str = ""
    is_anonymous: bool = True
    many_answers: bool = False


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """Text with Telegram's entities (as the Bot API writes them), media, or a poll.

    `preview` is how a link in the text is shown (the Bot API's LinkPreviewOptions), None as Telegram chooses.
    """

    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()
    pieces: tuple[Piece, ...] = ()
    poll: PollContent | None = None
    caption_above: bool = False
    preview: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """text, poll, quiz, album, or the kind of the one medium."""
        if self.poll is not None:
            return "quiz" if self.poll.correct is not None else "poll"
        if not self.pieces:
            return "text"
        return "album" if len(self.pieces) > 1 else self.pieces[0].kind

    @property
    def key(self) -> str:
        """The same for the same content, however it is spaced or cased."""
        words = " ".join(self.text.lower().split())
        files = [piece.unique or piece.file for piece in self.pieces]
        asked = [self.poll.question, *self.poll.options] if self.poll else []
        return hashlib.blake2b("\0".join([words, *files, *asked]).encode(), digest_size=12).hexdigest()


class DropButton(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button under a drop: `like`, `comment` and `share` are counted, `link` opens an address."""

    kind: Literal["like", "comment", "share", "link"]
    label: str = ""
    url: str = ""


class Repeat(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a drop comes again. `days` are weekdays (0 is Monday), `every` counts days from `first`.

    With `cron` neither counts. `at` is the local time as HH:MM, None where each day's peak is chosen. `until` is the
    last local day.
    """

    first: date
    days: tuple[int, ...] = ()
    every: int = 1
    at: str | None = None
    cron: str | None = None
    until: date | None = None

    @property
    def kind(self) -> str:
        """daily, weekdays, weekly, every or cron: what the rule is called."""
        if self.cron is not None:
            return "cron"
        if self.days:
            return "weekdays" if self.days == WEEKDAYS else "weekly"
        return "daily" if self.every == 1 else "every"
