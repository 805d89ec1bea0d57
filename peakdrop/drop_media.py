"""Media of drops that come as files or addresses: what kind they are, and where files are kept."""

from __future__ import annotations

import hashlib
import mimetypes
import shutil
from pathlib import Path
from typing import Final

from storage.drop_content import ALBUM_KINDS, Piece, PieceKind

FOLDER = "media"  # beside the database: what is queued must not depend on a file that someone tidies away
LARGEST: Final = 50_000_000
LARGEST_PHOTO: Final = 10_000_000
MOST_PIECES: Final = 10
TELEGRAM = "tg:"


class BadMedium(ValueError):
    """A medium that cannot be posted: missing_file, too_large, bad_media, too_many_media or mixed_album."""

    def __init__(self, problem: str, value: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value


def kind_of(name: str) -> PieceKind:
    """What a file or an address is posted as, by its ending."""
    kind = mimetypes.guess_type(name.split("?")[0])[0] or ""
    if kind == "image/gif":
        return "animation"
    if kind.startswith("image/") and kind != "image/svg+xml":
        return "photo"
    return "video" if kind.startswith("video/") else "audio" if kind.startswith("audio/") else "document"


def read_pieces(text: str, base: Path, folder: Path) -> tuple[Piece, ...]:
    """Media named in a cell, apart by `;`: paths (from `base`), addresses, or `tg:KIND:FILE_ID` of an export of ours.

    Files are copied into `folder`/media. Raises BadMedium.
    """
    names = [one.strip() for one in text.split(";") if one.strip()]
    if len(names) > MOST_PIECES:
        raise BadMedium("too_many_media", str(len(names)))
    pieces = tuple(_piece(name, base, folder) for name in names)
    kinds = {piece.kind for piece in pieces}
    is_visual = kinds <= {"photo", "video"}
    if len(pieces) > 1 and (not kinds <= ALBUM_KINDS or not (is_visual or len(kinds) == 1)):
        raise BadMedium("mixed_album", ", ".join(sorted(kinds)))
    return pieces


def _piece(name: str, base: Path, folder: Path) -> Piece:
    if name.startswith(TELEGRAM):
        _, kind, file, *unique = name.split(":")
        if kind not in PieceKind.__args__ or not file:  # type: ignore[attr-defined]
            raise BadMedium("bad_media", name)
        return Piece(kind, file, *unique[:1])  # type: ignore[arg-type]
    if name.lower().startswith(("http://", "https://")):
        return Piece(kind_of(name), name)
    return _kept(base / name, folder)


def _kept(path: Path, folder: Path) -> Piece:
    kind = kind_of(path.name)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadMedium("missing_file", path.name)
        if size > (LARGEST_PHOTO if kind == "photo" else LARGEST):
            raise BadMedium("too_large", path.name)
        if not size:
            raise BadMedium("bad_media", path.name)
        digest = hashlib.blake2b(path.read_bytes(), digest_size=12).hexdigest()
        kept = folder / FOLDER / f"{digest}{path.suffix.lower()}"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept)
    except OSError as error:
        raise BadMedium("missing_file", path.name) from error
    return Piece(kind, f"{FOLDER}/{kept.name}", digest)


def name_of(piece: Piece, folder: Path) -> str:
    """How a medium stands in an exported file."""
    if piece.file.startswith(("http://", "https://")):
        return piece.file
    if piece.file.startswith(f"{FOLDER}/"):
        return str(folder / piece.file)
    return f"{TELEGRAM}{piece.kind}:{piece.file}" + (f":{piece.unique}" if piece.unique else "")
