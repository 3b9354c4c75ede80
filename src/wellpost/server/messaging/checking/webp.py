"""A WebP without EXIF (but for its orientation), XMP and unknown chunks (RFC 9649)."""

from __future__ import annotations

from typing import IO

from .errors import DamagedError
from .orientation import only_orientation
from .reading import Pieces

KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
EXIF_FLAG, XMP_FLAG = 0x08, 0x04
LONGEST_EXIF = 1 << 20


def cleaned(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture to `target`; DamagedError where `source` is no whole WebP."""
    pieces, turned, flags = Pieces(source), b"", -1
    if pieces.take(4) != b"RIFF":
        raise DamagedError
    left = pieces.number(4, "little") - 4
    target.write(b"RIFF\x00\x00\x00\x00" + pieces.take(4))
    while left >= 8:
        name, size = pieces.take(4), pieces.number(4, "little")
        left -= 8 + size + size % 2
        if name == b"EXIF" and size <= LONGEST_EXIF:
            turned = only_orientation(pieces.take(size + size % 2).removeprefix(b"Exif\x00\x00"))
            continue
        if name == b"VP8X" and flags < 0:
            flags = target.tell() + 8
        _copy(pieces, target, name, size)
    _finish(target, turned if flags >= 0 else b"", flags)


def _copy(pieces: Pieces, target: IO[bytes], name: bytes, size: int) -> None:
    kept = name in KEPT
    if kept:
        target.write(name + size.to_bytes(4, "little"))
    for piece in pieces.copy(size + size % 2):
        if kept:
            target.write(piece)


def _finish(target: IO[bytes], turned: bytes, flags: int) -> None:
    """The orientation at the end, and what the head says of it all."""
    if turned:
        target.write(b"EXIF" + len(turned).to_bytes(4, "little") + turned)
        target.write(b"\x00" * (len(turned) % 2))
    length = target.tell()
    target.seek(4)
    target.write((length - 8).to_bytes(4, "little"))
    if flags >= 0:
        target.seek(flags)
        told = target.read(1)[0] & ~(EXIF_FLAG | XMP_FLAG)
        target.seek(flags)
        target.write(bytes((told | (EXIF_FLAG if turned else 0),)))
    target.seek(length)
