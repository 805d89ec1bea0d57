"""What the bytes of a picture, clip or recording say of themselves: format, pixels, seconds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PICTURES = frozenset({"png", "jpeg", "webp", "gif"})
CLIPS = frozenset({"mp4", "webm"})
RECORDINGS = frozenset({"mp3", "m4a", "ogg", "flac", "wav"})


@dataclass(frozen=True, slots=True)
class Measures:
    """`format` is empty for unknown bytes; width and height in pixels, duration in seconds, 0 for unknown."""

    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0


def measure(data: bytes) -> Measures:
    """Read the head of a file; broken ones are measured as far as they go."""
    try:
        return _measure(data)
    except (struct.error, IndexError, ValueError):
        return Measures()


def _measure(data: bytes) -> Measures:
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return Measures("png", *struct.unpack(">II", data[16:24]))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return _gif(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return Measures("webp", *_webp_size(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Measures("wav")
    if data[:2] == b"\xff\xd8":
        return Measures("jpeg", *_jpeg_size(data))
    if data[4:8] == b"ftyp":
        return _mp4(data)
    if data[:4] == b"\x1aE\xdf\xa3":
        return _webm(data)
    if data[:4] == b"OggS":
        return Measures("ogg", duration=_ogg_seconds(data))
    if data[:4] == b"fLaC":
        return Measures("flac")
    if data[:3] == b"ID3" or (len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return Measures("mp3", duration=_mp3_seconds(data))
    if data[:3] == b"\x1f\x8b\x08":
        return Measures("tgs")
    return Measures()


def _webp_size(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _gif(data: bytes) -> Measures:
    """Each picture's delay stands in a graphic control extension, in hundredths of a second."""
    width, height = struct.unpack("<HH", data[6:10])
    hundredths, at = 0, data.find(b"\x21\xf9\x04")
    while 0 <= at < len(data) - 8:
        if data[at + 7] == 0:
            hundredths += int.from_bytes(data[at + 4 : at + 6], "little")
        at = data.find(b"\x21\xf9\x04", at + 8)
    return Measures("gif", width, height, hundredths / 100)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """MP4 boxes: their kind, and where their content begins and ends."""
    while start + 8 <= end:
        size, kind = struct.unpack(">I4s", data[start : start + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[start + 8 : start + 16])[0], 16
        elif size == 0:
            size = end - start
        if size < head:
            return
        yield kind, start + head, min(start + size, end)
        start += size


def _mp4(data: bytes) -> Measures:
    width = height = 0
    seconds = 0.0
    handlers: list[bytes] = []
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind != b"moov":
            continue
        for inner, begin, stop in _boxes(data, start, end):
            if inner == b"mvhd":
                seconds = _mp4_seconds(data[begin:stop])
            elif inner == b"trak":
                size, handler = _mp4_track(data, begin, stop)
                handlers.append(handler)
                if handler == b"vide":
                    width, height = size
    audio_alone = handlers == [b"soun"] or (not handlers and data[8:11] == b"M4A")
    return Measures("m4a" if audio_alone else "mp4", width, height, seconds)


def _mp4_seconds(box: bytes) -> float:
    scale, length = struct.unpack(">IQ", box[20:32]) if box[0] else struct.unpack(">II", box[12:20])
    return float(length / scale) if scale else 0.0


def _mp4_track(data: bytes, start: int, end: int) -> tuple[tuple[int, int], bytes]:
    size, handler = (0, 0), b""
    for kind, begin, stop in _boxes(data, start, end):
        if kind == b"tkhd":
            width, height = struct.unpack(">II", data[stop - 8 : stop])
            turned = struct.unpack(">i", data[stop - 44 : stop - 40])[0] == 0  # a matrix that turns by 90°
            size = (height >> 16, width >> 16) if turned else (width >> 16, height >> 16)
        elif kind == b"mdia":
            for inner, at, _ in _boxes(data, begin, stop):
                if inner == b"hdlr":
                    handler = data[at + 8 : at + 12]
    return size, handler


WEBM_PARENTS = frozenset({0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0})  # Segment, Info, Tracks, entry, Video


def _number(data: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """An EBML number of variable length, and where it ends."""
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep_mark else value & ((1 << 7 * length) - 1)), at + length


def _webm(data: bytes) -> Measures:
    found: dict[int, bytes] = {}
    pending = [(0, len(data))]
    while pending:
        at, end = pending.pop()
        while at < min(end, len(data)):
            element, at = _number(data, at, keep_mark=True)
            size, at = _number(data, at, keep_mark=False)
            if element in WEBM_PARENTS:
                pending.append((at, min(at + size, end)))
            elif element in (0x4489, 0x2AD7B1, 0xB0, 0xBA):  # Duration, TimecodeScale, PixelWidth, PixelHeight
                found.setdefault(element, data[at : at + size])
            at += size
    length = found.get(0x4489, b"")
    ticks = float(struct.unpack(">d" if len(length) == 8 else ">f", length)[0]) if length else 0.0
    scale = int.from_bytes(found.get(0x2AD7B1, b"\x0f\x42\x40"), "big")
    sides = [int.from_bytes(found.get(element, b""), "big") for element in (0xB0, 0xBA)]
    return Measures("webm", sides[0], sides[1], ticks * scale / 1e9)


def _ogg_seconds(data: bytes) -> float:
    last = data.rfind(b"OggS")
    position = struct.unpack("<q", data[last + 6 : last + 14])[0]
    head = data.find(b"OpusHead")
    if head >= 0:
        skipped = struct.unpack("<H", data[head + 10 : head + 12])[0]
        return float(max(0, position - skipped) / 48_000)
    vorbis = data.find(b"\x01vorbis")
    if vorbis >= 0:
        rate = struct.unpack("<I", data[vorbis + 12 : vorbis + 16])[0]
        return float(max(0, position) / rate) if rate else 0.0
    return 0.0


MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
MP3_KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _mp3_seconds(data: bytes) -> float:
    """From the count of frames where the encoder left one, else from size and bit rate."""
    at = 0
    if data[:3] == b"ID3":
        sizes = data[6:10]
        at = 10 + (sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3])
    version, bits, rate = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    sample_rate = MP3_RATES[version][rate] if version in MP3_RATES else 0
    kilobits = MP3_KILOBITS[version == 3][bits]
    mark = max(data.find(b"Xing", at, at + 64), data.find(b"Info", at, at + 64))
    if mark >= 0 and data[mark + 7] & 1:
        frames = int.from_bytes(data[mark + 8 : mark + 12], "big")
        return frames * (1152 if version == 3 else 576) / sample_rate if sample_rate else 0.0
    return (len(data) - at) * 8 / (kilobits * 1000) if kilobits else 0.0
