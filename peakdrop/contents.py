"""What a drop holds: what Telegram would refuse, albums that arrive in parts, new words for what is there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from msgspec.structs import replace

from storage.drop_content import Content, DropButton

TEXT_LIMIT = 4096  # Telegram counts UTF-16 units
CAPTION_LIMIT = 1024
ALBUM_LIMIT = 10
LABEL_LIMIT = 40  # longer ones are cut on phones
TAG_LIMIT = 30
MOST_TAGS = 10
_ADDRESS = r"https?://\S+|(?<![^\s|｜])[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}(?:[/?:]\S*)?"
_LINK = re.compile(rf"(?P<label>.*?)[\s|｜]*(?P<url>{_ADDRESS})", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why content cannot be posted: too_long (of `limit`), quiz (its answer is unknown)."""

    kind: str
    length: int = 0
    limit: int = 0


def check_content(content: Content) -> Refusal | None:
    """What Telegram would refuse, known beforehand."""
    if content.poll is not None:
        return Refusal("quiz") if content.poll.correct is not None and content.poll.correct < 0 else None
    limit = CAPTION_LIMIT if content.pieces else TEXT_LIMIT
    length = len(content.text.encode("utf-16-le")) // 2
    return Refusal("too_long", length, limit) if length > limit else None


def add_part(whole: Content, part: Content) -> Content:
    """An album with a further part; its caption counts where there was none."""
    content = replace(whole, pieces=(*whole.pieces, *part.pieces)[:ALBUM_LIMIT])
    if not whole.text and part.text:
        content = replace(content, text=part.text, entities=part.entities, caption_above=part.caption_above)
    return content


def new_words(content: Content, given: Content) -> Content:
    """Content changed by what was sent for it: a text becomes the caption of a medium; anything else takes its place.

    Stickers and round videos have no caption.
    """
    bare = content.kind in ("sticker", "video_note")
    if content.pieces and not given.pieces and given.poll is None and not bare:
        return replace(content, text=given.text, entities=given.entities)
    return given


def for_channel(content: Content) -> Content:
    """Content as a channel takes it: there polls are always anonymous."""
    if content.poll is None or content.poll.is_anonymous:
        return content
    return replace(content, poll=replace(content.poll, is_anonymous=True))


def read_link(text: str) -> DropButton | None:
    """A link button as people type it: "Shop | https://…", "Shop https://…"; None where there is no address."""
    found = _LINK.fullmatch(text.strip())
    if found is None or "." not in found["url"]:
        return None
    url = found["url"] if "://" in found["url"] else f"https://{found['url']}"
    return DropButton("link", " ".join(found["label"].split())[:LABEL_LIMIT], url)


def read_tags(text: str) -> tuple[str, ...]:
    """Tags as people type them, by commas, semicolons, # or line breaks; by spaces where there is nothing else."""
    parts = re.split(r"[,，、;；#\n]", text)
    if len([part for part in parts if part.strip()]) < 2:
        parts = text.replace("#", " ").split()
    tidy = (" ".join(part.split())[:TAG_LIMIT] for part in parts)
    return tuple(dict.fromkeys(part for part in tidy if part))[:MOST_TAGS]


def switch_button(buttons: tuple[DropButton, ...], kind: str) -> tuple[DropButton, ...]:
    """Buttons with like, comment or share added or taken away; these stand before links."""
    kinds = {one.kind for one in buttons} ^ {kind}
    fixed = [DropButton(one) for one in ("like", "comment", "share") if one in kinds]
    return (*fixed, *(one for one in buttons if one.kind == "link"))


def without_link(buttons: tuple[DropButton, ...], index: int) -> tuple[DropButton, ...]:
    """Buttons without the link at an index (counted among links)."""
    links = [one for one in buttons if one.kind == "link"]
    kept = links[:index] + links[index + 1 :]
    return (*(one for one in buttons if one.kind != "link"), *kept)


def switch_tag(tags: tuple[str, ...], tag: str | None) -> tuple[str, ...]:
    """Tags with one added or taken away; None changes nothing."""
    if tag is None:
        return tags
    return tuple(one for one in tags if one != tag) if tag in tags else (*tags, tag)[:MOST_TAGS]
