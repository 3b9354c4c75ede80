"""A JPEG without what the camera wrote beside the picture. The picture itself is not touched.

ITU-T T.81 (segments), JFIF, EXIF 2.3. Kept: tables, frames, scans, the JFIF head, the colour
profile, Adobe's colour transform, and the orientation. Left out: all other EXIF (where it was
taken, by which device), XMP, IPTC, comments, small pictures, and whatever stands after the end.
"""

from __future__ import annotations

import re
from typing import IO

from .errors import DamagedError
from .orientation import only_orientation
from .reading import Pieces

BEGIN, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC8})
PARTS = FRAMES | {0xDB, 0xDC, 0xDD, SCAN}
APP0, APP1, APP2, APP14 = 0xE0, 0xE1, 0xE2, 0xEE
PROFILE = b"ICC_PROFILE\x00"
EXIF = b"Exif\x00\x00"
AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def cleaned(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture to `target`; DamagedError where `source` is no whole JPEG."""
    pieces, turned = Pieces(source), False
    if pieces.take(2) != bytes((0xFF, BEGIN)):
        raise DamagedError
    target.write(bytes((0xFF, BEGIN)))
    while (marker := _marker(pieces)) != END:
        payload = pieces.take(max(0, pieces.number(2) - 2))
        kept = _kept(marker, payload)
        if kept and not (marker == APP1 and turned):
            turned = turned or marker == APP1
            target.write(bytes((0xFF, marker)) + (len(kept) + 2).to_bytes(2, "big") + kept)
        if marker == SCAN:
            target.writelines(pieces.until(AFTER_SCAN))
    target.write(bytes((0xFF, END)))


def _marker(pieces: Pieces) -> int:
    if pieces.number(1) != 0xFF:
        raise DamagedError
    while (marker := pieces.number(1)) == 0xFF:
        pass
    if marker in (0, 1, BEGIN) or 0xD0 <= marker <= 0xD7:
        raise DamagedError
    return marker


def _kept(marker: int, payload: bytes) -> bytes:
    if marker in PARTS:
        return payload
    if marker == APP0 and payload.startswith(b"JFIF\x00") and len(payload) >= 14:
        return payload[:12] + b"\x00\x00"
    if marker == APP1 and payload.startswith(EXIF):
        turned = only_orientation(payload[len(EXIF) :])
        return EXIF + turned if turned else b""
    profile = marker == APP2 and payload.startswith(PROFILE)
    return payload if profile or (marker == APP14 and payload.startswith(b"Adobe")) else b""
