"""A PNG without its texts, times, EXIF and private chunks (W3C PNG, third edition)."""

from __future__ import annotations

import zlib
from typing import IO

from .errors import DamagedError
from .orientation import only_orientation
from .reading import Pieces

BEGIN = b"\x89PNG\r\n\x1a\n"
KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split()
)
LONGEST_EXIF = 64 * 1024


def cleaned(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture to `target`; DamagedError where `source` is no whole PNG."""
    pieces, name = Pieces(source), b""
    if pieces.take(8) != BEGIN:
        raise DamagedError
    target.write(BEGIN)
    while name != b"IEND":
        size, name = pieces.number(4), pieces.take(4)
        if name == b"eXIf" and size <= LONGEST_EXIF:
            _turn(pieces.take(size), target)
            pieces.take(4)
        elif name in KEPT:
            target.write(size.to_bytes(4, "big") + name)
            target.writelines(pieces.copy(size + 4))
        else:
            for _ in pieces.copy(size + 4):
                pass


def _turn(exif: bytes, target: IO[bytes]) -> None:
    if said := only_orientation(exif):
        sum_ = zlib.crc32(b"eXIf" + said).to_bytes(4, "big")
        target.write(len(said).to_bytes(4, "big") + b"eXIf" + said + sum_)
